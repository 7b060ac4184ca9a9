//! Attacks with which a cheat would convict an attestor whose seal has all that it acknowledged.

use super::Forged;
use crate::fixture::*;
use ergon_circuits::r1cs::{R1cs, Row};
use ergon_circuits::{Circuit, CircuitId, Lack, Omission, Statement};
use ergon_types::record::slots::Slots;
use ergon_types::{Ack, Address, Body, Bundle, Fr, Kind, Packet, Schema};
use std::collections::BTreeSet;

/// Assertions that these attacks break alone; those of signatures have attacks elsewhere too.
pub(super) const LABELS: [&str; 13] = [
    "acknowledged record is later",
    "arrival is missing",
    "arrivals have 144 bits",
    "distance has 64 bits",
    "earlier record is sealed",
    "everything is missing",
    "later is a bit",
    "one place is chosen",
    "one slot is picked",
    "pick is a bit",
    "place is a bit",
    "the place is the device's",
    "the slot is the acknowledged one",
];

/// The place of the honest device, and the slots in which its packets arrived; the last is acknowledged.
const PLACE: usize = 2;
const ARRIVED: [u32; 3] = [100, 150, 200];
const SLOT: u32 = ARRIVED[2];

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
    let ack = Ack::sign(&attestor(), network().id(), of, head, SLOT, Fr::from(1u64));
    let evidence = Omission::unchecked(bundle, ack, record, Address([0x77; 20]), lack);
    Statement::omission(evidence).circuit(Fr::from(1_000_003u64))
}

fn earlier(counter: u64) -> Lack {
    Lack::Later(Box::new(honest(counter, ARRIVED.into_iter().collect()).record))
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

    /// The variable that a row ties to its bits.
    fn ranged(&self, label: &str) -> usize {
        let minus = -Fr::from(1u64);
        let mut found = self.rows(label).flat_map(|row| row.a.iter().filter(|(_, f)| *f == minus));
        found.next().unwrap().0
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
    let later = places.bits("later is a bit")[0];
    let distance = places.ranged("distance has 64 bits");
    // Variables of a list get other values than the honest ones.
    let set = |list: &[usize], values: &[(usize, i64)]| -> Forged {
        values.iter().map(|(index, value)| (list[*index], number(*value))).collect()
    };
    let slot = SLOT as usize;
    let whole = complete();
    let everything = |forged: Forged| claim(&whole, Lack::Everything).forge(forged).0;
    let arrived = |forged: Forged| claim(&whole, Lack::Arrival).forge(forged).0;
    let mut lacking = seal(Some(honest(2, ARRIVED.into_iter().collect())));
    lacking.seal.arrivals[PLACE] = Slots::default();
    resign(&mut lacking);
    vec![
        ("everything is missing", everything(Forged::new())),
        ("the place is the device's", everything(set(&place, &[(PLACE, 0), (0, 1)]))),
        // Devices are numbered from 1: 1 + 2 = 3, and 2·4 − 5 = 3.
        ("one place is chosen", everything(set(&place, &[(PLACE, 0), (0, 1), (1, 1)]))),
        ("place is a bit", everything(set(&place, &[(PLACE, 0), (3, 2), (4, -1)]))),
        ("arrival is missing", arrived(Forged::new())),
        ("the slot is the acknowledged one", arrived(set(&pick, &[(slot, 0), (7, 1)]))),
        ("one slot is picked", arrived(set(&pick, &[(slot, 0), (slot - 1, 1), (1, 1)]))),
        ("pick is a bit", arrived(set(&pick, &[(slot, 0), (slot + 1, 2), (slot + 2, -1)]))),
        // Two of the slot before are one of this.
        ("arrivals have 144 bits", arrived(set(&arrival, &[(slot, 0), (slot - 1, 2)]))),
        ("earlier record is sealed", claim(&whole, earlier(2)).forge(Forged::new()).0),
        // The acknowledged record itself: −1 packets ahead of it.
        (
            "acknowledged record is later",
            claim(&whole, earlier(3)).forge([(distance, number(0))].into()).0,
        ),
        ("distance has 64 bits", claim(&whole, earlier(3)).forge(Forged::new()).0),
        // Nobody gains by it: three factors sum to 1, whatever they are.
        ("later is a bit", claim(&lacking, earlier(2)).forge([(later, number(2))].into()).0),
    ]
}

/// What is submitted, for the deletion mutants.
pub(super) fn submitted() -> Vec<R1cs> {
    attacks().into_iter().map(|(_, submitted)| submitted).collect()
}

#[test]
fn each_assertion_alone_keeps_an_attestor_that_sealed_everything_from_being_convicted() {
    let attacks = attacks();
    for (label, system) in &attacks {
        let rows = system.rows().iter().filter(|row| !row.holds(system.assignment()));
        let broken: BTreeSet<&str> = rows.map(|row| row.label).collect();
        assert_eq!(broken, BTreeSet::from([*label]));
    }
    let stopped: BTreeSet<&str> = attacks.iter().map(|(label, _)| *label).collect();
    assert_eq!(stopped, BTreeSet::from(LABELS));
}
