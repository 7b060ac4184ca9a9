//! coverage: independent witnesses, possible signals, distinct cells.

use crate::broken::broken;
use crate::fixture::*;
use ergon_circuits::{ROWS, Row, Statement, StatementError};
use ergon_types::record::witness::{Hearing, Hearings};
use ergon_types::{Body, Bundle, Offset, Policy};

const FULL: u64 = 10_000;

fn bundle(heard: &[&[Hearing]]) -> Bundle {
    covered(heard).seal()
}

/// Forces rows of member 0 and names the assertion that stops them.
fn forced(bundle: Bundle, rows: Vec<Row>) -> Option<&'static str> {
    let mut input = input(bundle);
    input.rows[0] = rows;
    broken(input)
}

#[test]
fn distinct_cells_are_paid_by_the_weight_of_their_class() {
    let bundle = bundle(&[&[hearing(0, 1, 3), hearing(0, 2, 0), hearing(1, 1, 1)]]);
    assert_eq!(broken(input(bundle.clone())), None);
    let outcome = outcome(&bundle);
    assert_eq!(outcome[0], (true, 2, 5 * FULL));
    assert_eq!(outcome[1], (true, 1, 2 * FULL));
    assert_eq!(outcome[2], (true, 0, 0));
}

#[test]
fn a_cell_heard_by_two_witnesses_is_paid_once_by_its_best_class() {
    let bundle = bundle(&[&[hearing(0, 1, 0)], &[hearing(0, 1, 2)]]);
    assert_eq!(outcome(&bundle)[0], (true, 1, 3 * FULL));
    let twice = vec![row(1, 2, &[1]), row(1, 0, &[0])];
    assert_eq!(forced(bundle, twice), Some("cells increase strictly"));
}

#[test]
fn a_repeated_cell_is_refused() {
    let bundle = bundle(&[&[hearing(0, 1, 2)]]);
    assert_eq!(forced(bundle, vec![row(1, 2, &[0]); 2]), Some("cells increase strictly"));
}

#[test]
fn rows_out_of_order_are_refused() {
    let bundle = bundle(&[&[hearing(0, 1, 2), hearing(0, 2, 2)]]);
    let label = Some("cells increase strictly");
    assert_eq!(forced(bundle.clone(), vec![row(2, 2, &[0]), row(1, 2, &[0])]), label);
    assert_eq!(forced(bundle, vec![row(1, 2, &[0]), row(2, 2, &[0])]), None);
}

/// Member 0's outcome where each cell needs two witnesses.
fn by_two(heard: &[&[Hearing]], classes: Option<[u8; 4]>) -> (bool, u64, u64) {
    let mut cohort = covered(heard);
    if let Policy::Coverage { witnesses, classes: table, .. } = &mut cohort.bundle.policy {
        *witnesses = 2;
        for (class, weight) in table.iter_mut().zip(classes.unwrap_or([1, 2, 3, 4])) {
            class.weight = weight;
        }
    }
    outcome(&cohort.seal())[0]
}

#[test]
fn the_policy_asks_for_distinct_witnesses() {
    let heard: [&[Hearing]; 2] = [&[hearing(0, 1, 3), hearing(0, 2, 3)], &[hearing(0, 2, 3)]];
    assert_eq!(by_two(&heard, None), (true, 1, 4 * FULL));
}

#[test]
fn a_cell_is_paid_by_the_class_that_enough_witnesses_attest() {
    let heard = [[hearing(0, 1, 3)], [hearing(0, 1, 1)], [hearing(0, 1, 2)], [hearing(0, 1, 0)]];
    let heard: Vec<&[Hearing]> = heard.iter().map(<[_; 1]>::as_slice).collect();
    assert_eq!(by_two(&heard, None), (true, 1, 3 * FULL));
    assert_eq!(by_two(&heard[..2], None), (true, 1, 2 * FULL));
    // A weaker class may be claimed where the policy pays more for it.
    assert_eq!(by_two(&heard[..2], Some([9, 2, 3, 4])), (true, 1, 9 * FULL));
}

#[test]
fn a_number_of_witnesses_that_no_cell_can_have_pays_nothing() {
    for needed in [5, u8::MAX] {
        let mut cohort = covered(&[[hearing(0, 1, 3)].as_slice(); 4]);
        if let Policy::Coverage { witnesses, .. } = &mut cohort.bundle.policy {
            *witnesses = needed;
        }
        assert_eq!(outcome(&cohort.seal())[0], (true, 0, 0), "{needed} witnesses");
    }
}

#[test]
fn a_policy_that_needs_no_witness_proves_nothing() {
    let mut cohort = covered(&[&[hearing(0, 1, 3)]]);
    if let Policy::Coverage { witnesses, .. } = &mut cohort.bundle.policy {
        *witnesses = 0;
    }
    let error = Statement::from_bundle(&cohort.seal(), PROVER).unwrap_err();
    assert_eq!(error, StatementError::Cohort { label: "policy needs a witness" });
}

