//! A folder in formats of its own, checked against computations of the test's own.

use crate::report::Report;
use crate::{demo, plant, uplinks};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

const DOORS: &str = r#"
[[records]]
kind = "uptime"
path = "doors.ndjson"
time_column = "meta.seen"
utc_offset = "+05:30"
devices = 6
"#;
const OFFSET: u64 = 19_800;
/// 2023-11-14T00:00 by the local clock, in seconds since 1970.
const BEGIN: u64 = 1_699_920_000 - OFFSET;

/// When the doors reported: a full day, one with a lost hour, one with a lost morning, one with two hours only.
fn seen() -> Vec<u64> {
    let days: [&[(usize, usize)]; 4] = [
        &[(0, 86_400)],
        &[(0, 40_000), (43_600, 86_400)],
        &[(36_000, 86_400)],
        &[(80_000, 86_400)],
    ];
    let day = |(day, parts): (u64, &&[(usize, usize)])| -> Vec<u64> {
        let seconds = parts.iter().flat_map(|(from, to)| (*from..*to).step_by(145));
        seconds.map(|second| BEGIN + day * 86_400 + second as u64).collect()
    };
    (0..).zip(&days).flat_map(day).collect()
}

fn doors() -> String {
    let mut text = String::new();
    for second in seen() {
        writeln!(text, "{{\"door\": 4, \"meta\": {{\"seen\": {second}}}}}").unwrap();
    }
    text + "{\"door\": 4, \"meta\": {\"seen\": \"soon\"}}\n"
}

/// The distinct slots of each local day.
fn slots() -> Vec<u64> {
    let mut days: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for second in seen() {
        let local = second + OFFSET;
        days.entry(local / 86_400).or_default().insert(local % 86_400 / 300);
    }
    days.values().map(|slots| slots.len() as u64).collect()
}

/// The uptime policy's table: at least 98, 95, 90 and 50 per cent of 288 slots.
fn tier(slots: u64) -> u64 {
    match slots * 100 / 288 {
        98.. => 10_000,
        95.. => 7_500,
        90.. => 5_000,
        50.. => 2_500,
        _ => 0,
    }
}

#[test]
fn a_folder_in_other_formats_is_paid_for_what_it_contains() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    write("records.toml", [plant::ENTRY, DOORS, uplinks::ENTRY].concat());
    write("plant.csv", plant::csv());
    write("doors.ndjson", doors());
    write("uplinks.ndjson", uplinks::ndjson());
    let run = demo(&["--json", "--records", folder.path().to_str().unwrap()]).succeeded();
    let says = |text: &str| assert!(run.err.contains(text), "{text:?} missing in {}", run.err);
    let report = Report::read(&run.out);
    report.check();

    let energy = report.kind("energy");
    let days = plant::days();
    assert!(days.iter().filter(|day| day.paid < day.claimed).count() == 1, "{days:?}");
    assert_eq!(energy.devices.len(), days.len());
    for (device, day) in energy.devices.iter().zip(&days) {
        assert_eq!((&device.day, device.claimed), (&day.date, day.claimed));
        assert_eq!((device.measured, device.work_units), (day.paid, day.paid * 10_000));
        assert_eq!(device.source, "plant.csv");
    }
    says("plant.csv: 4 of 8 places stay inactive");

    let uptime = report.kind("uptime");
    let slots = slots();
    assert_eq!(
        slots.iter().map(|slots| tier(*slots)).collect::<Vec<_>>(),
        [10_000, 7_500, 2_500, 0]
    );
    assert_eq!(uptime.devices.len(), slots.len());
    for (index, (device, slots)) in uptime.devices.iter().zip(&slots).enumerate() {
        assert_eq!((device.claimed, device.measured), (*slots, *slots));
        assert_eq!(device.work_units, tier(*slots));
        assert_eq!(device.day, format!("2023-11-{}", 14 + index));
    }
    says(&format!("doors.ndjson, line {}", seen().len() + 1));

    let coverage = report.kind("coverage");
    let served = uplinks::served();
    assert_eq!(coverage.devices.len(), served.len());
    for (device, served) in coverage.devices.iter().zip(&served) {
        assert_eq!((device.name.as_str(), device.claimed), (served.name, served.claimed));
        assert_eq!((device.measured, device.work_units), (served.measured, served.units));
        assert_eq!(device.day, "2024-03-05");
    }
    assert!(!run.err.contains("outside of the region"), "{}", run.err);
    assert!(!run.err.contains("packets refused"), "{}", run.err);
}
