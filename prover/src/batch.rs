//! Many bundles: each key is loaded once, proofs that are there and valid are kept, a bad bundle stops no other.

use crate::prove::{plan, prove_planned};
use crate::{Engine, ProverError, Submission, lanes};
use ergon_circuits::{CircuitId, Statement};
use ergon_params::{Access, Key, Params, write_atomically};
use ergon_types::bundle::VERSION;
use ergon_types::{Address, Bundle};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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

/// Proves bundles into a folder, in the order of their circuits, and reports each in the order given. Progress is drawn
/// on standard error when that is a terminal.
pub fn prove_batch(bundles: &[PathBuf], params: &Params, out: &Path, prover: Address) -> Vec<Job> {
    let bar = progress(bundles.len());
    let planned: Vec<_> = bundles.par_iter().map(|path| plan_file(path, prover)).collect();
    let mut results: BTreeMap<usize, Result<(PathBuf, Status), ProverError>> = BTreeMap::new();
    let mut groups: BTreeMap<CircuitId, Vec<(usize, String, Statement)>> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for (index, planned) in planned.into_iter().enumerate() {
        match planned {
            Ok((name, _)) if !names.insert(name.clone()) => {
                let path = bundles[index].clone();
                results.insert(index, Err(ProverError::Duplicate { path, name }));
            }
            Ok((name, statement)) => {
                groups.entry(statement.id()).or_default().push((index, name, statement));
            }
            Err(error) => {
                results.insert(index, Err(error));
            }
        }
    }
    bar.inc(results.len() as u64);
    for (circuit, jobs) in groups {
        bar.set_message(format!("{circuit}: loading key"));
        let key =
            params.load(circuit).map_err(ProverError::from).and_then(Engine::new).map_err(Arc::new);
        let done = lanes::run(jobs, |(index, name, statement)| {
            bar.set_message(format!("proving {name}"));
            let result = prove_into(&name, &statement, &key, out);
            bar.inc(1);
            (index, result)
        });
        results.extend(done);
    }
    bar.finish_and_clear();
    bundles
        .iter()
        .zip(results.into_values())
        .map(|(bundle, result)| Job { bundle: bundle.clone(), result })
        .collect()
}

fn plan_file(path: &Path, prover: Address) -> Result<(String, Statement), ProverError> {
    let bundle = read_bundle(path)?;
    Ok((bundle.name(), plan(&bundle, prover)?))
}

fn prove_into(
    name: &str,
    statement: &Statement,
    key: &Result<Engine, Arc<ProverError>>,
    out: &Path,
) -> Result<(PathBuf, Status), ProverError> {
    let key = key.as_ref().map_err(|error| ProverError::Key(Arc::clone(error)))?;
    let files = Files::of(out, name);
    if is_proven(&files, statement, key) {
        return Ok((files.submission, Status::Kept));
    }
    let (submission, state) = prove_planned(statement, key)?;
    fs::create_dir_all(out).map_err(ProverError::io(out, "create"))?;
    if let Some(state) = state {
        write_json(&files.state, &state, Access::Private)?;
    }
    write_json(&files.proof, &submission.proof, Access::Public)?;
    write_json(&files.public, &submission.public_json(), Access::Public)?;
    // Last: its presence says that the others are there.
    write_json(&files.submission, &submission, Access::Public)?;
    Ok((files.submission, Status::Proven))
}

/// Whether the files of an earlier run prove this very statement under this key.
fn is_proven(files: &Files, statement: &Statement, key: &Key) -> bool {
    let stateless = statement.outcome().is_none_or(|outcome| outcome.state_after.is_none());
    let complete =
        (stateless || files.state.exists()) && files.proof.exists() && files.public.exists();
    let Ok(Ok(submission)) = Submission::read(&files.submission) else { return false };
    complete
        && submission.key_sha256 == key.sha256()
        && submission.words == statement.words()
        && submission.verify(key.verifying()).is_ok()
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

/// A bar on standard error; indicatif hides it where that is no terminal.
fn progress(length: usize) -> ProgressBar {
    let bar = ProgressBar::new(length as u64);
    if let Ok(style) = ProgressStyle::with_template("{pos}/{len} {wide_bar} {eta} left  {msg}") {
        bar.set_style(style);
    }
    bar.set_message("reading bundles");
    bar
}
