//! Attestors, cohorts, devices and memberships (§ 7.1).

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolCall,
};

use crate::{
    ChainError, KeyProof, Network, Outcome, Receipt,
    chain::{read, write},
    contracts::DeviceRegistry::{self, Attestor, Cohort, Member},
};

/// What a cohort is created with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewCohort {
    /// What its members are paid for; 0 for witnesses.
    pub kind: u8,
    /// Number of places, a power of two.
    pub size: u32,
    /// H3 index of its region; coverage only, else 0.
    pub region: u64,
    /// Who attests; coverage only, else 0.
    pub witness_cohort: u32,
    /// Who seals its epochs; 0 for witnesses.
    pub attestor: u32,
}

/// Where a device was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrolled {
    /// The device's identifier.
    pub device: u64,
    /// Its place in the cohort.
    pub index: u32,
}

/// A device for the registry's owner to enrol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewDevice {
    /// Who operates it.
    pub operator: Address,
    /// The key that signs records.
    pub key: KeyProof,
    /// The nameplate in watts for energy, the position for coverage (§ 5.3), else 0.
    pub attribute: u64,
}

/// A membership root and the first epoch it holds in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommittedMembership {
    /// First epoch.
    pub from_epoch: u64,
    /// The root.
    pub root: U256,
}

impl Network {
    /// Registers an attestor; returns its number.
    pub async fn register_attestor(
        &self,
        operator: Address,
        key: KeyProof,
    ) -> Result<Outcome<u32>, ChainError> {
        let key = key.into();
        let call = DeviceRegistry::registerAttestorCall { operator, key };
        let receipt = self.as_owner(&call).await?;
        let event: DeviceRegistry::AttestorRegistered = receipt.event(self.book.registry)?;
        Ok(Outcome::new(event.attestor, &receipt))
    }

    /// Creates an empty cohort; returns its number.
    pub async fn create_cohort(&self, cohort: NewCohort) -> Result<Outcome<u32>, ChainError> {
        let call = DeviceRegistry::createCohortCall {
            kind: cohort.kind,
            size: cohort.size,
            region: cohort.region,
            witnessCohort: cohort.witness_cohort,
            attestor: cohort.attestor,
        };
        let receipt = self.as_owner(&call).await?;
        let event: DeviceRegistry::CohortCreated = receipt.event(self.book.registry)?;
        Ok(Outcome::new(event.cohort, &receipt))
    }

    /// Enrols a device into the cohort's next empty place. `attribute`: the nameplate in watts for energy, the
    /// position for coverage (§ 5.3), else 0.
    pub async fn enrol(
        &self,
        cohort: u32,
        operator: Address,
        key: KeyProof,
        attribute: u64,
    ) -> Result<Outcome<Enrolled>, ChainError> {
        let call = DeviceRegistry::enrolCall { cohort, operator, key: key.into(), attribute };
        let receipt = self.as_owner(&call).await?;
        let event: DeviceRegistry::DeviceEnrolled = receipt.event(self.book.registry)?;
        let enrolled = Enrolled { device: event.device, index: event.index };
        Ok(Outcome::new(enrolled, &receipt))
    }

    /// Enrols many devices in one transaction, into the cohort's next empty places.
    ///
    /// # Errors
    /// `CallRefused` names the first device, from 0, that is refused, and why; then none is enrolled.
    pub async fn enrol_fleet(
        &self,
        cohort: u32,
        devices: &[NewDevice],
    ) -> Result<Outcome<Vec<Enrolled>>, ChainError> {
        let calls = devices.iter().map(|&NewDevice { operator, key, attribute }| {
            let key = key.into();
            DeviceRegistry::enrolCall { cohort, operator, key, attribute }.abi_encode().into()
        });
        let call = DeviceRegistry::multicallCall { calls: calls.collect() };
        let receipt = self.as_owner(&call).await?;
        Ok(Outcome::new(self.enrolled(&receipt), &receipt))
    }

