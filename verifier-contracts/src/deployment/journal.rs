//! What a deployment has done so far: a file that says before each transaction what is about to be sent, and afterwards
//! that it is done, so that a deployment that is killed at any moment goes on where it was.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};

use alloy::primitives::{Address, B256};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Version of the file's format.
const VERSION: u32 = 1;

/// What a deployment is of: another one does not go on from its journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The chain.
    pub chain_id: u64,
    /// Who deploys.
    pub deployer: Address,
    /// Each setting by its name.
    pub settings: BTreeMap<String, String>,
}

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case", deny_unknown_fields)]
pub enum Entry {
    /// The first line.
    Begun {
        /// The journal's version, 1.
        version: u32,
        /// Of what.
        subject: Subject,
    },
    /// A transaction is about to be sent.
    Sending {
        /// The step's name.
        step: String,
        /// The transaction's nonce.
        nonce: u64,
        /// The contract that it creates, if it creates one.
        contract: Option<Address>,
    },
    /// A step is done.
    Done {
        /// The step's name.
        step: String,
        /// Its transaction; not known when an earlier run sent it and did not live to see it.
        transaction: Option<B256>,
        /// What it cost.
        gas: Option<u64>,
    },
}

/// What is known of a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Step {
    /// The contract that it creates.
    pub(crate) contract: Option<Address>,
    pub(crate) done: bool,
}

/// Why a journal cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file system refused.
    #[error("{}: could not {action} the journal: {source}", path.display())]
    Io {
        /// The journal.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// Somebody else deploys from it.
    #[error("{}: another deployment uses this journal; let it end, then run again", path.display())]
    InUse {
        /// The journal.
        path: PathBuf,
    },
    /// A line is none.
    #[error("{}, line {line}: expected a line of a deployment's journal: {reason}; restore the file from a copy", path.display())]
    Malformed {
        /// The journal.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What the parser says.
        reason: String,
    },
    /// It is of another deployment.
    #[error(
        "{}: this deployment was begun with {what} = {expected}, and now {what} = {found}; what is deployed does not change. Go on with what it was begun with, or deploy another network with another book", path.display()
    )]
    Changed {
        /// The journal.
        path: PathBuf,
        /// What differs.
        what: String,
        /// What the journal says.
        expected: String,
        /// What is wanted now.
        found: String,
    },
}

/// Hears of each line as it is written.
type Listener = Box<dyn Fn(&Entry) + Send + Sync>;

/// The journal of one deployment. While it is open no other program opens it.
#[derive(Default)]
pub struct Journal {
    /// None: nothing is kept.
    file: Option<(PathBuf, File)>,
    steps: BTreeMap<String, Step>,
    listener: Option<Listener>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.file.as_ref().map(|(path, _)| path);
        f.debug_struct("Journal").field("path", &path).field("steps", &self.steps).finish()
    }
}

