//! Tables of many layouts: delimiters, headers, marks of missing values, decimal notations, encodings.
#![allow(clippy::unwrap_used)]

#[path = "support/folder.rs"]
mod folder;

use std::io::Write;

use ergon_fleet::{Fleet, FleetError};

const ENERGY: &str = "kind = \"energy\"\nnameplate_kw = 500\nunit = \"kw\"\ninterval_seconds = 3600\nutc_offset = \"Z\"";
const NAMED: &str = "time_column = \"time\"\nvalue_column = \"power\"";
const NUMBERED: &str = "time_column = 0\nvalue_column = 1";

fn energy(keys: &str, text: &str) -> Result<Fleet, FleetError> {
    folder::replay(&format!("{ENERGY}\n{keys}"), "plant.csv", text.as_bytes(), true)
}

/// Watt-hours of the only day.
fn watt_hours(keys: &str, text: &str) -> u64 {
    let fleet = energy(keys, text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    folder::measured(&fleet)[0].1
}

#[test]
fn delimiters_are_found() {
    for text in [
        "time,power\n2016-07-01 10:00,12.5\n",
        "time;power\n01.07.2016 10:00;12,5\n",
        "time\tpower\n2016-07-01 10:00\t12.5\n",
        "time|power\n2016-07-01 10:00|12.5\n",
        "\u{feff}time,power\r\n2016-07-01 10:00,12.5\r\n\r\n\r\n",
        "\"time\",\"power\"\n\"2016-07-01 10:00\",\"12.5\"\n",
        "\"time\",\"note, long\",\"power\"\n\"2016-07-01 10:00\",\"a, b\",\"12.5\"\n",
        " time , power \n 2016-07-01 10:00 , 12.5 \n",
        "power,time\n1.25e1,2016-07-01 10:00\n",
        "Time,POWER\n2016-07-01 10:00,+12.5\n",
        "time,power,\n2016-07-01 10:00,12.5,\n",
    ] {
        assert_eq!(watt_hours(NAMED, text), 12_500, "{text}");
    }
}

#[test]
fn columns_may_be_numbers_with_or_without_a_header() {
    for text in [
        "2016-07-01 10:00,12.5\n",
        "2016-07-01 10:00;12,5\n",
        "when,how much\n2016-07-01 10:00,12.5\n",
        "when_1,power_752\n2016-07-01 10:00,12.5\n",
    ] {
        assert_eq!(watt_hours(NUMBERED, text), 12_500, "{text}");
        let header = text.starts_with('w');
        let said = format!("{NUMBERED}\nheader = {header}");
        assert_eq!(watt_hours(&said, text), 12_500, "{text}");
    }
}

#[test]
fn a_column_without_a_name_is_found_by_the_empty_name() {
    let value = "time_column = \"time\"\nvalue_column = \"\"";
    assert_eq!(watt_hours(value, "time,\n2016-07-01 10:00,12.5\n"), 12_500);
    let time = "time_column = \"\"\nvalue_column = \"power\"";
    assert_eq!(watt_hours(time, ",power\n2016-07-01 10:00,12.5\n"), 12_500);
}

#[test]
fn numbers_keep_every_written_digit() {
    for (number, expected) in [
        ("1.25E+1", 12_500),
        ("0.0129999999999999999", 12),
        ("1e-40", 0),
        (".5", 500),
        ("\"1,234.5\"", 1_234_500),
    ] {
        let text = format!("time,power\n2016-07-01 10:00,{number}\n");
        assert_eq!(watt_hours(NAMED, &text), expected, "{number}");
    }
    for number in ["1.234,5", "\"1,234.5\"", "1234,5", "1234.5"] {
        let text = format!("time;power\n2016-07-01 10:00;{number}\n");
        assert_eq!(watt_hours(NAMED, &text), 1_234_500, "{number}");
    }
}

#[test]
fn a_number_that_could_be_two_is_malformed() {
    let rows = |values: &[&str]| {
        let rows = (10..).zip(values).map(|(h, value)| format!("2016-07-01 {h}:00;{value}\n"));
        format!("time;power\n{}", rows.collect::<String>())
    };
    assert_eq!(watt_hours(NAMED, &rows(&["0,5", "1.234"])), 1_234_500);
    assert_eq!(watt_hours(NAMED, &rows(&["0.5", "1.234"])), 1_734);
    let error = energy(NAMED, &rows(&["0.5", "0,5", "1.234"])).unwrap_err();
    assert!(matches!(error, FleetError::Malformed { line: 4, .. }), "{error}");
}

#[test]
fn a_first_line_with_a_number_is_data_even_if_its_time_is_malformed() {
    let error = energy(NUMBERED, "2016-13-45 10:00,1\n2016-07-01 10:00,2\n").unwrap_err();
    assert!(matches!(error, FleetError::Malformed { line: 1, .. }), "{error}");
}

#[test]
fn comments_before_the_header_are_skipped() {
    let rows = "2016-07-01 10:00,12.5\n";
    for head in ["# Plant 7; \"north\n#a,b\n\ntime,power\n", "# time is local\ntime,power\n"] {
        assert_eq!(watt_hours(NAMED, &format!("{head}{rows}")), 12_500, "{head}");
    }
    assert_eq!(watt_hours(NUMBERED, &format!("# when, what\n{rows}")), 12_500);
    let hash = "time_column = \"#time\"\nvalue_column = \"power\"";
    assert_eq!(watt_hours(hash, &format!("# exported\n#time,power\n{rows}")), 12_500);
    let bad = energy(NAMED, "# a\n# b\ntime,power\n2016-07-01 10:00,x\n").unwrap_err();
    assert!(matches!(bad, FleetError::Malformed { line: 4, .. }), "{bad}");
}

#[test]
fn missing_values_are_no_reports() {
    for missing in ["", "NaN", "nan", "null", "N/A"] {
        let text = format!("time,power\n2016-07-01 10:00,{missing}\n2016-07-02 10:00,5\n");
        let fleet = energy(NAMED, &text).unwrap();
        assert_eq!(folder::measured(&fleet), [("2016-07-02".into(), 5_000)]);
        assert!(fleet.notes.iter().any(|note| note.contains("1 lines without a value")));
    }
}

#[test]
fn objects_are_read_by_their_keys() {
    let text = "{\"time\":1467367200000,\"power\":12.5}\n\n{\"power\":\"0.5\",\"time\":\"2016-07-01T11:00:00Z\"}\n{\"time\":1467374400,\"power\":null}\n";
    let keys = format!("{ENERGY}\n{NAMED}\nformat = \"ndjson\"");
    let fleet = folder::replay(&keys, "plant.ndjson", text.as_bytes(), true).unwrap();
    assert_eq!(folder::measured(&fleet), [("2016-07-01".into(), 13_000)]);
    let nested = "{\"meta\":{\"at\":1467367200},\"v\":{\"ac\":12.5}}\n";
    let keys = format!("{ENERGY}\ntime_column = \"meta.at\"\nvalue_column = \"v.ac\"");
    let fleet = folder::replay(&keys, "plant.jsonl", nested.as_bytes(), true).unwrap();
    assert_eq!(folder::measured(&fleet), [("2016-07-01".into(), 12_500)]);
}

#[test]
fn gzip_is_known_by_its_bytes() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(b"time,power\n2016-07-01 10:00,12.5\n").unwrap();
    let bytes = packer.finish().unwrap();
    for name in ["plant.csv.gz", "plant.csv"] {
        let keys = format!("{ENERGY}\n{NAMED}");
        let fleet = folder::replay(&keys, name, &bytes, true).unwrap();
        assert_eq!(folder::measured(&fleet), [("2016-07-01".into(), 12_500)]);
    }
    let cut = &bytes[..bytes.len() - 9];
    let error = folder::replay(&format!("{ENERGY}\n{NAMED}"), "plant.csv.gz", cut, false);
    let error = error.unwrap_err();
    assert!(matches!(error, FleetError::Damaged { .. }));
    assert!(error.to_string().contains("damaged or cut short"), "{error}");
}

#[test]
fn rows_need_not_be_sorted_and_repeated_instants_count_once() {
    let text = "time,power\n2016-07-01 11:00,2\n2016-07-01 10:00,1\n2016-07-01T10:00Z,50\n";
    let fleet = energy(NAMED, text).unwrap();
    assert_eq!(folder::measured(&fleet), [("2016-07-01".into(), 3_000)]);
    assert!(fleet.notes.iter().any(|note| note.contains("repeat an instant (the first: line 4)")));
}
