//! Witnesses: only for the cohort they are appointed to, only members that exist.

use crate::fixture::*;
use ergon_store::admission::Context;
use ergon_types::record::witness::{Hearing, Hearings};
use ergon_types::{Body, Offset, Record};

fn heard(cohort: u32, members: &[u8]) -> Record {
    let mut hearings = Hearings::new(cohort);
    for member in members {
        hearings.insert(Hearing { member: *member, offset: Offset::HERE, class: 2 });
    }
    record(40, Body::Witness(hearings))
}

fn appointed(context: Context) -> Context {
    Context { covered: Some(4), ..context }
}

#[test]
fn a_witness_of_the_cohort_is_admitted_and_may_be_late() {
    assert!(accepts(heard(COVERAGE, &[0, 3]), &appointed(first(100))));
    assert!(accepts(heard(COVERAGE, &[0, 3]), &appointed(first(86_400 + 3_000))));
}

#[test]
fn a_witness_for_a_cohort_that_did_not_appoint_it_is_refused() {
    assert_eq!(code(heard(9, &[0]), &first(100)), "wrong_cohort");
}

#[test]
fn hearing_a_member_beyond_the_cohorts_size_is_refused() {
    assert_eq!(code(heard(COVERAGE, &[0, 4]), &appointed(first(100))), "unknown_member");
}

#[test]
fn changing_the_covered_cohort_is_a_contradiction() {
    let old = heard(COVERAGE, &[0]);
    let new = next(&old, heard(9, &[0]).body);
    assert_eq!(code(new, &after(&old, 100)), "contradiction");
}

#[test]
fn a_record_that_lost_an_observation_is_refused() {
    let old = heard(COVERAGE, &[0, 1]);
    let new = next(&old, heard(COVERAGE, &[1]).body);
    assert_eq!(code(new, &appointed(after(&old, 100))), "dropped_readings");
}
