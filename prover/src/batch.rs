//! Many bundles: each key is loaded once, proofs that are there and valid are kept, a bad bundle stops no other.

use crate::prove::{plan, submit};
use crate::{Estimate, Proved, ProverError, Submission, Workers};
use ergon_circuits::{CircuitId, Statement};
use ergon_params::{Access, Params, VerifyingKey, write_atomically};
use ergon_types::bundle::VERSION;
use ergon_types::{Address, Bundle};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What happened to a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Proven and verified.
    Proven,
    /// A valid proof of this bundle under this key was there already.
    Kept,
}

/// One bundle's result.
#[derive(Debug)]
pub struct Job {
    /// The bundle's file.
    pub bundle: PathBuf,
    /// The submission's file and how it came to be, or why there is none.
    pub result: Result<(PathBuf, Status), ProverError>,
}

/// Files of a proven bundle, all in one folder and named after the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// `<name>.submission.json`, for the chain.
    pub submission: PathBuf,
    /// `<name>.proof.json`, for snarkjs.
    pub proof: PathBuf,
    /// `<name>.public.json`, for snarkjs.
    pub public: PathBuf,
    /// `<name>.state.json`, the private energy state after the batch.
    pub state: PathBuf,
}

impl Files {
    /// The files of a bundle's name.
    pub fn of(folder: &Path, name: &str) -> Self {
        let file = |what: &str| folder.join(format!("{name}.{what}.json"));
        Self {
            submission: file("submission"),
            proof: file("proof"),
            public: file("public"),
            state: file("state"),
        }
    }
}

/// Reads a bundle from a file.
///
/// # Errors
/// When the file cannot be read or is no bundle of this version.
pub fn read_bundle(path: &Path) -> Result<Bundle, ProverError> {
    let text = fs::read(path).map_err(ProverError::io(path, "read"))?;
    let bad = |reason: String| ProverError::Bundle { path: path.to_owned(), reason };
    let value: serde_json::Value =
        serde_json::from_slice(&text).map_err(|error| bad(error.to_string()))?;
    let version = value.get("version").and_then(serde_json::Value::as_u64);
    if version != Some(u64::from(VERSION)) {
        let found = version.map_or("none".to_owned(), |version| version.to_string());
        return Err(bad(format!("its version is {found}, expected {VERSION}")));
    }
    serde_json::from_value(value).map_err(|error| bad(error.to_string()))
}

/// What a run proves with, and where it writes.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// Where the keys are.
    pub params: &'a Params,
    /// Who proves.
    pub workers: &'a Workers,
    /// The folder for submissions, proofs and states.
    pub out: &'a Path,
    /// Whom the fee is paid to.
    pub prover: Address,
    /// Bytes of memory that may be used, if there is a limit. Where they are few, fewer proofs are in the making at the same
    /// time; a key that needs more for one is refused before it is read.
    pub memory: Option<u64>,
    /// When this is set, what is being proven is finished and nothing else begun.
    pub stop: &'a AtomicBool,
}

/// What a run is doing.
#[derive(Debug)]
pub enum Event<'a> {
    /// A key is read and laid out.
    Loading(CircuitId),
    /// Bundles of a circuit are being proven.
    Proving(CircuitId),
    /// There is a bundle's result.
    Done(&'a Path, &'a Result<(PathBuf, Status), ProverError>),
}

