//! Terms of cohorts: what is accepted, and from which epoch on.

use crate::fixture::*;
use ergon_store::{Directory, Terms, TermsError};
use ergon_types::{Policy, Schema};

fn refused(change: impl FnOnce(&mut Terms), schema: Schema) -> String {
    let mut terms = terms(7, schema);
    change(&mut terms);
    terms.check().unwrap_err().to_string()
}

#[test]
fn terms_of_every_schema_are_accepted() {
    for schema in Schema::ALL {
        assert_eq!(terms(7, schema).check(), Ok(()));
    }
}

#[test]
fn terms_that_break_a_rule_are_refused_by_name() {
    let member = |t: &mut Terms, place: usize| t.membership.members[place].unwrap();
    assert!(refused(|t| t.membership.cohort = 0, Schema::Uptime).contains("cohort is 0"));
    assert!(refused(|t| t.membership.members.clear(), Schema::Uptime).contains("0 places"));
    let many = refused(|t| t.membership.members.resize(256, None), Schema::Uptime);
    assert!(many.contains("256 places"));
    assert!(refused(|t| t.membership.region = 1, Schema::Uptime).contains("region"));
    assert!(refused(|t| t.membership.region = 0, Schema::Coverage).contains("region"));
    assert!(refused(|t| t.witness_cohort = None, Schema::Coverage).contains("witness cohort"));
    assert!(refused(|t| t.witness_cohort = Some(4), Schema::Energy).contains("witness cohort"));
    assert!(refused(|t| t.policy = None, Schema::Energy).contains("no policy"));
    let policy = Policy::standard(Schema::Uptime.kind());
    assert!(refused(|t| t.policy = Some(policy), Schema::Energy).contains("policy for uptime"));
    let twice = refused(|t| t.membership.members[2] = Some(member(t, 0)), Schema::Uptime);
    assert!(twice.contains("each device once"));
    let key = |t: &mut Terms| {
        let mut copy = member(t, 0);
        copy.device = 99;
        t.membership.members[2] = Some(copy);
    };
    assert!(refused(key, Schema::Uptime).contains("each key once"));
    let attribute = |t: &mut Terms| t.membership.members[0].as_mut().unwrap().attribute = 1 << 48;
    assert!(refused(attribute, Schema::Energy).contains("attribute"));
    let zero = |t: &mut Terms| t.membership.members[0].as_mut().unwrap().device = 0;
    assert!(refused(zero, Schema::Energy).contains("device 0"));
}

#[test]
fn policies_outside_of_their_bounds_are_refused() {
    let change = |t: &mut Terms| match t.policy.as_mut().unwrap() {
        Policy::Coverage { witnesses, .. } => *witnesses = 0,
        Policy::Energy { weights, .. } => weights.truncate(95),
        Policy::Uptime { .. } => {}
    };
    assert!(refused(change, Schema::Coverage).contains("0 witnesses"));
    assert!(refused(change, Schema::Energy).contains("95 slot weights"));
    let reach = |t: &mut Terms| {
        if let Some(Policy::Coverage { classes, .. }) = &mut t.policy {
            classes[0].reach = 1 << 20;
        }
    };
    assert!(refused(reach, Schema::Coverage).contains("reach 1048576"));
    let tier = |t: &mut Terms| match t.policy.as_mut().unwrap() {
        Policy::Uptime { tiers }
        | Policy::Coverage { tiers, .. }
        | Policy::Energy { tiers, .. } => {
            tiers[3].minimum = 512;
        }
    };
    for schema in [Schema::Uptime, Schema::Coverage, Schema::Energy] {
        assert!(refused(tier, schema).contains("512 slots on; expected minimums below 512"));
    }
}

#[test]
fn a_change_begins_after_every_epoch_with_records() {
    let found = directory().check(&terms(UPTIME, Schema::Uptime), 4, 5);
    assert_eq!(found, Err(TermsError::TooLate { cohort: UPTIME, epoch: 4, earliest: 5 }));
    assert_eq!(directory().check(&terms(UPTIME, Schema::Uptime), 5, 5), Ok(()));
}

#[test]
fn a_change_does_not_begin_before_the_latest_terms() {
    let mut directory = directory();
    directory.insert(8, terms(UPTIME, Schema::Uptime));
    assert!(directory.check(&terms(UPTIME, Schema::Uptime), 7, 0).is_err());
}

#[test]
fn a_cohort_keeps_its_size_and_schema() {
    let mut larger = terms(UPTIME, Schema::Uptime);
    larger.membership.members.push(None);
    assert!(directory().check(&larger, 1, 0).is_err());
    assert!(directory().check(&terms(UPTIME, Schema::Witness), 1, 0).is_err());
}

#[test]
fn coverage_needs_a_cohort_of_witnesses() {
    let coverage = terms(COVERAGE, Schema::Coverage);
    let expected = Err(TermsError::NoWitnesses { cohort: COVERAGE, witnesses: WITNESSES });
    assert_eq!(Directory::default().check(&coverage, 0, 0), expected);
}

#[test]
fn a_device_has_one_place_in_one_cohort() {
    let mut other = terms(7, Schema::Uptime);
    other.membership.members[0] = Some(member(10, 0));
    let taken = Err(TermsError::Taken { device: 10, cohort: UPTIME });
    assert_eq!(directory().check(&other, 0, 0), taken);
    let mut directory = directory();
    let mut without = terms(UPTIME, Schema::Uptime);
    without.membership.members[0] = None;
    directory.insert(5, without);
    assert_eq!(directory.check(&other, 4, 0), taken);
    assert_eq!(directory.check(&other, 5, 0), Ok(()));
    directory.insert(5, other);
    assert_eq!(directory.place(10, 4).unwrap().cohort, UPTIME);
    assert_eq!(directory.place(10, 5).unwrap().cohort, 7);
}
