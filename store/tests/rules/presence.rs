//! Uptime and coverage: one new slot a packet, and only the present one.

use crate::fixture::*;
use ergon_store::admission::{Decision, decide};
use ergon_types::{Body, Record};

fn uptime(slots_present: &[u32]) -> Record {
    record(10, slots(Body::Uptime, slots_present))
}

#[test]
fn the_present_slot_is_admitted_and_counts_as_arrived() {
    let Decision::Accept { slot, arrivals } = decide(&verified(uptime(&[1])), &first(450)) else {
        panic!("refused");
    };
    assert_eq!(slot, 1);
    assert_eq!(arrivals.iter().collect::<Vec<_>>(), [1]);
}

#[test]
fn a_next_slot_joins_those_that_arrived_before() {
    let old = uptime(&[1]);
    let new = next(&old, slots(Body::Uptime, &[1, 2]));
    let Decision::Accept { arrivals, .. } = decide(&verified(new), &after(&old, 750)) else {
        panic!("refused");
    };
    assert_eq!(arrivals.iter().collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_slot_of_the_past_or_future_is_refused() {
    assert_eq!(code(uptime(&[0]), &first(450)), "slot_not_now");
    assert_eq!(code(uptime(&[2]), &first(450)), "slot_not_now");
}

#[test]
fn clocks_may_differ_by_the_grace_and_no_more() {
    assert!(accepts(uptime(&[0]), &first(300 + 29)));
    assert_eq!(code(uptime(&[0]), &first(300 + 31)), "slot_not_now");
    assert!(accepts(uptime(&[1]), &first(300 - 30)));
    assert_eq!(code(uptime(&[1]), &first(300 - 31)), "slot_not_now");
}

#[test]
fn the_acknowledged_slot_is_the_one_that_is_counted() {
    let Decision::Accept { slot, arrivals } = decide(&verified(uptime(&[0])), &first(310)) else {
        panic!("refused");
    };
    assert_eq!(slot, 0);
    assert!(arrivals.get(0) && !arrivals.get(1));
}

#[test]
fn several_new_slots_at_once_are_refused() {
    assert_eq!(code(uptime(&[0, 1]), &first(450)), "too_many_new_slots");
}

#[test]
fn a_packet_without_a_new_slot_is_refused() {
    assert_eq!(code(uptime(&[]), &first(450)), "no_new_slot");
    let old = uptime(&[1]);
    assert_eq!(code(next(&old, old.body.clone()), &after(&old, 450)), "no_new_slot");
}

#[test]
fn an_epoch_opens_and_closes_with_the_grace() {
    let at = |now| ergon_store::admission::Context { now, ..first(0) };
    assert_eq!(code(uptime(&[0]), &at(CALENDAR.genesis - 31)), "epoch_not_open");
    assert!(accepts(uptime(&[0]), &at(CALENDAR.genesis - 30)));
    assert!(accepts(uptime(&[287]), &at(CALENDAR.end(0) + 29)));
    assert_eq!(code(uptime(&[287]), &at(CALENDAR.end(0) + 30)), "epoch_closed");
}

#[test]
fn coverage_follows_the_same_rules() {
    let covered = |present: &[u32]| record(20, slots(Body::Coverage, present));
    assert!(accepts(covered(&[1]), &first(450)));
    assert_eq!(code(covered(&[0]), &first(450)), "slot_not_now");
    assert_eq!(code(covered(&[0, 1]), &first(450)), "too_many_new_slots");
    assert_eq!(code(covered(&[287]), &first(90_000)), "epoch_closed");
}
