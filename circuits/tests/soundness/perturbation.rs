//! No variable of a statement is free: changing any single one breaks a row, save hints of zero tests at zero.

use crate::attacks::ZERO_TESTS;
use crate::fixture::*;
use ark_ff::{One, Zero};
use ergon_circuits::Statement;
use ergon_circuits::r1cs::{INSTANCE, R1cs, Row, Terms, evaluate};
use ergon_types::{Body, Bundle, Fr, Kind};
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
    for bundle in bundles() {
        let statement = Statement::from_bundle(&bundle, PROVER).unwrap();
        let system = statement.circuit(Fr::from(1_000_003u64)).synthesize();
        let tests: BTreeSet<&str> = survivors(&system).into_iter().collect();
        let expected = BTreeSet::from(ZERO_TESTS);
        assert!(tests.is_subset(&expected), "{}: free besides {tests:?}", statement.id());
    }
}

/// The first label of each private variable that can be changed by one or by two alone.
fn survivors(system: &R1cs) -> Vec<&'static str> {
    let assignment = system.assignment();
    let mut occurrences: Vec<Vec<&Row>> = vec![Vec::new(); assignment.len()];
    let values: Vec<[Fr; 3]> = system
        .rows()
        .iter()
        .map(|row| [&row.a, &row.b, &row.c].map(|terms| evaluate(terms, assignment)))
        .collect();
    let mut breaks = vec![[false; 2]; assignment.len()];
    for (row, value) in system.rows().iter().zip(&values) {
        let variables: BTreeSet<usize> =
            [&row.a, &row.b, &row.c].into_iter().flatten().map(|(variable, _)| *variable).collect();
        for variable in variables {
            occurrences[variable].push(row);
            for (found, step) in breaks[variable].iter_mut().zip([Fr::one(), -Fr::from(2u64)]) {
                *found = *found || moved(row, value, variable, step);
            }
        }
    }
    (INSTANCE..assignment.len())
        .filter(|variable| breaks[*variable].contains(&false))
        .map(|variable| occurrences[variable][0].label)
        .collect()
}

/// Whether a row fails when a variable grows by `step`.
fn moved(row: &Row, [a, b, c]: &[Fr; 3], variable: usize, step: Fr) -> bool {
    let change = |terms: &Terms| {
        terms.iter().find(|(index, _)| *index == variable).map_or(Fr::zero(), |(_, f)| *f * step)
    };
    (*a + change(&row.a)) * (*b + change(&row.b)) != *c + change(&row.c)
}
