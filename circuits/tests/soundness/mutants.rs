//! Deletion mutants of whole statements: whichever row is deleted, something passes that must not.
//!
//! A random tenth of all deletions runs with the other tests, all of them with `tools/nightly`.

use crate::attacks;
use crate::systems::{Z, honest, system};
use ergon_circuits::{Circuit, CircuitId, Evidence, R1cs};
use ergon_soundness::System;
use ergon_types::{Fr, Kind, Schema};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::time::Instant;

/// How deletions were seen to let something pass.
#[derive(Default)]
struct Survey {
    rows: usize,
    independent: usize,
    forged: usize,
    attacked: BTreeMap<&'static str, usize>,
    computing: BTreeMap<&'static str, usize>,
    survivors: BTreeMap<&'static str, usize>,
}

impl fmt::Display for Survey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = |labels: &BTreeMap<_, usize>| labels.values().sum::<usize>();
        let Self { rows, independent, forged, attacked, computing, survivors } = self;
        write!(f, "{rows} deletions: {independent} independent, {forged} forged, ")?;
        write!(f, "{} of an attacked label {attacked:?}, ", sum(attacked))?;
        write!(f, "{} of a computing label {computing:?}, ", sum(computing))?;
        write!(f, "{} survivors {survivors:?}", sum(survivors))
    }
}

/// An honest statement, and which of the chosen rows are independent of all others at it.
struct Honest {
    r1cs: R1cs,
    system: System<Fr>,
    independent: Vec<usize>,
}

impl Honest {
    /// The public inputs are fixed: what passes without a row proves the same words by other values.
    fn of(circuit: Circuit, chosen: &[usize], exhibited: impl Fn(usize) -> bool) -> Self {
        let id = circuit.id();
        let r1cs = circuit.synthesize();
        let system = system(&r1cs);
        assert!(system.first_violation().is_none(), "{id}");
        let unknown = |variable| variable >= system.instance();
        let jacobian = system.jacobian(unknown);
        let redundant = jacobian.redundant();
        let mut independent = chosen.to_vec();
        independent.retain(|row| redundant.binary_search(row).is_err());
        // Deleted at once, they take with them as much rank as they are: each is independent of all other rows.
        let without = system.clone().retain(|row, _| independent.binary_search(&row).is_err());
        assert_eq!(without.jacobian(unknown).rank() + independent.len(), jacobian.rank(), "{id}");
        let mut tangents = jacobian.tangents();
        for row in independent.iter().filter(|row| exhibited(**row)) {
            let tangent = tangents.forgery(*row).unwrap();
            assert_eq!(tangents.broken_by(&tangent), [*row], "{id}: row {row}");
        }
        Self { r1cs, system, independent }
    }
}

fn violations(r1cs: &R1cs) -> Vec<usize> {
    let rows = r1cs.rows().iter().enumerate();
    rows.filter(|(_, row)| !row.holds(r1cs.assignment())).map(|(number, _)| number).collect()
}

/// The rows that alone refuse what the attacks on this circuit submit, or what they submit when one variable of the
/// assertion that stops them is changed so that the assertion holds.
fn attacked(id: CircuitId) -> BTreeSet<usize> {
    let mut rows = BTreeSet::new();
    for submitted in attacks::submitted(id) {
        let broken = violations(&submitted);
        let [stopping] = broken[..] else { continue };
        rows.insert(stopping);
        let system = system(&submitted);
        rows.extend(system.forger().repairs(stopping).into_iter().map(|(row, _)| row));
    }
    rows
}

