//! A device's day becomes packets whose last record holds exactly what was measured.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use ergon_fleet::{Asset, DeviceDay, Fleet, Reading, Sender, trial_key};
use ergon_types::field::Fr;
use ergon_types::{Body, Kind, Packet};

const SEED: u64 = 7;

/// Sends a whole day; each packet must extend the one before and survive its encoding.
fn send(day: &DeviceDay, number: u64) -> Vec<Packet> {
    let key = trial_key(SEED, number);
    let public = key.public();
    let mut sender = Sender::new(key, &day.asset, Fr::from(1u64), number, 3, 9);
    let mut packets: Vec<Packet> = Vec::new();
    for (count, step) in (1u64..).zip(&day.steps) {
        let packet = sender.send(&step.reading).unwrap();
        assert_eq!(packet.record.header.counter, count);
        assert!(packet.is_signed_by(&public));
        assert_eq!(Packet::from_bytes(&packet.to_bytes()), Ok(packet.clone()));
        if let Some(last) = packets.last() {
            assert_eq!(packet.record.extends(&last.record), Ok(()));
        }
        sender.acknowledged(Fr::from(count));
        packets.push(packet);
    }
    packets
}

#[test]
fn the_last_packet_holds_all_that_was_measured() {
    let fleet = Fleet::simulate(SEED, &Kind::ALL, 2);
    for (number, day) in (1..).zip(fleet.groups.iter().flat_map(|group| &group.devices)) {
        let packets = send(day, number);
        let record = &packets.last().unwrap().record;
        match (&record.body, &day.asset) {
            (Body::Uptime(slots), _) => assert_eq!(u64::from(slots.count()), day.measured),
            (Body::Energy(meter), Asset::Meter { start_wh, .. }) => {
                assert_eq!(meter.start, *start_wh);
                assert_eq!(meter.attributed(), day.measured);
                assert_eq!(meter.end - meter.start, day.measured);
            }
            (Body::Coverage(slots), _) => assert_eq!(slots.count() as usize, day.steps.len()),
            _ => panic!("record of another kind"),
        }
        let nonces: BTreeSet<Fr> = packets.iter().map(|p| p.record.header.nonce).collect();
        assert_eq!(nonces.len(), packets.len());
    }
}

#[test]
fn a_witness_signs_what_it_heard() {
    let fleet = Fleet::simulate(SEED, &[Kind::Coverage], 8);
    for (number, day) in (1..).zip(&fleet.groups[0].witnesses) {
        let packets = send(day, number);
        let Body::Witness(hearings) = &packets.last().unwrap().record.body else {
            panic!("record of another kind")
        };
        assert_eq!(hearings.cohort, 9);
        assert_eq!(hearings.iter().count() as u64, day.measured.min(128));
    }
}

#[test]
fn a_device_goes_on_from_its_last_record() {
    let fleet = Fleet::simulate(SEED, &[Kind::Energy], 1);
    let day = &fleet.groups[0].devices[0];
    let whole = send(day, 1);
    let half = whole.len() / 2;
    let mut sender = Sender::resume(trial_key(SEED, 1), &day.asset, whole[half - 1].record.clone());
    sender.acknowledged(Fr::from(half as u64));
    let next = sender.send(&day.steps[half].reading).unwrap();
    assert_eq!(next, whole[half]);
    assert_eq!(sender.record(), &next.record);
}

#[test]
fn energy_above_the_nameplate_is_counted_but_belongs_to_no_slot() {
    // 4 kW · ¼ h · 105 % is 1,050 Wh.
    let asset = Asset::Meter { nameplate_w: 4_000, generation: 1, start_wh: 500 };
    let mut sender = Sender::new(trial_key(1, 1), &asset, Fr::from(1u64), 1, 1, 0);
    for (slot, delta) in [1_050, 1_051, 7].into_iter().enumerate() {
        sender.send(&Reading::Energy { slot, delta, tamper: false }).unwrap();
    }
    let Body::Energy(meter) = &sender.record().body else { panic!("not a meter") };
    let slots = meter.quarters[..4].iter().map(|quarter| (quarter.present, quarter.delta));
    assert_eq!(slots.collect::<Vec<_>>(), [(true, 1_050), (true, 0), (true, 7), (false, 0)]);
    assert_eq!((meter.start, meter.end, meter.attributed()), (500, 2_608, 1_057));
}

#[test]
fn a_reading_of_another_kind_is_refused() {
    let mut sender = Sender::new(trial_key(1, 1), &Asset::Beacon, Fr::from(1u64), 1, 1, 0);
    let energy = Reading::Energy { slot: 0, delta: 1, tamper: false };
    let error = sender.send(&energy).unwrap_err();
    assert!(error.to_string().contains("uptime"), "{error}");
    assert_eq!(sender.record().header.counter, 0);
}

#[test]
fn trial_keys_differ_by_seed_and_number() {
    let keys = [(1, 1), (1, 2), (2, 1)].map(|(seed, n)| trial_key(seed, n).public().to_bytes());
    assert_eq!(BTreeSet::from(keys).len(), 3);
    assert_eq!(trial_key(1, 1).public().to_bytes(), keys[0]);
}
