//! Claims what may be claimed already: freezes pools in the order that they need, pays each claim and fee once.

mod many;

use alloy::primitives::{Address, U256};

use crate::{
    ChainError, Network, Outcome,
    chain::read,
    claims::ClaimTree,
    contracts::{EmissionSchedule, RewardDistributor},
};

/// A pool that was frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frozen {
    /// The kind.
    pub kind: u8,
    /// The epoch.
    pub epoch: u64,
    /// What it holds for members.
    pub members: u128,
    /// Gas used.
    pub gas: u64,
}

/// A member's reward for an epoch, to be claimed for its operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due<'a> {
    /// The cohort.
    pub cohort: u32,
    /// The epoch.
    pub epoch: u64,
    /// The member's place.
    pub index: u32,
    /// The units that stand, of all members.
    pub units: &'a [u64],
}

impl Due<'_> {
    /// The member's units.
    fn own(&self) -> u64 {
        self.units.get(self.index as usize).copied().unwrap_or_default()
    }
}

/// A claim that is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// The member's place.
    pub index: u32,
    /// The device that has the place now.
    pub device: u64,
    /// The member's units.
    pub units: u64,
    /// What was paid to whom, and the gas, of claims that were sent together equal shares; none when it was paid before.
    pub now: Option<(Address, U256, u64)>,
    /// Whether nobody gets it, because the device contradicted itself.
    pub struck: bool,
}

impl Network {
    /// Freezes the pool of a kind's epoch if it is not frozen, and before it those that a schedule draws first.
    ///
    /// # Errors
    /// Those of the chain; the contract refuses while an epoch is open for settlement.
    pub async fn freeze_due(
        &self,
        from: Address,
        kind: u8,
        epoch: u64,
    ) -> Result<Vec<Frozen>, ChainError> {
        let mut frozen = Vec::new();
        if self.pool_of(kind, epoch).await?.frozen {
            return Ok(frozen);
        }
        for epoch in self.first_to_freeze(kind, epoch).await?..=epoch {
            let Outcome { value: pool, gas_used: gas, .. } = self.freeze(from, kind, epoch).await?;
            frozen.push(Frozen { kind, epoch, members: pool.members, gas });
        }
        Ok(frozen)
    }

    /// A schedule is drawn epoch by epoch; without one pools do not depend on each other.
    async fn first_to_freeze(&self, kind: u8, epoch: u64) -> Result<u64, ChainError> {
        let distributor = self.book().distributor;
        let call = RewardDistributor::scheduleCall {};
        let schedule = read(self.chain(), distributor, &call).await?;
        if schedule.is_zero() {
            return Ok(epoch);
        }
        let first = read(self.chain(), schedule, &EmissionSchedule::firstEpochCall {}).await?;
        let next = read(self.chain(), schedule, &EmissionSchedule::nextDrawCall { kind }).await?;
        Ok(if epoch < first { epoch } else { next.min(epoch) })
    }

    /// Whether these units are those that stand for a cohort's epoch.
    ///
    /// # Errors
    /// Those of the chain, or of a number of units that is no cohort's size.
    pub async fn stands(&self, cohort: u32, epoch: u64, units: &[u64]) -> Result<bool, ChainError> {
        let kind = self.cohort(cohort).await?.kind;
        let standing = self.standing(cohort, epoch).await?;
        let root = ClaimTree::new(kind, epoch, cohort, units)?.root();
        Ok(!standing.seal.is_zero() && standing.claimRoot == root)
    }

    /// Claims a member's reward unless it is claimed.
    ///
    /// # Errors
    /// Those of the chain.
    pub async fn claim_once(&self, from: Address, due: &Due<'_>) -> Result<Paid, ChainError> {
        let Due { cohort, epoch, index, units } = *due;
        let paid = self.look(due).await?;
        if self.is_claimed(cohort, epoch, index).await? {
            let struck = self.is_struck(cohort, epoch, index).await?;
            return Ok(Paid { struck, ..paid });
        }
        let claimed = self.claim(from, cohort, epoch, index, units).await?;
        let operator = self.operator_at(cohort, index, epoch).await?;
        Ok(Paid { now: Some((operator, claimed.value, claimed.gas_used)), ..paid })
    }

    /// The claim as far as it does not depend on whether it is paid.
    async fn look(&self, due: &Due<'_>) -> Result<Paid, ChainError> {
        let device = self.member(due.cohort, due.index).await?.device;
        Ok(Paid { index: due.index, device, units: due.own(), now: None, struck: false })
    }

    /// Claims a prover's fee unless it is claimed or there is none. Returns what was paid, and the gas.
    ///
    /// # Errors
    /// Those of the chain.
    pub async fn claim_fee_once(
        &self,
        from: Address,
        kind: u8,
        epoch: u64,
        prover: Address,
    ) -> Result<Option<(U256, u64)>, ChainError> {
        let call = RewardDistributor::isFeeClaimedCall { kind, epoch, prover };
        let claimed = read(self.chain(), self.book().distributor, &call).await?;
        if claimed || self.added_by(kind, epoch, prover).await?.is_zero() {
            return Ok(None);
        }
        let fee = self.claim_fee(from, kind, epoch, prover).await?;
        Ok(Some((fee.value, fee.gas_used)))
    }
}
