//! Why a comparison cannot be made.

use ergon_circuits::CircuitId;
use ergon_params::ParamsError;
use ergon_prover::{ProverError, VerifyError};
use std::path::PathBuf;

/// Errors of a comparison.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The key cannot be used.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// One of our own provers failed.
    #[error(transparent)]
    Prover(#[from] ProverError),
    /// Another prover failed.
    #[error("{contender} gave no proof of {circuit}: {reason}")]
    Failed {
        /// The prover.
        contender: String,
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        reason: String,
    },
    /// A prover gave a proof that does not hold.
    #[error("{contender} gave a proof of {circuit} that does not hold: {source}")]
    Invalid {
        /// The prover.
        contender: String,
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        source: VerifyError,
    },
    /// The command of a prover outside of this program lacks something.
    #[error(
        "`{0}` is no prover: expected NAME=COMMAND with {{zkey}}, {{wtns}} and {{proof}} in the command"
    )]
    Command(String),
    /// A prover outside of this program needs a key's file.
    #[error("{0} reads its key from a file: give --zkey")]
    NeedsZkey(String),
    /// A file could not be read or written.
    #[error("{path}: could not {action}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        source: std::io::Error,
    },
    /// There is no such prover.
    #[error("no prover is called {0}")]
    Unknown(String),
    /// A result could not be written as JSON.
    #[error("could not encode the result: {0}")]
    Encode(serde_json::Error),
    /// A plot could not be drawn.
    #[error("could not draw {plot}: {reason}")]
    Plot {
        /// Its name.
        plot: String,
        /// Why.
        reason: String,
    },
    /// An earlier result cannot be compared with.
    #[error("{path} is no result to compare with: {reason}")]
    Report {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        reason: String,
    },
    /// The threads could not be started.
    #[error("could not start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

impl BenchError {
    pub(crate) fn io(
        path: impl Into<PathBuf>,
        action: &'static str,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, action, source }
    }
}
