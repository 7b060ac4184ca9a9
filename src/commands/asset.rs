//! `ergon asset`: devices that belong to the holders of shares.

use crate::acting::{Actor, Done};
use crate::cli::{AssetAction, Role};
use crate::convert::{key_proof, tokens};
use crate::exit::Unusable;
use ergon_chain::{Address, Asset, U256};
use serde_json::json;

pub(crate) async fn run(arguments: Role<AssetAction>) -> eyre::Result<()> {
    let actor = Actor::of(arguments.acting).await?;
    let (network, from) = (&actor.network, actor.account);
    if let Some(asset) = arguments.action.asset()
        && !network.is_asset(actor.economy()?, asset).await?
    {
        let reason = "expected an asset that the network's factory made";
        return Err(Unusable::new(asset.to_string(), reason.to_owned()).into());
    }
    let done = match arguments.action {
        AssetAction::Create { name, symbol, supply, devices, currency } => {
            let mut currencies = vec![network.book().token];
            currencies.extend(currency);
            let (sponsor, gate) = (from, Address::ZERO);
            let supply = supply.0;
            let asset = Asset { name, symbol, supply, sponsor, devices, currencies, gate };
            let created = network.create_asset(from, actor.economy()?, asset).await?;
            let address = created.value;
            let says = format!("created {address}: offer it the devices, then `accept` each");
            Done::sent(&created, says, json!({ "asset": address.to_string() }))
        }
        AssetAction::Accept { asset, position } => {
            let accepted = network.accept_for_asset(from, asset, position).await?;
            let says = format!("{asset} has the device at position {position}");
            Done::sent(&accepted, says, json!({ "position": position }))
        }
        AssetAction::Issue { asset } => {
            let issued = network.issue_shares(from, asset).await?;
            let says = format!("issued {} shares", tokens(issued.value));
            Done::sent(&issued, says, json!({ "shares": issued.value.to_string() }))
        }
        AssetAction::Transfer { asset, to, shares } => {
            let given = network.transfer(from, asset, to, U256::from(shares.0)).await?;
            let says = format!("{to} has {} shares more", tokens(shares.0));
            Done::sent(&given, says, json!({ "shares": shares.0.to_string() }))
        }
        AssetAction::Claim { asset, holder, currency } => {
            let (holder, currency) = (holder.unwrap_or(from), actor.currency(currency));
            let paid = network.claim_income(from, asset, currency, holder).await?;
            let says = format!("paid {} to {holder}", tokens(paid.value));
            let values = json!({ "paid": paid.value.to_string(), "holder": holder.to_string() });
            Done::sent(&paid, says, values)
        }
        AssetAction::Rotate { asset, device, key, hardware, signature } => {
            let key = key_proof(&key.0);
            let rotated = network
                .rotate_key_of_asset(from, asset, device, key, hardware.0, signature.0)
                .await?;
            let epoch = rotated.value;
            let says = format!("device {device} signs with it from epoch {epoch} on");
            Done::sent(&rotated, says, json!({ "from_epoch": epoch }))
        }
        AssetAction::Redeem { asset } => {
            let redeemed = network.redeem_shares(from, asset).await?;
            Done::sent(&redeemed, format!("{from} has the devices of {asset}"), json!({}))
        }
    };
    actor.print(done)
}
