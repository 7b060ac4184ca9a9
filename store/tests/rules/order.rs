//! Address, signature, counters, nonces, duplicates, seals: what holds of every schema.

use crate::fixture::*;
use ergon_store::admission::{Context, Decision, Refusal, Verified, address, decide};
use ergon_types::{Body, Fr, Packet, Schema};

#[test]
fn a_packet_for_another_network_is_refused() {
    let mut record = record(10, slots(Body::Uptime, &[0]));
    record.header.network = Fr::from(1u64);
    let refusal = address(&record, NETWORK.id(), &directory()).unwrap_err();
    assert_eq!(refusal.code(), "wrong_network");
}

#[test]
fn an_unknown_device_is_refused() {
    let record = record(99, slots(Body::Uptime, &[0]));
    let refusal = address(&record, NETWORK.id(), &directory()).unwrap_err();
    assert_eq!(refusal, Refusal::UnknownDevice { device: 99, epoch: 0 });
}

#[test]
fn a_device_that_leaves_is_unknown_from_that_epoch_on() {
    let mut directory = directory();
    let mut later = terms(UPTIME, Schema::Uptime);
    later.membership.members[0] = None;
    directory.insert(3, later);
    let mut record = record(10, slots(Body::Uptime, &[0]));
    record.header.epoch = 2;
    assert!(address(&record, NETWORK.id(), &directory).is_ok());
    record.header.epoch = 3;
    assert!(address(&record, NETWORK.id(), &directory).is_err());
}

#[test]
fn a_record_of_another_schema_than_the_cohorts_is_refused() {
    let record = record(10, Body::Energy(meter(&[0])));
    let refusal = address(&record, NETWORK.id(), &directory()).unwrap_err();
    assert_eq!(refusal.code(), "wrong_schema");
}

#[test]
fn another_devices_signature_is_refused() {
    let record = record(10, slots(Body::Uptime, &[0]));
    let place = address(&record, NETWORK.id(), &directory()).unwrap();
    let refusal = Verified::check(Packet::sign(record, &key(11)), place).unwrap_err();
    assert_eq!(refusal, Refusal::BadSignature { device: 10 });
}

#[test]
fn a_changed_record_under_an_old_signature_is_refused() {
    let record = record(10, slots(Body::Uptime, &[0]));
    let place = address(&record, NETWORK.id(), &directory()).unwrap();
    let mut packet = Packet::sign(record, &key(10));
    packet.record.body = slots(Body::Uptime, &[1]);
    assert!(Verified::check(packet, place).is_err());
}

#[test]
fn the_first_counter_is_at_least_one() {
    let mut record = record(10, slots(Body::Uptime, &[0]));
    record.header.counter = 0;
    assert_eq!(refusal(record, &first(0)), Refusal::Counter { found: 0, last: 0 });
}

#[test]
fn a_counter_that_does_not_grow_is_refused() {
    let old = record(10, slots(Body::Uptime, &[0]));
    for counter in [0, 1] {
        let mut new = next(&old, slots(Body::Uptime, &[0, 1]));
        new.header.counter = counter;
        assert_eq!(refusal(new, &after(&old, 300)), Refusal::Counter { found: counter, last: 1 });
    }
}

#[test]
fn a_counter_may_skip_numbers() {
    let old = record(10, slots(Body::Uptime, &[0]));
    let mut new = next(&old, slots(Body::Uptime, &[0, 1]));
    new.header.counter = u64::MAX;
    assert!(accepts(new, &after(&old, 300)));
}

#[test]
fn a_first_packet_with_a_nonce_is_refused() {
    let mut record = record(10, slots(Body::Uptime, &[0]));
    record.header.nonce = Fr::from(5u64);
    assert_eq!(refusal(record, &first(0)), Refusal::StaleNonce { expected: Fr::from(0u64) });
}

#[test]
fn a_nonce_other_than_the_last_acknowledged_is_refused() {
    let old = record(10, slots(Body::Uptime, &[0]));
    let mut new = next(&old, slots(Body::Uptime, &[0, 1]));
    new.header.nonce = Fr::from(0u64);
    assert_eq!(refusal(new, &after(&old, 300)), Refusal::StaleNonce { expected: nonce() });
}

#[test]
fn a_record_that_lost_an_acknowledged_slot_is_refused() {
    let old = record(10, slots(Body::Uptime, &[0, 1]));
    let new = next(&old, slots(Body::Uptime, &[0, 2]));
    assert_eq!(code(new, &after(&old, 600)), "dropped_readings");
}

#[test]
fn the_same_packet_again_is_a_duplicate_even_after_the_seal() {
    let old = record(10, slots(Body::Uptime, &[0]));
    let late = Context { sealed: true, ..after(&old, 200_000) };
    assert_eq!(decide(&verified(old), &late), Decision::Duplicate);
}

#[test]
fn nothing_new_is_admitted_after_the_seal() {
    let sealed = |context| Context { sealed: true, ..context };
    let old = record(30, Body::Energy(meter(&[0])));
    let new = next(&old, Body::Energy(meter(&[0, 1])));
    assert_eq!(code(new, &sealed(after(&old, 5_000))), "already_sealed");
    assert_eq!(code(old, &sealed(first(5_000))), "already_sealed");
}

#[test]
fn after_a_contradiction_nothing_is_admitted_not_even_the_head() {
    let old = record(30, Body::Energy(meter(&[0])));
    let context = Context { contradicted: true, ..after(&old, 5_000) };
    assert_eq!(code(old.clone(), &context), "contradicted");
    assert_eq!(code(next(&old, Body::Energy(meter(&[0, 1]))), &context), "contradicted");
}
