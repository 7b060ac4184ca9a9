//! Claims for many members and epochs in few transactions.

use std::collections::BTreeSet;

use alloy::{primitives::Address, sol_types::SolCall};

use super::{Due, Paid};
use crate::{
    ChainError, Network,
    chain::{Receipt, write},
    claims::ClaimTree,
    contracts::RewardDistributor::{Claim, Claimed, claimAllCall},
};

/// At 100,000 gas each, that of a new holder's first claim, within the 2^24 of EIP-7825.
const MOST_CLAIMS: usize = 100;

/// A claim that is not paid, and whose it is.
struct Unpaid {
    /// Its place among those given.
    place: usize,
    operator: Address,
    claim: Claim,
}

impl Network {
    /// Claims each of these rewards unless it is claimed; what becomes of each, in their order. Those of one operator go
    /// together, so that it is paid in one transfer, and as many in a transaction as it holds.
    ///
    /// # Errors
    /// Those of the chain after which nobody can say whether a transaction will still be executed.
    pub async fn claim_all_once(
        &self,
        from: Address,
        dues: &[Due<'_>],
    ) -> Result<Vec<Result<Paid, ChainError>>, ChainError> {
        let mut done: Vec<Option<Paid>> = vec![None; dues.len()];
        let mut unpaid = Vec::new();
        let mut seen = BTreeSet::new();
        for (place, due) in dues.iter().enumerate() {
            // What is given twice, taken or struck is looked at by itself when the others are paid.
            let first = seen.insert((due.cohort, due.epoch, due.index));
            if !first || self.is_claimed(due.cohort, due.epoch, due.index).await? {
                continue;
            }
            if let Some(claim) = self.claim_of(due).await? {
                let operator = self.operator_at(due.cohort, due.index, due.epoch).await?;
                unpaid.push(Unpaid { place, operator, claim });
            }
        }
        unpaid.sort_by_key(|unpaid| unpaid.operator);
        for group in unpaid.chunks(MOST_CLAIMS).filter(|group| group.len() > 1) {
            let Some(receipt) = self.claim_group(from, group).await? else { continue };
            let claimed: Vec<Claimed> = receipt.events(self.book().distributor).collect();
            let gas = receipt.gas_used / claimed.len().max(1) as u64;
            for Unpaid { place, operator, claim } in group {
                let own = |event: &&Claimed| {
                    let key = (event.cohort, event.epoch, event.index);
                    key == (claim.cohort, claim.epoch, claim.index)
                };
                if let Some(event) = claimed.iter().find(own) {
                    let paid = self.look(&dues[*place]).await?;
                    done[*place] = Some(Paid { now: Some((*operator, event.paid, gas)), ..paid });
                }
            }
        }
        let mut all = Vec::new();
        for (due, done) in dues.iter().zip(done) {
            // Alone, overtaken, or not to be had with others: looked at by itself.
            all.push(match done {
                Some(paid) => Ok(paid),
                None => self.claim_once(from, due).await,
            });
        }
        Ok(all)
    }

    /// The claim with its proof; none for what is no member.
    async fn claim_of(&self, due: &Due<'_>) -> Result<Option<Claim>, ChainError> {
        let Due { cohort, epoch, index, units } = *due;
        let kind = self.cohort(cohort).await?.kind;
        let proof = ClaimTree::new(kind, epoch, cohort, units)?.proof(index);
        let units = due.own();
        Ok(proof.map(|proof| Claim { cohort, epoch, index, units, proof }))
    }

    /// Claims these in one transaction; none if they do not hold together.
    async fn claim_group(
        &self,
        from: Address,
        group: &[Unpaid],
    ) -> Result<Option<Receipt>, ChainError> {
        let claims = group.iter().map(|unpaid| unpaid.claim.clone()).collect();
        let call = claimAllCall { claims };
        let distributor = self.book().distributor;
        let tried = self.chain().call("claimAll", distributor, call.abi_encode().into()).await;
        if tried.is_err() {
            return Ok(None);
        }
        match write(self.chain(), from, distributor, &call).await {
            Ok(receipt) => Ok(Some(receipt)),
            Err(error) if error.revert_name().is_some() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