impl Run<'_> {
    /// Proves bundles, circuit by circuit, and returns each one's result in the order given; `report` hears of it at once.
    pub fn prove(&self, bundles: &[PathBuf], report: &(dyn Fn(Event<'_>) + Sync)) -> Vec<Job> {
        let results = Results { bundles, report, results: Mutex::default() };
        let mut groups: BTreeMap<CircuitId, Vec<(Bundled, Statement)>> = BTreeMap::new();
        let mut names = BTreeSet::new();
        let planned: Vec<_> = bundles.par_iter().map(|path| plan_file(path, self.prover)).collect();
        for (index, planned) in planned.into_iter().enumerate() {
            match planned {
                Ok((name, _)) if !names.insert(name.clone()) => {
                    let path = bundles[index].clone();
                    results.put(index, Err(ProverError::Duplicate { path, name }));
                }
                Ok((name, statement)) => {
                    let bundled = Bundled { index, name };
                    groups.entry(statement.id()).or_default().push((bundled, statement));
                }
                Err(error) => results.put(index, Err(error)),
            }
        }
        for (circuit, jobs) in groups {
            self.prove_circuit(circuit, jobs, &results);
        }
        results.into_jobs()
    }

    fn prove_circuit(
        &self,
        circuit: CircuitId,
        jobs: Vec<(Bundled, Statement)>,
        results: &Results<'_>,
    ) {
        let jobs = self.keep_proven(circuit, jobs, results);
        if jobs.is_empty() || self.stop.load(Ordering::Relaxed) {
            return;
        }
        let indices: Vec<usize> = jobs.iter().map(|(bundled, _)| bundled.index).collect();
        let proven = self.together(circuit).and_then(|together| {
            (results.report)(Event::Loading(circuit));
            let key = self.params.load(circuit)?;
            self.workers.prove(
                key,
                jobs,
                together,
                self.stop,
                || (results.report)(Event::Proving(circuit)),
                |bundled: Bundled, statement, proved| {
                    let written = proved.and_then(|proved| {
                        write(&Files::of(self.out, &bundled.name), self.out, statement, &proved)
                    });
                    results.put(bundled.index, written.map(|path| (path, Status::Proven)));
                },
            )
        });
        if let Err(error) = proven {
            let error = Arc::new(error);
            for index in indices {
                results.put_missing(index, || ProverError::Key(Arc::clone(&error)));
            }
        }
    }

    /// How many proofs the memory is enough for at the same time.
    fn together(&self, circuit: CircuitId) -> Result<usize, ProverError> {
        let most = Workers::processor_lanes();
        let Some(have) = self.memory else { return Ok(most) };
        let estimate = Estimate::of(&self.params.entry(circuit)?, self.workers.table_memory());
        let need = estimate.peak(1);
        estimate.together(most, have).ok_or(ProverError::Memory { circuit, need, have })
    }

    /// Takes out what an earlier run has proven.
    fn keep_proven(
        &self,
        circuit: CircuitId,
        jobs: Vec<(Bundled, Statement)>,
        results: &Results<'_>,
    ) -> Vec<(Bundled, Statement)> {
        // Without a verifying key nothing is known to be proven; loading the proving key says what is wrong.
        let (Ok(key), Ok(entry)) = (self.params.verifying_key(circuit), self.params.entry(circuit))
        else {
            return jobs;
        };
        let sha256 = entry.proving_key.sha256;
        let proven = |(bundled, statement): &(Bundled, Statement)| {
            let files = Files::of(self.out, &bundled.name);
            is_proven(&files, statement, &key, &sha256).then_some(files.submission)
        };
        let found: Vec<Option<PathBuf>> = jobs.par_iter().map(proven).collect();
        let left = jobs.into_iter().zip(found).filter_map(|(job, found)| match found {
            Some(submission) => {
                results.put(job.0.index, Ok((submission, Status::Kept)));
                None
            }
            None => Some(job),
        });
        left.collect()
    }
}

/// A bundle of a run.
struct Bundled {
    index: usize,
    name: String,
}

type Written = Result<(PathBuf, Status), ProverError>;

/// What has come of the bundles so far.
struct Results<'a> {
    bundles: &'a [PathBuf],
    report: &'a (dyn Fn(Event<'_>) + Sync),
    results: Mutex<BTreeMap<usize, Written>>,
}

impl Results<'_> {
    fn put(&self, index: usize, result: Written) {
        (self.report)(Event::Done(&self.bundles[index], &result));
        self.results.lock().unwrap_or_else(PoisonError::into_inner).insert(index, result);
    }

    fn put_missing(&self, index: usize, error: impl FnOnce() -> ProverError) {
        let is_missing =
            !self.results.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&index);
        if is_missing {
            self.put(index, Err(error()));
        }
    }

    /// Bundles without a result were not begun.
    fn into_jobs(self) -> Vec<Job> {
        let mut results = self.results.into_inner().unwrap_or_else(PoisonError::into_inner);
        let job = |(index, bundle): (usize, &PathBuf)| Job {
            bundle: bundle.clone(),
            result: results.remove(&index).unwrap_or(Err(ProverError::Stopped)),
        };
        self.bundles.iter().enumerate().map(job).collect()
    }
}

fn plan_file(path: &Path, prover: Address) -> Result<(String, Statement), ProverError> {
    let bundle = read_bundle(path)?;
    Ok((bundle.name(), plan(&bundle, prover)?))
}

/// Writes what follows from a proof; returns the submission's path.
fn write(
    files: &Files,
    out: &Path,
    statement: &Statement,
    proved: &Proved,
) -> Result<PathBuf, ProverError> {
    let (submission, state) = submit(statement, proved)?;
    fs::create_dir_all(out).map_err(ProverError::io(out, "create"))?;
    if let Some(state) = state {
        write_json(&files.state, &state, Access::Private)?;
    }
    write_json(&files.proof, &submission.proof, Access::Public)?;
    write_json(&files.public, &submission.public_json(), Access::Public)?;
    // Last: its presence says that the others are there.
    write_json(&files.submission, &submission, Access::Public)?;
    Ok(files.submission.clone())
}

/// Whether the files of an earlier run prove this very statement under this key.
fn is_proven(files: &Files, statement: &Statement, key: &VerifyingKey, sha256: &str) -> bool {
    let stateless = statement.outcome().is_none_or(|outcome| outcome.state_after.is_none());
    let complete =
        (stateless || files.state.exists()) && files.proof.exists() && files.public.exists();
    let Ok(Ok(submission)) = Submission::read(&files.submission) else { return false };
    complete
        && submission.key_sha256 == sha256
        && submission.words == statement.words()
        && submission.verify(key).is_ok()
}

pub(crate) fn write_json(
    path: &Path,
    value: &impl Serialize,
    access: Access,
) -> Result<(), ProverError> {
    let mut text = serde_json::to_vec_pretty(value)
        .map_err(|error| ProverError::io(path, "encode")(error.into()))?;
    text.push(b'\n');
    write_atomically(path, &text, access).map_err(ProverError::io(path, "write"))
}
