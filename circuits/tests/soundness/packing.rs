//! Whatever a hash absorbs is packed injectively: each ranged variable has bits of its own in the absorbed word, below
//! the field's order. A word that could be read in two ways would leave the prover the choice.

use crate::fixture::MEMBERS;
use ark_ff::{BigInteger, One, PrimeField};
use ergon_circuits::r1cs::{R1cs, Row, Terms};
use ergon_circuits::{Circuit, CircuitId};
use ergon_types::record::energy::{DELTA_BITS, END_SHIFT, GENERATION_BITS};
use ergon_types::{Fr, Kind, field};
use std::collections::{BTreeMap, BTreeSet};

/// Assertions besides x·x = x that leave their left factor 0 or 1.
const BITS: [&str; 4] = [
    "an arrival is a recorded slot or none",
    "a used entry is a bit and of an included witness",
    "a witness is independent",
    "tamper is a bit of a present slot",
];
/// Assertions whose left factors together make one field: how many they are, the width of each, and of the last with
/// room for the carry of their sum.
///
/// The parts of a delta sum to at most the member's limit, below 2^20 (`attacks::energy`); of three nested bits only
/// the number counts.
const PARTS: [(&str, usize, usize, usize); 3] = [
    ("delta is within the nameplate", DELTA_BITS, 1, DELTA_BITS),
    ("claimed class is attested", 3, 2, 2),
    ("classes of a paid cell are nested", 3, 2, 2),
];
/// The end counter is a sum of ranged values, below 2^50, and nothing lies above it.
const END: usize = usize::MAX;

/// What is known of a variable: its width, and whose bits it may share.
#[derive(Clone, Copy)]
struct Range {
    width: usize,
    owner: usize,
}

/// The variable that is a row's left factor.
fn alone(row: &Row) -> Option<usize> {
    match row.a[..] {
        [(variable, factor)] if factor.is_one() => Some(variable),
        _ => None,
    }
}

fn ranges(system: &R1cs) -> BTreeMap<usize, Range> {
    let mut ranges = BTreeMap::new();
    let bit = |row: &&Row| (row.a == row.b && row.a == row.c) || BITS.contains(&row.label);
    for variable in system.rows().iter().filter(bit).filter_map(alone) {
        ranges.insert(variable, Range { width: 1, owner: variable });
    }
    for (label, count, each, last) in PARTS {
        let rows = system.rows().iter().filter(|row| row.label == label);
        let parts: Vec<usize> = rows.filter_map(alone).collect();
        for parts in parts.chunks(count) {
            for (place, part) in parts.iter().enumerate() {
                let width = if place + 1 == count { last } else { each };
                ranges.insert(*part, Range { width, owner: parts[0] });
            }
        }
    }
    for row in system.rows() {
        if row.label == "generation is the certified one" {
            let generation = row.b.iter().find(|(_, factor)| factor.is_one());
            let variable = generation.expect("the record's generation").0;
            ranges.insert(variable, Range { width: GENERATION_BITS, owner: variable });
        }
    }
    for row in system.rows().iter().filter(|row| row.b == [(0, Fr::one())] && row.c.is_empty()) {
        let (bits, rest): (Vec<_>, Vec<_>) =
            row.a.iter().partition(|(variable, _)| ranges.contains_key(variable));
        let wire = rest.iter().find(|(_, factor)| *factor == -Fr::one());
        if let Some((variable, _)) = wire.filter(|_| rest.len() == 1) {
            ranges.insert(*variable, Range { width: bits.len(), owner: *variable });
        }
    }
    ranges
}

/// What the counters leave to no slot: only the word of the counters contains it.
fn unattributed(system: &R1cs) -> BTreeSet<usize> {
    let rows = system.rows().iter().filter(|row| row.label == "deltas do not exceed the counters");
    rows.flat_map(|row| row.a.iter().filter(|(_, f)| *f == -Fr::one()).map(|(v, _)| *v)).collect()
}

/// The forms of several variables that enter a permutation from outside.
fn absorbed(system: &R1cs) -> BTreeSet<Terms> {
    let poseidon = || system.rows().iter().filter(|row| row.label == "poseidon");
    let inner: BTreeSet<usize> =
        poseidon().flat_map(|row| row.c.iter().map(|(variable, _)| *variable)).collect();
    // A choice between two states that are packed this way is packed this way.
    let chosen = |row: &&Row| row.label == "state after";
    let chosen: BTreeSet<usize> =
        system.rows().iter().filter(chosen).map(|row| row.c[0].0).collect();
    poseidon()
        .filter(|row| row.a == row.b)
        .map(|row| row.a.iter().filter(|(variable, _)| *variable != 0).copied().collect::<Terms>())
        .filter(|form| form.len() > 1)
        .filter(|form| !form.iter().any(|(v, _)| inner.contains(v) || chosen.contains(v)))
        .collect()
}

/// Bits of the word that a variable can set.
fn positions(factor: Fr, width: usize) -> BTreeSet<usize> {
    let integer = factor.into_bigint();
    let set = (0..256).filter(|bit| integer.get_bit(*bit));
    set.flat_map(|bit| bit..bit + width).collect()
}

#[test]
fn every_absorbed_word_has_one_reading() {
    for (kind, words) in [(Kind::Uptime, 32), (Kind::Energy, 73), (Kind::Coverage, 144)] {
        let system = Circuit::blank(CircuitId::of(kind, MEMBERS)).synthesize();
        let (ranges, unattributed) = (ranges(&system), unattributed(&system));
        let forms = absorbed(&system);
        assert_eq!(forms.len(), words, "{kind}: words of several variables");
        for form in forms {
            let counters = form.iter().any(|(variable, _)| unattributed.contains(variable));
            let mut owners: BTreeMap<usize, usize> = BTreeMap::new();
            for (variable, factor) in form {
                let range = ranges.get(&variable);
                let Range { width, owner } = *range.unwrap_or_else(|| {
                    panic!("{kind}: variable {variable} is absorbed without a range")
                });
                for position in positions(factor, width) {
                    assert!(position < field::SAFE_BITS, "{kind}: bit {position} is too high");
                    let owner = if counters && position >= END_SHIFT { END } else { owner };
                    let other = *owners.entry(position).or_insert(owner);
                    assert_eq!(other, owner, "{kind}: two variables share bit {position}");
                }
            }
        }
    }
}
