//! `ergon bond`: stakes, rewards and suspensions of devices, attestors and provers.

use crate::acting::{Actor, Done};
use crate::cli::{BondAction, BondName, Role};
use crate::convert::tokens;
use serde_json::json;

pub(crate) async fn run(arguments: Role<BondAction>) -> eyre::Result<()> {
    let actor = Actor::of(arguments.acting).await?;
    let (network, economy, from) = (&actor.network, actor.economy()?, actor.account);
    let done = match arguments.action {
        BondAction::Show { bond: BondName(bond) } => {
            let stake = network.stake_of(economy, bond).await?;
            let suspended = network.suspension_of(economy, bond).await?;
            let mut says =
                format!("{} staked, {} leaving", tokens(stake.tokens), tokens(stake.leavingTokens));
            if let Some(suspension) = &suspended {
                says += &format!(
                    "; suspended until {} (seconds since 1970), {} withheld",
                    suspension.deadline,
                    tokens(suspension.withheld)
                );
            }
            let suspension = suspended.map(|suspension| {
                json!({
                    "deadline": suspension.deadline,
                    "decider": suspension.decider.to_string(),
                    "reason": suspension.reason.to_string(),
                    "withheld": suspension.withheld.to_string(),
                })
            });
            let values = json!({
                "tokens": stake.tokens.to_string(),
                "shares": stake.shares.to_string(),
                "leaving_tokens": stake.leavingTokens.to_string(),
                "suspension": suspension,
            });
            Done::seen(says, values)
        }
        BondAction::Stake { bond, amount } => {
            let staked = network.stake(from, economy, bond.0, amount.0).await?;
            let says = format!("staked {} for {} shares", tokens(amount.0), tokens(staked.value));
            Done::sent(&staked, says, json!({ "shares": staked.value.to_string() }))
        }
        BondAction::Unstake { bond, shares } => {
            let left = network.unstake(from, economy, bond.0, shares.0).await?;
            let says = format!("{} leave the stake", tokens(left.value));
            Done::sent(&left, says, json!({ "leaving": left.value.to_string() }))
        }
        BondAction::Withdraw { bond } => {
            let paid = network.withdraw(from, economy, bond.0).await?;
            let says = format!("withdrew {}", tokens(paid.value));
            Done::sent(&paid, says, json!({ "paid": paid.value.to_string() }))
        }
        BondAction::Pay { bond, amount } => {
            let paid = network.pay_rewards(from, economy, bond.0, amount.0).await?;
            let says = format!("paid {} to who stakes", tokens(amount.0));
            Done::sent(&paid, says, json!({ "paid": amount.0.to_string() }))
        }
        BondAction::Claim { bond, holder } => {
            let holder = holder.unwrap_or(from);
            let paid = network.claim_rewards(from, economy, bond.0, holder).await?;
            let says = format!("paid {} to {holder}", tokens(paid.value));
            let values = json!({ "paid": paid.value.to_string(), "holder": holder.to_string() });
            Done::sent(&paid, says, values)
        }
        BondAction::Lift { bond } => {
            let lifted = network.lift_suspension(from, economy, bond.0).await?;
            Done::sent(&lifted, "lifted the suspension".to_owned(), json!({}))
        }
        BondAction::Uphold { bond } => {
            let upheld = network.uphold_suspension(from, economy, bond.0).await?;
            Done::sent(&upheld, "upheld the suspension".to_owned(), json!({}))
        }
        BondAction::Accuse { bond, reason, deadline } => {
            let digest = network.accusation_digest(economy, bond.0, reason, deadline);
            let signature = actor.sign(digest)?;
            let says = format!("accuser {from}\nsignature {signature}");
            let values = json!({ "accuser": from.to_string(), "signature": signature.to_string() });
            Done::seen(says, values)
        }
        BondAction::Suspend { bond, reason, deadline, accuser, signature } => {
            let suspended = network
                .suspend_bond(from, economy, bond.0, accuser, reason, deadline, signature)
                .await?;
            let says = format!("suspended until {deadline} (seconds since 1970)");
            Done::sent(&suspended, says, json!({ "deadline": deadline }))
        }
    };
    actor.print(done)
}
