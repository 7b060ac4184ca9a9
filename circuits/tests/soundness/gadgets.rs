//! Gadgets with their inputs fixed: outputs are determined, every row is needed, and small widths have no second
//! solutions.

use crate::systems::{empty, system};
use ark_ff::{Field, Zero};
use ergon_circuits::Gadgets;
use ergon_circuits::r1cs::{R1cs, Wire};
use ergon_types::tag::Tag;
use ergon_types::{Fr, poseidon};

fn inputs(g: &mut R1cs, values: &[u64]) -> Vec<Wire> {
    values.iter().map(|value| g.allocate(Fr::from(*value))).collect()
}

/// Builds a gadget on inputs and asserts that with these fixed all that it allocates is determined, by each row.
fn assert_determined(name: &str, values: &[u64], build: impl Fn(&mut R1cs, &[Wire])) {
    let mut g = empty();
    let wires = inputs(&mut g, values);
    let first = g.assignment().len();
    build(&mut g, &wires);
    assert!(g.first_unsatisfied().is_none(), "{name}");
    let found = system(&g).jacobian(|variable| variable >= first);
    assert!(found.is_square_and_regular(), "{name}: {:?}", found.undetermined());
}

/// Whether the rows hold with the variables from `first` on set to these values.
fn holds_with(g: &R1cs, first: usize, values: &[Fr]) -> bool {
    let mut assignment = g.assignment().to_vec();
    assignment[first..].copy_from_slice(values);
    g.rows().iter().all(|row| row.holds(&assignment))
}

/// 0 to `below` and their negatives.
fn small(below: u64) -> impl Iterator<Item = Fr> + Clone {
    (0..below).flat_map(|value| [Fr::from(value), -Fr::from(value)])
}

#[test]
fn products_selections_and_bits_are_determined_by_every_row() {
    assert_determined("mul", &[3, 5], |g, w| drop(g.mul("mul", &w[0], &w[1])));
    for choice in [0, 1] {
        assert_determined("select", &[choice, 5, 9], |g, w| {
            g.select("select", &w[0], &w[1], &w[2]);
        });
    }
    assert_determined("bit", &[], |g, _| drop(g.bit("bit", true)));
    assert_determined("is_zero", &[4], |g, w| drop(g.is_zero("is_zero", &w[0])));
    assert_determined("inverse", &[4], |g, w| {
        let inverse = g.allocate(g.value(&w[0]).inverse().unwrap());
        g.enforce("inverse", &w[0], &inverse, &g.one());
    });
    // The wire counts as an output, so that the row that ties it to its bits is needed too.
    for width in [1, 8, 48, 253] {
        assert_determined("bits", &[], |g, _| {
            let wire = g.allocate(Fr::from(1u64));
            g.bits("bits", &wire, width);
        });
    }
    assert_determined("at_least", &[17], |g, w| {
        let limit = g.allocate(Fr::from(30u64));
        g.at_least("at_least", &w[0], &limit, 16);
    });
}

#[test]
fn poseidon_of_every_width_is_determined_by_every_row() {
    for width in 1..=poseidon::MAX_INPUTS {
        let values: Vec<u64> = (0..width as u64).collect();
        assert_determined(&format!("poseidon of {width}"), &values, |g, w| drop(g.poseidon(w)));
    }
}

#[test]
fn tagged_hashes_of_long_vectors_are_determined_by_every_row() {
    for length in [1, 4, 5, 6, 15, 16, 19, 31] {
        let values: Vec<u64> = (0..length).collect();
        assert_determined(&format!("hash of {length}"), &values, |g, w| {
            g.hash_vector(Tag::STATE, w);
        });
    }
}

