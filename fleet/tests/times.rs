//! Times in many formats mean the same local date and slot.
#![allow(clippy::unwrap_used)]

#[path = "support/folder.rs"]
mod folder;

use ergon_fleet::{Fleet, FleetError, Reading};

fn uptime(keys: &str, lines: &[&str]) -> Result<Fleet, FleetError> {
    let text = format!("time;n\n{}\n", lines.join(";1\n") + ";1");
    let keys = format!("kind = \"uptime\"\ntime_column = \"time\"\ndelimiter = \";\"\n{keys}");
    folder::replay(&keys, "reports.csv", text.as_bytes(), true)
}

/// The date and the seconds of the day of the only report.
fn one(keys: &str, line: &str) -> (String, u32) {
    let fleet = uptime(keys, &[line]).unwrap();
    let device = &fleet.groups[0].devices[0];
    (device.day.clone(), device.steps[0].at_seconds)
}

#[test]
fn one_moment_is_read_from_every_common_notation() {
    let afternoon = ("2016-07-21".to_owned(), 13 * 3600 + 5 * 60);
    for line in [
        "2016-07-21T13:05:00Z",
        "2016-07-21T13:05Z",
        "2016-07-21 13:05:00",
        "2016-07-21 13:05:00.250",
        "2016-07-21 13:05:00,250",
        "2016-07-21 13:05:00+01:00",
        "2016-07-21 13:05:00 +0100",
        "2016-07-21T13:05:00-07",
        "2016-07-21 13:05:00 UTC",
        "2016-07-21T13:05:00+02:00[Europe/Berlin]",
        "2016/07/21 13:05",
        "2016/7/21 13:05",
        "2016.07.21 13:05:00",
        "21.07.2016 13:05",
        "21.7.2016 13:05:00",
        "21/07/2016 13:05",
        "21-07-2016 13:05:00",
        "07/21/2016 13:05",
        "7/21/2016 1:05:00 PM",
        "07/21/2016 01:05 pm",
        "21/07/16 13:05",
        "7/21/16 1:05 p.m.",
        "21-Jul-2016 13:05:00",
        "21 July 2016 13:05",
        "Jul 21, 2016 1:05 PM",
        "Thu, 21 Jul 2016 13:05:00 GMT",
        "21/Jul/2016:13:05:00 -0700",
        "20160721T130500Z",
        "20160721 1305",
        "20160721130500",
        "201607211305",
        "1469106300",
        "1469106300.75",
        "1469106300000",
        "1469106300000000",
        "1469106300000000000",
        "1.4691063e9",
    ] {
        assert_eq!(one("", line), afternoon, "{line}");
    }
}

#[test]
fn midnight_and_noon_are_told_apart_and_24_00_is_the_next_day() {
    assert_eq!(one("", "2016-07-21 12:05 AM"), ("2016-07-21".into(), 300));
    assert_eq!(one("", "2016-07-21 12:05 PM").1, 12 * 3600 + 300);
    assert_eq!(one("", "2016-07-21 24:00"), ("2016-07-22".into(), 0));
}

#[test]
fn seconds_since_1970_become_local_by_the_given_offset() {
    let west = "utc_offset = \"-14:00\"";
    assert_eq!(one(west, "1469106300").0, "2016-07-20");
    let india = "utc_offset = \"+0530\"";
    assert_eq!(one(india, "1469106300").1, 18 * 3600 + 35 * 60);
}

#[test]
fn an_own_offset_decides_the_local_date() {
    let keys = "utc_offset = \"+10:00\"";
    let late = ("2016-07-21".into(), 23 * 3600 + 55 * 60);
    assert_eq!(one(keys, "2016-07-21T23:55:00-07:00"), late);
}

#[test]
fn all_dates_of_a_file_decide_which_number_is_the_day() {
    let day_first = uptime("", &["03/04/2016 10:00", "13/04/2016 10:00"]).unwrap();
    assert_eq!(folder::measured(&day_first)[0].0, "2016-04-03");
    let month_first = uptime("", &["03/04/2016 10:00", "03/14/2016 10:00"]).unwrap();
    assert_eq!(folder::measured(&month_first)[0].0, "2016-03-04");
}

#[test]
fn consecutive_days_settle_dates_that_no_day_above_12_settles() {
    let fleet = uptime("", &["01/07/2016 10:00", "02/07/2016 10:00", "03/07/2016 10:00"]).unwrap();
    assert_eq!(folder::measured(&fleet)[2].0, "2016-07-03");
    assert!(fleet.notes.iter().any(|note| note.contains("day first")));
}

#[test]
fn a_first_day_asked_for_settles_dates_that_only_one_reading_gives() {
    for (from, words) in [("2016-04-03", "day first"), ("2016-03-04", "month first")] {
        let fleet = uptime(&format!("from = \"{from}\""), &["03/04/2016 10:00"]).unwrap();
        assert_eq!(folder::measured(&fleet)[0].0, from);
        let says = |note: &String| note.contains(words) && note.contains("first day asked for");
        assert!(fleet.notes.iter().any(says), "{:?}", fleet.notes);
    }
    let late = uptime("from = \"2016-04-01\"", &["03/04/2016 10:00"]).unwrap();
    assert!(late.notes.iter().any(|note| note.contains("only so does one of them reach")));
}

#[test]
fn dates_that_nothing_settles_are_an_error_that_asks_for_a_format() {
    let error = uptime("", &["03/04/2016 10:00"]).unwrap_err();
    assert!(matches!(error, FleetError::Ambiguous { .. }));
    let text = error.to_string();
    assert!(text.contains("reports.csv") && text.contains("time_format"), "{text}");
    let keys = "time_format = \"%m/%d/%Y %H:%M\"";
    assert_eq!(one(keys, "03/04/2016 10:00").0, "2016-03-04");
}

#[test]
fn a_given_format_may_carry_an_offset() {
    let keys = "time_format = \"%Y%j %H.%M %z\"";
    let (day, second) = one(keys, "2016203 13.05 +0200");
    assert_eq!((day.as_str(), second), ("2016-07-21", 13 * 3600 + 300));
}

#[test]
fn times_without_any_offset_are_taken_as_utc_with_a_message() {
    let fleet = uptime("", &["2016-07-21 13:05"]).unwrap();
    assert!(fleet.notes.iter().any(|note| note.contains("taken as UTC")));
    let fleet = uptime("utc_offset = \"Z\"", &["2016-07-21 13:05"]).unwrap();
    assert!(fleet.notes.iter().all(|note| !note.contains("UTC")));
}

#[test]
fn what_is_no_time_is_refused() {
    for line in [
        "2016-07-21",
        "2016-07-21 25:00",
        "2016-02-30 10:00",
        "2016-07-21 10:5",
        "2016-07-21 10:00 CEST",
        "2016-07-21 10:00 rest",
        "2016-07-21 13:00 PM",
        "123456",
        "noon",
        "",
    ] {
        let error = uptime("utc_offset = \"Z\"", &["2016-07-20 10:00", line]).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("reports.csv, line 3: expected"), "{line}: {text}");
    }
}

#[test]
fn a_repeated_hour_merges_into_its_slots() {
    let lines = ["2016-11-06T01:30:00-07:00", "2016-11-06T01:30:00-08:00"];
    let fleet = uptime("", &lines).unwrap();
    assert_eq!(folder::measured(&fleet), [("2016-11-06".into(), 1)]);
    let reading = &fleet.groups[0].devices[0].steps[0].reading;
    assert_eq!(*reading, Reading::Alive { slot: 18 });
}
