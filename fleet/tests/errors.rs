//! Bad input is named: the file, the line or key, what was expected, and what to do.
#![allow(clippy::unwrap_used)]

#[path = "support/folder.rs"]
mod folder;

use ergon_fleet::{Description, Fleet, FleetError};

const UPTIME: &str = "kind = \"uptime\"\ntime_column = \"time\"\nutc_offset = \"Z\"";
const ENERGY: &str = "kind = \"energy\"\ntime_column = \"time\"\nvalue_column = \"power\"\nutc_offset = \"Z\"\ninterval_seconds = 900\nnameplate_w = 6000";

fn lines(bad: &[&str]) -> String {
    let good = "2016-07-01 10:00,1";
    format!("time,power\n{good}\n{}\n2016-07-01 10:15,1\n", bad.join("\n"))
}

#[test]
fn a_malformed_line_is_named_and_the_rest_is_used() {
    for bad in ["yesterday,1", "2016-07-01 99:00,1", "\"2016-07-01 10:05,1", "2016-07-01 10", "{}"]
    {
        let text = lines(&[bad]);
        let fleet = folder::replay(UPTIME, "gate.csv", text.as_bytes(), false).unwrap();
        assert_eq!(folder::measured(&fleet), [("2016-07-01".into(), 2)], "{bad}");
        let note = fleet.notes.iter().find(|note| note.starts_with("gate.csv, line 3: expected"));
        assert!(note.is_some(), "{bad}: {:?}", fleet.notes);
        let error = folder::replay(UPTIME, "gate.csv", text.as_bytes(), true).unwrap_err();
        assert!(matches!(error, FleetError::Malformed { line: 3, .. }), "{bad}: {error}");
    }
}

#[test]
fn malformed_values_are_named_for_energy() {
    for bad in [
        "2016-07-01 10:05,full",
        "2016-07-01 10:05",
        "2016-07-01 10:05,12,5",
        "2016-07-01 10:05,inf",
    ] {
        let text = lines(&[bad]);
        let fleet = folder::replay(ENERGY, "sun.csv", text.as_bytes(), false).unwrap();
        assert_eq!(fleet.groups[0].devices[0].steps.len(), 2, "{bad}");
        assert!(fleet.notes[0].starts_with("sun.csv, line 3: expected"), "{:?}", fleet.notes);
        assert!(folder::replay(ENERGY, "sun.csv", text.as_bytes(), true).is_err());
    }
}

#[test]
fn many_malformed_lines_are_counted_after_the_first_ten() {
    let text = lines(&["x"; 25]);
    let fleet = folder::replay(UPTIME, "gate.csv", text.as_bytes(), false).unwrap();
    assert_eq!(fleet.notes.iter().filter(|note| note.contains(", line ")).count(), 10);
    assert!(fleet.notes.iter().any(|note| note.contains("15 more malformed lines")));
}

#[test]
fn a_file_without_a_usable_line_is_an_error() {
    let error = folder::replay(UPTIME, "gate.csv", b"time,power\nx,1\ny,2\n", false).unwrap_err();
    assert!(matches!(error, FleetError::Unusable { lines: 2, line: 2, .. }), "{error}");
    assert!(error.to_string().contains("compare `time_column`"), "{error}");
}

#[test]
fn a_file_without_data_is_an_error_that_says_what_was_found_and_what_to_do() {
    for (text, parts) in [
        ("", ["no line with data", "`path`"]),
        ("\n\n", ["no line with data", "`path`"]),
        ("time,power\n", ["no line with data", "`header`"]),
        (
            "time,power\n2016-07-01 10:00,NaN\n",
            ["none of its 1 lines has a value", "`value_column`"],
        ),
        (
            "time,power\n2016-07-01 10:00,1\n2016-06-01 10:00,1\n",
            [
                "2016-07-01, before `from` (2030-01-01)",
                "`from` in records.toml to 2016-07-01 or earlier",
            ],
        ),
    ] {
        let keys = format!("{ENERGY}\nfrom = \"2030-01-01\"");
        for strict in [false, true] {
            let error = folder::replay(&keys, "sun.csv", text.as_bytes(), strict).unwrap_err();
            assert!(matches!(error, FleetError::Nothing { .. }), "{error}");
            let shown = error.to_string();
            assert!(shown.starts_with("sun.csv: nothing to replay"), "{shown}");
            assert!(parts.iter().all(|part| shown.contains(part)), "{shown}");
        }
    }
    let error = folder::replay("kind = \"coverage\"", "up.ndjson", b"", true).unwrap_err();
    assert!(matches!(error, FleetError::Nothing { .. }), "{error}");
}

#[test]
fn malformed_lines_are_told_in_the_order_of_their_numbers() {
    let bad =
        ["2016-07-01 10:01,full", "garbage", "2016-13-45 00:00,5", "noon,1", "2016-07-01,x,y"];
    let text = lines(&bad);
    let error = folder::replay(ENERGY, "sun.csv", text.as_bytes(), true).unwrap_err();
    assert!(matches!(error, FleetError::Malformed { line: 3, .. }), "{error}");
    let notes = folder::replay(ENERGY, "sun.csv", text.as_bytes(), false).unwrap().notes;
    let numbers: Vec<String> = (3..8).map(|line| format!("sun.csv, line {line}: ")).collect();
    assert!(numbers.iter().zip(&notes).all(|(start, note)| note.starts_with(start)), "{notes:?}");
}

