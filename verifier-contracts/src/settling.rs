//! Settles batches that may be settled already: looks at what stands, tries the call out, and only then sends it.

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolCall,
};
use thiserror::Error;

mod many;

use crate::{
    Batch, ChainError, Network, claims::ClaimTree, contracts::EpochSettlement, network::packed,
};

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settling {
    /// It was sent.
    Sent {
        /// Units that it added.
        added: U256,
        /// Gas used; of batches that were sent together equal shares.
        gas: u64,
        /// Its transaction.
        transaction: B256,
    },
    /// Its units stand already.
    Stands,
    /// Units stand that give no member less.
    BetterStands,
}

/// Why a batch was not settled.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SettleError {
    /// Too early.
    #[error(
        "epoch {epoch} opens for settlement at {opens} (seconds since 1970), and the chain's clock says {now}: settle it then, before {closes}"
    )]
    NotOpen {
        /// The epoch.
        epoch: u64,
        /// When it opens.
        opens: u64,
        /// When it closes.
        closes: u64,
        /// The chain's time.
        now: u64,
    },
    /// Too late.
    #[error(
        "epoch {epoch} closed for settlement at {closes} (seconds since 1970), and the chain's clock says {now}: what was not settled by then is not paid"
    )]
    Closed {
        /// The epoch.
        epoch: u64,
        /// When it closed.
        closes: u64,
        /// The chain's time.
        now: u64,
    },
    /// The epoch was sealed twice.
    #[error(
        "cohort {cohort}, epoch {epoch}: expected the seal {expected} of the batch that stands, found {found}: the attestor sealed the epoch twice; prove the bundle with the seal that stands"
    )]
    OtherSeal {
        /// The cohort.
        cohort: u32,
        /// The epoch.
        epoch: u64,
        /// The seal that stands.
        expected: U256,
        /// The batch's.
        found: U256,
    },
    /// Whether the batch is better cannot be told.
    #[error(
        "cohort {cohort}, epoch {epoch}: other units stand, which the chain knows by their hash alone: give the submission that they are of as well"
    )]
    UnknownUnits {
        /// The cohort.
        cohort: u32,
        /// The epoch.
        epoch: u64,
    },
    /// The chain or a contract.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

/// Sorts batches as they must be settled: epochs in order, since a state goes from one to the next, and of one cohort's
/// epoch the batch with the most units first, beside which the others need not be sent.
pub fn settling_order(a: &Batch, b: &Batch) -> std::cmp::Ordering {
    let sum = |batch: &Batch| batch.units.iter().map(|units| u128::from(*units)).sum::<u128>();
    (a.epoch, a.cohort).cmp(&(b.epoch, b.cohort)).then_with(|| sum(b).cmp(&sum(a)))
}

/// What is to be done with a batch.
enum Plan<'a> {
    /// Nothing.
    Done(Settling),
    /// To send it, beside the units that stand.
    Send(&'a [u64]),
}

impl Network {
    /// Settles a batch unless it, or a better one, stands. `known` are units that may stand: those of other batches of the
    /// same cohort and epoch.
    ///
    /// # Errors
    /// Why it was not settled. Nothing was sent then, unless the chain failed meanwhile.
    pub async fn settle_once(
        &self,
        from: Address,
        batch: &Batch,
        known: &[&[u64]],
    ) -> Result<Settling, SettleError> {
        let previous = match self.plan(batch, known).await? {
            Plan::Done(settling) => return Ok(settling),
            Plan::Send(previous) => previous,
        };
        let call = EpochSettlement::settleCall { batch: batch.into(), previous: packed(previous) };
        let settlement = self.book().settlement;
        self.chain().call("settle", settlement, call.abi_encode().into()).await?;
        let settled = self.settle(from, batch, previous).await?;
        let (added, gas) = (settled.value, settled.gas_used);
        Ok(Settling::Sent { added, gas, transaction: settled.transaction })
    }

    /// What would come of a batch, as far as its proof does not matter.
    async fn plan<'a>(&self, batch: &Batch, known: &[&'a [u64]]) -> Result<Plan<'a>, SettleError> {
        let Batch { cohort, epoch, .. } = *batch;
        let of = self.cohort(cohort).await?;
        let standing = self.standing(cohort, epoch).await?;
        let mut previous: &[u64] = &[];
        if !standing.seal.is_zero() {
            let stands = |units: &[u64]| {
                let tree = ClaimTree::new(of.kind, epoch, cohort, units);
                tree.is_ok_and(|tree| tree.root() == standing.claimRoot)
            };
            if stands(&batch.units) {
                return Ok(Plan::Done(Settling::Stands));
            }
            let (expected, found) = (standing.seal, batch.seal);
            if found != expected {
                return Err(SettleError::OtherSeal { cohort, epoch, expected, found });
            }
            previous = known
                .iter()
                .find(|units| stands(units))
                .ok_or(SettleError::UnknownUnits { cohort, epoch })?;
            if previous.iter().zip(&batch.units).all(|(stands, new)| new <= stands) {
                return Ok(Plan::Done(Settling::BetterStands));
            }
        }
        let first = epoch == of.firstEpoch;
        let opens = if first { self.end_of(epoch) } else { self.opens_at(of.kind, epoch).await? };
        let (closes, now) = (self.closes_at(epoch).await?, self.chain().now().await?);
        if now < opens {
            return Err(SettleError::NotOpen { epoch, opens, closes, now });
        }
        if now >= closes {
            return Err(SettleError::Closed { epoch, closes, now });
        }
        Ok(Plan::Send(previous))
    }
}
