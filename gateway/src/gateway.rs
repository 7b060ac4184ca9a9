//! The gateway itself: verify, store, acknowledge; seal and write the bundle.

use crate::bundles;
use crate::clock::Clock;
use crate::config::Config;
use crate::failure::{Failure, StartError};
use crate::messages::SealSummary;
use ergon_store::{Outcome, Receipt, Refusal, Store, StoreError, Verified};
use ergon_types::{Ack, Bundle, Fr, Packet, Schema, field};
use rand::TryRngCore;
use rand::rngs::OsRng;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Packets that may be in work before new ones are turned away.
const MOST_IN_WORK: usize = 2_048;

/// Packets counted since the start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) admitted: u64,
    pub(crate) duplicates: u64,
    pub(crate) refused: BTreeMap<&'static str, u64>,
}

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    config: Config,
    store: Store,
    clock: Arc<dyn Clock>,
    in_work: Semaphore,
    workers: Semaphore,
    /// One bundle is written at a time: two may be the same file.
    bundling: tokio::sync::Mutex<()>,
    counts: Mutex<Counts>,
}

impl Gateway {
    /// Opens or creates the data folder and starts the store.
    ///
    /// # Errors
    /// When the configuration is not valid or the folder cannot be used.
    pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Arc<Self>, StartError> {
        if config.epoch_seconds < 288 {
            return Err(StartError::Epoch(config.epoch_seconds));
        }
        bundles::create_folder(&config.folder)
            .map_err(|source| StartError::Folder { path: config.folder.clone(), source })?;
        let path = config.folder.join("gateway.sqlite");
        let store = Store::open(&path, config.identity(), config.timing()).await?;
        let workers = Semaphore::new(available_parallelism().map_or(1, usize::from));
        let in_work = Semaphore::new(MOST_IN_WORK);
        let (bundling, counts) = Default::default();
        Ok(Arc::new(Self { config, store, clock, in_work, workers, bundling, counts }))
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The time by the gateway's clock.
    pub fn now(&self) -> u64 {
        self.clock.now()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Admits a packet and acknowledges it after it is on disk. Its arrival is the moment of the
    /// call, however long it waits for a free core.
    ///
    /// # Errors
    /// The reason why it is refused, or why it could not be stored.
    pub async fn submit(self: &Arc<Self>, bytes: &[u8]) -> Result<Ack, Failure> {
        let now = self.now();
        let _place = self.in_work.try_acquire().map_err(|_| StoreError::Busy)?;
        let result = self.admit(bytes.to_vec(), now).await;
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match &result {
            Ok((_, true)) => counts.admitted += 1,
            Ok((_, false)) => counts.duplicates += 1,
            Err(failure) => {
                *counts.refused.entry(failure.code).or_default() += 1;
                tracing::debug!(code = failure.code, "packet refused");
            }
        }
        result.map(|(ack, _)| ack)
    }

    /// The acknowledgement, and whether the packet is new.
    async fn admit(self: &Arc<Self>, bytes: Vec<u8>, now: u64) -> Result<(Ack, bool), Failure> {
        let gateway = Arc::clone(self);
        let verified = self.compute(move || gateway.verify(&bytes)).await??;
        let header = verified.packet().record.header;
        let of = (header.device, verified.place().schema, header.epoch);
        let outcome = self.store.admit(verified, random()?, now).await?;
        let (receipt, new) = match outcome {
            Outcome::Admitted(receipt) => (receipt, true),
            Outcome::Duplicate(receipt) => (receipt, false),
            Outcome::Refused(refusal) => return Err(refusal.into()),
        };
        Ok((self.sign_ack(header.network, of, receipt).await?, new))
    }

    /// Signs an acknowledgement. Signing is deterministic: a repeated packet gets the same
    /// acknowledgement, byte by byte.
    pub(crate) async fn sign_ack(
        self: &Arc<Self>,
        network: Fr,
        of: (u64, Schema, u64),
        Receipt { head, slot, nonce }: Receipt,
    ) -> Result<Ack, Failure> {
        let gateway = Arc::clone(self);
        self.compute(move || Ack::sign(&gateway.config.attestor, network, of, head, slot, nonce))
            .await
    }

    fn verify(&self, bytes: &[u8]) -> Result<Verified, Refusal> {
        self.store.verify(Packet::from_bytes(bytes)?)
    }

    /// Runs curve arithmetic beside the async threads, on no more threads than cores.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let stopped = || Failure::from(StoreError::Closed);
        let _core = self.workers.acquire().await.map_err(|_| stopped())?;
        spawn_blocking(work).await.map_err(|_| stopped())
    }

    /// Seals a cohort's epoch, or finds its seal, and writes the bundle.
    ///
    /// # Errors
    /// When the epoch cannot be sealed yet, or database or folder fail.
    pub async fn seal(&self, cohort: u32, epoch: u64) -> Result<SealSummary, Failure> {
        let (key, salt) = (&self.config.attestor, random()?);
        let bundle = self.store.seal(cohort, epoch, key, salt, self.now()).await?;
        // Read again for the state as it is known now, which a repeated seal brings up to date.
        let bundle = self.store.bundle(bundle.membership.cohort, bundle.epoch).await?;
        let path = self.write(bundle.clone()).await?;
        let mut summary = SealSummary {
            kind: bundle.kind,
            cohort,
            epoch,
            seal: bundle.seal.message().to_string(),
            signature: bundle.seal_signature,
            sealed: Vec::new(),
            silent: Vec::new(),
            contradicted: Vec::new(),
            bundle: path.display().to_string(),
        };
        let schema = bundle.kind.schema();
        for (member, packet) in bundle.membership.members.iter().zip(&bundle.packets) {
            let Some(device) = member.map(|member| member.device) else { continue };
            if packet.is_some() {
                summary.sealed.push(device);
            } else if self.store.record(device, schema, epoch).await?.is_some() {
                summary.contradicted.push(device);
            } else {
                summary.silent.push(device);
            }
        }
        Ok(summary)
    }

    async fn write(&self, bundle: Bundle) -> Result<PathBuf, Failure> {
        let folder = self.config.folder.join("bundles");
        let shown = folder.display().to_string();
        let _alone = self.bundling.lock().await;
        let written = self.compute(move || bundles::write(&folder, &bundle)).await?;
        written.map_err(|error| {
            let message = format!("the seal is kept, but its bundle in {shown} failed: {error}");
            Failure::new("storage_failed", message, "make room and repeat the seal")
        })
    }

    /// Finishes what is being written and gives the data folder back.
    ///
    /// # Errors
    /// When the database does not close cleanly.
    pub async fn close(&self) -> Result<(), StartError> {
        Ok(self.store.close().await?)
    }
}

/// 248 bits from the operating system.
fn random() -> Result<Fr, Failure> {
    let mut bytes = [0u8; 32];
    let entry = OsRng.try_fill_bytes(&mut bytes[..31]).ok();
    entry.and_then(|()| field::from_le_bytes(&bytes)).ok_or_else(|| {
        let message = "the operating system gave no random bytes";
        Failure::new("storage_failed", message, "repeat the request")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AdminToken, SettableClock};
    use ergon_types::{Address, Network, SecretKey};

    #[tokio::test]
    async fn packets_beyond_what_is_in_work_are_turned_away() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            network: Network {
                chain_id: 1,
                settlement: Address([1; 20]),
                registry: Address([2; 20]),
            },
            genesis: 0,
            epoch_seconds: Config::DAY,
            attestor: SecretKey::from_bytes([1; 32]),
            folder: folder.path().into(),
            grace_seconds: Config::GRACE_SECONDS,
            seal_delay_seconds: Config::SEAL_DELAY_SECONDS,
            admin_token: AdminToken::new("0123456789abcdef").unwrap(),
        };
        let gateway = Gateway::open(config, Arc::new(SettableClock::at(0))).await.unwrap();
        assert_eq!(gateway.submit(&[]).await.unwrap_err().code, "malformed_packet");
        gateway.in_work.forget_permits(MOST_IN_WORK);
        assert_eq!(gateway.submit(&[]).await.unwrap_err().code, "busy");
    }
}
