//! energy: counters, nameplate, tamper bits, generations and state.

use crate::broken::broken;
use crate::fixture::*;
use ergon_circuits::Statement;
use ergon_types::record::energy::Meter;
use ergon_types::{Body, Bundle, Fr, Kind, MeterState, Policy, State};

const FULL: u64 = 10_000;

fn bundle(meter: Meter, state: MeterState) -> Bundle {
    let mut cohort = Cohort::new(Kind::Energy, SIX_KILOWATTS);
    cohort.bundle.state = Some(State(vec![state; MEMBERS]));
    cohort.sign(0, Body::Energy(meter));
    cohort.sign(1, Body::Energy(Meter { start: 2000, end: 2005, ..crate::fixture::meter(&[5]) }));
    cohort.seal()
}

fn settled(end: u64) -> MeterState {
    MeterState { generation: 1, end, salt: Fr::from(5u64) }
}

fn refused(meter: Meter, state: MeterState, label: &str) {
    let bundle = bundle(meter, state);
    assert_eq!(broken(input(bundle.clone())), Some(label));
    let outcome = outcome(&bundle);
    assert_eq!((outcome[0].0, outcome[1]), (false, (true, 5, 5 * FULL)));
}

#[test]
fn delivered_watt_hours_are_paid() {
    let bundle = bundle(meter(&[0, 10, 1575, 3]), settled(1000));
    assert_eq!(broken(input(bundle.clone())), None);
    assert_eq!(outcome(&bundle)[0], (true, 1588, 1588 * FULL));
}

#[test]
fn a_slot_above_the_nameplate_is_refused() {
    refused(meter(&[1576, 100]), settled(1000), "delta is within the nameplate");
}

#[test]
fn a_register_may_tick_one_watt_hour_more_than_the_nameplate_allows() {
    // 333 W at 105 % are 87.4 Wh a quarter hour; whole watt-hours then come as 87 or 88.
    let paid = |delta| {
        let mut cohort = Cohort::new(Kind::Energy, 333 | (1 << 32));
        cohort.sign(0, Body::Energy(meter(&[delta])));
        outcome(&cohort.seal())[0].1
    };
    assert_eq!([paid(87), paid(88), paid(89)], [87, 88, 0]);
}

#[test]
fn every_value_up_to_a_limit_is_reached_and_none_above() {
    let limits = [1u64, 2, 3, 4, 7, 8, 9, 95, 1574, 1 << 18, (1 << 19) - 1, 1 << 19, (1 << 19) + 1];
    for limit in limits.into_iter().chain([(1 << 20) - 3, (1 << 20) - 2]) {
        // 4 W at 100 % are 1 Wh a quarter hour.
        let mut cohort = Cohort::new(Kind::Energy, (4 * limit) | (1 << 32));
        if let Policy::Energy { margin, .. } = &mut cohort.bundle.policy {
            *margin = 100;
        }
        let deltas: Vec<u32> = (0..96).map(|slot| (slot * limit / 95) as u32).collect();
        cohort.sign(0, Body::Energy(meter(&deltas)));
        if limit + 1 < 1 << 20 {
            cohort.sign(1, Body::Energy(meter(&[limit as u32 + 1])));
        }
        let paid = outcome(&cohort.seal());
        assert_eq!(paid[0].1, deltas.iter().map(|delta| u64::from(*delta)).sum::<u64>(), "{limit}");
        assert!(!paid[1].0, "{limit}");
    }
}

#[test]
fn a_tampered_slot_is_not_paid() {
    let mut meter = meter(&[7, 8, 9]);
    meter.quarters[0].tamper = true;
    assert_eq!(outcome(&bundle(meter, settled(0)))[0], (true, 17, 17 * FULL));
}

#[test]
fn watt_hours_of_an_absent_slot_are_not_paid() {
    let mut meter = meter(&[7, 8, 9]);
    meter.quarters[1].present = false;
    assert_eq!(outcome(&bundle(meter, settled(0)))[0], (true, 16, 16 * FULL));
}

#[test]
fn tampering_of_an_absent_slot_is_refused() {
    let mut meter = meter(&[7]);
    meter.quarters[1].tamper = true;
    refused(meter, settled(0), "tamper is a bit of a present slot");
}

#[test]
fn unattributed_watt_hours_are_allowed_and_not_paid() {
    let mut meter = meter(&[7]);
    meter.end += 1_000_000;
    assert_eq!(outcome(&bundle(meter, settled(0)))[0], (true, 7, 7 * FULL));
}

