//! The memory that a prover needs, in a process of its own: in one process the most that any of them held would hide the rest.

use crate::contender::{Entry, Keys};
use crate::machine::peak_memory;
use crate::{BenchError, Case, Options};
use ergon_params::Key;
use nix::sys::resource::{UsageWho, getrusage};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

/// How to start this program again so that it calls [`alone`] and prints what that returns.
#[derive(Clone, Debug)]
pub struct Again {
    /// The program.
    pub program: PathBuf,
    /// Its words; the circuit's and the prover's names follow, as `CIRCUIT=PROVER`.
    pub words: Vec<OsString>,
}

impl Again {
    /// The most bytes of memory that one prover held.
    pub(crate) fn peak(&self, case: &Case, prover: &str) -> Result<Option<u64>, BenchError> {
        let mut command = Command::new(&self.program);
        command.args(&self.words).arg(format!("{}={prover}", case.circuit()));
        let output = command.output().map_err(BenchError::io(&self.program, "run"))?;
        if !output.status.success() {
            let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            let contender = prover.to_owned();
            return Err(BenchError::Failed { contender, circuit: case.circuit(), reason });
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().parse().ok())
    }
}

/// Proves a batch with one prover and returns the most bytes of memory that this took, the key's reading included: of this
/// process, or of the processes of a prover outside of it. `None` where the system does not say.
///
/// # Errors
/// When there is no such prover, or it fails.
pub fn alone(
    prover: &str,
    key: &dyn Fn() -> Result<Key, BenchError>,
    case: &Case,
    options: &Options,
) -> Result<Option<u64>, BenchError> {
    let entries = Entry::all(options);
    let unknown = || BenchError::Unknown(prover.to_owned());
    let entry = entries.iter().find(|entry| entry.name() == prover).ok_or_else(unknown)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    let contender = entry.start(&Keys::new(key), case, options.threads)?;
    options.prove(contender.as_ref(), case, &pool)?;
    if !entry.is_external() {
        return Ok(peak_memory());
    }
    // A child counts from the memory that this process held when it started it, which is the witness and no key.
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok();
    Ok(usage
        .and_then(|usage| u64::try_from(usage.max_rss()).ok())
        .map(|kibibytes| kibibytes * 1024))
}
