//! Submissions for a network on a chain: read from files and folders, each with its own error.

use crate::exit::{PartlyDone, Unusable};
use crate::signer::{self, Signer};
use crate::{cli, convert};
use ergon_chain::{Batch, Book, Network, settling_order};
use ergon_prover::Submission;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A submission, and the batch that it is.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) path: PathBuf,
    pub(crate) submission: Submission,
    pub(crate) batch: Batch,
}

/// A submission that nothing comes of, and why.
pub(crate) type Failure = (PathBuf, eyre::Report);

/// A network, who acts on it, and what is to be done, in the order that it needs.
pub(crate) struct Work {
    pub(crate) network: Network,
    pub(crate) signer: Signer,
    pub(crate) given: Vec<Given>,
    pub(crate) failures: Vec<Failure>,
}

impl Work {
    /// Reads everything and connects.
    pub(crate) async fn of(arguments: &cli::OnChain) -> eyre::Result<Self> {
        let book = read_book(&arguments.book)?;
        let (mut given, mut failures) = (Vec::new(), Vec::new());
        for path in files(&arguments.submissions)? {
            match read(&path, &book) {
                Ok(submission) => {
                    let batch = convert::batch(&submission);
                    given.push(Given { path, submission, batch });
                }
                Err(error) => failures.push((path, error)),
            }
        }
        given.sort_by(|a, b| settling_order(&a.batch, &b.batch));
        let signer = signer::connect(&arguments.signing, &arguments.rpc).await?;
        let network = Network::open(Arc::clone(&signer.chain), book.network).await?;
        Ok(Self { network, signer, given, failures })
    }

    /// Units of the other batches of a batch's cohort and epoch.
    pub(crate) fn others<'a>(&'a self, batch: &Batch) -> Vec<&'a [u64]> {
        let same =
            |other: &&Given| (other.batch.cohort, other.batch.epoch) == (batch.cohort, batch.epoch);
        self.given.iter().filter(same).map(|other| other.batch.units.as_slice()).collect()
    }
}

/// The error that a run with these failures ends with, if any.
pub(crate) fn conclude(
    what: &'static str,
    total: usize,
    mut failures: Vec<Failure>,
) -> eyre::Result<()> {
    match failures.len() {
        0 => Ok(()),
        1 if total == 1 => Err(failures.remove(0).1),
        failed => Err(PartlyDone { what, failed, total }.into()),
    }
}

pub(crate) fn read_book(path: &Path) -> Result<Book, Unusable> {
    read_json(path, "an address book as `ergon deploy` writes it")
}

/// A JSON file of which the error says what was expected.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path, expected: &str) -> Result<T, Unusable> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Unusable::new(path, format!("cannot be read: {error}")))?;
    serde_json::from_str(&text)
        .map_err(|error| Unusable::new(path, format!("expected {expected}: {error}")))
}

/// Files as given, and the submissions of folders.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Unusable> {
    let mut all = Vec::new();
    for path in paths {
        if !path.is_dir() {
            all.push(path.clone());
            continue;
        }
        let fails = |error: std::io::Error| Unusable::new(path, error.to_string());
        let mut found = Vec::new();
        for entry in std::fs::read_dir(path).map_err(fails)? {
            let file = entry.map_err(fails)?.path();
            if file.to_string_lossy().ends_with(".submission.json") {
                found.push(file);
            }
        }
        if found.is_empty() {
            let reason = "expected files that end with .submission.json, found none".to_owned();
            return Err(Unusable::new(path, reason));
        }
        all.extend(found);
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// A submission of this network.
fn read(path: &Path, book: &Book) -> eyre::Result<Submission> {
    let submission = Submission::read(path)??;
    let expected = convert::network(&book.network);
    if submission.network != expected {
        let reason = format!(
            "it is of another network: expected chain {}, settlement {} and registry {} as in the address book, found \
             chain {}, {} and {}",
            expected.chain_id,
            expected.settlement,
            expected.registry,
            submission.network.chain_id,
            submission.network.settlement,
            submission.network.registry
        );
        return Err(Unusable::new(path, reason).into());
    }
    Ok(submission)
}
