//! `ergon vote`: proposals, from the deposit to the execution.

use crate::acting::{Actor, Done};
use crate::cli::{Change, Role, VoteAction, Word};
use crate::convert::tokens;
use ergon_chain::{EconomyBook, Proposal, U256};
use serde_json::json;

pub(crate) async fn run(arguments: Role<VoteAction>) -> eyre::Result<()> {
    let actor = Actor::of(arguments.acting).await?;
    let (network, economy, from) = (&actor.network, actor.economy()?, actor.account);
    let done = match arguments.action {
        VoteAction::Deposit { amount } => {
            let amount = amount.0;
            let done = network.deposit_votes(from, economy, U256::from(amount)).await?;
            let says = format!("{} of {from} have votes now", tokens(amount));
            Done::sent(&done, says, json!({ "votes": amount.to_string() }))
        }
        VoteAction::Propose(change) => {
            let proposal = proposal(economy, &change);
            let done = network.propose(from, economy, &proposal).await?;
            let says = format!("proposal {}: {}", done.value, proposal.description);
            let values = json!({
                "proposal": done.value.to_string(), "description": proposal.description,
            });
            Done::sent(&done, says, values)
        }
        VoteAction::Cast { proposal, vote } => {
            let done = network.vote(from, economy, proposal, vote == Word::Yes).await?;
            Done::sent(&done, format!("voted on {proposal}"), json!({}))
        }
        VoteAction::Queue(change) => {
            let done = network.queue(from, economy, &proposal(economy, &change)).await?;
            Done::sent(&done, "it waits in the timelock".to_owned(), json!({}))
        }
        VoteAction::Execute(change) => {
            let done = network.execute(from, economy, &proposal(economy, &change)).await?;
            Done::sent(&done, "it is done".to_owned(), json!({}))
        }
    };
    actor.print(done)
}

fn proposal(economy: &EconomyBook, change: &Change) -> Proposal {
    match change {
        Change::Rate { kind, amount, follow_bps } => {
            Proposal::set_rate(economy, *kind as u8, amount.0, *follow_bps)
        }
        Change::Number { name, value } => Proposal::set_parameter(economy, name, *value),
        Change::Pardon { bond } => Proposal::pardon(economy, bond.0),
    }
}
