//! What a run is to prove: bundles and prover, from the command line or from the record that an earlier run left.

use crate::cli;
use crate::exit::Unusable;
use ergon_params::{Access, write_atomically};
use ergon_types::Address;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Version of the record's format.
const VERSION: u32 = 1;
/// The record's name in the output folder.
const FILE: &str = "run.json";

/// Bundles to prove, and for whom.
#[derive(Debug)]
pub(crate) struct Order {
    sources: Vec<PathBuf>,
    pub(crate) prover: Address,
    ordered: Mutex<BTreeSet<PathBuf>>,
}

#[derive(Serialize, Deserialize)]
struct Record {
    version: u32,
    prover: Address,
    bundles: BTreeSet<PathBuf>,
}

impl Order {
    /// What the command line orders.
    pub(crate) fn of(arguments: &cli::Prove) -> eyre::Result<Self> {
        let (sources, prover) = match arguments.prover {
            Some(prover) => (arguments.bundles.clone(), prover),
            None => {
                let Record { prover, bundles, .. } = read(&arguments.out.join(FILE))?;
                (bundles.into_iter().collect(), prover)
            }
        };
        Ok(Self { sources, prover, ordered: Mutex::default() })
    }

    /// The bundles: files as they are given, of folders every `.json` file in the order of their names.
    pub(crate) fn bundles(&self) -> eyre::Result<Vec<PathBuf>> {
        let mut bundles = Vec::new();
        for source in &self.sources {
            if !source.is_dir() {
                bundles.push(source.clone());
                continue;
            }
            let unreadable = |error| Unusable::new(source, format!("could not read: {error}"));
            let mut files = Vec::new();
            for entry in fs::read_dir(source).map_err(unreadable)? {
                let path = entry.map_err(unreadable)?.path();
                if path.extension().is_some_and(|extension| extension == "json") {
                    files.push(path);
                }
            }
            files.sort();
            bundles.extend(files);
        }
        Ok(bundles)
    }

    /// Records that these are to be proven, before the first of them is.
    pub(crate) fn keep(&self, out: &Path, bundles: &[PathBuf]) -> eyre::Result<()> {
        let mut ordered = self.ordered.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = ordered.len();
        for bundle in bundles {
            // Another folder may be the current one when the run is resumed. What does not exist has no absolute path of its
            // own yet, and fails by the name that was given.
            ordered.insert(fs::canonicalize(bundle).unwrap_or_else(|_| bundle.clone()));
        }
        if ordered.len() == known {
            return Ok(());
        }
        let path = out.join(FILE);
        let record = Record { version: VERSION, prover: self.prover, bundles: ordered.clone() };
        let unwritable = |error| Unusable::new(&path, format!("could not write: {error}"));
        fs::create_dir_all(out).map_err(unwritable)?;
        let text = serde_json::to_vec_pretty(&record)?;
        Ok(write_atomically(&path, &text, Access::Private).map_err(unwritable)?)
    }
}

fn read(path: &Path) -> Result<Record, Unusable> {
    let text = fs::read(path).map_err(|error| {
        Unusable::new(path, format!("could not read: {error}; nothing to resume"))
    })?;
    let record: Record = serde_json::from_slice(&text)
        .map_err(|error| Unusable::new(path, format!("no record of a run: {error}")))?;
    if record.version != VERSION {
        let text = format!("record of version {}, expected {VERSION}", record.version);
        return Err(Unusable::new(path, text));
    }
    Ok(record)
}
