//! Recorded data and bundles that cannot be used end with 3; what can be used is used, with a note.

use crate::run::{run, run_with};
use crate::small::{PROVER, Small};
use std::fs;
use tempfile::TempDir;

const DESCRIPTION: &str = r#"
[[records]]
kind = "energy"
path = "meter.csv"
time_column = "time"
value_column = "power"
utc_offset = "Z"
interval_seconds = 3600
nameplate_w = 5000
devices = 1
"#;

fn folder(meter: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("records.toml"), DESCRIPTION).unwrap();
    fs::write(folder.path().join("meter.csv"), meter).unwrap();
    folder
}

#[test]
fn a_folder_without_a_description_ends_with_3() {
    let empty = tempfile::tempdir().unwrap();
    let path = empty.path().to_str().unwrap();
    run(&["fleet", "replay", path]).failed(3, &["records.toml"]);
    run(&["demo", "--records", path]).failed(3, &["records.toml"]);
    run(&["demo", "--records", "/nowhere"]).failed(3, &["/nowhere/records.toml"]);
}

#[test]
fn a_malformed_line_is_named_and_ends_a_strict_run_with_3() {
    let meter = "time,power\n2024-06-01T10:00:00Z,1000\n2024-06-01T11:00:00Z,much\n\
                 2024-06-01T12:00:00Z,500\n";
    let folder = folder(meter);
    let path = folder.path().to_str().unwrap();
    for command in
        [&["fleet", "replay", path, "--strict"][..], &["demo", "--records", path, "--strict"]]
    {
        run(command).failed(3, &["meter.csv, line 3", "much"]);
    }
    // Without --strict the rest is used, and the line is named all the same.
    let lenient = run(&["fleet", "replay", path, "--json"]).succeeded();
    assert!(lenient.err.contains("meter.csv, line 3"), "{}", lenient.err);
    let devices: serde_json::Value = serde_json::from_str(&lenient.out).unwrap();
    assert_eq!(devices[0]["measured"], 1500);
}

#[test]
fn a_file_without_a_usable_line_ends_with_3() {
    let folder = folder("time,power\nyesterday,1\n");
    let path = folder.path().to_str().unwrap();
    run(&["fleet", "replay", path]).failed(3, &["meter.csv", "line 2"]);
    fs::remove_file(folder.path().join("meter.csv")).unwrap();
    run(&["fleet", "replay", path]).failed(3, &["meter.csv"]);
    let unknown = format!("{DESCRIPTION}\nnameplate = 5");
    fs::write(folder.path().join("records.toml"), unknown).unwrap();
    run(&["fleet", "replay", path]).failed(3, &["nameplate", "docs/records.md"]);
}

#[test]
fn what_is_no_bundle_ends_with_3() {
    let small = Small::new();
    let bundle = small.path("bundle.json");
    let prove = |says: &[&str]| {
        let out = small.path("out");
        let words = ["prove", &bundle, "--prover", PROVER, "--out", &out];
        run_with(&small.params(), &words).failed(3, says);
    };
    let text = fs::read_to_string(&bundle).unwrap();
    for garbage in ["", "{}", "[1, 2]", &text[..text.len() / 2], "\u{0}\u{1}"] {
        fs::write(&bundle, garbage).unwrap();
        prove(&["bundle.json", "not a witness bundle", "ergon gateway"]);
    }
    fs::remove_file(&bundle).unwrap();
    prove(&["bundle.json", "No such file"]);
}

#[test]
fn a_bundle_whose_seal_was_changed_ends_with_5() {
    let small = Small::new();
    let path = small.path("bundle.json");
    let text = fs::read_to_string(&path).unwrap();
    let mut bundle: serde_json::Value = serde_json::from_str(&text).unwrap();
    bundle["seal"]["salt"] = "1".into();
    fs::write(&path, bundle.to_string()).unwrap();
    let out = small.path("out");
    let words = ["prove", &path, "--prover", PROVER, "--out", &out];
    run_with(&small.params(), &words).failed(5, &["uptime-0-0", "signature"]);
    assert!(!small.folder.path().join("out/uptime-0-0.submission.json").exists());
}
