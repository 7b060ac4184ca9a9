//! What can go wrong below the rules: the database, its owner, its network.

use crate::cohort::TermsError;
use crate::sealing::SealError;
use std::path::PathBuf;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file could not be created or opened.
    #[error(
        "cannot open the database {path}: {source}; check that the folder exists and can be written"
    )]
    Open {
        /// The database.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Another process holds the database.
    #[error(
        "database {0} is in use by another gateway; stop that one or choose another data folder"
    )]
    InUse(PathBuf),
    /// The database was made for something else.
    #[error("database {path} belongs to {found}, expected {expected}; choose another data folder")]
    OtherNetwork {
        /// The database.
        path: PathBuf,
        /// What it holds.
        found: String,
        /// What the configuration says.
        expected: String,
    },
    /// SQLite refused; nothing of the request was kept.
    #[error("the database failed: {0}; nothing of this request was kept, repeat it")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated: {0}; it may come from a newer version")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored row cannot be read.
    #[error("a stored {what} is damaged: {reason}; restore the database from a backup")]
    Damaged {
        /// What the row holds.
        what: &'static str,
        /// Why it cannot be read.
        reason: String,
    },
    /// More requests wait than the queue holds.
    #[error("the gateway is busy; repeat the same packet in a second")]
    Busy,
    /// The store is shutting down.
    #[error("the gateway is shutting down; repeat the same packet after its restart")]
    Closed,
    /// An identifier that the database cannot hold.
    #[error("epoch {0} is out of range; expected an epoch below 2^63")]
    Epoch(u64),
    /// A cohort's terms are refused.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// A seal is refused.
    #[error(transparent)]
    Seal(#[from] SealError),
}
