//! Policies and batches (§ 5.2, § 7.3).

use alloy::primitives::{Address, B256, Bytes, U256};

use crate::{
    ChainError, Network, Outcome,
    chain::{read, write},
    contracts::{
        EpochSettlement::{self, Standing},
        VerifierRouter,
    },
};

/// A proven batch: the work of one cohort in one epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The route its proof is checked by.
    pub route: B256,
    /// The cohort.
    pub cohort: u32,
    /// The epoch.
    pub epoch: u64,
    /// The hash of its words, from the circuit.
    pub c: U256,
    /// The attestor's seal.
    pub seal: U256,
    /// The cohort's state after the epoch; 0 for kinds without state.
    pub state_after: U256,
    /// Who receives the fee.
    pub prover: Address,
    /// Bit i: member i's record is in the batch; 0 for kinds without state.
    pub included: u128,
    /// Work units of each member.
    pub units: Vec<u64>,
    /// The proof: A, B (imaginary parts first), C.
    pub proof: [U256; 8],
}

impl From<&Batch> for EpochSettlement::Batch {
    fn from(batch: &Batch) -> Self {
        Self {
            route: batch.route,
            cohort: batch.cohort,
            epoch: batch.epoch,
            c: batch.c,
            seal: batch.seal,
            stateAfter: batch.state_after,
            prover: batch.prover,
            included: batch.included,
            units: packed(&batch.units),
            proof: batch.proof,
        }
    }
}

/// Units as calls and events have them: eight bytes each, the highest first.
pub(crate) fn packed(units: &[u64]) -> Bytes {
    units.iter().flat_map(|units| units.to_be_bytes()).collect()
}

impl Network {
    /// Sets a kind's policy from the next epoch on; returns that epoch.
    pub async fn set_policy(&self, kind: u8, words: Vec<U256>) -> Result<Outcome<u64>, ChainError> {
        let call = EpochSettlement::setPolicyCall { kind, words };
        let settlement = self.book.settlement;
        let receipt = write(self.chain(), self.book.owner, settlement, &call).await?;
        let event: EpochSettlement::PolicySet = receipt.event(settlement)?;
        Ok(Outcome::new(event.fromEpoch, &receipt))
    }

    /// A kind's policy words in an epoch; none when no policy was set by then.
    pub async fn policy_at(&self, kind: u8, epoch: u64) -> Result<Vec<U256>, ChainError> {
        let call = EpochSettlement::policyAtCall { kind, epoch };
        read(self.chain(), self.book.settlement, &call).await
    }

    /// Settles a batch; anyone may send it. `previous` is empty for the first batch of a cohort's epoch, else the
    /// units that stand now. Returns the units it added.
    pub async fn settle(
        &self,
        from: Address,
        batch: &Batch,
        previous: &[u64],
    ) -> Result<Outcome<U256>, ChainError> {
        let call = EpochSettlement::settleCall { batch: batch.into(), previous: packed(previous) };
        let receipt = write(self.chain(), from, self.book.settlement, &call).await?;
        let event: EpochSettlement::Settled = receipt.event(self.book.settlement)?;
        Ok(Outcome::new(event.added, &receipt))
    }

    /// The words that the contract checks a batch against, as of now. The batch's `c` and proof may still be zero.
    pub async fn batch_words(&self, batch: &Batch) -> Result<Vec<U256>, ChainError> {
        let call = EpochSettlement::batchWordsCall { batch: batch.into() };
        read(self.chain(), self.book.settlement, &call).await
    }

    /// What stands for a cohort's epoch; its seal is 0 when nothing is settled.
    pub async fn standing(&self, cohort: u32, epoch: u64) -> Result<Standing, ChainError> {
        let call = EpochSettlement::standingCall { cohort, epoch };
        read(self.chain(), self.book.settlement, &call).await
    }

    /// Units settled for a kind's epoch, all cohorts together.
    pub async fn total_units(&self, kind: u8, epoch: u64) -> Result<U256, ChainError> {
        let call = EpochSettlement::totalUnitsCall { kind, epoch };
        read(self.chain(), self.book.settlement, &call).await
    }

    /// Units that a prover's batches added.
    pub async fn added_by(
        &self,
        kind: u8,
        epoch: u64,
        prover: Address,
    ) -> Result<U256, ChainError> {
        let call = EpochSettlement::addedByCall { kind, epoch, prover };
        read(self.chain(), self.book.settlement, &call).await
    }

    /// Refuses a route's proofs from now on, for good.
    pub async fn freeze_route(
        &self,
        from: Address,
        route: B256,
    ) -> Result<Outcome<()>, ChainError> {
        let call = VerifierRouter::freezeCall { route };
        let receipt = write(self.chain(), from, self.book.router, &call).await?;
        Ok(Outcome::new((), &receipt))
    }
}