#[test]
fn a_missing_column_is_an_error_that_lists_the_columns() {
    let error = folder::replay(UPTIME, "gate.csv", b"when,power\n2016-07-01 10:00,1\n", false);
    let text = error.unwrap_err().to_string();
    for part in ["gate.csv", "\"time\"", "\"when\", \"power\"", "time_column"] {
        assert!(text.contains(part), "{text}");
    }
    let twice = folder::replay(UPTIME, "gate.csv", b"time,time\n2016-07-01 10:00,1\n", false);
    assert!(matches!(twice, Err(FleetError::Column { .. })));
}

#[test]
fn fewer_dates_than_devices_give_a_message() {
    let keys = format!("{UPTIME}\ndevices = 3");
    let fleet = folder::replay(&keys, "gate.csv", lines(&[]).as_bytes(), true).unwrap();
    assert!(fleet.notes.iter().any(|note| note.contains("1 of 3 devices")), "{:?}", fleet.notes);
}

#[test]
fn dates_before_the_first_day_asked_for_are_left_out() {
    let text = "time\n2016-06-30 10:00\n2016-07-02 10:00\n2016-07-04 10:00\n2016-07-04 10:07\n";
    for from in ["\"2016-07-01\"", "2016-07-01"] {
        let keys = format!("{UPTIME}\nfrom = {from}\ndevices = 2");
        let fleet = folder::replay(&keys, "gate.csv", text.as_bytes(), true).unwrap();
        let expected = [("2016-07-02".to_owned(), 1), ("2016-07-04".to_owned(), 2)];
        assert_eq!(folder::measured(&fleet), expected);
    }
}

#[test]
fn energy_that_no_record_can_carry_names_unit_and_nameplate() {
    let keys = ENERGY.replace("6000", "6000\nunit = \"MW\"");
    let error = folder::replay(&keys, "sun.csv", b"time,power\n2016-07-01 10:00,6000\n", false);
    let text = error.unwrap_err().to_string();
    for part in ["sun.csv", "2016-07-01", "`unit` (MW)", "`nameplate_w` (6000 W)"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn a_missing_folder_or_file_is_named() {
    let error = Fleet::replay(std::path::Path::new("/nowhere"), false).unwrap_err();
    assert!(error.to_string().contains("/nowhere/records.toml"));
    let folder = tempfile::tempdir().unwrap();
    let text = format!("[[records]]\npath = \"gone.csv\"\n{UPTIME}\n");
    std::fs::write(folder.path().join("records.toml"), text).unwrap();
    let error = Fleet::replay(folder.path(), false).unwrap_err();
    assert!(error.to_string().contains("gone.csv"), "{error}");
}

#[test]
fn keys_are_checked_and_named() {
    for (keys, parts) in [
        ("kind = \"heat\"", ["`kind`", "energy"]),
        ("kind = \"uptime\"", ["`time_column`", "nothing"]),
        ("kind = \"uptime\"\ntime_column = \"t\"\ncolour = 1", ["colour", "records.toml"]),
        ("kind = \"uptime\"\ntime_column = \"t\"\ndevices = 0", ["`devices`", "from 1"]),
        (
            "kind = \"uptime\"\ntime_column = \"t\"\nutc_offset = \"CET\"",
            ["`utc_offset`", "-05:00"],
        ),
        ("kind = \"uptime\"\ntime_column = \"t\"\nfrom = \"July\"", ["`from`", "July"]),
        ("kind = \"uptime\"\ntime_column = \"t\"\nformat = \"xlsx\"", ["`format`", "xlsx"]),
        (
            "kind = \"uptime\"\ntime_column = \"t\"\ntime_format = \"%Q\"",
            ["`time_format`", "strftime letters"],
        ),
        (
            "kind = \"uptime\"\ntime_column = \"t\"\ntime_format = \"%H:%\"",
            ["`time_format`", "%H:%"],
        ),
        ("kind = \"uptime\"\ntime_column = \"t\"\nheader = false", ["`header`", "by number"]),
        ("kind = \"uptime\"\ntime_column = \"t\"\ndelimiter = \"--\"", ["`delimiter`", "--"]),
        ("kind = \"coverage\"\nformat = \"csv\"", ["`format`", "helium-ndjson"]),
        ("kind = \"energy\"\ntime_column = \"t\"", ["`value_column`", "nothing"]),
        (
            "kind = \"energy\"\ntime_column = \"t\"\nvalue_column = 1\ninterval_seconds = 900",
            ["`nameplate_w`", "nothing"],
        ),
        (
            "kind = \"energy\"\ntime_column = \"t\"\nvalue_column = 1\nnameplate_w = 1",
            ["`interval_seconds`", "86400"],
        ),
        (
            "kind = \"energy\"\ntime_column = \"t\"\nvalue_column = 1\ninterval_seconds = 9\nnameplate_w = 1\nunit = \"hp\"",
            ["`unit`", "hp"],
        ),
    ] {
        let text = format!("[[records]]\npath = \"a.csv\"\n{keys}\n");
        let error = Description::parse(&text, "records.toml").unwrap_err().to_string();
        assert!(error.contains("records.toml"), "{error}");
        for part in parts {
            assert!(error.contains(part), "{keys}: {error}");
        }
    }
    let empty = Description::parse("", "records.toml").unwrap_err();
    assert!(matches!(empty, FleetError::Empty { .. }));
}
