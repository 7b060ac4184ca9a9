//! A folder of keys: generated once, kept while they fit the circuits, loaded by hash.

use crate::file::{Access, sha256, write_atomically};
use crate::key::{Key, shape_of};
use crate::manifest::{Entry, FILE, FileHash, Manifest};
use crate::shape::Shape;
use crate::snarkjs::VerifyingKeyJson;
use crate::{Ceremony, ParamsError, Reduction, VerifyingKey, lint};
use crate::{pinned, points};
use ergon_circuits::CircuitId;
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The environment variable that names the folder.
pub const ENVIRONMENT: &str = "ERGON_PARAMS";

/// A folder of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    folder: PathBuf,
}

/// What generation is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The key that is there fits and stays.
    Kept {
        /// The circuit.
        circuit: CircuitId,
    },
    /// A key is being made.
    Started {
        /// The circuit.
        circuit: CircuitId,
        /// Its number of constraints.
        constraints: usize,
    },
    /// A key was made and stored.
    Made {
        /// The circuit.
        circuit: CircuitId,
        /// Bytes of the proving key.
        bytes: u64,
        /// How long it took.
        took: Duration,
    },
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept { circuit } => write!(f, "{circuit}: key kept"),
            Self::Started { circuit, constraints } => {
                write!(f, "{circuit}: making a key for {constraints} constraints")
            }
            Self::Made { circuit, bytes, took } => write!(
                f,
                "{circuit}: key of {:.1} MB made in {:.1} s (development: insecure)",
                *bytes as f64 / 1e6,
                took.as_secs_f64()
            ),
        }
    }
}

