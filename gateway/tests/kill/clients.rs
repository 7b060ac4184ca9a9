//! Devices that submit as fast as they can, repeat what was not answered, and keep a ledger.

use crate::child::{LAST_EPOCH, NETWORK, attestor};
use ergon_gateway::Client;
use ergon_gateway::client::ClientError;
use ergon_types::record::energy::{Meter, QUARTERS, Quarter};
use ergon_types::{Ack, Address, Body, Fr, Header, Member, Packet, Record, Schema, SecretKey};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tokio::task::JoinHandle;

pub(crate) const DEVICES: u64 = 16;

fn key(device: u64) -> SecretKey {
    SecretKey::from_bytes([device as u8; 32])
}

pub(crate) fn member(device: u64) -> Member {
    let attribute = 10_000 | (1 << 32);
    Member { device, key: key(device).public(), operator: Address([9; 20]), attribute }
}

pub(crate) fn client(url: &str, token: Option<String>) -> Client {
    Client::new(url, attestor().public(), token).unwrap()
}

/// What one device saw acknowledged, by epoch, and how often it had to repeat a packet.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) acknowledged: BTreeMap<u64, Vec<Packet>>,
    pub(crate) repeated: u64,
}

/// All devices and where they find the gateway.
#[derive(Clone, Default)]
pub(crate) struct Fleet(Arc<Shared>);

#[derive(Default)]
struct Shared {
    url: RwLock<String>,
    acknowledged: AtomicU64,
    stopped: AtomicBool,
}

impl Fleet {
    pub(crate) fn point_to(&self, url: String) {
        *self.0.url.write().unwrap() = url;
    }

    pub(crate) fn stop(&self) {
        self.0.stopped.store(true, Ordering::SeqCst);
    }

    /// Waits until that many more packets are acknowledged: the gateway is under load.
    pub(crate) async fn more_acknowledged(&self, packets: u64) {
        let enough = self.0.acknowledged.load(Ordering::SeqCst) + packets;
        while self.0.acknowledged.load(Ordering::SeqCst) < enough {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Starts a device; it stops after an acknowledgement, with nothing in flight.
    pub(crate) fn start(&self, device: u64) -> JoinHandle<Ledger> {
        let fleet = self.clone();
        tokio::spawn(async move {
            let mut ledger = Ledger::default();
            for epoch in 0..LAST_EPOCH {
                let mut last: Option<Ack> = None;
                for quarter in 0..QUARTERS {
                    if fleet.0.stopped.load(Ordering::SeqCst) {
                        return ledger;
                    }
                    let packet = packet(device, epoch, quarter, last.as_ref());
                    last = Some(fleet.submit(&packet, &mut ledger.repeated).await);
                    ledger.acknowledged.entry(epoch).or_default().push(packet);
                    fleet.0.acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            }
            ledger
        })
    }

    /// Repeats the same bytes until they are acknowledged. A refusal would mean that the gateway
    /// forgot something that it had acknowledged.
    async fn submit(&self, packet: &Packet, repeated: &mut u64) -> Ack {
        let bytes = packet.to_bytes();
        loop {
            let url = self.0.url.read().unwrap().clone();
            match client(&url, None).submit(&bytes).await {
                Ok(ack) => return ack,
                Err(ClientError::Unreachable { .. }) => {
                    *repeated += 1;
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// The record of quarter hours 0 to `quarter`, 5 Wh each.
fn packet(device: u64, epoch: u64, quarter: usize, last: Option<&Ack>) -> Packet {
    let end = 1_000 + 5 * (quarter as u64 + 1);
    let mut meter = Meter { generation: 1, start: 1_000, end, ..Meter::default() };
    meter.quarters[..=quarter].fill(Quarter { present: true, tamper: false, delta: 5 });
    let header = Header {
        network: NETWORK.id(),
        device,
        epoch,
        counter: quarter as u64 + 1,
        nonce: last.map_or(Fr::from(0u64), |ack| ack.nonce),
        salt: key(device).salt(Schema::Energy, epoch),
    };
    Packet::sign(Record { header, body: Body::Energy(meter) }, &key(device))
}
