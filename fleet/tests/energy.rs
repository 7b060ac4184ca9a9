//! Energy is exact: deltas add up to the floor of the integral, and each quarter hour has its share.
#![allow(clippy::unwrap_used)]

#[path = "support/folder.rs"]
mod folder;

use ergon_fleet::{Asset, DeviceDay, Fleet, Reading};
use proptest::prelude::*;

fn plant(interval: u32, unit: &str, lines: &[String]) -> Fleet {
    let keys = format!(
        "kind = \"energy\"\ntime_column = \"t\"\nvalue_column = \"p\"\nutc_offset = \"Z\"\nnameplate_w = 400000\nunit = {unit:?}\ninterval_seconds = {interval}"
    );
    let text = format!("t,p\n{}\n", lines.join("\n"));
    folder::replay(&keys, "plant.csv", text.as_bytes(), true).unwrap()
}

/// Quarter hours and their watt-hours.
fn deltas(day: &DeviceDay) -> Vec<(usize, u32)> {
    day.steps
        .iter()
        .map(|step| match step.reading {
            Reading::Energy { slot, delta, tamper } => {
                assert!(!tamper);
                assert_eq!(step.at_seconds, (slot as u32 + 1) * 900 - u32::from(slot == 95));
                (slot, delta)
            }
            _ => panic!("not a quarter hour"),
        })
        .collect()
}

#[test]
fn a_long_interval_is_spread_over_its_quarter_hours() {
    let fleet = plant(3600, "kW", &["2016-07-01 10:00,1.001".into()]);
    let expected = [(40, 250), (41, 250), (42, 250), (43, 251)];
    assert_eq!(deltas(&fleet.groups[0].devices[0]), expected);
}

#[test]
fn an_interval_that_crosses_a_quarter_hour_is_divided() {
    let fleet = plant(900, "W", &["2016-07-01 10:10,360".into()]);
    assert_eq!(deltas(&fleet.groups[0].devices[0]), [(40, 30), (41, 60)]);
}

#[test]
fn what_runs_past_midnight_counts_in_the_last_quarter_hour() {
    let fleet = plant(3600, "W", &["2016-07-01 23:50,600".into()]);
    assert_eq!(deltas(&fleet.groups[0].devices[0]), [(95, 600)]);
}

#[test]
fn own_consumption_is_present_but_exports_nothing() {
    let fleet = plant(900, "W", &["2016-07-01 00:00,-2.8".into()]);
    assert_eq!(deltas(&fleet.groups[0].devices[0]), [(0, 0)]);
    assert_eq!(folder::measured(&fleet), [("2016-07-01".into(), 0)]);
}

#[test]
fn meters_differ_in_their_registers() {
    let fleet = plant(900, "W", &["2016-07-01 10:00,4".into(), "2016-07-02 10:00,4".into()]);
    let starts: Vec<u64> = fleet.groups[0]
        .devices
        .iter()
        .map(|device| match device.asset {
            Asset::Meter { start_wh, .. } => start_wh,
            _ => panic!("not a meter"),
        })
        .collect();
    assert_eq!(starts, [1_000_000, 2_000_000]);
    assert_eq!(fleet.groups[0].devices[0].asset.attribute(), Some(400_000 | 1 << 32));
}

#[test]
fn power_above_the_nameplate_gives_a_message() {
    let fleet = plant(900, "kW", &["2016-07-01 10:00,500".into()]);
    assert!(fleet.notes.iter().any(|note| note.contains("above the nameplate of 400000 W")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Milliwatts at seconds of the day, added up one second at a time.
    #[test]
    fn deltas_equal_a_second_by_second_integral(
        interval in prop::sample::select(vec![60u32, 300, 700, 900, 1800, 3600]),
        powers in prop::collection::vec(-5_000_000i64..400_000_000, 1..40),
        begin in 0u32..80_000,
    ) {
        let rows = || (0u32..).zip(&powers).map(|(k, p)| (begin + k * interval, *p)).filter(|(at, _)| *at < 86_400);
        let lines: Vec<String> = rows()
            .map(|(at, p)| {
                let (h, m, s) = (at / 3600, at / 60 % 60, at % 60);
                let sign = if p < 0 { "-" } else { "" };
                format!("2016-07-01 {h:02}:{m:02}:{s:02},{sign}{}.{:03}", p.abs() / 1000, p.abs() % 1000)
            })
            .collect();
        // Milliwatt-seconds; 3,600,000 are a watt-hour.
        let mut sums = [None; 96];
        for (at, p) in rows() {
            for second in at..at + interval {
                let slot = (second / 900).min(95) as usize;
                *sums[slot].get_or_insert(0u64) += p.max(0) as u64;
            }
        }
        let mut total = 0;
        let mut expected = Vec::new();
        for (slot, sum) in sums.into_iter().enumerate() {
            if let Some(sum) = sum {
                let before = total / 3_600_000;
                total += sum;
                expected.push((slot, (total / 3_600_000 - before) as u32));
            }
        }
        let fleet = plant(interval, "w", &lines);
        let day = &fleet.groups[0].devices[0];
        prop_assert_eq!(deltas(day), expected);
        prop_assert_eq!(day.measured, total / 3_600_000);
    }
}
