//! Every reason for which a packet is refused, by a request that triggers it.

use crate::fixture::*;
use ergon_types::record::witness::{Hearing, Hearings};
use ergon_types::{Body, Fr, Offset, Packet};

fn refused(code: &str, status: u16) -> (String, u16) {
    (code.into(), status)
}

#[tokio::test]
async fn a_forged_packet_is_rejected() {
    let world = World::new().await;
    let forged = Packet::sign(record(10, uptime(&[0])), &key(11));
    assert_eq!(world.refuse(&forged).await, refused("bad_signature", 401));
    let mut altered = sign(record(10, uptime(&[1])));
    altered.record.body = uptime(&[0]);
    assert_eq!(world.refuse(&altered).await, refused("bad_signature", 401));
}

#[tokio::test]
async fn truncated_extended_and_garbled_packets_are_rejected() {
    let world = World::new().await;
    let bytes = sign(record(10, uptime(&[0]))).to_bytes();
    let mut longer = bytes.clone();
    longer.push(0);
    let mut version = bytes.clone();
    version[0] = 2;
    let mut schema = bytes.clone();
    schema[1] = 9;
    let mut network = bytes.clone();
    network[2..34].fill(0xff);
    for wrong in
        [&[][..], &bytes[..1], &bytes[..bytes.len() - 1], &longer, &version, &schema, &network]
    {
        let rejection = world.refuse_bytes(wrong).await;
        assert_eq!((rejection.code.as_str(), rejection.status), ("malformed_packet", 400));
    }
}

#[tokio::test]
async fn a_packet_for_another_network_is_rejected() {
    let world = World::new().await;
    let mut record = record(10, uptime(&[0]));
    record.header.network = Fr::from(1u64);
    assert_eq!(world.refuse(&sign(record)).await, refused("wrong_network", 422));
}

#[tokio::test]
async fn an_unknown_device_is_rejected() {
    let world = World::new().await;
    let unknown = sign(record(99, uptime(&[0])));
    assert_eq!(world.refuse(&unknown).await, refused("unknown_device", 404));
}

#[tokio::test]
async fn a_record_of_another_schema_is_rejected() {
    let world = World::new().await;
    let packet = sign(record(10, energy(&[0])));
    assert_eq!(world.refuse(&packet).await, refused("wrong_schema", 422));
}

#[tokio::test]
async fn a_record_outside_its_epoch_is_rejected() {
    let world = World::new().await;
    let mut tomorrow = record(10, uptime(&[0]));
    tomorrow.header.epoch = 1;
    assert_eq!(world.refuse(&sign(tomorrow)).await, refused("epoch_not_open", 425));
    world.set(DAY + 30);
    let yesterday = sign(record(10, uptime(&[287])));
    assert_eq!(world.refuse(&yesterday).await, refused("epoch_closed", 409));
}

#[tokio::test]
async fn reordered_and_replayed_packets_are_rejected() {
    let world = World::new().await;
    let first = sign(record(10, uptime(&[0])));
    let ack = world.accept(&first).await;
    world.set(300);
    let second = next(&first, &ack, uptime(&[0, 1]));
    let ack = world.accept(&second).await;
    assert_eq!(world.refuse(&first).await, refused("counter_not_above", 409));
    world.set(600);
    let third = next(&second, &ack, uptime(&[0, 1, 2]));
    world.accept(&third).await;
    assert_eq!(world.refuse(&second).await, refused("counter_not_above", 409));
}

#[tokio::test]
async fn a_packet_signed_before_the_last_acknowledgement_is_rejected() {
    let world = World::new().await;
    let first = sign(record(10, uptime(&[0])));
    let mut ack = world.accept(&first).await;
    world.set(300);
    let fresh = ack.nonce;
    ack.nonce = Fr::from(0u64);
    let stale = next(&first, &ack, uptime(&[0, 1]));
    let rejection = world.refuse_bytes(&stale.to_bytes()).await;
    assert_eq!((rejection.code.as_str(), rejection.status), ("stale_nonce", 409));
    assert_eq!(rejection.expected, format!("nonce {fresh}"));
}

#[tokio::test]
async fn a_record_that_drops_acknowledged_readings_is_rejected() {
    let world = World::new().await;
    let first = sign(record(10, uptime(&[0])));
    let ack = world.accept(&first).await;
    world.set(300);
    let dropped = next(&first, &ack, uptime(&[1]));
    assert_eq!(world.refuse(&dropped).await, refused("dropped_readings", 409));
}

