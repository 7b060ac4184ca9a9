//! What other programs read: the JSON of `circuits`, `params` and `fleet`.

use crate::run::{run, run_with};
use crate::small::{NAME, PROVER, Small};
use ergon_circuits::{Circuit, CircuitId};
use ergon_types::{Kind, Packet};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn circuits_counts_every_circuit_exactly() {
    let counts = json(&run(&["circuits", "--json"]).succeeded().out);
    let circuits = counts["circuits"].as_array().unwrap();
    let ids = CircuitId::TRIAL.into_iter().chain(CircuitId::EVIDENCE).chain(CircuitId::PRODUCTION);
    let ids: Vec<CircuitId> = ids.collect();
    assert_eq!(circuits.len(), ids.len());
    let text = run(&["circuits"]).succeeded().out;
    for (circuit, id) in circuits.iter().zip(ids) {
        let name = format!("{}-{}", circuit["kind"].as_str().unwrap(), circuit["members"]);
        assert_eq!(
            (name.as_str(), &circuit["system"]),
            (id.to_string().as_str(), &"groth16".into())
        );
        let constraints = circuit["constraints"].as_u64().unwrap();
        let gadgets = circuit["gadgets"].as_object().unwrap();
        let labelled: u64 = gadgets.values().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(labelled, constraints, "every constraint has a label");
        let per_member = constraints as f64 / circuit["members"].as_f64().unwrap();
        assert_eq!(circuit["per_member"].as_f64().unwrap(), per_member);
        assert!(circuit["variables"].as_u64().unwrap() > 0);
        assert!(circuit["nonzeros"].as_u64().unwrap() > constraints);
        assert!(text.contains(&name) && text.contains(&constraints.to_string()), "{text}");
    }
}

#[test]
fn params_says_what_it_made_and_that_it_is_insecure() {
    let small = Small::new();
    let made = run_with(&small.params(), &["params", "generate", NAME, "membership-1", "--json"]);
    let made = made.succeeded();
    assert!(made.err.contains("uptime-1: key kept"), "{}", made.err);
    assert!(made.err.contains("membership-1: key of") && made.err.contains("insecure"));
    let manifest = json(&made.out);
    let keys = manifest["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    for key in keys {
        assert_eq!(key["ceremony"], "development");
        let file = small.params().join(key["proving_key"]["file"].as_str().unwrap());
        assert_eq!(key["proving_key"]["bytes"], fs::metadata(file).unwrap().len());
        assert_eq!(key["proving_key"]["sha256"].as_str().unwrap().len(), 64);
    }
    let verified = run_with(&small.params(), &["params", "verify", "--json"]).succeeded();
    assert_eq!(json(&verified.out), manifest);
}

#[test]
fn circuits_witnesses_and_proofs_are_written_for_snarkjs() {
    let small = Small::new();
    let (out, bundle, keys) = (small.path("out"), small.path("bundle.json"), small.params());
    let written = run(&["circuits", "export", NAME, "--out", &out, "--json"]).succeeded();
    let written = json(&written.out);
    let counted = Circuit::blank(CircuitId::of(Kind::Uptime, 1)).synthesize();
    assert_eq!(written["constraints"], counted.rows().len());
    assert_eq!(written["variables"], counted.assignment().len());
    assert_eq!((&written["circuit"], &written["public"]), (&NAME.into(), &3.into()));
    let bytes = fs::read(written["file"].as_str().unwrap()).unwrap();
    assert!(bytes.starts_with(b"r1cs"));

    let words = ["witness", &bundle, "--prover", PROVER, "--out", &out, "--json"];
    let line = json(&run_with(&keys, &words).succeeded().out);
    assert_eq!(line["public"].as_array().unwrap().len(), 3);
    let bytes = fs::read(line["witness"].as_str().unwrap()).unwrap();
    assert!(bytes.starts_with(b"wtns"));
    assert!(bytes.len() > 32 * counted.assignment().len());

    let tried = run_with(&keys, &["params", "try", NAME, "--out", &out, "--json"]).succeeded();
    let tried = json(&tried.out);
    let [public, proof] = ["public", "proof"].map(|name| tried[name].as_str().unwrap());
    let key = small.path("params/uptime-1.vk.json");
    run(&["verify", "--evm", "--snarkjs", &key, public, proof]).succeeded();
    // The proof of another statement is not one of these inputs.
    let other = small.path("out/uptime-0-0.public.json");
    run(&["verify", "--evm", "--snarkjs", &key, &other, proof]).failed(5, &["invalid"]);
    run_with(&keys, &["verify", "--evm", &small.proven()]).succeeded();
}

