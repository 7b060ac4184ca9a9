//! The assertion table: for every assertion an attack that only this assertion stops.
//!
//! An attack is an input, and values of variables that a cheating prover forges; whatever is computed after them
//! follows. Since all other rows hold, deleting the assertion would let the attack through.

mod contradiction;
mod coverage;
mod energy;
mod omission;
mod record;
mod second_seal;
mod uptime;

use crate::fixture::{MEMBERS, PROVER};
use ergon_circuits::{Circuit, CircuitId, Input, R1cs, Statement, StatementName};
use ergon_types::{Fr, Kind, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// Values that a cheating prover gives to variables.
type Forged = BTreeMap<usize, Fr>;

/// What deleting the assertion would bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gain {
    /// Member 0 is paid more than by the rules.
    Units,
    /// Nothing today: other assertions bound what can be done with it.
    Nothing,
}

struct Attack {
    label: &'static str,
    gain: Gain,
    /// Labels that break too, since nobody knows how to satisfy them with the attack.
    besides: &'static [&'static str],
    forge: fn() -> (Input, Forged),
}

const fn pays(label: &'static str, forge: fn() -> (Input, Forged)) -> Attack {
    Attack { label, gain: Gain::Units, besides: &[], forge }
}

const fn idle(label: &'static str, forge: fn() -> (Input, Forged)) -> Attack {
    Attack { label, gain: Gain::Nothing, besides: &[], forge }
}

/// Assertions about public inputs; `statements::binding` breaks each alone by changing public words.
const BINDING: [&str; 2] = ["c is the hash of the words", "y is the words' polynomial at z"];

/// Rows that compute a value: what they compute is determined, and each row is needed for it (`gadgets`).
const PRODUCTS_AND_SELECTIONS: [&str; 28] = [
    "arrival of the slot",
    "arrivals of the place",
    "cells are included",
    "class is 3",
    "counter's advance",
    "device of the place",
    "distance a·(a − b)",
    "distance b²",
    "head of the place",
    "key of the signature",
    "message of the signature",
    "nameplate with margin",
    "difference of a slot",
    "paid delta",
    "part of a difference",
    "reach of the class",
    "slot is in both records",
    "slots are included",
    "state after",
    "tier's increment",
    "units are included",
    "units of the epoch",
    "watt-hours are included",
    "weight of the cells",
    "weighted delta",
    "words at z",
    "window bits",
    "digit y²",
];

/// Answers to whether a value is 0 (`gadgets`).
pub(crate) const ZERO_TESTS: [&str; 3] =
    ["place is empty", "the acknowledged record is sealed", "witness's operator is the member's"];

/// Rows of the curve arithmetic and of Poseidon (`signature`, `gadgets`).
const ARITHMETIC: [&str; 23] = [
    "digit sign",
    "edwards cross",
    "edwards sum x",
    "edwards sum y",
    "edwards x",
    "edwards x²",
    "edwards x·y",
    "edwards x·y·x·y",
    "edwards y",
    "edwards y²",
    "edwards y·x",
    "montgomery chord x",
    "montgomery chord y",
    "montgomery second slope",
    "montgomery slope",
    "montgomery square",
    "montgomery sum x",
    "montgomery tangent",
    "montgomery u",
    "montgomery v",
    "poseidon",
    "window bit",
    "window sign",
];

fn table() -> Vec<Attack> {
    let mut all = record::attacks();
    all.extend(uptime::attacks());
    all.extend(energy::attacks());
    all.extend(coverage::attacks());
    all
}

/// The labels of assertions that stop an attack.
pub(crate) fn stopped() -> BTreeSet<&'static str> {
    let table = table();
    let labels = table.iter().map(|attack| attack.label);
    labels.chain(contradiction::LABELS).chain(omission::LABELS).chain(second_seal::LABELS).collect()
}

