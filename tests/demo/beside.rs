//! The recorded data beside the repository: proven uptime is the distinct slots, energy the integral to the watt-hour.

use crate::demo;
use crate::report::Report;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if folder.join("records.toml").exists() {
        return Some(folder);
    }
    println!("skipped: no recorded data in {}", folder.display());
    None
}

/// The rows of a file from a date on, by date: time of day and the rest of the line.
fn rows(file: &Path, from: &str) -> BTreeMap<String, Vec<(String, String)>> {
    let mut days: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for line in fs::read_to_string(file).unwrap().lines().skip(1) {
        let Some((date, rest)) = line.split_at_checked(10) else { continue };
        if date >= from {
            let row = (rest[1..9].to_owned(), rest[9..].to_owned());
            days.entry(date.to_owned()).or_default().push(row);
        }
    }
    days
}

fn slots(rows: &[(String, String)]) -> u64 {
    let slot = |(time, _): &(String, String)| {
        let hour: u64 = time[..2].parse().unwrap();
        let minute: u64 = time[3..5].parse().unwrap();
        hour * 12 + minute / 5
    };
    rows.iter().map(slot).collect::<BTreeSet<_>>().len() as u64
}

/// A quarter of an hour each, in millionths of a watt; what the inverter draws itself is no delivery.
fn watt_hours(rows: &[(String, String)]) -> u64 {
    let power = |(_, rest): &(String, String)| {
        let value = rest.split_once(',').unwrap().1;
        let (whole, places) = value.split_once('.').unwrap_or((value, ""));
        if value.starts_with('-') {
            return 0;
        }
        assert!(places.len() <= 6, "{value}");
        whole.parse::<u64>().unwrap() * 1_000_000 + format!("{places:0<6}").parse::<u64>().unwrap()
    };
    rows.iter().map(power).sum::<u64>() / 4_000_000
}

#[test]
fn the_recorded_days_are_proven_to_the_slot_and_the_watt_hour() {
    let Some(folder) = data() else { return };
    let run = demo(&["--json", "--records", folder.to_str().unwrap()]).succeeded();
    let report = Report::read(&run.out);
    report.check();
    let recorded = |file: &str, from: &str| rows(&folder.join(file), from);
    let mut expected = Vec::new();
    for (file, from) in
        [("mndot_speed_6005", "2015-09-01"), ("mndot_occupancy_t4013", "2015-09-02")]
    {
        let file = format!("uptime/{file}.csv");
        let days = recorded(&file, from).into_iter().take(8);
        expected.extend(days.map(|(day, rows)| (file.clone(), day, slots(&rows))));
    }
    let file = "energy/serf_east_15min_ac_power.csv";
    let days = recorded(file, "2016-07-01").into_iter().take(8);
    expected.extend(days.map(|(day, rows)| (file.to_owned(), day, watt_hours(&rows))));

    let devices = report.kind("uptime").devices.iter().chain(&report.kind("energy").devices);
    let measured: Vec<_> = devices.map(|d| (d.source.clone(), d.day.clone(), d.measured)).collect();
    assert_eq!(measured, expected);
    assert_eq!(report.kind("uptime").cohorts.len(), 2);

    let coverage = &report.kind("coverage").devices;
    assert_eq!(coverage.len(), 8);
    assert!(coverage.iter().all(|d| d.day == "2022-02-24" && d.measured <= d.claimed));
    assert!(coverage.iter().any(|d| d.work_units > 0));
}
