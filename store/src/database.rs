//! Opening the SQLite file: one owner, private, every commit on disk, schema up to date.

use crate::error::StoreError;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection, SqlitePool};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Connections that only read; WAL lets them read beside the writer.
const READERS: u32 = 4;

/// An open database: the lock on it, the one writing connection, and the readers.
pub(crate) struct Database {
    pub(crate) lock: File,
    pub(crate) writer: SqliteConnection,
    pub(crate) readers: SqlitePool,
}

/// Opens or creates the database.
pub(crate) async fn open(path: &Path) -> Result<Database, StoreError> {
    let lock = own(path)?;
    create_private(path).map_err(|source| StoreError::Open { path: path.into(), source })?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true);
    let mut writer = options.connect().await?;
    MIGRATIONS.run(&mut writer).await?;
    let readers = SqlitePoolOptions::new().max_connections(READERS).connect_lazy_with(options);
    Ok(Database { lock, writer, readers })
}

/// Takes the lock beside the database; the system gives it back when the process ends.
fn own(path: &Path) -> Result<File, StoreError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".lock");
    let beside = PathBuf::from(beside);
    let failed = |source| StoreError::Open { path: beside.clone(), source };
    let lock = private().open(&beside).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.into())),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Creates the file before SQLite does, so that only its owner can read it; SQLite gives the
/// files beside it the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    private().open(path).map(drop)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
