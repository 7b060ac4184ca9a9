//! Attacks with which a cheat would convict an attestor whose seal has all that it acknowledged.

use super::Forged;
use crate::fixture::*;
use ergon_circuits::r1cs::{INSTANCE, R1cs, Row};
use ergon_circuits::{Answer, Circuit, CircuitId, Lack, Omission, Statement};
use ergon_types::record::slots::Slots;
use ergon_types::{Ack, Address, Body, Bundle, Fr, Kind, Packet, Schema};
use std::collections::BTreeSet;

/// Assertions that these attacks break alone; those of signatures have attacks elsewhere too.
pub(super) const LABELS: [&str; 15] = [
    "another record is sealed",
    "arrival is missing",
    "arrivals are of uptime",
    "arrivals have 144 bits",
    "counter is the acknowledged one",
    "head is the sealed one",
    "one place is chosen",
    "one slot is picked",
    "pick is a bit",
    "place is a bit",
    "root is the sealed one",
    "the place is the device's",
    "the record is later",
    "the sealed head is this record",
    "the slot is the acknowledged one",
];

/// The place of the honest device, and the slots in which its packets arrived; the last is acknowledged.
const PLACE: usize = 2;
const ARRIVED: [u32; 3] = [100, 150, 200];
const LAST: u32 = ARRIVED[2];

fn honest(counter: u64, slots: Slots) -> Packet {
    let mut record = packet(&key(PLACE), 3, Body::Uptime(slots)).record;
    record.header.counter = counter;
    Packet::sign(record, &key(PLACE))
}

/// A seal with this packet of the device and none of the others: their heads are 0, where a cheat would rather be.
fn seal(packet: Option<Packet>) -> Bundle {
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    cohort.bundle.packets[PLACE] = packet;
    cohort.seal()
}

fn complete() -> Bundle {
    seal(Some(honest(3, ARRIVED.into_iter().collect())))
}

/// An acknowledgement of the honest record, for a seal, with a lack of the cheat's choice.
fn claim(bundle: &Bundle, lack: Lack) -> Circuit {
    let record = honest(3, ARRIVED.into_iter().collect()).record;
    let of = (3, Schema::Uptime, EPOCH);
    let head = record.message();
    let ack = Ack::sign(&attestor(), network().id(), of, head, LAST, Fr::from(1u64));
    let evidence = Omission::unchecked(bundle, ack, record, Address([0x77; 20]), lack);
    Statement::omission(evidence).circuit(Fr::from(1_000_003u64))
}

/// Where the variables are: rows do not depend on the witness.
struct Places(R1cs);

impl Places {
    fn new() -> Self {
        Self(Circuit::blank(CircuitId::omission(Schema::Uptime, MEMBERS)).synthesize())
    }

    fn rows(&self, label: &str) -> impl Iterator<Item = &Row> {
        self.0.rows().iter().filter(move |row| row.label == label)
    }

    /// The bits that rows with this label assert, in order.
    fn bits(&self, label: &str) -> Vec<usize> {
        let alone = |row: &&Row| row.a.len() == 1 && row.a == row.b;
        self.rows(label).filter(alone).map(|row| row.a[0].0).collect()
    }
}

