//! A network on the embedded EVM, deployed as the demo does it, with cohorts of two whose days the tests write.

use crate::proofs::{self, word};
use ergon_chain::{
    Address, B256, Chain, ChainError, DeployConfig, Embedded, Network, NewCohort, U256,
    accounts::DEVELOPMENT_ACCOUNTS, deploy,
};
use ergon_circuits::{CircuitId, Statement, WITNESSES};
use ergon_fleet::{Asset, Reading, Sender, trial_key};
use ergon_store::{Terms, sealing::Admitted, sealing::Closing};
use ergon_types::{Bundle, Fr, Kind, Member, Membership, Packet, Policy, Schema, SecretKey, State};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Places of a cohort.
pub(crate) const SIZE: usize = 2;
pub(crate) const CIRCUITS: [CircuitId; 5] = [
    CircuitId::membership(WITNESSES),
    CircuitId::membership(SIZE),
    CircuitId::of(Kind::Uptime, SIZE),
    CircuitId::of(Kind::Coverage, SIZE),
    CircuitId::of(Kind::Energy, SIZE),
];
pub(crate) const GENESIS: u64 = 1_767_225_600;
const DAY: u64 = 86_400;
const OWNER: Address = DEVELOPMENT_ACCOUNTS[0];
const ATTESTOR: Address = DEVELOPMENT_ACCOUNTS[1];
pub(crate) const PROVER: Address = DEVELOPMENT_ACCOUNTS[2];
pub(crate) const THIEF: Address = DEVELOPMENT_ACCOUNTS[3];
/// One epoch's pool of each kind, and the provers' share of it in ten-thousandths.
pub(crate) const EMISSION: u128 = 1_000_000_000_000_000_000_000;
pub(crate) const FEE: u16 = 200;
/// A hexagon of resolution 1.
const REGION: u64 = 0x0811_fbff_ffff_ffff;

/// The owner of a device.
pub(crate) const fn owner(number: u8) -> Address {
    Address::repeat_byte(0xe0 + number)
}

/// Whoever seals for the tests' cohorts.
pub(crate) fn attestor() -> SecretKey {
    trial_key(0, 0)
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) chain: Network,
    pub(crate) network: ergon_types::Network,
    policies: BTreeMap<u8, Policy>,
    attestor: u32,
    last_key: Cell<u64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) id: u64,
    pub(crate) asset: Asset,
    pub(crate) key: SecretKey,
}