/// The labels of rows that compute: a test of their gadget alone shows that each row is needed.
pub(crate) fn computing() -> BTreeSet<&'static str> {
    PRODUCTS_AND_SELECTIONS.into_iter().chain(ZERO_TESTS).chain(ARITHMETIC).collect()
}

/// What the attacks on a circuit's statement submit.
pub(crate) fn submitted(id: CircuitId) -> Vec<R1cs> {
    let attacks = match id.statement {
        StatementName::Kind(Kind::Uptime) => {
            record::attacks().into_iter().chain(uptime::attacks()).collect()
        }
        StatementName::Kind(Kind::Energy) => energy::attacks(),
        StatementName::Kind(Kind::Coverage) => coverage::attacks(),
        StatementName::SecondSeal => return second_seal::submitted(),
        StatementName::Omission(Schema::Uptime) => return omission::submitted(),
        StatementName::Answer(Schema::Uptime) => return omission::answered(),
        _ => Vec::new(),
    };
    let submit = |attack: Attack| {
        let (input, forged) = (attack.forge)();
        Statement::from_input(input).circuit(Fr::from(1_000_003u64)).forge(forged).0
    };
    attacks.into_iter().map(submit).collect()
}

/// Runs attacks and asserts that each breaks its assertion only, and what it would have paid.
fn assert_stopped(attacks: Vec<Attack>) {
    for Attack { label, gain, besides, forge } in attacks {
        let (input, forged) = forge();
        let honest = Statement::from_bundle(&input.bundle, PROVER).map_or(0, |s| units(s.words()));
        let circuit = Statement::from_input(input).circuit(Fr::from(1_000_003u64));
        let (system, words) = circuit.forge(forged);
        let broken: BTreeSet<&str> = system
            .rows()
            .iter()
            .filter(|row| !row.holds(system.assignment()))
            .map(|row| row.label)
            .collect();
        let expected: BTreeSet<&str> = besides.iter().copied().chain([label]).collect();
        assert_eq!(broken, expected, "{label}");
        let paid = units(&words);
        assert_eq!(gain == Gain::Units, paid > honest, "{label}: {honest} by the rules, {paid}");
    }
}

/// Member 0's units, cut to 128 bits.
fn units(words: &[Fr]) -> u128 {
    let word = words[words.len() - MEMBERS];
    let [low, high] = [0, 64].map(|from| u128::from(ergon_types::field::bits(&word, from, 64)));
    low | (high << 64)
}

#[test]
fn each_assertion_about_records_and_seals_alone_stops_its_attack() {
    assert_stopped(record::attacks());
    assert_stopped(uptime::attacks());
}

#[test]
fn each_assertion_of_the_energy_statement_alone_stops_its_attack() {
    assert_stopped(energy::attacks());
}

#[test]
fn each_assertion_of_the_coverage_statement_alone_stops_its_attack() {
    assert_stopped(coverage::attacks());
}

#[test]
fn every_assertion_has_an_attack_or_a_test_of_its_gadget() {
    let mut labels = BTreeSet::new();
    for id in CircuitId::TRIAL.into_iter().chain(CircuitId::EVIDENCE) {
        labels.extend(Circuit::blank(id).synthesize().rows().iter().map(|row| row.label));
    }
    let mut known: BTreeSet<&str> = table().iter().map(|attack| attack.label).collect();
    known.extend(contradiction::LABELS);
    known.extend(omission::LABELS);
    known.extend(second_seal::LABELS);
    for list in [&BINDING[..], &PRODUCTS_AND_SELECTIONS, &ZERO_TESTS, &ARITHMETIC] {
        for label in list {
            assert!(known.insert(label), "{label} is listed twice");
        }
    }
    let missing: Vec<_> = labels.difference(&known).collect();
    let stale: Vec<_> = known.difference(&labels).collect();
    assert!(missing.is_empty(), "write an attack for each of {missing:?}");
    assert!(stale.is_empty(), "no assertion is named {stale:?}");
}
