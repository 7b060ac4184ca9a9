//! The simulated fleet is plausible and the same for the same seed.
#![allow(clippy::unwrap_used)]

use ergon_fleet::{Asset, Fleet, Reading};
use ergon_types::Kind;

#[test]
fn the_same_seed_gives_the_same_fleet() {
    let fleet = Fleet::simulate(5, &Kind::ALL, 8);
    assert_eq!(fleet, Fleet::simulate(5, &Kind::ALL, 8));
    assert_ne!(fleet, Fleet::simulate(6, &Kind::ALL, 8));
    let alone = Fleet::simulate(5, &[Kind::Energy], 8);
    assert!(fleet.groups.contains(&alone.groups[0]));
}

#[test]
fn meters_stay_below_their_nameplates_and_the_sun_sets() {
    let fleet = Fleet::simulate(5, &[Kind::Energy], 40);
    assert_eq!(fleet.groups[0].devices.len(), 40);
    for day in &fleet.groups[0].devices {
        let Asset::Meter { nameplate_w, .. } = day.asset else { panic!("not a meter") };
        for step in &day.steps {
            let Reading::Energy { slot, delta, .. } = step.reading else {
                panic!("not a quarter hour")
            };
            assert!(delta <= nameplate_w / 4);
            assert!((20..84).contains(&slot) || delta == 0);
        }
        assert!(day.measured > u64::from(nameplate_w));
    }
}

#[test]
fn beacons_have_outages() {
    let fleet = Fleet::simulate(5, &[Kind::Uptime], 40);
    let measured = || fleet.groups[0].devices.iter().map(|day| day.measured);
    assert!(measured().all(|slots| (100..=288).contains(&slots)));
    assert!(measured().any(|slots| slots < 283) && measured().any(|slots| slots > 280));
}

#[test]
fn no_signal_is_above_free_space() {
    for seed in 0..10 {
        let fleet = Fleet::simulate(seed, &[Kind::Coverage], 8);
        let group = &fleet.groups[0];
        assert_eq!((group.devices.len(), group.witnesses.len()), (8, 3));
        assert!(group.region.is_some());
        let mut served = 0;
        for step in group.witnesses.iter().flat_map(|day| &day.steps) {
            let Reading::Heard(heard) = &step.reading else { panic!("not an observation") };
            for hearing in heard {
                let device = &group.devices[usize::from(hearing.member)];
                assert!(matches!(device.asset, Asset::Hotspot { .. }));
                let steps = hearing.offset.squared_distance();
                assert!(hearing.class < 3 || steps <= 16, "{steps}");
                served += 1;
            }
        }
        assert!(served > 20, "{served}");
        for witness in &group.witnesses {
            assert!(witness.measured <= 128, "{} entries", witness.measured);
        }
    }
}

#[test]
fn the_schedule_is_in_order_and_complete() {
    let fleet = Fleet::simulate(5, &Kind::ALL, 3);
    let events = fleet.schedule();
    assert!(events.is_sorted_by_key(|event| event.at_seconds));
    let days = fleet.groups.iter().flat_map(|g| g.devices.iter().chain(&g.witnesses));
    assert_eq!(events.len(), days.map(|day| day.steps.len()).sum::<usize>());
    for event in &events {
        let group = &fleet.groups[event.group];
        let days = if event.witness { &group.witnesses } else { &group.devices };
        assert!(days[event.device].steps.iter().any(|step| step.reading == *event.reading));
        assert!(event.at_seconds < 86_400);
    }
}
