//! Cohorts of eight with keys, records, seals; and a check that both backends agree on what fails.

use ergon_circuits::{Input, Statement, StatementName, WITNESSES};
use ergon_types::record::slots::Slots;
use ergon_types::{
    Address, Body, Bundle, Fr, Header, Kind, Member, Membership, Network, Packet, Policy, Record,
    Schema, Seal, SecretKey, State,
};

pub const MEMBERS: usize = 8;
pub const EPOCH: u64 = 5;
pub const COHORT: u32 = 3;
pub const PROVER: Address = Address([0x99; 20]);

pub fn network() -> Network {
    Network { chain_id: 31337, settlement: Address([0x11; 20]), registry: Address([0x22; 20]) }
}

pub fn key(index: usize) -> SecretKey {
    SecretKey::from_bytes([index as u8 + 1; 32])
}

pub fn witness_key(index: usize) -> SecretKey {
    SecretKey::from_bytes([index as u8 + 101; 32])
}

pub fn attestor() -> SecretKey {
    SecretKey::from_bytes([200; 32])
}

pub fn operator(index: usize) -> Address {
    Address([index as u8 + 1; 20])
}

/// A cohort whose last place is empty, before records are added.
pub struct Cohort {
    pub bundle: Bundle,
}

impl Cohort {
    pub fn new(kind: Kind, attribute: u64) -> Self {
        let mut bundle = Input::blank(kind, MEMBERS).bundle;
        bundle.network = network();
        bundle.epoch = EPOCH;
        bundle.membership = members(COHORT, MEMBERS, key, attribute, 1);
        bundle.membership.members[MEMBERS - 1] = None;
        if kind == Kind::Coverage {
            bundle.witnesses = Some(members(9, WITNESSES, witness_key, 0, 50));
        }
        bundle.policy = Policy::standard(kind);
        Self { bundle }
    }

    pub fn sign(&mut self, index: usize, body: Body) {
        let device = self.bundle.membership.members[index].as_ref().map_or(0, |m| m.device);
        self.bundle.packets[index] = Some(packet(&key(index), device, body));
    }

    pub fn witness(&mut self, index: usize, body: Body) {
        let device = 50 + index as u64;
        self.bundle.witness_packets[index] = Some(packet(&witness_key(index), device, body));
    }

    /// Seals the packets as they are: heads, and for uptime every recorded slot as an arrival.
    pub fn seal(mut self) -> Bundle {
        let bundle = &mut self.bundle;
        let head = |p: &Option<Packet>| p.as_ref().map_or(Fr::from(0u64), |p| p.record.message());
        let slots = |p: &Option<Packet>| p.as_ref().map_or(Slots::default(), |p| p.record.slots());
        let uptime = bundle.kind == Kind::Uptime;
        bundle.seal = Seal {
            kind: bundle.kind,
            network: bundle.network.id(),
            epoch: bundle.epoch,
            cohort: bundle.membership.cohort,
            membership_root: bundle.root_of(Some(&bundle.membership)),
            witness_root: bundle.root_of(bundle.witnesses.as_ref()),
            attestor: attestor().public(),
            salt: Fr::from(123_456u64),
            heads: bundle.packets.iter().map(head).collect(),
            arrivals: if uptime { bundle.packets.iter().map(slots).collect() } else { Vec::new() },
            witness_heads: bundle.witness_packets.iter().map(head).collect(),
        };
        resign(bundle);
        self.bundle
    }
}

pub fn resign(bundle: &mut Bundle) {
    bundle.seal_signature = attestor().sign(&bundle.seal.message());
}

fn members(
    cohort: u32,
    size: usize,
    key: fn(usize) -> SecretKey,
    attribute: u64,
    first_device: u64,
) -> Membership {
    let member = |index: usize| Member {
        device: first_device + index as u64,
        key: key(index).public(),
        operator: operator(first_device as usize + index),
        attribute,
    };
    Membership { cohort, region: 0, members: (0..size).map(|i| Some(member(i))).collect() }
}

pub fn packet(key: &SecretKey, device: u64, body: Body) -> Packet {
    let schema: Schema = body.schema();
    let header = Header {
        network: network().id(),
        device,
        epoch: EPOCH,
        counter: 7,
        nonce: Fr::from(99u64),
        salt: key.salt(schema, EPOCH),
    };
    Packet::sign(Record { header, body }, key)
}

pub fn slots(range: std::ops::Range<u32>) -> Slots {
    range.collect()
}

/// The input that includes everyone with a packet.
pub fn input(bundle: Bundle) -> Input {
    Input::new(bundle, PROVER).unwrap()
}

/// The label of the first constraint that an input breaks; checks that the native rules agree.
pub fn broken(input: Input) -> Option<&'static str> {
    let statement = Statement::from_input(input.clone());
    assert!(matches!(statement.id().statement, StatementName::Kind(_)));
    let system = statement.circuit(Fr::from(1_000_003u64)).synthesize();
    let constrained = system.first_unsatisfied().map(|row| row.label);
    let native = ergon_circuits::failures(&input).first().map(|failure| failure.label);
    assert_eq!(constrained.is_some(), native.is_some(), "{constrained:?} / {native:?}");
    constrained
}

/// Plans a bundle, checks that its constraints hold, and returns (included, measured, units) by place.
pub fn outcome(bundle: &Bundle) -> Vec<(bool, u64, u64)> {
    let statement = Statement::from_bundle(bundle, PROVER).unwrap();
    let system = statement.circuit(Fr::from(1_000_003u64)).synthesize();
    assert_eq!(system.first_unsatisfied().map(|row| row.label), None);
    let outcome = statement.outcome().unwrap();
    assert_eq!(outcome.batch.words(), statement.words());
    assert_eq!(
        outcome.batch.state_after,
        outcome.state_after.as_ref().map_or(Fr::from(0u64), State::commitment)
    );
    outcome.members.iter().map(|m| (m.included, m.measured, m.units)).collect()
}
