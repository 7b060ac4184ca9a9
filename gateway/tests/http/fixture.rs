//! A served gateway with four cohorts, a clock to set, and devices that sign.

use ergon_gateway::client::{Client, Rejection};
use ergon_gateway::messages::CohortTerms;
use ergon_gateway::{AdminToken, Config, Gateway, SettableClock, serve};
use ergon_store::Terms;
use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::{
    Ack, Address, Body, Fr, Header, Member, Membership, Network, Packet, Policy, Record, Schema,
    SecretKey,
};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::TcpListener;

pub(crate) const NETWORK: Network =
    Network { chain_id: 31_337, settlement: Address([1; 20]), registry: Address([2; 20]) };
pub(crate) const GENESIS: u64 = 1_700_000_000;
pub(crate) const DAY: u64 = Config::DAY;
pub(crate) const TOKEN: &str = "0123456789abcdef";
pub(crate) const UPTIME: u32 = 1;
pub(crate) const COVERAGE: u32 = 2;
pub(crate) const ENERGY: u32 = 3;
pub(crate) const WITNESSES: u32 = 4;
/// Places of a cohort; the first half is held by devices `10·cohort + place`.
pub(crate) const SIZE: usize = 8;

pub(crate) fn key(device: u64) -> SecretKey {
    SecretKey::from_bytes([device as u8; 32])
}

pub(crate) fn attestor() -> SecretKey {
    key(250)
}

pub(crate) fn member(device: u64, attribute: u64) -> Member {
    Member { device, key: key(device).public(), operator: Address([9; 20]), attribute }
}

pub(crate) fn terms(cohort: u32, schema: Schema) -> Terms {
    let attribute = if schema == Schema::Energy { 10_000 | (1 << 32) } else { 0 };
    let coverage = schema == Schema::Coverage;
    let place = |place: usize| {
        (place < SIZE / 2).then(|| member(u64::from(cohort) * 10 + place as u64, attribute))
    };
    Terms {
        schema,
        membership: Membership {
            cohort,
            region: if coverage { 0x0822_1aff_ffff_ffff } else { 0 },
            members: (0..SIZE).map(place).collect(),
        },
        policy: (schema != Schema::Witness).then(|| Policy::standard(schema.kind())),
        witness_cohort: coverage.then_some(WITNESSES),
    }
}

/// A gateway on a socket; its folder goes when it does.
pub(crate) struct World {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) clock: Arc<SettableClock>,
    pub(crate) url: String,
    pub(crate) folder: TempDir,
}

pub(crate) fn config(folder: &Path) -> Config {
    Config {
        network: NETWORK,
        genesis: GENESIS,
        epoch_seconds: DAY,
        attestor: attestor(),
        folder: folder.into(),
        grace_seconds: 30,
        seal_delay_seconds: 3_600,
        admin_token: AdminToken::new(TOKEN).unwrap(),
    }
}

impl World {
    /// A gateway without cohorts, at the genesis.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SettableClock::at(GENESIS));
        let gateway = Gateway::open(config(folder.path()), clock.clone()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve(Arc::clone(&gateway), listener, std::future::pending()));
        Self { gateway, clock, url, folder }
    }

    /// A gateway with a cohort of each schema.
    pub(crate) async fn new() -> Self {
        let world = Self::empty().await;
        for (cohort, schema) in [
            (UPTIME, Schema::Uptime),
            (WITNESSES, Schema::Witness),
            (COVERAGE, Schema::Coverage),
            (ENERGY, Schema::Energy),
        ] {
            let terms = CohortTerms { from_epoch: 0, terms: terms(cohort, schema) };
            world.operator().put_cohort(&terms).await.unwrap();
        }
        world
    }

    /// Seconds since the genesis.
    pub(crate) fn set(&self, seconds: u64) {
        self.clock.set(GENESIS + seconds);
    }

    pub(crate) fn operator(&self) -> Client {
        Client::new(&self.url, attestor().public(), Some(TOKEN.into())).unwrap()
    }

    pub(crate) fn device(&self) -> Client {
        Client::new(&self.url, attestor().public(), None).unwrap()
    }

    pub(crate) async fn accept(&self, packet: &Packet) -> Ack {
        self.device().submit(&packet.to_bytes()).await.unwrap()
    }

    pub(crate) async fn refuse_bytes(&self, bytes: &[u8]) -> Rejection {
        let error = self.device().submit(bytes).await.unwrap_err();
        error.rejection().cloned().unwrap_or_else(|| panic!("no rejection: {error}"))
    }

    /// The code and status with which a packet is refused, checking that nothing is counted.
    pub(crate) async fn refuse(&self, packet: &Packet) -> (String, u16) {
        let before = self.gateway.store();
        let header = packet.record.header;
        let schema = packet.record.body.schema();
        let head = async || {
            let record = before.record(header.device, schema, header.epoch).await.unwrap();
            record.map(|record| (record.packet.to_bytes(), record.arrivals))
        };
        let stored = head().await;
        let rejection = self.refuse_bytes(&packet.to_bytes()).await;
        assert_eq!(head().await, stored, "a refused packet changed the record");
        assert!(!rejection.message.is_empty() && !rejection.expected.is_empty());
        (rejection.code, rejection.status)
    }
}

/// The first record of a device in epoch 0.
pub(crate) fn record(device: u64, body: Body) -> Record {
    let salt = key(device).salt(body.schema(), 0);
    let (network, nonce) = (NETWORK.id(), Fr::from(0u64));
    Record { header: Header { network, device, epoch: 0, counter: 1, nonce, salt }, body }
}

pub(crate) fn sign(record: Record) -> Packet {
    let key = key(record.header.device);
    Packet::sign(record, &key)
}

/// The next packet of a record after its acknowledgement.
pub(crate) fn next(packet: &Packet, ack: &Ack, body: Body) -> Packet {
    let header = packet.record.header;
    let counter = header.counter + 1;
    sign(Record { header: Header { counter, nonce: ack.nonce, ..header }, body })
}

pub(crate) fn uptime(slots: &[u32]) -> Body {
    Body::Uptime(slots.iter().copied().collect())
}

pub(crate) fn energy(quarters: &[usize]) -> Body {
    let end = 1_000 + 5 * quarters.len() as u64;
    let mut meter = Meter { generation: 1, start: 1_000, end, ..Meter::default() };
    for quarter in quarters {
        meter.quarters[*quarter] = Quarter { present: true, tamper: false, delta: 5 };
    }
    Body::Energy(meter)
}
