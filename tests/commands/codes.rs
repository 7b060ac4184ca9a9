//! Codes of what the command line, keys, proofs and endpoints can have wrong; `docs/commands.md` lists them.

use crate::keys_of::trial;
use crate::run::{run, run_with};
use crate::small::{NAME, PROVER, Small};
use ergon_circuits::CircuitId;
use std::fs;

#[test]
fn bad_usage_ends_with_2() {
    run(&[]).failed(2, &["Usage"]);
    run(&["demo", "--strict"]).failed(2, &["--records"]);
    run(&["mine"]).failed(2, &["mine"]);
    run(&["prove", "a.json"]).failed(2, &["--prover"]);
    run(&["prove", "a.json", "--prover", "0x12"]).failed(2, &["40 hexadecimal digits"]);
    run(&["demo", "--insecure"]).failed(2, &["--rpc"]);
    run(&["params", "generate", "uptime-7"]).failed(2, &["such as uptime-8"]);
    run(&["params", "import", "final.zkey"]).failed(2, &["--circuit"]);
    run(&["verify"]).failed(2, &["SUBMISSION"]);
    run(&["verify", "--snarkjs", "vk.json", "public.json"]).failed(2, &["3 values", "--snarkjs"]);
    run(&["fleet", "simulate", "--kinds", "wind"]).failed(2, &["uptime, coverage, energy"]);
}

#[test]
fn what_has_no_code_of_its_own_ends_with_1() {
    let missing = ["gateway", "--config", "nowhere.toml", "--token", "0123456789abcdef"];
    run(&missing).failed(1, &["nowhere.toml"]);
}

#[test]
fn a_ceremony_key_that_cannot_be_read_ends_with_3_and_one_that_is_none_with_4() {
    let folder = tempfile::tempdir().unwrap();
    let import =
        |file: &str| run_with(folder.path(), &["params", "import", file, "--circuit", "uptime-1"]);
    import("nowhere.zkey").failed(3, &["nowhere.zkey", "could not read"]);
    let file = folder.path().join("other.zkey");
    fs::write(&file, "not a key").unwrap();
    let file = file.to_str().unwrap();
    import(file).failed(4, &[file, "cannot be imported as the key of circuit uptime-1", ".zkey"]);
}

#[test]
fn a_corrupted_key_ends_with_4_and_names_the_file_and_both_hashes() {
    let small = Small::new();
    let file = small.params().join(format!("{NAME}.key"));
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let bundle = small.path("bundle.json");
    for words in [&["params", "verify"][..], &["prove", &bundle, "--prover", PROVER]] {
        let run = run_with(&small.params(), words);
        let run = run.failed(4, &[file.to_str().unwrap(), "expected SHA-256", "params generate"]);
        let hashes = run.err.split(|c: char| !c.is_ascii_hexdigit()).filter(|w| w.len() == 64);
        assert_eq!(hashes.count(), 2, "{}", run.err);
    }
    // And generating again is what helps.
    run_with(&small.params(), &["params", "generate", NAME]).succeeded();
    run_with(&small.params(), &["params", "verify"]).succeeded();
}

#[test]
fn the_demo_does_not_replace_a_damaged_key_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let first = CircuitId::TRIAL[0].to_string();
    run_with(folder.path(), &["params", "generate", &first]).succeeded();
    let file = folder.path().join(format!("{first}.key"));
    let mut bytes = fs::read(&file).unwrap();
    bytes.truncate(1000);
    fs::write(&file, &bytes).unwrap();
    let name = file.to_str().unwrap();
    run_with(folder.path(), &["demo"]).failed(4, &[name, "expected SHA-256", "params generate"]);
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[test]
fn a_missing_key_ends_with_4_and_says_how_to_make_it() {
    let small = Small::new();
    let submission = small.proven();
    let bundle = small.path("bundle.json");
    let prove = ["prove", &bundle, "--prover", PROVER, "--out", &small.path("other")];
    for words in [&prove[..], &["verify", &submission], &["params", "verify"]] {
        let empty = tempfile::tempdir().unwrap();
        run_with(empty.path(), words).failed(4, &["manifest.toml", "params generate"]);
    }
    fs::remove_file(small.params().join(format!("{NAME}.vk.json"))).unwrap();
    run_with(&small.params(), &["verify", &submission]).failed(4, &["uptime-1.vk.json"]);
    fs::remove_file(small.params().join(format!("{NAME}.key"))).unwrap();
    run_with(&small.params(), &prove).failed(4, &["uptime-1.key", "params generate"]);
}

