//! Without a file: a seeded fleet of all kinds, from readings to balances.

use crate::demo;
use crate::report::Report;
use crate::run::run;
use serde_json::Value;
use std::collections::BTreeSet;

/// The fields that readers rely on; there may be more.
fn require(value: &Value, fields: &[&str]) {
    for field in fields {
        assert!(!value[field].is_null(), "{field} is missing in {value}");
    }
}

#[test]
fn a_simulated_fleet_is_proven_and_paid() {
    let folder = tempfile::tempdir().unwrap();
    let keep = folder.path().join("kept");
    let demo = demo(&["--json", "--devices", "5", "--keep", keep.to_str().unwrap()]).succeeded();
    let json: Value = serde_json::from_str(&demo.out).unwrap();
    for kind in json["kinds"].as_array().unwrap() {
        let fields = ["kind", "members", "constraints", "proof_ok", "prove_seconds"];
        require(kind, &fields);
        require(kind, &["settle_gas", "claim_gas", "cohorts", "devices"]);
        for device in kind["devices"].as_array().unwrap() {
            require(device, &["id", "source", "day", "measured", "work_units", "reward"]);
            // A simulated device says the truth, so what it claims is proven.
            assert_eq!(device["claimed"], device["measured"], "{device}");
        }
    }
    let report = Report::read(&demo.out);
    report.check();
    let kinds: Vec<&str> = report.kinds.iter().map(|kind| kind.kind.as_str()).collect();
    assert_eq!(kinds, ["uptime", "coverage", "energy"]);
    let devices = report.kinds.iter().flat_map(|kind| &kind.devices);
    let ids: BTreeSet<u64> = devices.clone().map(|device| device.id).collect();
    assert_eq!((ids.len(), devices.clone().count()), (15, 15));
    assert!(devices.clone().all(|device| device.source == "simulated" && device.measured > 0));
    assert!(demo.err.contains("packets signed, admitted and acknowledged"), "{}", demo.err);
    assert!(!demo.err.contains("packets refused"), "{}", demo.err);

    // What it keeps can be checked by whoever has the verifying keys.
    let mut checked = 0;
    for entry in std::fs::read_dir(&keep).unwrap() {
        let path = entry.unwrap().path();
        let path = path.to_str().unwrap();
        if path.ends_with(".submission.json") {
            let params = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("params");
            let words = ["verify", path, "--params", params.to_str().unwrap()];
            assert!(run(&words).succeeded().out.starts_with("valid"));
            checked += 1;
        }
    }
    assert_eq!(checked, 3);
}
