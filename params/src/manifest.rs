//! The manifest of a folder of keys: which file is the key of which circuit, and its hash.

use crate::file::{Access, write_atomically};
use crate::{ParamsError, Reduction};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Version of the manifest's format.
pub(crate) const VERSION: u32 = 1;
/// Name of the manifest in its folder.
pub(crate) const FILE: &str = "manifest.toml";

/// Where a key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ceremony {
    /// Made by one machine: insecure outside of trials.
    Development,
    /// Made by many contributors, one of whom is enough to be honest.
    Ceremony,
}

/// What must be known of a key besides its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Where the key comes from.
    pub ceremony: Ceremony,
    /// Contributions to a ceremony's second phase, a beacon included, as the imported file counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contributions: Option<u32>,
    /// The reduction that the key was made for.
    pub reduction: Reduction,
}

/// A file and what it must hash to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHash {
    /// Name in the manifest's folder.
    pub file: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// One circuit's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The circuit's identifier.
    pub circuit: String,
    /// Where the key comes from and which reduction it is for.
    #[serde(flatten)]
    pub origin: Origin,
    /// Number of constraints.
    pub constraints: usize,
    /// Digest of the constraint matrices.
    pub shape: String,
    /// The proving key: arkworks' uncompressed serialisation.
    pub proving_key: FileHash,
    /// The verifying key: snarkjs JSON.
    pub verifying_key: FileHash,
    /// The constraint matrices. Without them, or of a circuit whose digest this program does not know by heart, they are
    /// built anew, which takes longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matrices: Option<FileHash>,
}

/// All keys of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `VERSION`.
    pub version: u32,
    /// The keys, by circuit.
    #[serde(default)]
    pub keys: Vec<Entry>,
}

impl Manifest {
    /// A manifest without keys.
    pub(crate) fn empty() -> Self {
        Self { version: VERSION, keys: Vec::new() }
    }

    /// Reads the manifest of a folder; `None` when there is none.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, ParamsError> {
        /// The part that every version has.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let path = folder.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ParamsError::io(path, "read")(error)),
        };
        let bad = |error: toml::de::Error| ParamsError::Manifest {
            path: path.clone(),
            reason: error.message().to_owned(),
        };
        let Versioned { version } = toml::from_str(&text).map_err(bad)?;
        if version != VERSION {
            return Err(ParamsError::Version { path, found: version, expected: VERSION });
        }
        Ok(Some(toml::from_str(&text).map_err(bad)?))
    }

    /// Writes the manifest into a folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), ParamsError> {
        let path = folder.join(FILE);
        let text = toml::to_string(self).map_err(|error| ParamsError::Manifest {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        write_atomically(&path, text.as_bytes(), Access::Public)
            .map_err(ParamsError::io(path, "write"))
    }

    /// The key of a circuit.
    pub fn entry(&self, circuit: &str) -> Option<&Entry> {
        self.keys.iter().find(|entry| entry.circuit == circuit)
    }

    /// Adds a key, in place of an earlier one of the same circuit.
    pub(crate) fn put(&mut self, entry: Entry) {
        self.keys.retain(|other| other.circuit != entry.circuit);
        self.keys.push(entry);
        self.keys.sort_by(|a, b| a.circuit.cmp(&b.circuit));
    }
}