#[test]
fn the_key_of_another_circuit_ends_with_4() {
    let small = Small::new();
    let manifest = small.params().join("manifest.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    // The manifest calls the key of cohorts of one that of cohorts of two.
    fs::write(&manifest, text.replace("circuit = \"uptime-1\"", "circuit = \"uptime-2\"")).unwrap();
    let verify = run_with(&small.params(), &["params", "verify"]);
    verify.failed(4, &["uptime-1.key", "another version of circuit uptime-2"]);
    let bundle = small.path("bundle.json");
    let prove = run_with(&small.params(), &["prove", &bundle, "--prover", PROVER]);
    prove.failed(4, &["lists no key for circuit uptime-1"]);
}

#[test]
fn a_tampered_submission_ends_with_5_and_names_what_was_changed() {
    let small = Small::new();
    let file = small.proven();
    run_with(&small.params(), &["verify", &file]).succeeded();
    let good: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let tampered = |path: &str, value: serde_json::Value, says: &[&str]| {
        let mut bad = good.clone();
        *bad.pointer_mut(path).unwrap() = value;
        fs::write(&file, bad.to_string()).unwrap();
        run_with(&small.params(), &["verify", &file]).failed(5, says);
    };
    tampered("/units/0", 10_000.into(), &["units"]);
    tampered("/prover", "0x0000000000000000000000000000000000000001".into(), &["prover"]);
    tampered("/epoch", 1.into(), &["epoch"]);
    tampered("/proof/pi_a", good["proof"]["pi_c"].clone(), &["proof_words"]);
    tampered("/version", 9.into(), &["version 9"]);
    fs::write(&file, "{").unwrap();
    run_with(&small.params(), &["verify", &file]).failed(5, &["submission", "malformed"]);
}

#[test]
fn a_bundle_that_fails_beside_others_ends_with_5_and_the_others_are_proven() {
    let small = Small::new();
    let (good, bad, out) = (small.path("bundle.json"), small.path("bad.json"), small.path("out"));
    fs::write(&bad, "{}").unwrap();
    let words = ["prove", &bad, &good, "--prover", PROVER, "--out", &out, "--json"];
    let run = run_with(&small.params(), &words).failed(5, &["1 of 2 bundles"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let lines = &report["bundles"];
    assert_eq!(
        (&report["summary"]["proven"], &report["summary"]["failed"]),
        (&1.into(), &1.into())
    );
    assert_eq!((&lines[0]["status"], &lines[1]["status"]), (&"failed".into(), &"proven".into()));
    assert!(lines[0]["error"].as_str().unwrap().contains("bad.json"));
    let submission = lines[1]["submission"].as_str().unwrap();
    run_with(&small.params(), &["verify", submission]).succeeded();
    // Repeating it keeps what is there.
    let words = ["prove", &good, "--prover", PROVER, "--out", &out];
    assert!(run_with(&small.params(), &words).succeeded().out.starts_with("kept"));
}

#[test]
fn an_endpoint_that_is_down_ends_with_6() {
    let down = "http://127.0.0.1:1";
    let params = trial(&CircuitId::TRIAL);
    let demo = run_with(params.folder(), &["demo", "--devices", "1", "--rpc", down, "--insecure"]);
    demo.failed(6, &[down, "anvil"]);
    let attestor = ergon_fleet::trial_key(0, 0).public().to_hex();
    let mut words = vec!["fleet", "simulate", "--kinds", "uptime", "--devices", "1"];
    words.extend(["--gateway", down, "--attestor", &attestor, "--token", "0123456789abcdef"]);
    run(&words).failed(6, &[down]);
}