#[tokio::test]
async fn presence_is_one_new_slot_and_now() {
    let world = World::new().await;
    world.set(450);
    let packet = |slots: &[u32]| sign(record(10, uptime(slots)));
    assert_eq!(world.refuse(&packet(&[])).await, refused("no_new_slot", 422));
    assert_eq!(world.refuse(&packet(&[0, 1])).await, refused("too_many_new_slots", 422));
    assert_eq!(world.refuse(&packet(&[0])).await, refused("slot_not_now", 422));
    assert_eq!(world.refuse(&packet(&[2])).await, refused("slot_not_now", 422));
    world.accept(&packet(&[1])).await;
}

#[tokio::test]
async fn a_meter_neither_runs_ahead_nor_changes_its_generation() {
    let world = World::new().await;
    let ahead = sign(record(30, energy(&[0, 1])));
    assert_eq!(world.refuse(&ahead).await, refused("slot_in_future", 422));
    let Body::Energy(mut meter) = energy(&[0]) else { panic!() };
    meter.generation = 2;
    let replaced = sign(record(30, Body::Energy(meter)));
    assert_eq!(world.refuse(&replaced).await, refused("wrong_generation", 422));
}

#[tokio::test]
async fn a_quarter_hour_above_the_nameplate_is_rejected_and_may_come_again_without_its_energy() {
    let world = World::new().await;
    world.set(900);
    let Body::Energy(mut meter) = energy(&[0]) else { panic!() };
    // 10 kW · ¼ h · 105 % is 2,625 Wh.
    (meter.quarters[0].delta, meter.end) = (2_626, 10_000);
    let above = sign(record(30, Body::Energy(meter.clone())));
    assert_eq!(world.refuse(&above).await, refused("above_nameplate", 422));
    let rejection = world.refuse_bytes(&above.to_bytes()).await;
    assert!(rejection.message.contains("quarter hour 0 has 2626 Wh"), "{}", rejection.message);
    assert!(rejection.expected.contains("at most 2625 Wh"), "{}", rejection.expected);
    meter.quarters[0].delta = 0;
    world.accept(&sign(record(30, Body::Energy(meter)))).await;
}

#[tokio::test]
async fn a_witness_speaks_for_its_cohort_and_members_only() {
    let world = World::new().await;
    let heard = |cohort, member| {
        let mut hearings = Hearings::new(cohort);
        hearings.insert(Hearing { member, offset: Offset::HERE, class: 2 });
        sign(record(40, Body::Witness(hearings)))
    };
    assert_eq!(world.refuse(&heard(UPTIME, 0)).await, refused("wrong_cohort", 422));
    assert_eq!(world.refuse(&heard(99, 0)).await, refused("wrong_cohort", 422));
    let nobody = heard(COVERAGE, SIZE as u8);
    assert_eq!(world.refuse(&nobody).await, refused("unknown_member", 422));
    world.accept(&heard(COVERAGE, 0)).await;
}

#[tokio::test]
async fn contradicting_packets_are_both_kept_and_end_the_record() {
    let world = World::new().await;
    world.set(3_600);
    let first = sign(record(30, energy(&[0])));
    let ack = world.accept(&first).await;
    let Body::Energy(mut meter) = energy(&[0]) else { panic!() };
    meter.quarters[0].delta = 4;
    let second = next(&first, &ack, Body::Energy(meter));
    assert_eq!(world.refuse(&second).await, refused("contradiction", 409));
    let third = next(&first, &ack, energy(&[0, 1]));
    for packet in [&first, &second, &third] {
        assert_eq!(world.refuse(packet).await, refused("contradicted", 409));
    }
    let schema = first.record.body.schema();
    let kept = world.operator().record(30, schema, 0).await.unwrap();
    assert_eq!(kept.evidence, Some([first, second]));
}

#[tokio::test]
async fn nothing_is_admitted_after_the_seal() {
    let world = World::new().await;
    world.set(DAY + 3_600);
    let first = sign(record(30, energy(&[0])));
    let ack = world.accept(&first).await;
    world.operator().seal(ENERGY, 0).await.unwrap();
    let late = next(&first, &ack, energy(&[0, 1]));
    assert_eq!(world.refuse(&late).await, refused("already_sealed", 409));
    assert_eq!(world.accept(&first).await, ack);
}

#[tokio::test]
async fn a_witness_cannot_follow_the_seal_of_the_cohort_it_covers() {
    let world = World::new().await;
    world.set(DAY + 3_600);
    world.operator().seal(COVERAGE, 0).await.unwrap();
    let late = sign(record(40, Body::Witness(Hearings::new(COVERAGE))));
    assert_eq!(world.refuse(&late).await, refused("already_sealed", 409));
}