/// Deletes the chosen rows of a circuit, one at a time, and shows a forgery of first order for the exhibited ones.
fn delete(
    id: CircuitId,
    chosen: impl Fn(usize) -> bool,
    exhibited: impl Fn(usize) -> bool,
) -> Survey {
    let rows = Circuit::blank(id).synthesize().rows().len();
    let chosen: Vec<usize> = (0..rows).filter(|row| chosen(*row)).collect();
    let statements = honest(id);
    let honest = statements.iter().map(|s| Honest::of(s.circuit(Fr::from(Z)), &chosen, &exhibited));
    let honest: Vec<Honest> = honest.collect();
    let mut forgers: Vec<_> = honest.iter().map(|h| h.system.forger()).collect();
    let independent: BTreeSet<usize> =
        honest.iter().flat_map(|h| &h.independent).copied().collect();
    let (attacked, labels, computing) = (attacked(id), attacks::stopped(), attacks::computing());
    let mut survey =
        Survey { rows: chosen.len(), independent: independent.len(), ..Survey::default() };
    for row in chosen.into_iter().filter(|row| !independent.contains(row)) {
        let label = honest[0].r1cs.rows()[row].label;
        let forged = attacked.contains(&row)
            || forgers.iter_mut().any(|forger| {
                forger.forge(row).is_some_and(|moves| forger.broken(&moves) == [row])
            });
        if forged {
            survey.forged += 1;
        } else if labels.contains(label) {
            *survey.attacked.entry(label).or_default() += 1;
        } else if computing.contains(label) {
            *survey.computing.entry(label).or_default() += 1;
        } else {
            *survey.survivors.entry(label).or_default() += 1;
        }
    }
    survey
}

fn assert_needed(id: CircuitId, chosen: impl Fn(usize) -> bool, exhibited: impl Fn(usize) -> bool) {
    let start = Instant::now();
    let survey = delete(id, chosen, exhibited);
    println!("{id}: {survey}, {:.0} s", start.elapsed().as_secs_f64());
    assert!(survey.survivors.is_empty(), "{id}: nothing passes without {:?}", survey.survivors);
}

/// Deletes a random tenth, and exhibits forgeries of first order for a thousandth.
fn assert_tenth_needed(id: CircuitId) {
    let seed = RandomState::new().hash_one(id);
    println!("{id}: seed {seed}");
    let mixed = |row: usize| (row as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    assert_needed(id, |row| mixed(row) % 10 == 0, |row| mixed(row) % 1000 == 0);
}

#[test]
fn no_row_of_a_membership_can_be_deleted() {
    let memberships =
        CircuitId::TRIAL.into_iter().filter(|id| CircuitId::membership(id.members) == *id);
    memberships.for_each(assert_tenth_needed);
}

#[test]
fn no_row_of_the_uptime_statement_can_be_deleted() {
    assert_tenth_needed(CircuitId::of(Kind::Uptime, 8));
}

#[test]
fn no_row_of_the_coverage_statement_can_be_deleted() {
    assert_tenth_needed(CircuitId::of(Kind::Coverage, 8));
}

#[test]
fn no_row_of_the_energy_statement_can_be_deleted() {
    assert_tenth_needed(CircuitId::of(Kind::Energy, 8));
}

#[test]
fn no_row_of_a_contradiction_can_be_deleted() {
    [Evidence::Energy, Evidence::Witness]
        .map(CircuitId::contradiction)
        .into_iter()
        .for_each(assert_tenth_needed);
}

/// Small enough that every row is deleted with every change.
#[test]
fn no_row_of_a_second_seal_can_be_deleted() {
    assert_needed(CircuitId::SECOND_SEAL, |_| true, |_| true);
}

#[test]
fn no_row_of_an_omission_can_be_deleted() {
    Schema::ALL
        .map(|schema| CircuitId::omission(schema, 8))
        .into_iter()
        .for_each(assert_tenth_needed);
}

#[test]
fn no_row_of_an_answer_can_be_deleted() {
    Schema::ALL.map(CircuitId::answer).into_iter().for_each(assert_tenth_needed);
}

#[test]
#[ignore = "takes minutes; tools/nightly runs it"]
fn no_row_of_any_statement_can_be_deleted() {
    let circuits = CircuitId::TRIAL.into_iter().chain(CircuitId::EVIDENCE);
    circuits.for_each(|id| assert_needed(id, |_| true, |_| true));
}