impl Journal {
    /// A journal that ends with the process: for chains that do as well, and deployments that are not resumed.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Opens or begins the journal of a deployment.
    ///
    /// # Errors
    /// When it is in use, is no journal, or is of another deployment. One that no transaction was sent from is begun anew.
    pub fn open(path: &Path, subject: &Subject) -> Result<Self, JournalError> {
        let fails = |action| move |source| JournalError::Io { path: path.into(), action, source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(fails("open"))?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => JournalError::InUse { path: path.into() },
            TryLockError::Error(source) => fails("lock")(source),
        })?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(fails("read"))?;
        // A line that a kill cut off says nothing: it was not whole when the transaction would have been sent.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let (begun, steps) = parse(path, &text[..whole])?;
        let keeps = match &begun {
            Some(begun) if steps.is_empty() => begun == subject,
            Some(begun) => same(path, begun, subject).map(|()| true)?,
            None => false,
        };
        let kept = if keeps { whole as u64 } else { 0 };
        file.set_len(kept).map_err(fails("write"))?;
        file.seek(io::SeekFrom::Start(kept)).map_err(fails("write"))?;
        let mut journal = Self { file: Some((path.into(), file)), steps, listener: None };
        if !keeps {
            journal.write(&Entry::Begun { version: VERSION, subject: subject.clone() })?;
            sync_folder(path).map_err(fails("write"))?;
        }
        Ok(journal)
    }

    /// The same with somebody who hears of each line.
    #[must_use]
    pub fn heard_by(mut self, listener: impl Fn(&Entry) + Send + Sync + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Whether a transaction may have been sent.
    pub fn is_begun(&self) -> bool {
        !self.steps.is_empty()
    }

    pub(crate) fn step(&self, step: &str) -> Step {
        self.steps.get(step).copied().unwrap_or_default()
    }

    pub(crate) fn sending(
        &mut self,
        step: &str,
        nonce: u64,
        contract: Option<Address>,
    ) -> Result<(), JournalError> {
        self.write(&Entry::Sending { step: step.to_owned(), nonce, contract })
    }

    pub(crate) fn done(
        &mut self,
        step: &str,
        cost: Option<(B256, u64)>,
    ) -> Result<(), JournalError> {
        let (transaction, gas) = cost.unzip();
        self.write(&Entry::Done { step: step.to_owned(), transaction, gas })
    }

    /// On disk when it returns.
    fn write(&mut self, entry: &Entry) -> Result<(), JournalError> {
        if let Some((path, file)) = &mut self.file {
            let mut line = serde_json::to_string(entry).map_err(io::Error::from);
            if let Ok(line) = &mut line {
                line.push('\n');
            }
            line.and_then(|line| file.write_all(line.as_bytes()))
                .and_then(|()| file.sync_data())
                .map_err(|source| JournalError::Io { path: path.clone(), action: "write", source })?;
        }
        note(&mut self.steps, entry);
        if let Some(listener) = &self.listener {
            listener(entry);
        }
        Ok(())
    }
}

fn note(steps: &mut BTreeMap<String, Step>, entry: &Entry) {
    match entry {
        Entry::Begun { .. } => {}
        Entry::Sending { step, contract, .. } => {
            steps.insert(step.clone(), Step { contract: *contract, done: false });
        }
        Entry::Done { step, .. } => steps.entry(step.clone()).or_default().done = true,
    }
}

type Parsed = (Option<Subject>, BTreeMap<String, Step>);

fn parse(path: &Path, text: &str) -> Result<Parsed, JournalError> {
    let (mut begun, mut steps) = (None, BTreeMap::new());
    for (number, line) in (1..).zip(text.lines()) {
        let bad =
            |reason: String| JournalError::Malformed { path: path.into(), line: number, reason };
        let entry: Entry = serde_json::from_str(line).map_err(|error| bad(error.to_string()))?;
        match &entry {
            Entry::Begun { version, subject } if number == 1 && *version == VERSION => {
                begun = Some(subject.clone());
            }
            Entry::Begun { version, .. } => {
                return Err(bad(format!("version {version}, expected {VERSION} in line 1 alone")));
            }
            _ if number == 1 => return Err(bad("it does not say what it is of".to_owned())),
            _ => note(&mut steps, &entry),
        }
    }
    Ok((begun, steps))
}

/// Names the first thing that differs.
fn same(path: &Path, begun: &Subject, now: &Subject) -> Result<(), JournalError> {
    let facts = |subject: &Subject| {
        let mut facts = subject.settings.clone();
        facts.insert("chain".to_owned(), subject.chain_id.to_string());
        facts.insert("deployer".to_owned(), subject.deployer.to_string());
        facts
    };
    let (begun, now) = (facts(begun), facts(now));
    let absent = || "nothing".to_owned();
    for what in begun.keys().chain(now.keys()) {
        if begun.get(what) != now.get(what) {
            return Err(JournalError::Changed {
                path: path.into(),
                what: what.clone(),
                expected: begun.get(what).cloned().unwrap_or_else(absent),
                found: now.get(what).cloned().unwrap_or_else(absent),
            });
        }
    }
    Ok(())
}

/// A new file lasts only when its folder is synced too; where folders cannot be opened there is nothing to sync.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) else { return Ok(()) };
    folder.sync_all().or_else(|error| match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported => Ok(()),
        _ => Err(error),
    })
}

#[cfg(test)]
mod tests;
