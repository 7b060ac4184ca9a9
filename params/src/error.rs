//! Why a key cannot be made or used: each error names the file or circuit, what was expected, and what to do.

use crate::iden3::error::ZkeyError;
use crate::{KeyFlaw, Reduction};
use ark_relations::gr1cs::SynthesisError;
use std::path::PathBuf;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
pub enum ParamsError {
    /// The user has no home folder.
    #[error("no cache folder for this user; set ERGON_PARAMS to a folder for the keys")]
    NoFolder,
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
    /// The folder has no manifest.
    #[error("{path} does not exist: no keys here; run `ergon params generate`")]
    NoManifest {
        /// The manifest.
        path: PathBuf,
    },
    /// The manifest is no manifest.
    #[error(
        "{path} is not a manifest of keys: {reason}; correct it, or delete it and run `ergon params \
         generate`"
    )]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What the parser says.
        reason: String,
    },
    /// The manifest is of another format.
    #[error(
        "{path} has format version {found}, expected {expected}; use another folder (ERGON_PARAMS)"
    )]
    Version {
        /// The manifest.
        path: PathBuf,
        /// Version found.
        found: u32,
        /// Version of this program.
        expected: u32,
    },
    /// The manifest has no key for a circuit.
    #[error("{path} lists no key for circuit {circuit}; run `ergon params generate`")]
    Missing {
        /// The manifest.
        path: PathBuf,
        /// The circuit.
        circuit: String,
    },
    /// A key that the manifest lists is not there.
    #[error("{path}, the key of circuit {circuit}, does not exist; run `ergon params generate`")]
    NoFile {
        /// The file.
        path: PathBuf,
        /// The circuit.
        circuit: String,
    },
    /// The file is not the one that the manifest describes.
    #[error(
        "{path} is damaged or not the key of circuit {circuit}: expected SHA-256 {expected}, found \
         {found}; run `ergon params generate` to replace it"
    )]
    Hash {
        /// The file.
        path: PathBuf,
        /// The circuit.
        circuit: String,
        /// The manifest's hash.
        expected: String,
        /// The hash of the bytes.
        found: String,
    },
    /// The bytes have the right hash but are no key of this circuit.
    #[error("{path} is not a key of circuit {circuit}: {reason}; run `ergon params generate`")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The circuit.
        circuit: String,
        /// What does not fit.
        reason: String,
    },
    /// The key was made for another version of the circuit.
    #[error(
        "{path} was made for another version of circuit {circuit}: its constraints hash to \
         {found}, this program's to {expected}; run `ergon params generate`"
    )]
    Outdated {
        /// The file.
        path: PathBuf,
        /// The circuit.
        circuit: String,
        /// Digest of this program's circuit.
        expected: String,
        /// Digest in the manifest.
        found: String,
    },
    /// The key was made for another reduction: by an earlier version of this program.
    #[error(
        "{path} was made for the {found} reduction of circuit {circuit}, and proofs are made with circom's; run \
         `ergon params generate`"
    )]
    Reduction {
        /// The file.
        path: PathBuf,
        /// The circuit.
        circuit: String,
        /// The reduction that the manifest names.
        found: Reduction,
    },
    /// The file is no finished ceremony's key of this circuit.
    #[error("{path} cannot be imported as the key of circuit {circuit}: {reason}")]
    Zkey {
        /// The file.
        path: PathBuf,
        /// The circuit.
        circuit: String,
        /// What does not fit.
        reason: ZkeyError,
    },
    /// A ceremony's key is damaged or outdated; it is never replaced by a development key.
    #[error(
        "the ceremony key of circuit {circuit} cannot be used and is not replaced ({reason}); \
         import it again with `ergon params import`"
    )]
    Ceremony {
        /// The circuit.
        circuit: String,
        /// Why it cannot be used.
        reason: Box<ParamsError>,
    },
    /// Proofs under the key mean nothing, or nobody knows that they do.
    #[error("the verifying key of {circuit} is refused: {flaw}")]
    Unsound {
        /// The circuit.
        circuit: String,
        /// Why.
        flaw: KeyFlaw,
    },
    /// The circuit's constraints cannot be built.
    #[error("circuit {circuit} has no constraint system: {source}")]
    Synthesis {
        /// The circuit.
        circuit: String,
        /// The reason.
        source: SynthesisError,
    },
}

impl ParamsError {
    /// Wraps an error of the file system.
    pub(crate) fn io(
        path: impl Into<PathBuf>,
        action: &'static str,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, action, source }
    }
}
