//! Runs over folders: killed, stopped, watched, estimated.

use crate::run::{ergon, run_with};
use crate::sealed::sealed;
use crate::small::{PROVER, Small};
use ergon_types::Kind;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// Writes bundles of as many epochs into `bundles/`.
fn fill(small: &Small, epochs: std::ops::Range<u64>) {
    let folder = small.folder.path().join("bundles");
    fs::create_dir_all(&folder).unwrap();
    for epoch in epochs {
        let bundle = sealed(Kind::Uptime, epoch, 1);
        let text = serde_json::to_string(&bundle).unwrap();
        fs::write(folder.join(format!("{}.json", bundle.name())), text).unwrap();
    }
}

fn start(small: &Small, words: &[&str]) -> Child {
    let mut command = Command::new(ergon().get_program());
    command.arg("prove").args(words).env("ERGON_PARAMS", small.params());
    command.args(["--out", &small.path("out")]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
}

/// Submissions in the output folder, by name.
fn submissions(out: &str) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = fs::read_dir(out) else { return BTreeMap::new() };
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().ends_with(".submission.json"))
        .map(|path| (path.display().to_string(), fs::read(path).unwrap()))
        .collect()
}

/// Waits until so many submissions are there.
fn wait_for(out: &str, count: usize) {
    for _ in 0..600 {
        if submissions(out).len() >= count {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("{} of {count} submissions after 30 seconds", submissions(out).len());
}

fn resume(small: &Small) -> Value {
    let words = ["prove", "--resume", "--out", &small.path("out"), "--json"];
    serde_json::from_str(&run_with(&small.params(), &words).succeeded().out).unwrap()
}

#[test]
fn a_run_that_is_killed_again_and_again_and_resumed_ends_with_one_proof_of_each_bundle() {
    const BUNDLES: u64 = 24;
    let small = Small::new();
    fill(&small, 0..BUNDLES);
    let (bundles, out) = (small.path("bundles"), small.path("out"));
    let mut words = vec![bundles.as_str(), "--prover", PROVER];
    for proven in [1, 5, 9, 14] {
        let mut child = start(&small, &words);
        wait_for(&out, proven);
        child.kill().unwrap();
        child.wait().unwrap();
        words = vec!["--resume"];
    }
    let before = submissions(&out);
    assert!(before.len() >= 14);
    let report = resume(&small);
    let after = submissions(&out);
    assert_eq!(after.len() as u64, BUNDLES);
    let verify: Vec<&str> =
        std::iter::once("verify").chain(after.keys().map(String::as_str)).collect();
    run_with(&small.params(), &verify).succeeded();
    // What was whole before is kept as it was.
    let is_kept = |(name, bytes): (&String, &Vec<u8>)| after[name] == *bytes;
    assert!(before.iter().all(is_kept));
    let summary = &report["summary"];
    assert_eq!(summary["kept"], before.len());
    assert_eq!(summary["proven"], BUNDLES as usize - before.len());
    assert_eq!((&summary["failed"], &summary["left"]), (&0.into(), &0.into()));
    assert!(summary["peak_memory_bytes"].as_u64().unwrap() > 1 << 20);
    let accelerators = summary["accelerators"].as_object().unwrap();
    let proofs: u64 = accelerators.values().map(|work| work["proofs"].as_u64().unwrap()).sum();
    assert_eq!(summary["proven"], proofs);
}

#[test]
fn a_run_that_is_asked_to_end_finishes_what_it_began_and_ends_with_8() {
    let small = Small::new();
    fill(&small, 0..200);
    let mut child = start(&small, &[&small.path("bundles"), "--prover", PROVER, "--json"]);
    wait_for(&small.path("out"), 2);
    signal(&child, "-TERM");
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(8), "{said}");
    assert!(said.contains("finishing the proofs under way") && said.contains("--resume"), "{said}");
    let report: Value = serde_json::from_str(&text).unwrap();
    let (proven, left) = (&report["summary"]["proven"], &report["summary"]["left"]);
    assert_eq!(proven.as_u64().unwrap() + left.as_u64().unwrap(), 200);
    assert!(left.as_u64() > Some(0));
    assert_eq!(submissions(&small.path("out")).len() as u64, proven.as_u64().unwrap());
}

/// The body that `/metrics` serves.
fn scrape(address: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_watched_folder_is_proven_as_it_fills_and_prometheus_reads_the_counts() {
    let small = Small::new();
    fill(&small, 0..2);
    let bundles = small.path("bundles");
    let words = [&bundles, "--prover", PROVER, "--watch", "--metrics", "127.0.0.1:0"];
    let mut child = start(&small, &words);
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let address =
        line.strip_prefix("metrics on http://").unwrap().strip_suffix("/metrics").unwrap();
    let out = small.path("out");
    wait_for(&out, 2);
    fill(&small, 2..5);
    fs::write(Path::new(&bundles).join("bad.json"), "{}").unwrap();
    wait_for(&out, 5);
    let has = |text: &str, line: &str| text.lines().any(|found| found == line);
    let mut text = String::new();
    for _ in 0..100 {
        text = scrape(address);
        if has(&text, "ergon_prove_waiting 0") {
            break;
        }
        sleep(Duration::from_millis(50));
    }
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("openmetrics-text"), "{text}");
    assert!(has(&text, "ergon_prove_bundles_total{status=\"proven\"} 5"), "{text}");
    assert!(has(&text, "ergon_prove_bundles_total{status=\"failed\"} 1"), "{text}");
    assert!(text.contains("ergon_prove_proofs_total{accelerator=\"cpu-"), "{text}");
    assert!(text.contains("ergon_prove_quarantined{accelerator=\"cpu-"), "{text}");
    assert!(text.contains("ergon_prove_seconds_total{stage=\"verify\"}"), "{text}");
    assert!(text.contains("ergon_prove_peak_memory_bytes"), "{text}");
    signal(&child, "-INT");
    // One bundle failed; none is left.
    assert_eq!(child.wait().unwrap().code(), Some(5));
}

#[test]
fn an_estimate_proves_nothing_and_a_limit_of_memory_refuses_what_does_not_fit() {
    let small = Small::new();
    fill(&small, 0..3);
    let (bundles, out) = (small.path("bundles"), small.path("out"));
    let words = ["prove", &bundles, "--prover", PROVER, "--out", &out, "--estimate"];
    let text = run_with(&small.params(), &words).succeeded().out;
    assert!(text.contains("uptime-1: 3 bundles") && text.contains("MiB of memory"), "{text}");
    let json = run_with(&small.params(), &[&words[..], &["--json"]].concat()).succeeded();
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&json[0]["bundles"], &json[0]["fits"]), (&3.into(), &true.into()));
    assert_eq!(json[0]["domain"], 1 << 14);
    assert!(!Path::new(&out).exists());

    let one = small.path("bundles/uptime-0-1.json");
    let words = ["prove", &one, "--prover", PROVER, "--out", &out, "--memory", "1"];
    run_with(&small.params(), &words).failed(1, &["circuit uptime-1", "1 MiB are free"]);

    let tables = ["prove", &one, "--prover", PROVER, "--out", &out, "--table-memory", "16"];
    let text = run_with(&small.params(), &[&tables[..], &["--estimate"]].concat()).succeeded().out;
    assert!(text.contains("16 of them tables"), "{text}");
    let words = [&tables[..], &["--gpu", "off", "--json"]].concat();
    let json = run_with(&small.params(), &words).succeeded();
    let json: Value = serde_json::from_str(&json.out).unwrap();
    let accelerators = json["summary"]["accelerators"].as_object().unwrap();
    assert!(accelerators.len() == 1, "{accelerators:?}");
    assert!(accelerators.keys().all(|name| name.ends_with("-tables")), "{accelerators:?}");
    assert_eq!(json["summary"]["proven"], 1);

    let endless = [&tables[..6], &["--table-memory", "1099511627776"]].concat();
    run_with(&small.params(), &endless).failed(2, &["--table-memory"]);

    let nothing = ["prove", "--resume", "--out", &small.path("none")];
    run_with(&small.params(), &nothing).failed(3, &["run.json", "nothing to resume"]);
}

