//! Cohorts of eight with keys, records, seals; and what their batches pay. Shared with `soundness`.

use ergon_circuits::{Input, Row, Statement, WITNESSES};
use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::record::slots::Slots;
use ergon_types::record::witness::{Hearing, Hearings};
use ergon_types::{
    Address, Axial, Body, Bundle, Fr, Header, Kind, Member, Membership, Network, Offset, Packet,
    Policy, Record, Schema, Seal, SecretKey, State,
};

pub(crate) const MEMBERS: usize = 8;
pub(crate) const EPOCH: u64 = 5;
pub(crate) const COHORT: u32 = 3;
pub(crate) const PROVER: Address = Address([0x99; 20]);

pub(crate) fn network() -> Network {
    Network { chain_id: 31337, settlement: Address([0x11; 20]), registry: Address([0x22; 20]) }
}

pub(crate) fn key(index: usize) -> SecretKey {
    SecretKey::from_bytes([index as u8 + 1; 32])
}

pub(crate) fn witness_key(index: usize) -> SecretKey {
    SecretKey::from_bytes([index as u8 + 101; 32])
}

pub(crate) fn attestor() -> SecretKey {
    SecretKey::from_bytes([200; 32])
}

pub(crate) fn operator(index: usize) -> Address {
    Address([index as u8 + 1; 20])
}

/// A cohort whose last place is empty, before records are added.
pub(crate) struct Cohort {
    pub(crate) bundle: Bundle,
}

impl Cohort {
    pub(crate) fn new(kind: Kind, attribute: u64) -> Self {
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

    pub(crate) fn sign(&mut self, index: usize, body: Body) {
        let device = self.bundle.membership.members[index].as_ref().map_or(0, |m| m.device);
        self.bundle.packets[index] = Some(packet(&key(index), device, body));
    }

    pub(crate) fn witness(&mut self, index: usize, body: Body) {
        let device = 50 + index as u64;
        self.bundle.witness_packets[index] = Some(packet(&witness_key(index), device, body));
    }

    /// Seals the packets as they are: heads, and for uptime every recorded slot as an arrival.
    pub(crate) fn seal(mut self) -> Bundle {
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

pub(crate) fn resign(bundle: &mut Bundle) {
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

pub(crate) fn packet(key: &SecretKey, device: u64, body: Body) -> Packet {
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

pub(crate) fn slots(range: std::ops::Range<u32>) -> Slots {
    range.collect()
}

/// 6 kW: at 105 % a quarter hour is paid up to 1,575 Wh. Generation 1.
pub(crate) const SIX_KILOWATTS: u64 = 6000 | (1 << 32);

/// Consecutive quarter hours of a meter of generation 1 that stood at 1,000 Wh.
pub(crate) fn meter(deltas: &[u32]) -> Meter {
    let mut meter = Meter { generation: 1, start: 1000, end: 1000, ..Meter::default() };
    for (quarter, delta) in meter.quarters.iter_mut().zip(deltas) {
        *quarter = Quarter { present: true, tamper: false, delta: *delta };
    }
    meter.end += meter.attributed();
    meter
}

/// Members stand in the region's centre.
pub(crate) fn centre() -> u64 {
    Axial { a: 0, b: 0 }.attribute().unwrap()
}

/// Cells by number: rows of eight, the first 64 within 8 spacings of the member.
pub(crate) fn offset(cell: i32) -> Offset {
    Offset::new(cell / 8, cell % 8).unwrap()
}

/// A cell 147 spacings from the member: possible for class 1, not for class 2.
pub(crate) const FAR: i32 = 147 * 8;

pub(crate) fn hearing(member: u8, cell: i32, class: u8) -> Hearing {
    Hearing { member, offset: offset(cell), class }
}

pub(crate) fn row(cell: i32, class: u8, witnesses: &[usize]) -> Row {
    let witnesses = std::array::from_fn(|place| witnesses.contains(&place));
    Row { offset: offset(cell), class, witnesses }
}

/// Three members with full records, and what each witness heard of them.
pub(crate) fn covered(heard: &[&[Hearing]]) -> Cohort {
    let mut cohort = Cohort::new(Kind::Coverage, centre());
    for index in 0..3 {
        cohort.sign(index, Body::Coverage(slots(0..200)));
    }
    for (index, hearings) in heard.iter().enumerate() {
        let mut body = Hearings::new(COHORT);
        hearings.iter().for_each(|h| {
            body.insert(*h);
        });
        cohort.witness(index, Body::Witness(body));
    }
    cohort
}

/// The input that includes everyone with a packet.
pub(crate) fn input(bundle: Bundle) -> Input {
    Input::new(bundle, PROVER).unwrap()
}

/// Plans a bundle, checks that its constraints hold, and returns (included, measured, units) by place.
pub(crate) fn outcome(bundle: &Bundle) -> Vec<(bool, u64, u64)> {
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