/// A cohort in one epoch, as its members and its attestor know it.
#[derive(Debug)]
pub(crate) struct Cohort {
    pub(crate) kind: Kind,
    pub(crate) membership: Membership,
    pub(crate) devices: Vec<Device>,
    pub(crate) witnesses: Option<Box<Cohort>>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(Arc::new(Embedded::new(GENESIS - DAY)), Kind::ALL.map(Policy::standard)).await
    }

    pub(crate) async fn on(chain: Arc<dyn Chain>, policies: [Policy; 3]) -> Self {
        let words = |policy: &Policy| policy.words().iter().map(word).collect();
        let config = DeployConfig {
            owner: OWNER,
            genesis: GENESIS,
            epoch_length: DAY,
            window: 3 * DAY,
            fee_bps: FEE,
            routes: proofs::routes(),
            policies: policies.iter().map(|policy| (policy.kind() as u8, words(policy))).collect(),
            emissions: Kind::ALL.map(|kind| (kind as u8, EMISSION)).into(),
            allow_insecure: false,
        };
        let chain = deploy(chain, &config).await.unwrap().network;
        let network = ergon_types::Network {
            chain_id: chain.book().chain_id,
            settlement: ergon_types::Address(chain.book().settlement.into_array()),
            registry: ergon_types::Address(chain.book().registry.into_array()),
        };
        let key = attestor().public().halvings().into();
        let attestor = chain.register_attestor(ATTESTOR, key).await.unwrap().value;
        let policies = policies.map(|policy| (policy.kind() as u8, policy)).into();
        Self { chain, network, policies, attestor, last_key: Cell::new(0) }
    }

    /// A paid cohort whose membership is proven and holds from epoch 0 on.
    pub(crate) async fn cohort(&self, kind: Kind, places: &[(Address, Asset)]) -> Cohort {
        self.covered_cohort(kind, places, None).await
    }

    /// The same, with the cohort of its witnesses.
    pub(crate) async fn covered_cohort(
        &self,
        kind: Kind,
        places: &[(Address, Asset)],
        witnesses: Option<Cohort>,
    ) -> Cohort {
        let new = NewCohort {
            kind: kind as u8,
            size: SIZE as u32,
            region: if kind == Kind::Coverage { REGION } else { 0 },
            witness_cohort: witnesses.as_ref().map_or(0, |cohort| cohort.membership.cohort),
            attestor: self.attestor,
        };
        let witnesses = witnesses.map(Box::new);
        Cohort { witnesses, ..self.enrol(kind, new, places).await }
    }

    /// A cohort of witnesses of these owners.
    pub(crate) async fn witnesses(&self, owners: &[Address]) -> Cohort {
        let size = WITNESSES as u32;
        let new = NewCohort { kind: 0, size, region: 0, witness_cohort: 0, attestor: 0 };
        let places: Vec<_> = owners.iter().map(|owner| (*owner, Asset::Witness)).collect();
        self.enrol(Kind::Coverage, new, &places).await
    }

    async fn enrol(&self, kind: Kind, new: NewCohort, places: &[(Address, Asset)]) -> Cohort {
        let cohort = self.chain.create_cohort(new).await.unwrap().value;
        let mut members = vec![None; new.size as usize];
        let mut devices = Vec::new();
        for (owner, asset) in places {
            self.last_key.set(self.last_key.get() + 1);
            let key = trial_key(1, self.last_key.get());
            let attribute = match asset {
                Asset::Meter { nameplate_w, .. } => u64::from(*nameplate_w),
                _ => asset.attribute().unwrap(),
            };
            let proof = key.public().halvings().into();
            let enrolled = self.chain.enrol(cohort, *owner, proof, attribute).await.unwrap().value;
            let registered = self.chain.member(cohort, enrolled.index).await.unwrap();
            members[enrolled.index as usize] = Some(Member {
                device: enrolled.device,
                key: key.public(),
                operator: ergon_types::Address(owner.into_array()),
                attribute: registered.attribute,
            });
            devices.push(Device { id: enrolled.device, asset: *asset, key });
        }
        let membership = Membership { cohort, region: new.region, members };
        self.commit(&membership).await.unwrap();
        Cohort { kind, membership, devices, witnesses: None }
    }

    /// Proves a membership and sends it; returns the epoch from which it holds.
    pub(crate) async fn commit(&self, membership: &Membership) -> Result<u64, ChainError> {
        let statement = Statement::membership(&self.network, membership);
        let route = B256::from(proofs::proof(&statement).route);
        let (c, proof) = (word(&statement.commitment()), proofs::chain_proof(&statement));
        let cohort = membership.cohort;
        let committed = self.chain.commit_membership(PROVER, cohort, route, c, proof).await?;
        Ok(committed.value.from_epoch)
    }

    /// The last packet of a device that measured this.
    pub(crate) fn day(&self, device: &Device, epoch: u64, covered: u32, day: &[Reading]) -> Packet {
        let (key, network) = (device.key.clone(), self.network.id());
        let mut sender = Sender::new(key, &device.asset, network, device.id, epoch, covered);
        let mut packets = Vec::new();
        for reading in day {
            packets.push(sender.send(reading).unwrap());
        }
        packets.pop().unwrap()
    }

    /// The attestor's seal over packets, all in time, and the bundle for provers.
    pub(crate) fn seal(&self, cohort: &Cohort, epoch: u64, packets: &[Packet]) -> Bundle {
        self.seal_by(&attestor(), 1, cohort, epoch, packets)
    }

    /// A seal by any key with any salt.
    pub(crate) fn seal_by(
        &self,
        attestor: &SecretKey,
        salt: u64,
        cohort: &Cohort,
        epoch: u64,
        packets: &[Packet],
    ) -> Bundle {
        let terms = self.terms(cohort, cohort.kind.schema());
        let witnesses = cohort.witnesses.as_ref().map(|cohort| self.terms(cohort, Schema::Witness));
        let closing = Closing {
            network: self.network,
            epoch,
            terms: &terms,
            witnesses: witnesses.as_ref(),
            state: (cohort.kind == Kind::Energy).then(|| State::genesis(SIZE)),
            attestor,
            salt: Fr::from(salt),
        };
        closing.bundle(|device, _| {
            let packet = packets.iter().find(|packet| packet.record.header.device == device)?;
            Some(Admitted { packet: packet.clone(), arrivals: packet.record.slots() })
        })
    }

    fn terms(&self, cohort: &Cohort, schema: Schema) -> Terms {
        let witness_cohort = cohort.witnesses.as_ref().map(|cohort| cohort.membership.cohort);
        let policy = Some(self.policies[&(cohort.kind as u8)].clone());
        Terms { schema, membership: cohort.membership.clone(), policy, witness_cohort }
    }

    /// Sends a proven statement; `standing` are the units that stand. Returns the units added.
    pub(crate) async fn settle(
        &self,
        from: Address,
        statement: &Statement,
        standing: &[u64],
    ) -> Result<U256, ChainError> {
        let batch = proofs::batch(statement);
        Ok(self.chain.settle(from, &batch, standing).await?.value)
    }

    /// Sets the clock to when a kind's epoch opens for settlement.
    pub(crate) async fn open(&self, kind: Kind, epoch: u64) {
        let time = self.chain.opens_at(kind as u8, epoch).await.unwrap();
        self.chain.chain().advance_to(time).await.unwrap();
    }

    /// Sets the clock to when an epoch closes, and freezes a kind's pool; returns the members' share.
    pub(crate) async fn freeze(&self, kind: Kind, epoch: u64) -> U256 {
        let time = self.chain.closes_at(epoch).await.unwrap();
        self.chain.chain().advance_to(time).await.unwrap();
        U256::from(self.chain.freeze(THIEF, kind as u8, epoch).await.unwrap().value.members)
    }
}

/// The contract's error.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, ChainError>, expected: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.revert_name(), Some(expected), "{error}");
}

/// Alive in the first `slots` slots.
pub(crate) fn alive(slots: u32) -> Vec<Reading> {
    (0..slots).map(|slot| Reading::Alive { slot }).collect()
}
