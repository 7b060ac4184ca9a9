//! Pools and claims (§ 7.4).

use alloy::primitives::{Address, U256};

use crate::{
    ChainError, Network, Outcome,
    chain::{read, write},
    claims::ClaimTree,
    contracts::RewardDistributor::{self, Pool},
};

impl Network {
    /// Sets what a kind's pools hold from the next epoch on; returns that epoch.
    pub async fn set_emission(&self, kind: u8, amount: u128) -> Result<Outcome<u64>, ChainError> {
        let call = RewardDistributor::setEmissionCall { kind, amount };
        let distributor = self.book.distributor;
        let receipt = write(self.chain(), self.book.owner, distributor, &call).await?;
        let event: RewardDistributor::EmissionSet = receipt.event(distributor)?;
        Ok(Outcome::new(event.fromEpoch, &receipt))
    }

    /// Fixes and mints the pool of a kind's epoch, once it has closed for settlement; anyone may.
    pub async fn freeze(
        &self,
        from: Address,
        kind: u8,
        epoch: u64,
    ) -> Result<Outcome<Pool>, ChainError> {
        let call = RewardDistributor::freezeCall { kind, epoch };
        let distributor = self.book.distributor;
        let receipt = write(self.chain(), from, distributor, &call).await?;
        let event: RewardDistributor::PoolFrozen = receipt.event(distributor)?;
        let pool =
            Pool { amount: event.amount, members: event.members, units: event.units, frozen: true };
        Ok(Outcome::new(pool, &receipt))
    }

    /// Claims a member's reward for its operator; anyone may. `units` are the settled units of all members, from
    /// which the Merkle proof is computed. Returns what was paid.
    pub async fn claim(
        &self,
        from: Address,
        cohort: u32,
        epoch: u64,
        index: u32,
        units: &[u64],
    ) -> Result<Outcome<U256>, ChainError> {
        let kind = self.cohort(cohort).await?.kind;
        let tree = ClaimTree::new(kind, epoch, cohort, units)?;
        let member = usize::try_from(index).ok().and_then(|i| units.get(i));
        let (Some(units), Some(proof)) = (member, tree.proof(index)) else {
            return Err(ChainError::Invalid {
                what: "the member to claim for",
                found: index.to_string(),
                expected: format!("a place of the cohort, below {}", units.len()),
            });
        };
        let call = RewardDistributor::claimCall { cohort, epoch, index, units: *units, proof };
        let receipt = write(self.chain(), from, self.book.distributor, &call).await?;
        let event: RewardDistributor::Claimed = receipt.event(self.book.distributor)?;
        Ok(Outcome::new(event.paid, &receipt))
    }

    /// Claims a prover's fee for it; anyone may. Returns what was paid.
    pub async fn claim_fee(
        &self,
        from: Address,
        kind: u8,
        epoch: u64,
        prover: Address,
    ) -> Result<Outcome<U256>, ChainError> {
        let call = RewardDistributor::claimFeeCall { kind, epoch, prover };
        let receipt = write(self.chain(), from, self.book.distributor, &call).await?;
        let event: RewardDistributor::FeeClaimed = receipt.event(self.book.distributor)?;
        Ok(Outcome::new(event.paid, &receipt))
    }

    /// Promises a device's host a part of its rewards, in hundredths of a percent, from the next epoch on and for at least
    /// so many; returns the first epoch for which something else can be promised.
    pub async fn set_host(
        &self,
        from: Address,
        device: u64,
        host: Address,
        bps: u16,
        epochs: u64,
    ) -> Result<Outcome<u64>, ChainError> {
        let call = RewardDistributor::setHostCall { device, host, bps, epochs };
        let receipt = write(self.chain(), from, self.book.distributor, &call).await?;
        let event: RewardDistributor::HostSet = receipt.event(self.book.distributor)?;
        Ok(Outcome::new(event.untilEpoch, &receipt))
    }

    /// Who has which part of the rewards of the device at a place for an epoch; none if nobody was promised one.
    pub async fn host_at(
        &self,
        cohort: u32,
        index: u32,
        epoch: u64,
    ) -> Result<Option<(Address, u16)>, ChainError> {
        let call = RewardDistributor::hostAtCall { cohort, index, epoch };
        let answer = read(self.chain(), self.book.distributor, &call).await?;
        Ok((answer.bps > 0).then_some((answer.host, answer.bps)))
    }

    /// The pool of a kind's epoch; all zero until it is frozen.
    pub async fn pool_of(&self, kind: u8, epoch: u64) -> Result<Pool, ChainError> {
        let call = RewardDistributor::poolOfCall { kind, epoch };
        read(self.chain(), self.book.distributor, &call).await
    }

    /// Whether a member's reward was struck.
    pub async fn is_struck(&self, cohort: u32, epoch: u64, index: u32) -> Result<bool, ChainError> {
        let call = RewardDistributor::isStruckCall { cohort, epoch, index };
        read(self.chain(), self.book.distributor, &call).await
    }

    /// Whether a member's claim was paid or struck.
    pub async fn is_claimed(
        &self,
        cohort: u32,
        epoch: u64,
        index: u32,
    ) -> Result<bool, ChainError> {
        let call = RewardDistributor::isClaimedCall { cohort, epoch, index };
        read(self.chain(), self.book.distributor, &call).await
    }
}
