//! Meters: late is fine, ahead is not, what was signed stays.

use crate::fixture::*;
use ergon_store::admission::{Context, Decision, Refusal, decide};
use ergon_types::{Body, Record};

fn energy(quarters: &[usize]) -> Record {
    record(30, Body::Energy(meter(quarters)))
}

#[test]
fn many_quarter_hours_may_come_at_once_and_late() {
    let Decision::Accept { slot, .. } = decide(&verified(energy(&[0, 1, 2, 3])), &first(3_600))
    else {
        panic!("refused");
    };
    assert_eq!(slot, 4);
    assert!(accepts(energy(&[0, 95]), &first(10 * 86_400)));
}

#[test]
fn a_quarter_hour_that_has_not_begun_is_refused() {
    assert_eq!(
        refusal(energy(&[0, 4]), &first(3_500)),
        Refusal::SlotInFuture { slot: 4, latest: 3 }
    );
    assert!(accepts(energy(&[0, 4]), &first(3_600 - GRACE)));
}

#[test]
fn an_epoch_that_has_not_begun_is_refused() {
    let mut ahead = energy(&[0]);
    ahead.header.epoch = 1;
    assert_eq!(code(ahead, &first(86_000)), "epoch_not_open");
}

#[test]
fn another_generation_than_the_enrolled_one_is_refused() {
    let mut replaced = meter(&[0]);
    replaced.generation = 6;
    let found = refusal(record(30, Body::Energy(replaced)), &first(1_000));
    assert_eq!(found, Refusal::WrongGeneration { found: 6, expected: GENERATION });
}

#[test]
fn a_quarter_hour_above_the_nameplate_is_refused_with_the_most_that_would_do() {
    // 10 kW · ¼ h · 105 %.
    let mut most = meter(&[0, 1]);
    (most.quarters[1].delta, most.end) = (2_625, 9_000);
    assert!(accepts(record(30, Body::Energy(most.clone())), &first(3_600)));
    most.quarters[1].delta = 2_626;
    let above = record(30, Body::Energy(most));
    let found = refusal(above.clone(), &first(3_600));
    assert_eq!(found, Refusal::AboveNameplate { slot: 1, watt_hours: 2_626, limit: 2_625 });
    assert_eq!(found.code(), "above_nameplate");
    assert!(found.expected().contains("at most 2625 Wh in each slot"), "{}", found.expected());
    let wider = Context { margin: Some(106), ..first(3_600) };
    assert!(accepts(above, &wider));
}

#[test]
fn a_slot_signed_with_two_values_is_a_contradiction_whatever_the_counter() {
    let old = energy(&[0, 1]);
    let mut other = meter(&[0, 1]);
    other.end += 1;
    other.quarters[1].delta += 1;
    for counter in [0, 1, 2] {
        let mut new = next(&old, Body::Energy(other.clone()));
        new.header.counter = counter;
        assert_eq!(code(new, &after(&old, 2_000)), "contradiction");
    }
}

#[test]
fn two_starts_or_generations_are_a_contradiction() {
    let old = energy(&[0]);
    let mut start = meter(&[0]);
    start.start -= 1;
    assert_eq!(code(next(&old, Body::Energy(start)), &after(&old, 2_000)), "contradiction");
    let mut generation = meter(&[0]);
    generation.generation = 6;
    assert_eq!(code(next(&old, Body::Energy(generation)), &after(&old, 2_000)), "contradiction");
}

#[test]
fn a_missing_quarter_hour_is_dropped_not_contradicting() {
    let old = energy(&[0, 1]);
    assert_eq!(
        code(next(&old, Body::Energy(meter(&[0, 2]))), &after(&old, 3_000)),
        "dropped_readings"
    );
}

#[test]
fn a_falling_end_counter_is_refused() {
    let old = energy(&[0]);
    let mut fallen = meter(&[0]);
    fallen.end = 1_005;
    let mut risen = meter(&[0]);
    risen.end = 1_010;
    let old_risen = Record { body: Body::Energy(risen), ..old };
    assert_eq!(
        code(next(&old_risen, Body::Energy(fallen)), &after(&old_risen, 2_000)),
        "dropped_readings"
    );
}