    /// Leaves a device out of its cohort's membership from the next epoch on. The owner may where no staking contract has
    /// a say ([`Network::staking_of_registry`]), else anyone while the device is accused or was found against.
    pub async fn suspend(&self, from: Address, device: u64) -> Result<Outcome<()>, ChainError> {
        let call = DeviceRegistry::suspendCall { device };
        let receipt = write(self.chain(), from, self.book.registry, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Takes a suspended device back from the next epoch on: the owner, or anyone once nothing keeps it out.
    pub async fn resume(&self, from: Address, device: u64) -> Result<Outcome<()>, ChainError> {
        let call = DeviceRegistry::resumeCall { device };
        let receipt = write(self.chain(), from, self.book.registry, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// On whose word devices are suspended; `None` while the owner suspends them.
    pub async fn staking_of_registry(&self) -> Result<Option<Address>, ChainError> {
        let call = DeviceRegistry::stakingCall {};
        let staking = read(self.chain(), self.book.registry, &call).await?;
        Ok(Some(staking).filter(|staking| !staking.is_zero()))
    }

    /// Certifies a new meter; returns the attribute with the next generation.
    pub async fn replace_meter(
        &self,
        device: u64,
        nameplate: u32,
    ) -> Result<Outcome<u64>, ChainError> {
        let call = DeviceRegistry::replaceMeterCall { device, nameplate };
        let receipt = self.as_owner(&call).await?;
        let event: DeviceRegistry::MeterReplaced = receipt.event(self.book.registry)?;
        Ok(Outcome::new(event.attribute, &receipt))
    }

    /// Stores the root of a changed membership, proven over [`Network::membership_words`].
    pub async fn commit_membership(
        &self,
        from: Address,
        cohort: u32,
        route: B256,
        c: U256,
        proof: [U256; 8],
    ) -> Result<Outcome<CommittedMembership>, ChainError> {
        let call = DeviceRegistry::commitMembershipCall { cohort, route, c, proof };
        let receipt = write(self.chain(), from, self.book.registry, &call).await?;
        let event: DeviceRegistry::MembershipCommitted = receipt.event(self.book.registry)?;
        let committed = CommittedMembership { from_epoch: event.fromEpoch, root: event.root };
        Ok(Outcome::new(committed, &receipt))
    }

    /// The words that the cohort's next membership root is the hash of (§ 5.3).
    pub async fn membership_words(&self, cohort: u32) -> Result<Vec<U256>, ChainError> {
        let call = DeviceRegistry::membershipWordsCall { cohort };
        read(self.chain(), self.book.registry, &call).await
    }

    /// The membership root that holds in an epoch; `None` when none is committed.
    pub async fn root_at(&self, cohort: u32, epoch: u64) -> Result<Option<U256>, ChainError> {
        let call = DeviceRegistry::rootAtCall { cohort, epoch };
        let root = read(self.chain(), self.book.registry, &call).await?;
        Ok(Some(root).filter(|root| !root.is_zero()))
    }

    /// A cohort; its size is 0 when there is none.
    pub async fn cohort(&self, cohort: u32) -> Result<Cohort, ChainError> {
        let call = DeviceRegistry::cohortOfCall { cohort };
        read(self.chain(), self.book.registry, &call).await
    }

    /// The cohort and place of a device.
    pub async fn position_of(&self, device: u64) -> Result<(u32, u32), ChainError> {
        let call = DeviceRegistry::positionOfCall { device };
        let position = read(self.chain(), self.book.registry, &call).await?;
        Ok((position.cohort, position.index))
    }

    /// The device at a place of a cohort; all zero when the place is empty.
    pub async fn member(&self, cohort: u32, index: u32) -> Result<Member, ChainError> {
        let call = DeviceRegistry::memberOfCall { cohort, index };
        read(self.chain(), self.book.registry, &call).await
    }

    /// An attestor; its operator is zero when there is none.
    pub async fn attestor(&self, attestor: u32) -> Result<Attestor, ChainError> {
        let call = DeviceRegistry::attestorOfCall { attestor };
        read(self.chain(), self.book.registry, &call).await
    }

    /// Where a transaction put devices, in its order.
    pub(super) fn enrolled(&self, receipt: &Receipt) -> Vec<Enrolled> {
        let events = receipt.events::<DeviceRegistry::DeviceEnrolled>(self.book.registry);
        events.map(|event| Enrolled { device: event.device, index: event.index }).collect()
    }

    /// Whose word the registry takes now: whoever deployed it, unless it was handed on since.
    pub async fn registry_owner(&self) -> Result<Address, ChainError> {
        read(self.chain(), self.book.registry, &DeviceRegistry::ownerCall {}).await
    }

    pub(super) async fn as_owner<C: SolCall>(&self, call: &C) -> Result<Receipt, ChainError> {
        write(self.chain(), self.book.owner, self.book.registry, call).await
    }
}