#[test]
fn the_last_row_is_paid_as_the_first() {
    let heard: Vec<Hearing> = (0..ROWS as i32).map(|cell| hearing(7, cell, 3)).collect();
    let mut cohort = covered(&[heard.as_slice(); 4]);
    let place = cohort.bundle.membership.members[0].unwrap();
    let last = ergon_types::Member { device: 99, key: key(7).public(), ..place };
    cohort.bundle.membership.members[7] = Some(last);
    cohort.sign(7, Body::Coverage(slots(0..200)));
    if let Policy::Coverage { witnesses, .. } = &mut cohort.bundle.policy {
        *witnesses = 4;
    }
    assert_eq!(outcome(&cohort.seal())[7], (true, 64, 64 * 4 * FULL));
}

#[test]
fn a_witness_of_the_members_operator_is_refused() {
    let mut cohort = covered(&[&[hearing(0, 1, 3), hearing(1, 1, 3)]]);
    let own = cohort.bundle.membership.members[0].unwrap().operator;
    cohort.bundle.witnesses.as_mut().unwrap().members[0].as_mut().unwrap().operator = own;
    let bundle = cohort.seal();
    let outcome = outcome(&bundle);
    assert_eq!((outcome[0].1, outcome[1].1), (0, 1));
    assert_eq!(forced(bundle, vec![row(1, 3, &[0])]), Some("a witness is independent"));
}

#[test]
fn an_unregistered_witness_is_refused() {
    let mut cohort = covered(&[&[hearing(0, 1, 3)]]);
    cohort.bundle.witnesses.as_mut().unwrap().members[0] = None;
    let bundle = cohort.seal();
    assert_eq!(broken(input(bundle.clone())), Some("an included place is not empty"));
    assert_eq!(outcome(&bundle)[0], (true, 0, 0));
}

#[test]
fn a_cell_nobody_heard_is_refused() {
    let bundle = bundle(&[&[hearing(0, 1, 3)]]);
    let label = Some("claimed cells are the witnessed ones");
    assert_eq!(forced(bundle.clone(), vec![row(1, 3, &[0]), row(2, 3, &[0])]), label);
    assert_eq!(forced(bundle, vec![row(1, 3, &[1])]), label);
}

#[test]
fn a_better_class_than_heard_is_refused() {
    let bundle = bundle(&[&[hearing(0, 1, 0)]]);
    assert_eq!(forced(bundle, vec![row(1, 3, &[0])]), Some("claimed class is attested"));
}

#[test]
fn another_members_observation_is_refused() {
    let bundle = bundle(&[&[hearing(1, 1, 2)]]);
    let label = Some("claimed cells are the witnessed ones");
    assert_eq!(forced(bundle, vec![row(1, 2, &[0])]), label);
}

#[test]
fn a_signal_too_strong_for_its_distance_is_refused() {
    let squared = offset(FAR).squared_distance();
    assert!((51 * 51..275 * 275).contains(&squared));
    let bundle = bundle(&[&[hearing(0, FAR, 2)], &[hearing(0, FAR, 1)]]);
    assert_eq!(outcome(&bundle)[0], (true, 1, 2 * FULL));
    let label = Some("signal is possible at that distance");
    assert_eq!(forced(bundle.clone(), vec![row(FAR, 2, &[0])]), label);
    // Nor does an impossible observation count as one of a weaker class.
    assert_eq!(forced(bundle, vec![row(FAR, 0, &[0])]), label);
}

#[test]
fn the_corners_of_the_grid_are_heard_without_limit_of_distance() {
    let corner = |a, b| Offset::new(a, b).unwrap();
    let corners =
        [(-512, -512), (-512, 511), (511, -512), (511, 511), (0, 0)].map(|(a, b)| corner(a, b));
    let heard = corners.map(|offset| Hearing { member: 0, offset, class: 0 });
    assert_eq!(outcome(&bundle(&[&heard]))[0], (true, 5, 5 * FULL));
}

#[test]
fn a_witness_left_out_cannot_be_used() {
    let bundle = bundle(&[&[hearing(0, 1, 3)]]);
    let mut input = input(bundle);
    input.witnesses_included[0] = false;
    assert_eq!(broken(input.clone()), Some("claimed cells are the witnessed ones"));
    input.choose_rows();
    assert_eq!(broken(input), None);
}

#[test]
fn a_witness_record_of_another_cohort_is_left_out() {
    let mut cohort = covered(&[]);
    let mut body = Hearings::new(COHORT + 1);
    body.insert(hearing(0, 1, 3));
    cohort.witness(0, Body::Witness(body));
    let bundle = cohort.seal();
    assert_eq!(broken(input(bundle.clone())), Some("record is the sealed one"));
    assert_eq!(outcome(&bundle)[0], (true, 0, 0));
}

#[test]
fn a_member_without_its_own_record_earns_nothing() {
    let bundle = bundle(&[&[hearing(5, 1, 3)]]);
    assert_eq!(outcome(&bundle)[5], (false, 0, 0));
}

#[test]
fn a_full_table_of_observations_holds() {
    let heard: Vec<Hearing> = (0..100).map(|cell| hearing(0, cell, 0)).collect();
    let outcome = outcome(&bundle(&[&heard]));
    assert_eq!(outcome[0], (true, 64, 64 * FULL));
}