#[test]
fn the_doctor_tries_every_accelerator_and_says_where_the_keys_are() {
    let small = Small::new();
    let found = run_with(&small.params(), &["doctor", "--json"]).succeeded();
    let found: Value = serde_json::from_str(&found.out).unwrap();
    assert!(found["cores"].as_u64() > Some(0) && found["free_memory_bytes"].as_u64() > Some(0));
    let accelerators = found["accelerators"].as_array().unwrap();
    assert_eq!(accelerators[0]["name"], "cpu-portable");
    for accelerator in accelerators {
        assert_eq!(accelerator["error"], Value::Null, "{accelerator}");
        assert!(accelerator["seconds"].as_f64() > Some(0.0), "{accelerator}");
    }
    assert_eq!(found["keys"]["circuits"], serde_json::json!(["uptime-1"]));
}

/// Bytes that a process has in memory.
fn resident(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[test]
#[ignore = "takes long; tools/nightly runs it"]
fn ten_thousand_proofs_leave_memory_flat_and_none_unverified() {
    const BUNDLES: u64 = 10_000;
    let small = Small::new();
    fill(&small, 0..BUNDLES);
    let mut child = start(&small, &[&small.path("bundles"), "--prover", PROVER, "--json"]);
    let mut stdout = child.stdout.take().unwrap();
    let text = std::thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).unwrap();
        text
    });
    // A name for each: reading ten thousand files each time would be work of its own.
    let proven = |out: &str| {
        let names = fs::read_dir(out).into_iter().flatten().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_str().unwrap().ends_with(".submission.json")).count() as u64
    };
    let out = small.path("out");
    let mut after_each_thousand = Vec::new();
    while child.try_wait().unwrap().is_none() {
        if proven(&out) >= 1_000 * (after_each_thousand.len() as u64 + 1) {
            let bytes = resident(&child);
            eprintln!("{} proofs: {} MiB", proven(&out), bytes >> 20);
            after_each_thousand.push(bytes);
        }
        sleep(Duration::from_millis(500));
    }
    let report: Value = serde_json::from_str(&text.join().unwrap()).unwrap();
    eprintln!("{}", report["summary"]);
    assert_eq!(report["summary"]["proven"], BUNDLES);
    let (first, last) =
        (after_each_thousand[0], after_each_thousand[after_each_thousand.len() - 1]);
    assert!(after_each_thousand.len() >= 9 && last < first + first / 10, "{after_each_thousand:?}");

    let names: Vec<String> = submissions(&out).into_keys().collect();
    assert_eq!(names.len() as u64, BUNDLES);
    for names in names.chunks(500) {
        let words: Vec<&str> =
            std::iter::once("verify").chain(names.iter().map(String::as_str)).collect();
        run_with(&small.params(), &words).succeeded();
    }
}
