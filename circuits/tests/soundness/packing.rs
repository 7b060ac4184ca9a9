//! Whatever a hash absorbs is packed injectively: each ranged variable has bits of its own in the absorbed word, below
//! the field's order. A word that could be read in two ways would leave the prover the choice.

use crate::fixture::MEMBERS;
use ark_ff::{BigInteger, One, PrimeField};
use ergon_circuits::r1cs::{R1cs, Row, Terms};
use ergon_circuits::{Circuit, CircuitId, WITNESSES};
use ergon_types::cell::CELL_BITS;
use ergon_types::record::witness::MEMBER_BITS;
use ergon_types::{Fr, Kind, field};
use std::collections::{BTreeMap, BTreeSet};

/// Bits of an entry's member and cell: ranged by the steps between the keys and the last of them.
const KEY_BITS: usize = CELL_BITS + MEMBER_BITS;

/// What is known of a variable: its width, and whose bits it may share.
#[derive(Clone, Copy)]
struct Range {
    width: usize,
    owner: usize,
}

fn ranges(system: &R1cs) -> BTreeMap<usize, Range> {
    let mut ranges = BTreeMap::new();
    let mut of_one_row = Vec::new();
    for row in system.rows() {
        let [(variable, factor)] = row.a[..] else { continue };
        let bit = row.a == row.b && row.a == row.c;
        if factor.is_one() && (bit || row.label == "an arrival is a recorded slot or none") {
            ranges.insert(variable, Range { width: 1, owner: variable });
            if row.label == "witness bit" {
                of_one_row.push(variable);
            }
        }
    }
    // Exactly one of a used row's witness bits is set: they share the bits of an index.
    for bits in of_one_row.chunks(WITNESSES) {
        for bit in bits {
            ranges.insert(*bit, Range { width: 1, owner: bits[0] });
        }
    }
    for row in system.rows().iter().filter(|row| row.b == [(0, Fr::one())] && row.c.is_empty()) {
        let (bits, rest): (Vec<_>, Vec<_>) =
            row.a.iter().partition(|(variable, _)| ranges.contains_key(variable));
        let key = row.label == "entries increase strictly";
        let wire = rest.iter().find(|(_, factor)| *factor == -Fr::one());
        if let Some((variable, _)) = wire.filter(|_| key || rest.len() == 1) {
            let width = if key { KEY_BITS } else { bits.len() };
            ranges.insert(*variable, Range { width, owner: *variable });
        }
    }
    ranges
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
    for (kind, words) in [(Kind::Uptime, 32), (Kind::Energy, 88), (Kind::Coverage, 157)] {
        let system = Circuit::blank(CircuitId::of(kind, MEMBERS)).synthesize();
        let ranges = ranges(&system);
        let forms = absorbed(&system);
        assert_eq!(forms.len(), words, "{kind}: words of several variables");
        for form in forms {
            let mut owners: BTreeMap<usize, usize> = BTreeMap::new();
            for (variable, factor) in form {
                let range = ranges.get(&variable);
                let Range { width, owner } = *range.unwrap_or_else(|| {
                    panic!("{kind}: variable {variable} is absorbed without a range")
                });
                for position in positions(factor, width) {
                    assert!(position < field::SAFE_BITS, "{kind}: bit {position} is too high");
                    let other = *owners.entry(position).or_insert(owner);
                    assert_eq!(other, owner, "{kind}: two variables share bit {position}");
                }
            }
        }
    }
}
