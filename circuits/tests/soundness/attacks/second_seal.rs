//! Attacks with which a cheat would convict an honest attestor.

use crate::fixture::*;
use ark_ff::One;
use ergon_circuits::{R1cs, SecondSeal, Statement};
use ergon_types::{Address, Body, Fr, Kind, Signature};
use std::collections::BTreeSet;

/// Assertions that these attacks break alone; those of a signature have attacks elsewhere too.
pub(super) const LABELS: [&str; 1] = ["seals differ"];

fn sealed() -> (Fr, Signature) {
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    cohort.sign(0, Body::Uptime(slots(0..200)));
    let bundle = cohort.seal();
    (bundle.seal.content(), bundle.seal_signature)
}

fn submit(seals: [(Fr, Signature); 2]) -> R1cs {
    let reporter = Address([0x77; 20]);
    let attestor = attestor().public();
    let pair = SecondSeal::unchecked(network(), attestor, reporter, EPOCH, COHORT, seals);
    Statement::second_seal(pair).circuit(Fr::from(1_000_003u64)).synthesize()
}

/// The honest seal twice; and beside it an invented content, with the honest signature and with a stranger's.
fn attacks() -> Vec<(&'static str, R1cs)> {
    let honest = sealed();
    let invented = honest.0 + Fr::one();
    let stranger = key(0).sign(&invented);
    vec![
        ("seals differ", submit([honest, honest])),
        ("signature", submit([honest, (invented, honest.1)])),
        ("signature", submit([(invented, stranger), honest])),
    ]
}

/// What is submitted, for the deletion mutants.
pub(super) fn submitted() -> Vec<R1cs> {
    attacks().into_iter().map(|(_, submitted)| submitted).collect()
}

#[test]
fn each_assertion_alone_keeps_an_honest_attestor_from_being_convicted() {
    for (label, system) in attacks() {
        let rows = system.rows().iter().filter(|row| !row.holds(system.assignment()));
        let broken: BTreeSet<&str> = rows.map(|row| row.label).collect();
        assert_eq!(broken, BTreeSet::from([label]));
    }
}

/// Whatever is chosen for the inverse, equal contents have none.
#[test]
fn no_inverse_passes_for_a_difference_of_zero() {
    let honest = sealed();
    let system = submit([honest, honest]);
    let row = system.rows().iter().find(|row| row.label == "seals differ").unwrap();
    let [(inverse, _)] = row.b[..] else { panic!("the inverse alone is the right factor") };
    for value in [0u64, 1, 2].map(Fr::from).into_iter().chain([-Fr::one()]) {
        let mut assignment = system.assignment().to_vec();
        assignment[inverse] = value;
        assert!(!row.holds(&assignment));
    }
}
