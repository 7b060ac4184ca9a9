//! Why there is no proof, or why one is not accepted.

use ergon_circuits::{CircuitId, Scope, StatementError};
use ergon_params::ParamsError;
use std::path::PathBuf;
use std::sync::Arc;

/// Errors of proving.
#[derive(Debug, thiserror::Error)]
pub enum ProverError {
    /// The file system refused.
    #[error("{path}: could not {action}: {source}")]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is no bundle.
    #[error("{path} is not a witness bundle: {reason}; expected a file written by `ergon gateway`")]
    Bundle {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        reason: String,
    },
    /// The bundle cannot be proven as it is.
    #[error("bundle {bundle} cannot be proven: {source}")]
    Statement {
        /// The bundle's name.
        bundle: String,
        /// Why.
        source: StatementError,
    },
    /// The bundle's state after a batch is not the one asked for.
    #[error(
        "bundle {bundle} does not open that state: {reason}; give `included` and `stateAfter` as the chain's \
             StateAdvanced event of this epoch has them"
    )]
    NoState {
        /// The bundle's name.
        bundle: String,
        /// Why.
        reason: String,
    },
    /// The key is for another circuit.
    #[error("the statement needs a key of circuit {expected}, given one of {found}")]
    WrongKey {
        /// The statement's circuit.
        expected: CircuitId,
        /// The key's circuit.
        found: CircuitId,
    },
    /// The accelerator does not take the key.
    #[error("the key of circuit {circuit} cannot be loaded: {source}")]
    Load {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        source: ergon_accelerator::LoadError,
    },
    /// The accelerator failed.
    #[error("a proof of circuit {circuit} could not be computed: {source}")]
    Device {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        source: ergon_accelerator::Fault,
    },
    /// The circuit could not be built.
    #[error("circuit {circuit} could not be built: {reason}")]
    Synthesis {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        reason: String,
    },
    /// The witness does not satisfy the circuit.
    #[error(
        "the witness breaks the assertion `{label}` about {scope} (constraint {constraint} of circuit \
         {circuit}); please report this with the bundle's name: the native rules had accepted it"
    )]
    Unsatisfied {
        /// The circuit.
        circuit: CircuitId,
        /// The first constraint that fails.
        constraint: usize,
        /// What it asserts.
        label: &'static str,
        /// Of whom.
        scope: Scope,
    },
    /// The operating system gives no randomness.
    #[error("the operating system gave no randomness: {0}; nothing was proven")]
    Randomness(String),
    /// The new proof does not verify.
    #[error(
        "a proof of circuit {circuit} did not verify and was discarded: {source}; if the key was \
         imported, check its file with `snarkjs zkey verify`"
    )]
    SelfCheck {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        source: VerifyError,
    },
    /// Two bundles of one run are of the same kind, epoch and cohort.
    #[error("{path} is a second bundle of {name} in one run; prove them into different folders")]
    Duplicate {
        /// The second file.
        path: PathBuf,
        /// The bundles' name.
        name: String,
    },
    /// There is not enough memory.
    #[error(
        "proving circuit {circuit} takes up to {} MiB of memory and {} MiB are free; free some, ask for smaller tables if you did for any, or prove it on a larger machine",
        .need >> 20, .have >> 20
    )]
    Memory {
        /// The circuit.
        circuit: CircuitId,
        /// Bytes that are needed.
        need: u64,
        /// Bytes that are there.
        have: u64,
    },
    /// The run was stopped before the bundle's turn.
    #[error("not begun: the run was stopped; run it again to prove the rest")]
    Stopped,
    /// The key cannot be read.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// The key cannot be used; shared, because one key serves many bundles.
    #[error(transparent)]
    Key(Arc<ProverError>),
}

impl ProverError {
    /// Wraps an error of the file system.
    pub(crate) fn io(
        path: impl Into<PathBuf>,
        action: &'static str,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, action, source }
    }
}

/// Why a proof is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// A file or text is not what it should be.
    #[error("{what} is malformed: {reason}")]
    Format {
        /// The file or part.
        what: String,
        /// What the parser says.
        reason: String,
    },
    /// The submission is of another format.
    #[error("submission version {found} is not supported; expected version {expected}")]
    Version {
        /// Version found.
        found: u32,
        /// Version of this program.
        expected: u32,
    },
    /// The key or the proof has another number of public inputs.
    #[error("expected {expected} public inputs, found {found}")]
    Inputs {
        /// Those of the key.
        expected: usize,
        /// Those given.
        found: usize,
    },
    /// The submission has another number of words than its circuit.
    #[error("the submission has {found} words; circuit {circuit} has {expected}")]
    Length {
        /// The circuit.
        circuit: CircuitId,
        /// The circuit's words.
        expected: usize,
        /// The submission's words.
        found: usize,
    },
    /// A field of the submission contradicts its words or its key.
    #[error("the submission's {field} is {found}, but its words and key give {expected}")]
    Mismatch {
        /// The field.
        field: &'static str,
        /// What follows from words and key.
        expected: String,
        /// What the field says.
        found: String,
    },
    /// The pairing equation does not hold.
    #[error("the proof is invalid: it does not verify for these public inputs under this key")]
    Invalid,
}
