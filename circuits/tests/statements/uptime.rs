//! uptime: slots need record and arrival; tiers.

use crate::broken::broken;
use crate::fixture::*;
use ergon_types::{Body, Kind, Policy};

#[test]
fn only_slots_with_record_and_arrival_count() {
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    cohort.sign(0, Body::Uptime(slots(0..288)));
    let mut bundle = cohort.seal();
    bundle.seal.arrivals[0] = slots(0..144);
    resign(&mut bundle);
    assert_eq!(outcome(&bundle)[0], (true, 144, 2500));
}

#[test]
fn an_arrival_without_a_record_is_refused() {
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    cohort.sign(0, Body::Uptime(slots(0..10)));
    let mut bundle = cohort.seal();
    bundle.seal.arrivals[0] = slots(0..11);
    resign(&mut bundle);
    let label = "an arrival is a recorded slot or none";
    assert_eq!(broken(input(bundle.clone())), Some(label));
    assert_eq!(outcome(&bundle)[0], (false, 0, 0));
}

#[test]
fn tiers_pay_from_their_minimum_on() {
    for (count, units) in [
        (143, 0),
        (144, 2500),
        (259, 2500),
        (260, 5000),
        (273, 5000),
        (274, 7500),
        (282, 7500),
        (283, 10_000),
    ] {
        let mut cohort = Cohort::new(Kind::Uptime, 0);
        cohort.sign(2, Body::Uptime(slots(0..count)));
        assert_eq!(outcome(&cohort.seal())[2], (true, u64::from(count), units));
    }
}

#[test]
fn the_policy_is_in_the_words_and_not_in_the_circuit() {
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    cohort.sign(0, Body::Uptime(slots(0..10)));
    if let Policy::Uptime { tiers } = &mut cohort.bundle.policy {
        tiers[0].minimum = 10;
        tiers[0].increment = 123;
    }
    assert_eq!(outcome(&cohort.seal())[0], (true, 10, 123));
}
