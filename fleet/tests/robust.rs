//! No input makes the reader panic; it is used, or it is an error with a message.
#![allow(clippy::unwrap_used)]

#[path = "support/folder.rs"]
mod folder;

use ergon_fleet::{Description, Fleet};
use proptest::prelude::*;

const KEYS: [(&str, &str); 6] = [
    ("a.csv", "kind = \"uptime\"\ntime_column = \"t\""),
    ("a.csv", "kind = \"uptime\"\ntime_column = 0\ntime_format = \"%d.%m.%y %H:%M\""),
    (
        "a.csv",
        "kind = \"energy\"\ntime_column = 0\nvalue_column = 1\nnameplate_w = 9\ninterval_seconds = 900",
    ),
    (
        "a.csv.gz",
        "kind = \"energy\"\ntime_column = \"t\"\nvalue_column = \"\"\nnameplate_w = 9\ninterval_seconds = 7",
    ),
    (
        "a.ndjson",
        "kind = \"energy\"\ntime_column = \"t\"\nvalue_column = \"v\"\nnameplate_w = 9\ninterval_seconds = 60",
    ),
    ("a.ndjson", "kind = \"coverage\""),
];

fn read(bytes: &[u8]) {
    for (file, keys) in KEYS {
        for strict in [false, true] {
            match folder::replay(keys, file, bytes, strict) {
                Ok(fleet) => assert!(touched(&fleet) < 1 << 20),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
}

/// Touches what a reader of the fleet would.
fn touched(fleet: &Fleet) -> usize {
    fleet.groups.iter().map(|_| folder::measured(fleet).len()).sum::<usize>()
        + fleet.schedule().len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn arbitrary_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes);
    }

    #[test]
    fn nearly_readable_lines_are_survived(
        lines in prop::collection::vec("[0-9/:. TZ+,;eE\"\\-éAPMJulyx]{0,40}", 0..12),
    ) {
        read(format!("t,\n{}", lines.join("\n")).as_bytes());
    }

    #[test]
    fn nearly_right_times_are_survived(
        lines in prop::collection::vec("[0-9]{1,5}[-/. ]([0-9]{1,3}|Jul|Mon)[-/. ][0-9]{1,5}[T ,_]{1,2}[0-9]{1,6}(:[0-9]{1,3}){0,3}([.,][0-9]{0,12})?[ ]?([AaPp][Mm]|Z|UTC|GMT|[+-][0-9:]{1,6}|\\[[a-z]{0,3}\\])?", 1..12),
        values in prop::collection::vec("-?[0-9.,e+]{0,34}", 12),
    ) {
        let rows: Vec<String> = lines.iter().zip(&values).map(|(t, v)| format!("{t};{v}")).collect();
        read(format!("t;\n{}", rows.join("\n")).as_bytes());
    }

    #[test]
    fn arbitrary_objects_are_survived(
        t in "(null|-?[0-9]{1,25}|-?[0-9]{1,3}e[0-9]{1,4}|\"[^\"\\\\]{0,20}\")",
        place in "-?[0-9]{1,4}(\\.[0-9]{1,3})?",
        rssi in "(null|-?[0-9]{1,4}|\"x\")",
    ) {
        let line = format!(
            "{{\"t\":{t},\"v\":{place},\"dev_eui\":\"d\",\"_timestamp\":{t},\"_devLocation\":{{\"latitude\":{place},\"longitude\":{place}}},\"hotspots\":[{{\"id\":\"h\",\"lat\":{place},\"long\":{place},\"rssi\":{rssi},\"reported_at\":{t}}}]}}"
        );
        read(format!("{line}\n{line}").as_bytes());
    }

    #[test]
    fn arbitrary_descriptions_are_survived(
        text in "(\\[\\[records\\]\\]\n)?((kind|path|unit|from|devices|days|utc_offset|delimiter) = (\"[a-zA-Z0-9:+.-]{0,9}\"|-?[0-9]{1,20}|1e300|nan|2016-07-01|true)\n){0,6}",
    ) {
        if let Err(error) = Description::parse(&text, "records.toml") {
            prop_assert!(error.to_string().contains("records.toml"));
        }
    }
}