#[test]
fn bench_compares_provers_whose_proofs_hold() {
    let small = Small::new();
    let (keys, csv) = (small.params(), small.path("bench.csv"));
    let words = ["bench", NAME, "--rounds", "2", "--threads", "1", "--json", "--csv", &csv];
    let result = run_with(&keys, &words).succeeded();
    let report = &json(&result.out)[0];
    assert_eq!((&report["circuit"], &report["rounds"]), (&NAME.into(), &2.into()));
    let provers = report["provers"].as_array().unwrap();
    let names: Vec<_> = provers.iter().map(|prover| prover["prover"].as_str().unwrap()).collect();
    assert_eq!(names[..3], ["ark-groth16 0.6", "taceo-groth16 0.2.2", "ergon cpu-portable"]);
    for prover in provers {
        let [median, min, max] = ["median", "min", "max"].map(|part| prover["wall"][part].as_f64());
        assert!(min > Some(0.0) && min <= median && median <= max, "{prover}");
    }
    let lines = fs::read_to_string(&csv).unwrap();
    assert_eq!(lines.lines().count(), 1 + provers.len());

    let earlier = small.path("earlier.json");
    fs::write(&earlier, &result.out).unwrap();
    let again = ["bench", NAME, "--rounds", "1", "--compare", &earlier];
    let again = run_with(&keys, &again).succeeded();
    assert!(again.out.contains("ark-groth16 0.6:") && again.out.contains("earlier result"));
}

#[test]
fn bench_says_what_a_prover_outside_of_the_program_needs() {
    let small = Small::new();
    let bench = |against: &str| {
        run_with(&small.params(), &["bench", NAME, "--rounds", "1", "--against", against])
    };
    bench("nothing").failed(2, &["NAME=COMMAND", "{zkey}"]);
    bench("other=prover {zkey} {wtns} {proof}").failed(3, &["other", "--zkey"]);
}

#[test]
fn only_energy_has_a_state_to_open() {
    let small = Small::new();
    let (out, bundle) = (small.path("out"), small.path("bundle.json"));
    let words = ["state", &bundle, "--included", "0", "--state-after", "7", "--out", &out];
    run(&words).failed(3, &["uptime has no state", "StateAdvanced"]);
    let words = ["state", &bundle, "--included", "0", "--state-after", "seven", "--out", &out];
    run(&words).failed(2, &["seven", "decimal"]);
}

#[test]
fn the_folder_given_wins_over_the_environment() {
    let (small, other) = (Small::new(), tempfile::tempdir().unwrap());
    let folder = small.params();
    let words = ["params", "verify", "--params", folder.to_str().unwrap()];
    run_with(other.path(), &words).succeeded();
}

#[test]
fn fleet_lists_devices_and_writes_every_packet_signed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("packets.ndjson");
    let words = ["fleet", "simulate", "--devices", "3", "--seed", "5", "--epoch", "9", "--json"];
    let words = [&words[..], &["--out", out.to_str().unwrap()]].concat();
    let devices = json(&run(&words).succeeded().out);
    let devices = devices.as_array().unwrap();
    let mut roles: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for device in devices {
        let role = (device["kind"].as_str().unwrap(), device["role"].as_str().unwrap());
        *roles.entry(role).or_default() += 1;
    }
    assert_eq!(roles[&("uptime", "device")], 3);
    assert_eq!(roles[&("energy", "device")], 3);
    assert_eq!(roles[&("coverage", "device")], 3);
    assert!(roles[&("coverage", "witness")] > 0);

    let mut counted: BTreeMap<u64, u64> = BTreeMap::new();
    for line in fs::read_to_string(&out).unwrap().lines() {
        let line = json(line);
        let bytes = hex::decode(line["packet"].as_str().unwrap()).unwrap();
        let packet = Packet::from_bytes(&bytes).unwrap();
        let header = &packet.record.header;
        assert_eq!((header.epoch, Some(header.device)), (9, line["device"].as_u64()));
        assert!(line["at_seconds"].as_u64().unwrap() < 86_400);
        let counter = counted.entry(header.device).or_default();
        *counter += 1;
        assert_eq!(header.counter, *counter);
        let key = ergon_fleet::trial_key(5, header.device).public();
        assert!(key.verifies(&packet.record.message(), &packet.signature));
    }
    let packets: Vec<u64> = devices.iter().map(|d| d["packets"].as_u64().unwrap()).collect();
    assert_eq!(counted.into_values().collect::<Vec<_>>(), packets);

    // The same seed gives the same fleet.
    let again = folder.path().join("again.ndjson");
    let words = ["fleet", "simulate", "--devices", "3", "--seed", "5", "--epoch", "9"];
    let words = [&words[..], &["--out", again.to_str().unwrap()]].concat();
    let text = run(&words).succeeded().out;
    assert_eq!(fs::read(&out).unwrap(), fs::read(&again).unwrap());
    assert_eq!(text.lines().count(), devices.len());
}