#[test]
fn deltas_above_the_counters_are_refused() {
    let mut meter = meter(&[7, 7]);
    meter.end -= 1;
    refused(meter, settled(0), "deltas do not exceed the counters");
}

#[test]
fn a_counter_that_runs_backwards_is_refused() {
    let mut meter = meter(&[]);
    meter.end = 900;
    refused(meter, settled(0), "deltas do not exceed the counters");
}

#[test]
fn a_start_below_the_settled_counter_is_refused() {
    assert_eq!(broken(input(bundle(meter(&[1]), settled(1000)))), None);
    refused(meter(&[1]), settled(1001), "start is not below the settled counter");
}

#[test]
fn another_generation_than_the_certified_one_is_refused() {
    let mut meter = meter(&[1]);
    meter.generation = 2;
    refused(meter, settled(0), "generation is the certified one");
}

#[test]
fn a_new_generation_begins_at_its_own_baseline() {
    let state = MeterState { generation: 0, end: 5_000_000, salt: Fr::from(0u64) };
    assert_eq!(outcome(&bundle(meter(&[4]), state))[0], (true, 4, 4 * FULL));
}

#[test]
fn an_older_generation_than_the_settled_one_is_refused() {
    let bundle = bundle(meter(&[4]), MeterState { generation: 2, ..settled(0) });
    assert_eq!(broken(input(bundle.clone())), Some("start is not below the settled counter"));
    assert!(!outcome(&bundle)[0].0);
}

#[test]
fn the_state_moves_for_included_members_only() {
    let mut omitting = input(bundle(meter(&[4]), settled(500)));
    omitting.included[1] = false;
    let statement = Statement::from_input(omitting.clone());
    let after = statement.outcome().unwrap().state_after.clone().unwrap();
    assert_eq!(
        (after.0[0].end, after.0[0].salt),
        (1004, key(0).salt(ergon_types::Schema::Energy, EPOCH))
    );
    assert_eq!(after.0[1], settled(500));
    assert_eq!(statement.outcome().unwrap().batch.state_after, after.commitment());
    assert_eq!(broken(omitting), None);
}

#[test]
fn who_is_included_is_public_even_where_it_changes_no_units() {
    // Both members delivered nothing: whoever is left out, the batch pays the same.
    let mut cohort = Cohort::new(Kind::Energy, SIX_KILOWATTS);
    for place in [0, 1] {
        cohort.sign(place, Body::Energy(meter(&[])));
    }
    let all = input(cohort.seal());
    let mut omitting = all.clone();
    omitting.included[0] = false;
    let [all, omitting] = [all, omitting].map(Statement::from_input);
    let batch = |statement: &Statement| statement.outcome().unwrap().batch.clone();
    assert_eq!(batch(&all).units, batch(&omitting).units);
    assert_ne!(batch(&all).state_after, batch(&omitting).state_after);
    assert_eq!([batch(&all).included, batch(&omitting).included], [0b11, 0b10]);
    assert_eq!([all.words()[14], omitting.words()[14]], [Fr::from(3u64), Fr::from(2u64)]);
}

#[test]
fn a_large_plant_is_paid_in_full() {
    let mut cohort = Cohort::new(Kind::Energy, 4_000_000 | (1 << 32));
    cohort.sign(0, Body::Energy(meter(&[1_048_574, 1_000_000])));
    assert_eq!(outcome(&cohort.seal())[0].1, 2_048_574);
}

#[test]
fn slot_weights_and_margin_are_policy() {
    let mut cohort = Cohort::new(Kind::Energy, SIX_KILOWATTS);
    if let Policy::Energy { weights, margin, .. } = &mut cohort.bundle.policy {
        weights[1] = 3;
        *margin = 100;
    }
    cohort.sign(0, Body::Energy(meter(&[10, 10, 1500])));
    assert_eq!(outcome(&cohort.seal())[0], (true, 1520, 1540 * FULL));
}

#[test]
fn a_policy_with_another_number_of_slot_weights_is_refused() {
    let mut bundle = bundle(meter(&[1]), settled(1000));
    if let Policy::Energy { weights, .. } = &mut bundle.policy {
        weights.pop();
    }
    let error = Statement::from_bundle(&bundle, PROVER).unwrap_err();
    assert_eq!(error.to_string(), "bundle has 95 slot weights; its circuit needs 96");
}
