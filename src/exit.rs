//! Exit codes, one for each kind of trouble; the table is in `docs/commands.md`.

use ergon_accelerator::LoadError;
use ergon_benches::BenchError;
use ergon_chain::{Address, ChainError, JournalError, SettleError};
use ergon_fleet::FleetError;
use ergon_gateway::client::ClientError;
use ergon_params::ParamsError;
use ergon_prover::{ProverError, VerifyError};
use std::path::PathBuf;
use std::process::ExitCode;

/// Something that has no code of its own.
const OTHER: u8 = 1;
/// Records, bundles or packets that cannot be used.
const INPUT: u8 = 3;
/// A key that is missing, corrupt, of another circuit, gives no valid proof, or is refused as insecure.
const KEY: u8 = 4;
/// A proof or statement that does not hold.
const PROOF: u8 = 5;
/// An endpoint that does not answer, or answers as something else.
const ENDPOINT: u8 = 6;
/// A contract or gateway that refused.
const REFUSED: u8 = 7;
/// A run that a signal stopped.
const STOPPED: u8 = 8;

/// Some bundles of a batch could not be proven; the others were.
#[derive(Debug, thiserror::Error)]
#[error("{failed} of {total} bundles could not be proven; the others are in the output folder")]
pub(crate) struct PartlyProven {
    /// Bundles without a proof.
    pub(crate) failed: usize,
    /// All bundles.
    pub(crate) total: usize,
}

/// Some submissions could not be settled or claimed; the others were.
#[derive(Debug, thiserror::Error)]
#[error("{failed} of {total} submissions could not be {what}; the others are")]
pub(crate) struct PartlyDone {
    /// What was to be done with them.
    pub(crate) what: &'static str,
    /// Submissions with an error.
    pub(crate) failed: usize,
    /// All submissions.
    pub(crate) total: usize,
}

/// A submission whose units are not those that stand, so that nothing can be claimed with it.
#[derive(Debug, thiserror::Error)]
#[error(
    "cohort {cohort}, epoch {epoch}: its units do not stand; settle it first, or give the submission that stands"
)]
pub(crate) struct NotStanding {
    /// The cohort.
    pub(crate) cohort: u32,
    /// The epoch.
    pub(crate) epoch: u64,
}

/// What only the registry's owner does, asked for by another account.
#[derive(Debug, thiserror::Error)]
#[error("the registry's owner is {owner}, and {account} signs; only the owner can do this")]
pub(crate) struct NotOwner {
    /// Who can.
    pub(crate) owner: Address,
    /// Who signs.
    pub(crate) account: Address,
}

/// A file or folder of the command line that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub(crate) struct Unusable {
    path: PathBuf,
    reason: String,
}

impl Unusable {
    pub(crate) fn new(path: impl Into<PathBuf>, reason: String) -> Self {
        Self { path: path.into(), reason }
    }
}

/// Something that proves does not compute right, or not at all.
#[derive(Debug, thiserror::Error)]
#[error("not fit to prove: {0}; `ergon prove --gpu off` leaves devices out")]
pub(crate) struct Unwell(pub(crate) String);

/// A signal ended a run before every bundle had its turn.
#[derive(Debug, thiserror::Error)]
#[error("stopped: {left} of {total} bundles are left; `ergon prove --resume --out {}` goes on", out.display())]
pub(crate) struct Interrupted {
    /// Bundles that were not begun.
    pub(crate) left: usize,
    /// All bundles.
    pub(crate) total: usize,
    /// The output folder.
    pub(crate) out: PathBuf,
}

/// An error with its causes, each said once: many of ours already name their cause.
pub(crate) fn message(report: &eyre::Report) -> String {
    report.chain().map(ToString::to_string).fold(String::new(), |text, cause| {
        if text.is_empty() {
            cause
        } else if text.contains(&cause) {
            text
        } else {
            format!("{text}: {cause}")
        }
    })
}

/// The code of an error.
pub(crate) fn code(report: &eyre::Report) -> ExitCode {
    report.chain().find_map(of).unwrap_or(OTHER).into()
}

fn of(error: &(dyn std::error::Error + 'static)) -> Option<u8> {
    if error.is::<FleetError>() || error.is::<Unusable>() {
        Some(INPUT)
    } else if error.is::<ParamsError>() {
        Some(KEY)
    } else if error.is::<VerifyError>() || error.is::<PartlyProven>() {
        Some(PROOF)
    } else if error.is::<PartlyDone>() || error.is::<NotStanding>() || error.is::<NotOwner>() {
        Some(REFUSED)
    } else if error.is::<Interrupted>() {
        Some(STOPPED)
    } else if let Some(error) = error.downcast_ref::<ProverError>() {
        Some(of_prover(error))
    } else if let Some(error) = error.downcast_ref::<BenchError>() {
        Some(match error {
            BenchError::Params(_) => KEY,
            BenchError::Prover(_) | BenchError::Failed { .. } | BenchError::Invalid { .. } => PROOF,
            BenchError::Threads(_) => OTHER,
            _ => INPUT,
        })
    } else if let Some(error) = error.downcast_ref::<ChainError>() {
        Some(of_chain(error))
    } else if let Some(error) = error.downcast_ref::<SettleError>() {
        Some(if let SettleError::Chain(error) = error { of_chain(error) } else { REFUSED })
    } else {
        let error = error.downcast_ref::<ClientError>()?;
        Some(if error.rejection().is_some() { REFUSED } else { ENDPOINT })
    }
}

fn of_chain(error: &ChainError) -> u8 {
    match error {
        ChainError::InsecureKey { .. } => KEY,
        ChainError::Journal(JournalError::Io { .. } | JournalError::InUse { .. })
        | ChainError::BadPrivateKey
        | ChainError::UnknownSigner { .. } => OTHER,
        ChainError::Journal(_) | ChainError::Invalid { .. } => INPUT,
        ChainError::Reverted { .. } | ChainError::Halted { .. } => REFUSED,
        _ => ENDPOINT,
    }
}

fn of_prover(error: &ProverError) -> u8 {
    match error {
        ProverError::Io { .. }
        | ProverError::Bundle { .. }
        | ProverError::Duplicate { .. }
        | ProverError::NoState { .. } => INPUT,
        ProverError::Key(shared) => of_prover(shared),
        ProverError::Memory { .. }
        | ProverError::Device { .. }
        | ProverError::Load { source: LoadError::Device(_), .. } => OTHER,
        // What satisfies a circuit and has no valid proof has a bad key.
        ProverError::Params(_)
        | ProverError::Load { .. }
        | ProverError::WrongKey { .. }
        | ProverError::SelfCheck { .. } => KEY,
        _ => PROOF,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_is_already_named_is_said_once() {
        let cause = std::io::Error::other("disk full");
        let report = eyre::Report::new(cause).wrap_err("cannot write: disk full");
        assert_eq!(message(&report), "cannot write: disk full");
        let report = eyre::eyre!("disk full").wrap_err("cannot write");
        assert_eq!(message(&report), "cannot write: disk full");
    }

    #[test]
    fn a_wrapped_error_keeps_its_code() {
        let error = ChainError::InsecureKey { label: "uptime-8".into() };
        let report = eyre::Report::new(error).wrap_err("while deploying");
        assert_eq!(report.chain().find_map(of), Some(KEY));
        let report = eyre::eyre!("something else");
        assert_eq!(report.chain().find_map(of), None);
    }
}
