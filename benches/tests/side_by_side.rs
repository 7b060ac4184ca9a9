//! Provers of a small circuit take turns, alone and in batches, in this process and outside of it.
#![allow(clippy::unwrap_used)]

use ergon_accelerator::{Accelerator, Cpu, Evaluated, Fault, LoadError, Loaded, Queries, Sums};
use ergon_benches::{Again, BenchError, Case, External, Options, Report, alone, run};
use ergon_circuits::CircuitId;
use ergon_params::{Key, Params};
use ergon_prover::snarkjs::ProofJson;
use ergon_prover::{Engine, prove_circuit};
use ergon_types::Kind;
use std::fs;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const CIRCUIT: CircuitId = CircuitId::of(Kind::Uptime, 1);

/// A folder with a key.
struct Keys(TempDir, Params);

impl Keys {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let params = Params::new(folder.path());
        params.generate(&[CIRCUIT], |_| ()).unwrap();
        Self(folder, params)
    }

    fn read(&self) -> Result<Key, BenchError> {
        Ok(self.1.load(CIRCUIT)?)
    }

    /// A program that gives the same valid proof whenever it is asked, after a line in its log.
    fn program(&self) -> External {
        let engine = Engine::new(&self.read().unwrap()).unwrap();
        let blank = ergon_circuits::Circuit::blank(CIRCUIT);
        let proof = ProofJson::from(prove_circuit(&engine, &blank).unwrap());
        let mut proof = serde_json::to_value(proof).unwrap();
        // As rapidsnark writes it.
        proof.as_object_mut().unwrap().remove("curve").unwrap();
        let [made, log, script] =
            ["made.json", "log", "prover.sh"].map(|name| self.0.path().join(name));
        fs::write(&made, serde_json::to_vec(&proof).unwrap()).unwrap();
        let text = format!(
            "echo $OMP_NUM_THREADS $(head -c 4 $2) >> {}\ncp {} $3\n",
            log.display(),
            made.display()
        );
        fs::write(&script, text).unwrap();
        format!("theirs=sh {} {{zkey}} {{wtns}} {{proof}}", script.display()).parse().unwrap()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.0.path().join("log")).unwrap()
    }
}

fn options(batch: usize, external: Vec<External>) -> Options {
    let devices: Vec<Arc<dyn Accelerator>> = vec![Arc::new(Pairs::default())];
    Options { rounds: 2, threads: 1, batch, only: Vec::new(), table_memory: 0, devices, external }
}

/// A device that takes two witnesses at once, and remembers how many each call had.
#[derive(Clone, Debug, Default)]
struct Pairs(Arc<Mutex<Vec<usize>>>);

struct LoadedPairs(Box<dyn Loaded>, Pairs);

impl Accelerator for Pairs {
    fn name(&self) -> &str {
        "pairs"
    }

    fn load(&self, queries: &Queries<'_>) -> Result<Box<dyn Loaded>, LoadError> {
        Ok(Box::new(LoadedPairs(Cpu::fastest().load(queries)?, self.clone())))
    }
}

impl Loaded for LoadedPairs {
    fn batch(&self) -> usize {
        2
    }

    fn sums(&self, witnesses: &[Evaluated<'_>]) -> Result<Vec<Sums>, Fault> {
        self.1.0.lock().unwrap().push(witnesses.len());
        self.0.sums(witnesses)
    }
}

#[test]
fn a_device_gets_as_many_witnesses_at_once_as_it_takes() {
    let (keys, device) = (Keys::new(), Pairs::default());
    let mut options = options(3, Vec::new());
    options.devices = vec![Arc::new(device.clone())];
    let report = report(&keys, &options, None);
    assert!(report.provers.iter().any(|prover| prover.prover == "ergon pairs"));
    let mut calls = std::mem::take(&mut *device.0.lock().unwrap());
    calls.sort_unstable();
    assert_eq!(calls, [1, 1, 1, 2, 2, 2], "three turns of three proofs");
}

fn case() -> Case {
    Case::new(CIRCUIT, Some("the.zkey".into()))
}

fn report(keys: &Keys, options: &Options, again: Option<&Again>) -> Report {
    run(&|| keys.read(), &case(), options, again, |_, _, _| ()).unwrap()
}

#[test]
fn every_prover_takes_its_turns_and_is_compared_with_the_first() {
    let keys = Keys::new();
    let again = Again { program: "sh".into(), words: ["-c", "echo 4096"].map(Into::into).to_vec() };
    let report = report(&keys, &options(1, vec![keys.program()]), Some(&again));
    assert_eq!((report.rounds, report.batch, report.circuit), (2, 1, CIRCUIT));
    let first = &report.provers[0];
    assert_eq!([first.speedup.min, first.speedup.max], [1.0, 1.0]);
    let last = report.provers.last().unwrap();
    assert_eq!((last.prover.as_str(), last.process), ("theirs", true));
    for prover in &report.provers {
        assert!(prover.wall.min > 0.0 && prover.proofs_per_second * prover.wall.median > 0.999);
        assert_eq!(prover.peak_bytes, Some(4096));
    }
    // A turn to warm up and two that count, each with the threads and the witness given.
    assert_eq!(keys.log(), "1 wtns\n".repeat(3));
}

#[test]
fn a_batch_is_that_many_valid_proofs_from_every_prover() {
    let keys = Keys::new();
    let report = report(&keys, &options(3, vec![keys.program()]), None);
    assert_eq!(report.batch, 3);
    assert!(report.provers.iter().all(|prover| prover.peak_bytes.is_none()));
    assert_eq!(keys.log().lines().count(), 3 * 3);
}

#[test]
fn only_the_provers_that_are_named_take_part() {
    let keys = Keys::new();
    let mut options = options(1, vec![keys.program()]);
    options.only = vec!["portable".to_owned(), "thei".to_owned()];
    options.table_memory = 1 << 22;
    let names: Vec<String> =
        report(&keys, &options, None).provers.into_iter().map(|prover| prover.prover).collect();
    assert_eq!(names, ["ergon cpu-portable", "ergon cpu-portable-tables", "theirs"]);
    options.only = vec!["nobody".to_owned()];
    let error = run(&|| keys.read(), &case(), &options, None, |_, _, _| ()).unwrap_err();
    assert!(matches!(error, BenchError::Unknown(name) if name == "nobody"));
}

#[test]
fn a_prover_alone_says_what_memory_it_took() {
    let keys = Keys::new();
    let options = options(2, vec![keys.program()]);
    for prover in ["ergon cpu-portable", "theirs"] {
        let peak = alone(prover, &|| keys.read(), &case(), &options).unwrap();
        assert!(peak.is_none_or(|bytes| bytes > 1 << 20), "{prover}: {peak:?}");
    }
    let error = alone("nobody", &|| keys.read(), &case(), &options).unwrap_err();
    assert!(matches!(error, BenchError::Unknown(name) if name == "nobody"));
}

#[test]
fn a_proof_that_does_not_hold_stops_the_comparison() {
    let keys = Keys::new();
    let program = keys.program();
    let others = Keys::new();
    let options = options(1, vec![program]);
    let error = run(&|| others.read(), &case(), &options, None, |_, _, _| ()).unwrap_err();
    assert!(matches!(error, BenchError::Invalid { contender, .. } if contender == "theirs"));
}
