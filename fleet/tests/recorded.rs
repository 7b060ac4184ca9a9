//! The recorded data beside the repository gives exactly what the files say, counted again by other means.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use ergon_fleet::{Fleet, Reading};
use ergon_types::{Kind, Offset};

/// The folder of recorded data, or nothing with a message.
fn data() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if folder.join("records.toml").exists() {
        return Some(folder);
    }
    println!("skipped: no recorded data in {}", folder.display());
    None
}

/// Lines of a recorded file after its first, as date, time and the rest.
fn lines(folder: &std::path::Path, name: &str) -> Vec<(String, String, String)> {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    text.lines()
        .skip(1)
        .filter_map(|line| {
            let (date, rest) = line.split_at_checked(10)?;
            Some((date.into(), rest[1..9].into(), rest[9..].into()))
        })
        .collect()
}

#[test]
fn uptime_is_the_distinct_slots_of_each_date() {
    let Some(folder) = data() else { return };
    let fleet = Fleet::replay(&folder, true).unwrap();
    let groups = fleet.groups.iter().filter(|g| g.kind == Kind::Uptime);
    let mut compared = 0;
    for (group, from) in groups.zip(["2015-09-01", "2015-09-02"]) {
        let mut days: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        for (date, time, _) in lines(&folder, &group.source) {
            if *date >= *from {
                let hour: u32 = time[..2].parse().unwrap();
                let minute: u32 = time[3..5].parse().unwrap();
                days.entry(date).or_default().insert(hour * 12 + minute / 5);
            }
        }
        assert_eq!(group.devices.len(), 8);
        for (device, (date, slots)) in group.devices.iter().zip(days) {
            assert_eq!(device.day, date);
            assert_eq!(device.measured, slots.len() as u64);
            let steps: BTreeSet<u32> = device
                .steps
                .iter()
                .map(|step| match step.reading {
                    Reading::Alive { slot } => {
                        assert_eq!(step.at_seconds / 300, slot);
                        slot
                    }
                    _ => panic!("not a slot"),
                })
                .collect();
            assert_eq!(steps, slots);
            compared += 1;
        }
    }
    assert_eq!(compared, 16);
}

#[test]
fn energy_is_the_integral_of_each_date_to_the_watt_hour() {
    let Some(folder) = data() else { return };
    let fleet = Fleet::replay(&folder, true).unwrap();
    let group = fleet.groups.iter().find(|g| g.kind == Kind::Energy).unwrap();
    // Billionths of a watt over a quarter hour.
    let mut days: BTreeMap<String, u64> = BTreeMap::new();
    for (date, _, rest) in lines(&folder, &group.source) {
        let value = rest.split_once(',').unwrap().1;
        let (whole, places) = value.split_once('.').unwrap_or((value, ""));
        let sum = days.entry(date).or_default();
        if !value.starts_with('-') {
            assert!(places.len() <= 9, "{value}");
            *sum += whole.parse::<u64>().unwrap() * 1_000_000_000;
            *sum += format!("{places:0<9}").parse::<u64>().unwrap();
        }
    }
    assert_eq!(group.devices.len(), 8);
    for (device, (date, sum)) in group.devices.iter().zip(days) {
        assert_eq!(device.day, date);
        assert_eq!(device.measured, sum / 4_000_000_000);
        let deltas: u64 = device
            .steps
            .iter()
            .map(|step| match step.reading {
                Reading::Energy { delta, .. } => u64::from(delta),
                _ => panic!("not a quarter hour"),
            })
            .sum();
        assert_eq!(deltas, device.measured);
        assert!(device.measured > 1_000, "{date}");
    }
}

#[test]
fn hotspots_are_covered_by_the_testers_that_they_heard() {
    let Some(folder) = data() else { return };
    let fleet = Fleet::replay(&folder, true).unwrap();
    let group = fleet.groups.iter().find(|g| g.kind == Kind::Coverage).unwrap();
    assert_eq!((group.devices.len(), group.witnesses.len()), (8, 1));
    assert_eq!(group.devices[0].day, "2022-02-24");
    let mut cells: BTreeMap<u8, BTreeSet<Offset>> = BTreeMap::new();
    for step in &group.witnesses[0].steps {
        let Reading::Heard(heard) = &step.reading else { panic!("not an observation") };
        for hearing in heard {
            cells.entry(hearing.member).or_default().insert(hearing.offset);
        }
    }
    for (index, device) in (0u8..).zip(&group.devices) {
        let served = cells.get(&index).map_or(0, BTreeSet::len);
        assert_eq!(device.measured, served as u64, "{}", device.name);
        assert!(!device.steps.is_empty());
        println!(
            "{} {served} cells, {} slots, {:?}",
            device.name,
            device.steps.len(),
            device.asset
        );
    }
    for note in &fleet.notes {
        println!("{note}");
    }
}