/// Each attack: what stops it, and what is submitted.
fn attacks() -> Vec<(&'static str, R1cs)> {
    let places = Places::new();
    let number = |value: i64| {
        let size = Fr::from(value.unsigned_abs());
        if value < 0 { -size } else { size }
    };
    let place = places.bits("place is a bit");
    let pick = places.bits("pick is a bit");
    let arrival = places.bits("arrivals have 144 bits");
    // Variables of a list get other values than the honest ones.
    let set = |list: &[usize], values: &[(usize, i64)]| -> Forged {
        values.iter().map(|(index, value)| (list[*index], number(*value))).collect()
    };
    let slot = LAST as usize;
    let whole = complete();
    // Words are the first variables; the head's follows what is claimed of the place.
    let word = |index: usize, value: Fr| -> (usize, Fr) { (INSTANCE + index, value) };
    let elsewhere = |mut forged: Forged| {
        forged.extend([word(9, number(0))]);
        claim(&whole, Lack::Record).forge(forged).0
    };
    let arrived = |forged: Forged| claim(&whole, Lack::Arrival).forge(forged).0;
    let empty = seal(None);
    let lying = |index| claim(&empty, Lack::Record).forge([word(index, number(5))].into()).0;
    vec![
        ("another record is sealed", claim(&whole, Lack::Record).forge(Forged::new()).0),
        ("root is the sealed one", lying(8)),
        ("head is the sealed one", lying(9)),
        ("counter is the acknowledged one", lying(10)),
        ("the place is the device's", elsewhere(set(&place, &[(PLACE, 0), (0, 1)]))),
        // Devices are numbered from 1: 1 + 2 = 3, and 2·4 − 5 = 3.
        ("one place is chosen", elsewhere(set(&place, &[(PLACE, 0), (0, 1), (1, 1)]))),
        ("place is a bit", elsewhere(set(&place, &[(PLACE, 0), (3, 2), (4, -1)]))),
        ("arrival is missing", arrived(Forged::new())),
        ("the slot is the acknowledged one", arrived(set(&pick, &[(slot, 0), (7, 1)]))),
        ("one slot is picked", arrived(set(&pick, &[(slot, 0), (slot - 1, 1), (1, 1)]))),
        ("pick is a bit", arrived(set(&pick, &[(slot, 0), (slot + 1, 2), (slot + 2, -1)]))),
        // Two of the slot before are one of this.
        ("arrivals have 144 bits", arrived(set(&arrival, &[(slot, 0), (slot - 1, 2)]))),
    ]
}

/// What a meter's seal is said to lack, though no arrivals are sealed of meters.
fn meters_arrival() -> R1cs {
    let body = Body::Energy(meter(&[7]));
    let record = packet(&key(PLACE), 3, body).record;
    let of = (3, Schema::Energy, EPOCH);
    let ack = Ack::sign(&attestor(), network().id(), of, record.message(), 3, Fr::from(1u64));
    let bundle = Cohort::new(Kind::Energy, SIX_KILOWATTS).seal();
    let reporter = Address([0x77; 20]);
    let evidence = Omission::unchecked(&bundle, ack, record, reporter, Lack::Arrival);
    Statement::omission(evidence).circuit(Fr::from(1_000_003u64)).synthesize()
}

/// Answers of an attestor that sealed something else than a later record.
fn answers() -> Vec<(&'static str, R1cs)> {
    let packet = honest(3, ARRIVED.into_iter().collect());
    let submit = |counter, forged| {
        let answer = Answer::unchecked(network(), key(PLACE).public(), counter, packet.clone());
        Statement::answer(answer).circuit(Fr::from(1_000_003u64)).forge(forged).0
    };
    vec![
        ("the record is later", submit(3, Forged::new())),
        // Another head than that of the signed record.
        ("the sealed head is this record", submit(2, [(INSTANCE + 6, Fr::from(1u64))].into())),
    ]
}

/// What is submitted, for the deletion mutants.
pub(super) fn submitted() -> Vec<R1cs> {
    attacks().into_iter().map(|(_, submitted)| submitted).collect()
}

/// The same of answers.
pub(super) fn answered() -> Vec<R1cs> {
    answers().into_iter().map(|(_, submitted)| submitted).collect()
}

#[test]
fn each_assertion_alone_keeps_an_attestor_that_sealed_everything_from_being_convicted() {
    let mut attacks = attacks();
    attacks.push(("arrivals are of uptime", meters_arrival()));
    attacks.extend(answers());
    for (label, system) in &attacks {
        let rows = system.rows().iter().filter(|row| !row.holds(system.assignment()));
        let broken: BTreeSet<&str> = rows.map(|row| row.label).collect();
        assert_eq!(broken, BTreeSet::from([*label]));
    }
    let stopped: BTreeSet<&str> = attacks.iter().map(|(label, _)| *label).collect();
    assert_eq!(stopped, BTreeSet::from(LABELS));
}
