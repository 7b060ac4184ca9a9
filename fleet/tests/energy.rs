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
fn what_runs_past_midnight_falls_into_the_first_slots_of_the_day() {
    let fleet = plant(3600, "W", &["2016-07-01 23:50,600".into()]);
    let expected = [(0, 150), (1, 150), (2, 150), (3, 50), (95, 100)];
    assert_eq!(deltas(&fleet.groups[0].devices[0]), expected);
}

#[test]
fn no_quarter_hour_of_a_full_day_gets_more_than_the_nameplate() {
    let hours = (0..24).map(|hour| format!("2016-07-01 {hour:02}:30,400000"));
    let fleet = plant(3600, "W", &hours.collect::<Vec<_>>());
    let expected: Vec<(usize, u32)> = (0..96).map(|slot| (slot, 100_000)).collect();
    assert_eq!(deltas(&fleet.groups[0].devices[0]), expected);
    assert!(fleet.notes.iter().all(|note| !note.contains("nameplate")), "{:?}", fleet.notes);
}

#[test]
fn daily_values_are_spread_over_their_day() {
    let fleet = plant(86_400, "W", &["7/1/2016,4000".into(), "7/13/2016,8000".into()]);
    assert_eq!(folder::measured(&fleet)[1], ("2016-07-13".into(), 8_000 * 24));
    assert_eq!(deltas(&fleet.groups[0].devices[0]).len(), 96);
    assert!(fleet.notes.iter().any(|note| note.contains("without a time of day")));
    let compact = plant(86_400, "W", &["20160701,4000".into()]);
    assert_eq!(folder::measured(&compact), [("2016-07-01".into(), 96_000)]);
}

#[test]
fn an_hour_that_a_clock_without_offset_shows_twice_is_kept() {
    let row = |hour: u32, minute: u32| format!("2015-11-01 {hour:02}:{minute:02},1000");
    let hour = |hour: u32| (0..60).step_by(15).map(move |minute| row(hour, minute));
    let day = |hours: &[u32]| hours.iter().flat_map(|h| hour(*h)).collect::<Vec<_>>();
    let autumn = plant(900, "W", &day(&[0, 1, 1, 2, 3]));
    assert_eq!(folder::measured(&autumn)[0].1, 5_000);
    assert_eq!(deltas(&autumn.groups[0].devices[0])[4], (4, 500));
    let said = |fleet: &Fleet| fleet.notes.iter().any(|note| note.contains("clocks are set back"));
    assert!(said(&autumn));
    // Times at the end of their interval run back by an hour too.
    let mut late = day(&[0, 1, 2]);
    late.splice(9..9, late[5..9].to_vec());
    assert_eq!(folder::measured(&plant(900, "W", &late))[0].1, 4_000);
    // Lines that are there twice for another reason count once.
    let mut scattered = day(&[0, 1, 2]);
    scattered.insert(3, row(0, 30));
    let twice = [day(&[0, 1, 2]), day(&[0, 1, 2])].concat();
    for lines in [scattered, twice, day(&[0, 1, 1, 1, 2]), day(&[0, 1, 1, 2, 2])] {
        let fleet = plant(900, "W", &lines);
        assert_eq!(folder::measured(&fleet)[0].1, 3_000, "{lines:?}");
        assert!(!said(&fleet));
    }
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
    let rows = ["400", "419.9", "420", "420.1", "500"];
    let rows = (10..).zip(rows).map(|(hour, power)| format!("2016-07-01 {hour}:00,{power}"));
    let fleet = plant(900, "kW", &rows.collect::<Vec<_>>());
    for part in [
        "2 quarter hours are above the nameplate of 400000 W by more than",
        "their energy is counted but belongs to no slot, and is not paid",
    ] {
        assert!(fleet.notes.iter().any(|note| note.contains(part)), "{:?}", fleet.notes);
    }
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
                let slot = (second / 900 % 96) as usize;
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
