//! No variable of a statement is free: changing any single one breaks a row, save hints of zero tests at zero.

use crate::attacks::ZERO_TESTS;
use crate::fixture::*;
use crate::systems::{self, Z};
use ark_ff::One;
use ergon_circuits::{CircuitId, Statement};
use ergon_types::{Body, Bundle, Fr, Kind, Schema};
use std::collections::BTreeSet;

fn bundles() -> [Bundle; 3] {
    let mut uptime = Cohort::new(Kind::Uptime, 0);
    let mut energy = Cohort::new(Kind::Energy, SIX_KILOWATTS);
    for member in 0..3 {
        uptime.sign(member, Body::Uptime(slots(0..270)));
        energy.sign(member, Body::Energy(meter(&[100, 1575, 1576, 0, 3])));
    }
    let heard = [hearing(0, 1, 3), hearing(0, 2, 0), hearing(1, 8, 1), hearing(2, 16, 2)];
    let coverage = covered(&[&heard, &heard, &[]]);
    [uptime, energy, coverage].map(Cohort::seal)
}

#[test]
fn changing_any_single_variable_breaks_a_row() {
    let batches = bundles().map(|bundle| Statement::from_bundle(&bundle, PROVER).unwrap());
    let small = [CircuitId::SECOND_SEAL].into_iter();
    let small = small.chain(Schema::ALL.map(|schema| CircuitId::omission(schema, MEMBERS)));
    let small = small.chain(Schema::ALL.map(CircuitId::answer));
    for statement in batches.into_iter().chain(small.flat_map(systems::honest)) {
        let r1cs = statement.circuit(Fr::from(Z)).synthesize();
        let steps = [Fr::one(), -Fr::from(2u64)];
        let free: BTreeSet<usize> = systems::system(&r1cs).unbound(&steps).into_iter().collect();
        // The rows in which the free variables occur first, where they are allocated.
        let mut tests = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for row in r1cs.rows() {
            for (variable, _) in row.a.iter().chain(&row.b).chain(&row.c) {
                if free.contains(variable) && seen.insert(*variable) {
                    tests.insert(row.label);
                }
            }
        }
        assert_eq!(seen, free, "{}: in no row", statement.id());
        let expected = BTreeSet::from(ZERO_TESTS);
        assert!(tests.is_subset(&expected), "{}: free besides {tests:?}", statement.id());
    }
}
