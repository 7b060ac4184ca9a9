//! Devices that sign their readings and send them in time, each going on from its last acknowledgement.

use ergon_fleet::{DeviceDay, Reading, Sender, trial_key};
use ergon_gateway::Client;
use ergon_types::{Address, Fr, SecretKey};
use std::collections::BTreeMap;
use tokio::task::JoinSet;

/// Seconds of a five-minute slot: packets of one slot are sent side by side.
const SLOT: u32 = 300;

/// A device in its place.
pub(crate) struct Device {
    pub(crate) id: u64,
    pub(crate) index: u32,
    pub(crate) key: SecretKey,
    pub(crate) operator: Address,
    pub(crate) day: DeviceDay,
}

/// Numbers trial devices, for their keys and owners.
pub(crate) struct Numbers {
    seed: u64,
    last: u64,
}

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, last: 0 }
    }

    /// The next device's key and its owner.
    pub(crate) fn take(&mut self) -> (SecretKey, Address) {
        self.last += 1;
        let mut owner = [0xe0; 20];
        owner[12..].copy_from_slice(&self.last.to_be_bytes());
        (trial_key(self.seed, self.last), Address(owner))
    }
}

/// What became of packets.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) acknowledged: usize,
    /// Refused packets by the gateway's code.
    pub(crate) refused: BTreeMap<String, usize>,
}

/// Devices with their records.
pub(crate) struct Senders {
    senders: Vec<Option<Sender>>,
    windows: Windows,
}

/// For each slot of the epoch: which device sends what, in order.
type Windows = BTreeMap<u32, Vec<(usize, Vec<Reading>)>>;

impl Senders {
    pub(crate) fn new() -> Self {
        Self { senders: Vec::new(), windows: BTreeMap::new() }
    }

    /// Adds a device; `cohort` is its own or the one that it covers as a witness.
    pub(crate) fn add(&mut self, device: &Device, network: Fr, epoch: u64, cohort: u32) {
        let place = self.senders.len();
        let Device { key, day, id, .. } = device;
        self.senders.push(Some(Sender::new(key.clone(), &day.asset, network, *id, epoch, cohort)));
        for step in &day.steps {
            let window = self.windows.entry(step.at_seconds / SLOT).or_default();
            match window.last_mut() {
                Some((last, readings)) if *last == place => readings.push(step.reading.clone()),
                _ => window.push((place, vec![step.reading.clone()])),
            }
        }
    }

    /// The slots in which something is sent, with the second at which to send it.
    pub(crate) fn slots(&self) -> Vec<(u32, u64)> {
        self.windows.keys().map(|slot| (*slot, u64::from(slot * SLOT + SLOT / 2))).collect()
    }

    /// Number of packets of the whole epoch.
    pub(crate) fn packets(&self) -> usize {
        self.windows.values().flatten().map(|(_, readings)| readings.len()).sum()
    }

    /// Sends a slot's packets, the devices side by side; counts what became of them.
    pub(crate) async fn send(
        &mut self,
        slot: u32,
        client: &Client,
        tally: &mut Tally,
    ) -> eyre::Result<()> {
        let mut tasks = JoinSet::new();
        for (place, readings) in self.windows.remove(&slot).unwrap_or_default() {
            if let Some(sender) = self.senders[place].take() {
                tasks.spawn(send_all(place, sender, readings, client.clone()));
            }
        }
        while let Some(task) = tasks.join_next().await {
            let (place, sender, own) = task??;
            self.senders[place] = Some(sender);
            tally.acknowledged += own.acknowledged;
            for (code, count) in own.refused {
                *tally.refused.entry(code).or_default() += count;
            }
        }
        Ok(())
    }
}

async fn send_all(
    place: usize,
    mut sender: Sender,
    readings: Vec<Reading>,
    client: Client,
) -> eyre::Result<(usize, Sender, Tally)> {
    let mut tally = Tally::default();
    for reading in &readings {
        let before = sender.clone();
        let packet = sender.send(reading)?;
        match client.submit(&packet.to_bytes()).await {
            Ok(ack) => {
                sender.acknowledged(ack.nonce);
                tally.acknowledged += 1;
            }
            Err(error) => {
                let code = error.rejection().map(|rejection| rejection.code.clone());
                *tally.refused.entry(code.ok_or(error)?).or_default() += 1;
                // What was refused is not in the record, or every later packet would carry it too.
                sender = before;
            }
        }
    }
    Ok((place, sender, tally))
}

#[cfg(test)]
mod tests;
