//! `ergon data`: the market of what devices measure.

use crate::acting::{Actor, Done};
use crate::cli::{DataAction, Role};
use crate::convert::tokens;
use ergon_chain::Terms;
use serde_json::json;

pub(crate) async fn run(arguments: Role<DataAction>) -> eyre::Result<()> {
    let actor = Actor::of(arguments.acting).await?;
    let (network, economy, from) = (&actor.network, actor.economy()?, actor.account);
    let done = match arguments.action {
        DataAction::Offer(offer) => {
            let terms = Terms {
                asset: offer.data,
                currency: network.book().token,
                unit: offer.unit as u8,
                price: offer.price.0,
                validity: offer.validity,
                holders: offer.holders,
                gateway: offer.gateway,
                host: offer.host,
                gatewayBps: offer.gateway_bps,
                hostBps: offer.host_bps,
            };
            let offered = network.offer_data(from, economy, terms).await?;
            let says = format!("offer {}", offered.value);
            Done::sent(&offered, says, json!({ "offer": offered.value }))
        }
        DataAction::Withdraw { offer } => {
            let closed = network.close_offer(from, economy, offer).await?;
            Done::sent(&closed, format!("closed offer {offer}"), json!({ "offer": offer }))
        }
        DataAction::Buy { offer, units } => {
            let bought = network.buy(from, economy, offer, units).await?;
            let says = format!("purchase {}", bought.value);
            Done::sent(&bought, says, json!({ "purchase": bought.value.to_string() }))
        }
        DataAction::Show { purchase } => {
            let found = network.purchase_of(economy, purchase).await?;
            let says = format!(
                "of {}, offer {}: {} of {} released, {} of {} served{}",
                found.buyer,
                found.offer,
                tokens(found.released),
                tokens(found.paid),
                found.served,
                found.total,
                if found.closed { ", closed" } else { "" }
            );
            let values = json!({
                "buyer": found.buyer.to_string(),
                "offer": found.offer.to_string(),
                "total": found.total.to_string(),
                "served": found.served.to_string(),
                "paid": found.paid.to_string(),
                "released": found.released.to_string(),
                "closed": found.closed,
            });
            Done::seen(says, values)
        }
        DataAction::Access { purchase, account } => {
            let has = network.has_access(economy, purchase, account).await?;
            let says = format!("{account} {} access", if has { "has" } else { "has no" });
            Done::seen(says, json!({ "access": has }))
        }
        DataAction::Release { purchase } => {
            let released = network.release_days(from, economy, purchase).await?;
            Done::sent(&released, "released the days that passed".to_owned(), json!({}))
        }
        DataAction::Receipt { purchase, served } => {
            let signature = actor.sign(network.receipt_digest(economy, purchase, served))?;
            Done::seen(signature.to_string(), json!({ "signature": signature.to_string() }))
        }
        DataAction::Served { purchase, served, signature } => {
            let paid =
                network.acknowledge_service(from, economy, purchase, served, signature).await?;
            Done::sent(&paid, format!("{served} of purchase {purchase} are paid"), json!({}))
        }
        DataAction::Cancel { purchase } => {
            let cancelled = network.cancel_purchase(from, economy, purchase).await?;
            let says = "cancelled; `fetch` pays out what the market holds for the buyer";
            Done::sent(&cancelled, says.to_owned(), json!({}))
        }
        DataAction::Close { purchase } => {
            let closed = network.close_purchase(from, economy, purchase).await?;
            Done::sent(&closed, "refunded what was not served".to_owned(), json!({}))
        }
        DataAction::Fetch { payee, currency } => {
            let currency = actor.currency(currency);
            let paid = network.fetch_proceeds(from, economy, currency, payee).await?;
            let says = format!("paid {} to {payee}", tokens(paid.value));
            Done::sent(&paid, says, json!({ "paid": paid.value.to_string() }))
        }
    };
    actor.print(done)
}
