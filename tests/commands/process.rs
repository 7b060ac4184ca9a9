//! The path through separate processes: a gateway, devices, a prover, a verifier, with files and HTTP between them.

use crate::child::{GatewayChild, TOKEN, configure};
use crate::keys_of::trial;
use crate::run::{run, run_with};
use crate::small::PROVER;
use ergon_circuits::CircuitId;
use ergon_gateway::Client;
use ergon_types::{Bundle, Kind, PublicKey};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use tempfile::TempDir;

/// A day in ten seconds.
const SPEED: u32 = 8_640;

const DESCRIPTION: &str = r#"
[[records]]
kind = "energy"
path = "roof.csv"
time_column = 0
value_column = 1
time_format = "%d.%m.%Y %H:%M"
utc_offset = "+02:00"
unit = "kW"
interval_seconds = 7200
nameplate_kw = 300
devices = 2

[[records]]
kind = "uptime"
path = "gate.csv"
time_column = "at"
utc_offset = "Z"
devices = 1
"#;

/// Two days of a roof of 300 kW and one of a gate that reports every hour, late enough that a slow start does not matter.
fn records() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("records.toml"), DESCRIPTION).unwrap();
    let roof = "time;power\n31.05.2024 10:00;120,5\n31.05.2024 12:00;0,25\n01.06.2024 09:00;80\n";
    fs::write(folder.path().join("roof.csv"), roof).unwrap();
    let gate: String = (8..20).map(|hour| format!("2024-06-01 {hour:02}:00\n")).collect();
    fs::write(folder.path().join("gate.csv"), format!("at\n{gate}")).unwrap();
    folder
}

/// Seals a cohort's epoch over HTTP as soon as the gateway lets it.
fn seal(gateway: &GatewayChild, cohort: u32) -> Bundle {
    let attestor = PublicKey::from_hex(&gateway.attestor).unwrap();
    let client = Client::new(&gateway.url, attestor, Some(TOKEN.into())).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        loop {
            match client.seal(cohort, 0).await {
                Ok(summary) => {
                    assert_eq!(summary.contradicted, [0u64; 0]);
                    assert_eq!(summary.silent, [0u64; 0]);
                    return client.bundle(cohort, 0).await.unwrap();
                }
                Err(error) => {
                    let code = error.rejection().map(|rejection| rejection.code.as_str());
                    assert_eq!(code, Some("too_early"), "{error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    })
}

#[test]
fn records_are_replayed_sealed_proven_and_verified_by_separate_processes() {
    let params = trial(&CircuitId::TRIAL).folder();
    let (folder, records) = (tempfile::tempdir().unwrap(), records());
    let gateway = GatewayChild::start(folder.path(), SPEED);
    let mut words = vec!["fleet", "replay", records.path().to_str().unwrap(), "--json"];
    words.extend(["--gateway", &gateway.url, "--attestor", &gateway.attestor, "--token", TOKEN]);
    let replayed = run(&words).succeeded();
    let devices: Value = serde_json::from_str(&replayed.out).unwrap();
    let packets: u64 =
        devices.as_array().unwrap().iter().map(|d| d["packets"].as_u64().unwrap()).sum();
    assert!(replayed.err.contains(&format!("{packets} packets acknowledged")), "{}", replayed.err);
    assert!(!replayed.err.contains("refused"), "{}", replayed.err);

    let bundles = folder.path().join("data/bundles");
    let (energy, uptime) = (seal(&gateway, 1), seal(&gateway, 2));
    assert_eq!((energy.kind, uptime.kind), (Kind::Energy, Kind::Uptime));
    let files = [("energy-0-1", energy), ("uptime-0-2", uptime)].map(|(name, bundle)| {
        let file = bundles.join(format!("{name}.json"));
        let written: Bundle = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(written, bundle, "the bundle over HTTP is the one in the file");
        file.to_str().unwrap().to_owned()
    });
    assert!(gateway.interrupted(), "a gateway that is interrupted ends well");

    let out = folder.path().join("submissions");
    let out = out.to_str().unwrap();
    let words = ["prove", &files[0], &files[1], "--prover", PROVER, "--out", out];
    run_with(params, &words).succeeded();
    let submissions = ["energy-0-1", "uptime-0-2"].map(|n| format!("{out}/{n}.submission.json"));
    let verified = run_with(params, &["verify", &submissions[0], &submissions[1]]).succeeded();
    assert_eq!(verified.out.lines().filter(|line| line.starts_with("valid")).count(), 2);

    let proven =
        |path: &str| -> Value { serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap() };
    // 2 h of 120.5 kW and 2 h of 250 W; 2 h of 80 kW.
    let energy = proven(&submissions[0]);
    assert_eq!(energy["measured"], serde_json::json!([241_500, 160_000, 0, 0, 0, 0, 0, 0]));
    // Twelve slots are too few for the first tier.
    let uptime = proven(&submissions[1]);
    assert_eq!((&uptime["measured"][0], &uptime["units"][0]), (&12.into(), &0.into()));
    let mode = fs::metadata(format!("{out}/energy-0-1.state.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_gateway_that_refuses_ends_the_command_with_7() {
    let folder = tempfile::tempdir().unwrap();
    let gateway = GatewayChild::start(folder.path(), 1);
    let mut words = vec!["fleet", "simulate", "--kinds", "uptime", "--devices", "1"];
    words.extend(["--gateway", &gateway.url, "--attestor", &gateway.attestor]);
    words.extend(["--token", "not the operator's token"]);
    run(&words).failed(7, &["unauthorized"]);
    // The same folder cannot serve two gateways, and a key that others can read is not used.
    let config = configure(folder.path());
    let again = ["gateway", "--config", &config, "--token", TOKEN, "--listen", "127.0.0.1:0"];
    run(&again).failed(1, &["gateway.sqlite"]);
    let key = folder.path().join("attestor");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    run(&again).failed(1, &["chmod 600"]);
}