impl Params {
    /// Keys in this folder, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder given, else the one in `ERGON_PARAMS`, else `ergon/params` in the user's cache folder.
    ///
    /// # Errors
    /// When none is given and the user has no home folder.
    pub fn resolve(given: Option<PathBuf>) -> Result<Self, ParamsError> {
        let named = || std::env::var_os(ENVIRONMENT).filter(|name| !name.is_empty());
        let folder = match given.or_else(|| named().map(PathBuf::from)) {
            Some(folder) => folder,
            None => directories::ProjectDirs::from("", "", "ergon")
                .ok_or(ParamsError::NoFolder)?
                .cache_dir()
                .join("params"),
        };
        Ok(Self { folder })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The manifest.
    ///
    /// # Errors
    /// When it is missing, malformed, or of another version.
    pub fn manifest(&self) -> Result<Manifest, ParamsError> {
        Manifest::read(&self.folder)?
            .ok_or_else(|| ParamsError::NoManifest { path: self.folder.join(FILE) })
    }

    /// Makes development keys for the circuits that have no usable key yet, on all cores. Processes that do so at the
    /// same time wait for each other. Ceremony keys are never replaced.
    ///
    /// # Errors
    /// Those of the file system, a manifest of another version, or an unusable ceremony key.
    pub fn generate(
        &self,
        circuits: &[CircuitId],
        mut report: impl FnMut(&Progress),
    ) -> Result<Manifest, ParamsError> {
        let lock = self.lock()?;
        let mut manifest = Manifest::read(&self.folder)?.unwrap_or_else(Manifest::empty);
        for &circuit in circuits {
            if self.keeps(&manifest, circuit)? {
                self.complete(&mut manifest, circuit)?;
                report(&Progress::Kept { circuit });
                continue;
            }
            let shape = shape_of(circuit)?;
            let constraints = shape.constraints();
            report(&Progress::Started { circuit, constraints });
            let start = Instant::now();
            let (key, bytes) = Key::make(circuit, shape)?;
            let entry = self.put(&key, &bytes)?;
            let bytes = entry.proving_key.bytes;
            manifest.put(entry);
            manifest.write(&self.folder)?;
            report(&Progress::Made { circuit, bytes, took: start.elapsed() });
        }
        drop(lock);
        Ok(manifest)
    }

    /// Stores a key in place of any earlier one of its circuit.
    ///
    /// # Errors
    /// Those of the file system, or a manifest of another version.
    pub fn keep(&self, key: &Key) -> Result<Manifest, ParamsError> {
        let lock = self.lock()?;
        let mut manifest = Manifest::read(&self.folder)?.unwrap_or_else(Manifest::empty);
        let bytes = key.bytes().map_err(|reason| self.unwritable(key, reason))?;
        manifest.put(self.put(key, &bytes)?);
        manifest.write(&self.folder)?;
        drop(lock);
        Ok(manifest)
    }

    /// Waits until no other process changes the folder. The lock is released when the file is closed.
    fn lock(&self) -> Result<File, ParamsError> {
        fs::create_dir_all(&self.folder).map_err(ParamsError::io(&self.folder, "create"))?;
        let path = self.folder.join(".lock");
        let lock = File::create(&path).map_err(ParamsError::io(&path, "create"))?;
        lock.lock().map_err(ParamsError::io(&path, "lock"))?;
        Ok(lock)
    }

    /// Whether there is a usable key already.
    fn keeps(&self, manifest: &Manifest, circuit: CircuitId) -> Result<bool, ParamsError> {
        let Some(entry) = manifest.entry(&circuit.to_string()) else { return Ok(false) };
        let usable =
            self.whole(entry, circuit).and_then(|_| self.read(entry, &entry.verifying_key, |_| ()));
        match (usable, entry.origin.ceremony) {
            (Ok(_), _) => Ok(true),
            (Err(_), Ceremony::Development) => Ok(false),
            (Err(reason), Ceremony::Ceremony) => Err(ParamsError::Ceremony {
                circuit: entry.circuit.clone(),
                reason: Box::new(reason),
            }),
        }
    }

    /// Adds the matrices to a key that was made before they were kept.
    fn complete(&self, manifest: &mut Manifest, circuit: CircuitId) -> Result<(), ParamsError> {
        let Some(entry) = manifest.entry(&circuit.to_string()) else { return Ok(()) };
        if entry.matrices.is_none() {
            let bytes = shape_of(circuit)?.bytes();
            let matrices = Some(self.store(format!("{circuit}.matrices"), &bytes)?);
            manifest.put(Entry { matrices, ..entry.clone() });
            manifest.write(&self.folder)?;
        }
        Ok(())
    }

    /// Writes a key's files and describes them.
    fn put(&self, key: &Key, bytes: &[u8]) -> Result<Entry, ParamsError> {
        let circuit = key.circuit();
        let json = serde_json::to_string_pretty(&VerifyingKeyJson::from(key.verifying()))
            .map_err(|error| self.unwritable(key, error.to_string()))?;
        Ok(Entry {
            circuit: circuit.to_string(),
            origin: key.origin(),
            constraints: key.shape().constraints(),
            shape: key.shape().digest(),
            proving_key: self.store(format!("{circuit}.key"), bytes)?,
            verifying_key: self.store(format!("{circuit}.vk.json"), json.as_bytes())?,
            matrices: Some(self.store(format!("{circuit}.matrices"), &key.shape().bytes())?),
        })
    }

    fn unwritable(&self, key: &Key, reason: String) -> ParamsError {
        let (path, circuit) = (self.folder.clone(), key.circuit().to_string());
        ParamsError::Malformed { path, circuit, reason }
    }

    fn store(&self, file: String, bytes: &[u8]) -> Result<FileHash, ParamsError> {
        let path = self.folder.join(&file);
        write_atomically(&path, bytes, Access::Public).map_err(ParamsError::io(path, "write"))?;
        Ok(FileHash { file, bytes: bytes.len() as u64, sha256: sha256(bytes) })
    }

    /// Loads the key of a circuit, on all cores. Nothing is taken from files whose hashes are not those of the manifest.
    ///
    /// # Errors
    /// When there is no key, its bytes are not those of the manifest, or it belongs to another version of the circuit.
    pub fn load(&self, circuit: CircuitId) -> Result<Key, ParamsError> {
        self.whole(&self.entry(circuit)?, circuit)
    }

    fn whole(&self, entry: &Entry, circuit: CircuitId) -> Result<Key, ParamsError> {
        let file = &entry.proving_key;
        let malformed = |reason| self.malformed(entry, file, reason);
        let points = || self.read(entry, file, points::parse)?.map_err(malformed);
        // Of a key for another circuit the matrices' error is told, whatever its points are.
        let (shape, points) = rayon::join(|| self.shape(entry, circuit), points);
        let (shape, sha256) = (shape?, file.sha256.clone());
        Key::of(circuit, entry.origin, sha256, points?, shape).map_err(malformed)
    }

    /// The circuit's matrices: read, if this program knows their digest; built otherwise.
    fn shape(&self, entry: &Entry, circuit: CircuitId) -> Result<Shape, ParamsError> {
        match (pinned::digest(circuit), &entry.matrices) {
            (Some(digest), Some(file)) => {
                self.check(entry, digest)?;
                let malformed = || self.malformed(entry, file, "no matrices".to_owned());
                self.read(entry, file, Shape::from_bytes)?.ok_or_else(malformed)
            }
            _ => {
                let shape = shape_of(circuit)?;
                self.check(entry, &shape.digest())?;
                Ok(shape)
            }
        }
    }

    /// Loads the verifying key of a circuit, which is small.
    ///
    /// # Errors
    /// When there is no key or its bytes are not those of the manifest.
    pub fn verifying_key(&self, circuit: CircuitId) -> Result<VerifyingKey, ParamsError> {
        let entry = self.entry(circuit)?;
        let parse = |bytes: &[u8]| serde_json::from_slice::<VerifyingKeyJson>(bytes);
        let key = self
            .read(&entry, &entry.verifying_key, parse)?
            .map_err(|error| self.malformed(&entry, &entry.verifying_key, error.to_string()))?;
        Ok(key.into())
    }

    /// Checks that the verifying key of a circuit has no flaw ([`lint`](crate::lint())) and is recorded as a ceremony's,
    /// unless `insecure` is set.
    ///
    /// # Errors
    /// [`ParamsError::Unsound`] names the flaw; others when there is no key.
    pub fn lint(&self, circuit: CircuitId, insecure: bool) -> Result<(), ParamsError> {
        let (entry, key) = (self.entry(circuit)?, self.verifying_key(circuit)?);
        lint(&key, &entry.origin, insecure)
            .map_err(|flaw| ParamsError::Unsound { circuit: entry.circuit, flaw })
    }

    /// What the manifest says of a circuit's key.
    ///
    /// # Errors
    /// When there is no key.
    pub fn entry(&self, circuit: CircuitId) -> Result<Entry, ParamsError> {
        let (manifest, circuit) = (self.manifest()?, circuit.to_string());
        manifest
            .entry(&circuit)
            .cloned()
            .ok_or(ParamsError::Missing { path: self.folder.join(FILE), circuit })
    }

    /// Whether the entry is for this program's circuit, whose digest is given.
    fn check(&self, entry: &Entry, expected: &str) -> Result<(), ParamsError> {
        let path = self.folder.join(&entry.proving_key.file);
        if entry.origin.reduction != Reduction::Circom {
            let (circuit, found) = (entry.circuit.clone(), entry.origin.reduction);
            return Err(ParamsError::Reduction { path, circuit, found });
        }
        if entry.shape != expected {
            let (circuit, found) = (entry.circuit.clone(), entry.shape.clone());
            let expected = expected.to_owned();
            return Err(ParamsError::Outdated { path, circuit, expected, found });
        }
        Ok(())
    }

    /// Reads a file and parses it, meanwhile its hash is taken. What bytes with another hash say is dropped.
    fn read<T: Send>(
        &self,
        entry: &Entry,
        file: &FileHash,
        parse: impl FnOnce(&[u8]) -> T + Send,
    ) -> Result<T, ParamsError> {
        let path = self.folder.join(&file.file);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ParamsError::NoFile { path, circuit: entry.circuit.clone() });
            }
            Err(error) => return Err(ParamsError::io(path, "read")(error)),
        };
        let (parsed, found) = rayon::join(|| parse(&bytes), || sha256(&bytes));
        if found == file.sha256 {
            return Ok(parsed);
        }
        let (circuit, expected) = (entry.circuit.clone(), file.sha256.clone());
        Err(ParamsError::Hash { path, circuit, expected, found })
    }

    fn malformed(&self, entry: &Entry, file: &FileHash, reason: String) -> ParamsError {
        let path = self.folder.join(&file.file);
        ParamsError::Malformed { path, circuit: entry.circuit.clone(), reason }
    }
}
