//! Attacks on records and seals that concern every kind, tried on uptime.

use crate::broken::broken;
use crate::fixture::*;
use ark_ff::One;
use ergon_types::{Body, Bundle, Fr, Kind, Packet, SecretKey};

fn bundle() -> Bundle {
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    for index in 0..3 {
        cohort.sign(index, Body::Uptime(slots(0..288)));
    }
    cohort.seal()
}

/// Replaces member 0's packet and seals its head, as an attestor would that did not check it.
fn sealed_with(packet: Packet) -> Bundle {
    let mut bundle = bundle();
    bundle.seal.heads[0] = packet.record.message();
    bundle.seal.arrivals[0] = packet.record.slots();
    bundle.packets[0] = Some(packet);
    resign(&mut bundle);
    bundle
}

fn honest() -> Packet {
    bundle().packets[0].clone().unwrap()
}

/// The attack breaks the batch if included, and planning leaves it out and still pays the others.
fn fails_with(bundle: Bundle, label: &str) {
    assert_eq!(broken(input(bundle.clone())), Some(label));
    let outcome = outcome(&bundle);
    assert_eq!(outcome[0], (false, 0, 0));
    assert_eq!(outcome[1], (true, 288, 10_000));
}

#[test]
fn an_honest_batch_holds() {
    assert_eq!(broken(input(bundle())), None);
}

#[test]
fn a_record_other_than_the_sealed_one_is_refused() {
    let mut bundle = bundle();
    let mut later = honest().record;
    later.header.counter += 1;
    bundle.packets[0] = Some(Packet::sign(later, &key(0)));
    fails_with(bundle, "record is the sealed one");
}

#[test]
fn a_contradicting_record_sealed_as_zero_is_refused() {
    let mut bundle = bundle();
    bundle.seal.heads[0] = Fr::from(0u64);
    resign(&mut bundle);
    fails_with(bundle, "record is the sealed one");
}

#[test]
fn a_record_signed_by_another_key_is_refused() {
    let record = honest().record;
    fails_with(sealed_with(Packet::sign(record, &key(1))), "signature");
}

#[test]
fn a_tampered_signature_is_refused() {
    let mut forged = honest();
    forged.signature.s += ergon_types::curve::Scalar::one();
    fails_with(sealed_with(forged), "signature");
}

#[test]
fn a_record_of_another_device_epoch_or_network_is_refused() {
    let changes: [fn(&mut Packet); 3] = [
        |packet| packet.record.header.device = 2,
        |packet| packet.record.header.epoch -= 1,
        |packet| packet.record.header.network += Fr::one(),
    ];
    for change in changes {
        let mut packet = honest();
        change(&mut packet);
        let packet = Packet::sign(packet.record, &key(0));
        fails_with(sealed_with(packet), "record is the sealed one");
    }
}

#[test]
fn a_record_of_another_schema_is_left_out() {
    let other = packet(&key(0), 1, Body::Coverage(slots(0..288)));
    let bundle = sealed_with(other);
    assert_eq!(outcome(&bundle)[0], (false, 0, 0));
    let mut forced = input(bundle);
    forced.included[0] = true;
    assert!(broken(forced).is_some());
}

#[test]
fn an_empty_place_with_data_is_refused() {
    let mut bundle = bundle();
    bundle.membership.members[0] = None;
    bundle.seal.membership_root = bundle.root_of(Some(&bundle.membership));
    resign(&mut bundle);
    fails_with(bundle, "an included place is not empty");
}

#[test]
fn included_without_a_packet_is_refused() {
    let mut forced = input(bundle());
    forced.included[5] = true;
    assert!(broken(forced).is_some());
}

#[test]
fn a_seal_signed_by_someone_else_makes_the_whole_batch_fail() {
    let mut bundle = bundle();
    bundle.seal_signature = SecretKey::from_bytes([5; 32]).sign(&bundle.seal.message());
    assert_eq!(broken(input(bundle.clone())), Some("signature"));
    assert!(ergon_circuits::Statement::from_bundle(&bundle, PROVER).is_err());
}

#[test]
fn a_member_left_out_earns_nothing_and_the_batch_still_holds() {
    let mut omitting = input(bundle());
    omitting.included[1] = false;
    let statement = ergon_circuits::Statement::from_input(omitting.clone());
    assert_eq!(statement.outcome().unwrap().batch.units[..3], [10_000, 0, 10_000]);
    assert_eq!(broken(omitting), None);
}
