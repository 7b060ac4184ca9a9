//! The store: one file, one writer, any number of readers.

use crate::admission::{Refusal, Verified, address};
use crate::calendar::Calendar;
use crate::cohort::Terms;
use crate::database::{self, Database};
use crate::directory::Directory;
use crate::error::StoreError;
use crate::records::{self, StoredRecord};
use crate::sealing::SealError;
use crate::writer::{self, Arrival, Outcome};
use crate::{seals, terms};
use ergon_types::{Bundle, Fr, Member, Network, Packet, PublicKey, Schema, SecretKey, State};
use serde::Serialize;
use sqlx::{Connection, SqliteConnection, SqlitePool};
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::sync::{Mutex, mpsc, oneshot};

/// Packets that may wait for the writer before new ones are turned away.
const QUEUE: usize = 4_096;

/// The clock of a network and its tolerances, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Epochs.
    pub calendar: Calendar,
    /// By how much clocks may differ.
    pub grace: u64,
    /// How long after an epoch's end it can be sealed at the earliest.
    pub seal_delay: u64,
}

/// What a database belongs to; opening it for anything else is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Chain and contracts.
    pub network: Network,
    /// Who signs acknowledgements and seals.
    pub attestor: PublicKey,
}

/// A handle on the store; clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    queue: mpsc::Sender<Arrival>,
}

pub(crate) struct Inner {
    pub(crate) writer: Mutex<Option<SqliteConnection>>,
    pub(crate) network: Fr,
    pub(crate) timing: Timing,
    pub(crate) identity: Identity,
    directory: RwLock<Directory>,
    readers: SqlitePool,
    lock: File,
}

impl Inner {
    /// The directory; a poisoned lock still holds whole values.
    pub(crate) fn directory(&self) -> RwLockReadGuard<'_, Directory> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The directory, to be changed after a commit and before the writer is given back.
    pub(crate) fn directory_mut(&self) -> RwLockWriteGuard<'_, Directory> {
        self.directory.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("identity", &self.inner.identity).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens or creates the database of a gateway and starts its writer.
    ///
    /// # Errors
    /// When the file cannot be used, is in use, or belongs to another network.
    pub async fn open(path: &Path, identity: Identity, timing: Timing) -> Result<Self, StoreError> {
        let Database { lock, mut writer, readers } = database::open(path).await?;
        let expected = serde_json::to_string(&(identity, timing.calendar))
            .map_err(|e| StoreError::Damaged { what: "identity", reason: e.to_string() })?;
        let found = terms::bind_network(&mut writer, &expected).await?;
        if found != expected {
            return Err(StoreError::OtherNetwork { path: path.into(), found, expected });
        }
        let directory = RwLock::new(terms::load(&mut writer).await?);
        let network = identity.network.id();
        let writer = Mutex::new(Some(writer));
        let inner = Arc::new(Inner { writer, network, timing, identity, directory, readers, lock });
        let (queue, arrivals) = mpsc::channel(QUEUE);
        tokio::spawn(writer::run(Arc::clone(&inner), arrivals));
        Ok(Self { inner, queue })
    }

    /// Finishes what is being written and gives the file back.
    ///
    /// # Errors
    /// When the database does not close cleanly.
    pub async fn close(&self) -> Result<(), StoreError> {
        let writer = self.inner.writer.lock().await.take();
        self.inner.readers.close().await;
        if let Some(writer) = writer {
            writer.close().await?;
        }
        // The lock ends with the process in any case.
        drop(self.inner.lock.unlock());
        Ok(())
    }

    /// The clock's epochs and tolerances.
    pub fn timing(&self) -> Timing {
        self.inner.timing
    }

    /// What the database belongs to.
    pub fn identity(&self) -> Identity {
        self.inner.identity
    }

    /// Reads the directory of cohorts and devices. Keep the guard no longer than needed.
    pub fn directory(&self) -> RwLockReadGuard<'_, Directory> {
        self.inner.directory()
    }

    /// Checks address and signature of a packet. This is CPU work: keep it off async threads.
    ///
    /// # Errors
    /// As [`Verified::check`].
    pub fn verify(&self, packet: Packet) -> Result<Verified, Refusal> {
        // The directory is free again while the signature is checked.
        let place = address(&packet.record, self.inner.network, &self.directory())?;
        Verified::check(packet, place)
    }

    /// Admits a packet that arrived at `now`. Returns after it is on disk; `nonce` is what its
    /// acknowledgement will ask the next packet to contain.
    ///
    /// # Errors
    /// When the queue is full or the database fails: the packet is then not stored.
    pub async fn admit(
        &self,
        verified: Verified,
        nonce: Fr,
        now: u64,
    ) -> Result<Outcome, StoreError> {
        let (answer, outcome) = oneshot::channel();
        self.queue.try_send(Arrival { verified, nonce, now, answer }).map_err(|e| match e {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        outcome.await.map_err(|_| StoreError::Closed)?
    }

    /// A stored record.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(
        &self,
        device: u64,
        schema: Schema,
        epoch: u64,
    ) -> Result<Option<StoredRecord>, StoreError> {
        records::stored(&self.inner.readers, (device, schema, epoch)).await
    }

    /// Sets the terms of a cohort from an epoch on.
    ///
    /// # Errors
    /// When the terms are refused or the database fails.
    pub async fn put_cohort(&self, from_epoch: u64, terms: Terms) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        uncancelled(async move { inner.put_cohort(from_epoch, terms).await }).await
    }

    /// Puts a device into an empty place of a cohort, or changes the device in its own place.
    ///
    /// # Errors
    /// When the place is taken, the resulting terms are refused or the database fails.
    pub async fn enrol(
        &self,
        cohort: u32,
        index: usize,
        member: Member,
        from_epoch: u64,
    ) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        uncancelled(async move { inner.enrol(cohort, index, member, from_epoch).await }).await
    }

    /// Seals a cohort's epoch, or returns the bundle of the seal that it has already.
    ///
    /// # Errors
    /// Before the epoch can be sealed, for an unknown cohort, or when the database fails.
    pub async fn seal(
        &self,
        cohort: u32,
        epoch: u64,
        attestor: &SecretKey,
        salt: Fr,
        now: u64,
    ) -> Result<Bundle, StoreError> {
        let (inner, attestor) = (Arc::clone(&self.inner), attestor.clone());
        uncancelled(async move { inner.seal(cohort, epoch, &attestor, salt, now).await }).await
    }

    /// The bundle of a sealed epoch, with the state before it as it is known now.
    ///
    /// # Errors
    /// When the epoch is not sealed or the database fails.
    pub async fn bundle(&self, cohort: u32, epoch: u64) -> Result<Bundle, StoreError> {
        let mut connection = self.inner.readers.acquire().await?;
        let bundle = seals::bundle(&mut connection, cohort, epoch).await?;
        bundle.ok_or(StoreError::Seal(SealError::NotSealed { cohort, epoch }))
    }

    /// Keeps the state of an energy cohort after a settled epoch.
    ///
    /// # Errors
    /// When the state does not fit the cohort or the database fails.
    pub async fn put_state(&self, cohort: u32, epoch: u64, state: State) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        uncancelled(async move { inner.put_state(cohort, epoch, state).await }).await
    }
}

/// Runs a change in its own task: a client that hangs up cannot stop it between the commit and
/// the directory.
async fn uncancelled<T: Send + 'static>(
    change: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(change).await.map_err(|_| StoreError::Closed)?
}
