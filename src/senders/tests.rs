//! What a gateway refuses is in no later packet: against a real gateway.

use super::*;
use ergon_fleet::{Asset, Step};
use ergon_gateway::messages::CohortTerms;
use ergon_gateway::{AdminToken, Config, Gateway, SettableClock, serve};
use ergon_store::Terms;
use ergon_types::{Body, Member, Membership, Network, Policy, Schema};
use std::sync::Arc;
use tokio::net::TcpListener;

const NETWORK: Network =
    Network { chain_id: 31_337, settlement: Address([1; 20]), registry: Address([2; 20]) };
const GENESIS: u64 = 1_700_000_000;
const TOKEN: &str = "0123456789abcdef";

/// A beacon that reports these slots, each in the slot beside it.
fn beacon(key: &SecretKey, reports: &[(u32, u32)]) -> Device {
    let step = |(now, slot): &(u32, u32)| Step {
        at_seconds: now * SLOT,
        reading: Reading::Alive { slot: *slot },
    };
    let day = DeviceDay {
        name: "beacon".into(),
        source: "simulated".into(),
        day: "simulated".into(),
        asset: Asset::Beacon,
        measured: reports.len() as u64,
        steps: reports.iter().map(step).collect(),
    };
    Device { id: 1, index: 0, key: key.clone(), operator: Address([9; 20]), day }
}

#[tokio::test]
async fn a_refused_reading_is_in_no_later_packet() {
    let (attestor, _) = Numbers::new(1).take();
    let (key, operator) = Numbers::new(2).take();
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(SettableClock::at(GENESIS));
    let config = Config {
        network: NETWORK,
        genesis: GENESIS,
        epoch_seconds: Config::DAY,
        attestor: attestor.clone(),
        folder: folder.path().into(),
        grace_seconds: 0,
        seal_delay_seconds: 0,
        admin_token: AdminToken::new(TOKEN).unwrap(),
    };
    let gateway = Gateway::open(config, clock.clone()).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(Arc::clone(&gateway), listener, std::future::pending()));
    let client = Client::new(&url, attestor.public(), Some(TOKEN.into())).unwrap();
    let member = Member { device: 1, key: key.public(), operator, attribute: 0 };
    let membership = Membership { cohort: 1, region: 0, members: vec![Some(member)] };
    let policy = Some(Policy::standard(ergon_types::Kind::Uptime));
    let terms = Terms { schema: Schema::Uptime, membership, policy, witness_cohort: None };
    client.put_cohort(&CohortTerms { from_epoch: 0, terms }).await.unwrap();

    let mut senders = Senders::new();
    senders.add(&beacon(&key, &[(0, 0), (1, 7), (2, 2)]), NETWORK.id(), 0, 1);
    let mut tally = Tally::default();
    for (slot, second) in senders.slots() {
        clock.set(GENESIS + second);
        senders.send(slot, &client, &mut tally).await.unwrap();
    }
    assert_eq!(tally.acknowledged, 2);
    assert_eq!(tally.refused, BTreeMap::from([("slot_not_now".to_owned(), 1)]));
    let stored = gateway.store().record(1, Schema::Uptime, 0).await.unwrap().unwrap();
    let Body::Uptime(slots) = stored.packet.record.body else { panic!("not uptime") };
    assert_eq!(slots.iter().collect::<Vec<_>>(), [0, 2]);
    // The refused packet's counter is free again.
    assert_eq!(stored.packet.record.header.counter, 2);
}