#[test]
fn deleting_any_row_of_a_poseidon_frees_a_variable() {
    let mut g = empty();
    let wires = inputs(&mut g, &[7, 8]);
    let first = g.assignment().len();
    g.poseidon(&wires);
    let system = system(&g);
    for deleted in 0..g.rows().len() {
        let found = system.without(deleted).jacobian(|variable| variable >= first);
        assert!(!found.undetermined().is_empty(), "row {deleted} is not needed");
    }
}

#[test]
fn poseidon_rows_compute_the_reference_digest() {
    for width in 1..=poseidon::MAX_INPUTS {
        let values: Vec<Fr> = (0..width as u64).map(|v| -Fr::from(v * v)).collect();
        let mut g = empty();
        let wires: Vec<Wire> = values.iter().map(|value| g.allocate(*value)).collect();
        let digest = g.poseidon(&wires);
        assert_eq!(digest.value(), poseidon::hash(&values), "width {width}");
        assert!(g.first_unsatisfied().is_none());
    }
}

#[test]
fn only_zero_and_one_are_bits() {
    let mut g = empty();
    let first = g.assignment().len();
    g.bit("bit", false);
    let solutions: Vec<Fr> = small(200).filter(|value| holds_with(&g, first, &[*value])).collect();
    assert!(solutions.iter().all(|value| *value == Fr::zero() || *value == Fr::from(1u64)));
}

#[test]
fn three_bits_have_one_solution_below_eight_and_none_elsewhere() {
    for value in small(20) {
        let mut g = empty();
        let wire = g.allocate(value);
        let first = g.assignment().len();
        g.bits("bits", &wire, 3);
        let solutions = triples(2).filter(|bits| holds_with(&g, first, bits)).count();
        let expected = usize::from((0..8u64).any(|small| Fr::from(small) == value));
        assert_eq!(solutions, expected, "{value}");
        let wider = triples(4).filter(|bits| holds_with(&g, first, bits)).count();
        assert_eq!(wider, expected, "{value} with digits that are no bits");
    }
}

#[test]
fn comparisons_of_three_bits_have_one_solution_and_it_is_right() {
    for (a, b) in (0..8u64).flat_map(|a| (0..8u64).map(move |b| (a, b))) {
        let mut g = empty();
        let wires = inputs(&mut g, &[a, b]);
        let first = g.assignment().len();
        g.at_least("at_least", &wires[0], &wires[1], 3);
        let solutions: Vec<_> = (0..16u64)
            .map(|bits| (0..4).map(|i| Fr::from((bits >> i) & 1)).collect::<Vec<_>>())
            .filter(|bits| holds_with(&g, first, bits))
            .collect();
        assert_eq!(solutions.len(), 1, "{a} ≥ {b}");
        assert_eq!(solutions[0][3], Fr::from(a >= b), "{a} ≥ {b}");
    }
}

#[test]
fn is_zero_has_no_second_answer() {
    for value in small(6) {
        let mut g = empty();
        let wire = g.allocate(value);
        let first = g.assignment().len();
        g.is_zero("is_zero", &wire);
        let answer = Fr::from(value.is_zero());
        let inverse = g.assignment()[first];
        for (hint, zero) in small(12).chain([inverse]).flat_map(|h| small(6).map(move |z| (h, z))) {
            let right = zero == answer && (value.is_zero() || hint == inverse);
            assert_eq!(holds_with(&g, first, &[hint, zero]), right, "{value}: {hint}, {zero}");
        }
    }
}

#[test]
fn the_hint_of_is_zero_is_free_at_zero_and_its_answer_is_not() {
    let mut g = empty();
    let wire = g.allocate(Fr::zero());
    let first = g.assignment().len();
    g.is_zero("is_zero", &wire);
    let found = system(&g).jacobian(|variable| variable >= first);
    assert_eq!(found.undetermined(), [first]);
}

fn triples(below: u64) -> impl Iterator<Item = [Fr; 3]> {
    let digits = move || (0..below).map(Fr::from);
    digits().flat_map(move |x| digits().flat_map(move |y| digits().map(move |z| [x, y, z])))
}
