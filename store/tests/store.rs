//! The store on disk: what is decided at the moment of the commit, what a damaged row may spoil, and that there is one
//! seal of an epoch.
#![allow(clippy::unwrap_used)]

use ergon_store::{Calendar, Identity, Outcome, Refusal, Store, StoreError, Terms, Timing};
use ergon_types::{
    Address, Body, Bundle, Fr, Header, Member, Membership, Network, Packet, Policy, Record, Schema,
    SecretKey,
};
use sqlx::Connection;
use std::path::Path;

const NETWORK: Network =
    Network { chain_id: 1, settlement: Address([1; 20]), registry: Address([2; 20]) };

fn key(device: u64) -> SecretKey {
    SecretKey::from_bytes([device as u8; 32])
}

fn terms(devices: &[u64]) -> Terms {
    let member = |device: &u64| {
        let key = key(*device).public();
        Some(Member { device: *device, key, operator: Address([9; 20]), attribute: 0 })
    };
    let mut members: Vec<_> = devices.iter().map(member).collect();
    members.resize(4, None);
    Terms {
        schema: Schema::Uptime,
        membership: Membership { cohort: 1, region: 0, members },
        policy: Some(Policy::standard(Schema::Uptime.kind())),
        witness_cohort: None,
    }
}

fn packet(device: u64) -> Packet {
    let salt = key(device).salt(Schema::Uptime, 0);
    let (network, nonce) = (NETWORK.id(), Fr::from(0u64));
    let header = Header { network, device, epoch: 0, counter: 1, nonce, salt };
    let body = Body::Uptime([0].into_iter().collect());
    Packet::sign(Record { header, body }, &key(device))
}

async fn open(path: &Path) -> Store {
    let identity = Identity { network: NETWORK, attestor: key(200).public() };
    let calendar = Calendar { genesis: 0, length: 86_400 };
    let timing = Timing { calendar, grace: 30, seal_delay: 0 };
    Store::open(path, identity, timing).await.unwrap()
}

async fn admit(store: &Store, device: u64) -> Result<Outcome, StoreError> {
    let verified = store.verify(packet(device)).unwrap();
    store.admit(verified, Fr::from(device), 0).await
}

#[tokio::test]
async fn a_device_that_lost_its_place_after_its_signature_was_checked_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("store.sqlite")).await;
    store.put_cohort(0, terms(&[5])).await.unwrap();
    let verified = store.verify(packet(5)).unwrap();
    store.put_cohort(0, terms(&[])).await.unwrap();
    let outcome = store.admit(verified, Fr::from(1u64), 0).await.unwrap();
    assert_eq!(outcome, Outcome::Refused(Refusal::UnknownDevice { device: 5, epoch: 0 }));
}

#[tokio::test]
async fn a_damaged_record_is_named_and_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let store = open(&path).await;
    store.put_cohort(0, terms(&[5, 6])).await.unwrap();
    admit(&store, 5).await.unwrap();
    let url = format!("sqlite://{}", path.display());
    let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE records SET packet = x'00'").execute(&mut other).await.unwrap();
    let (damaged, fine) = tokio::join!(admit(&store, 5), admit(&store, 6));
    assert!(matches!(damaged, Err(StoreError::Damaged { what: "packet", .. })));
    assert!(matches!(fine, Ok(Outcome::Admitted(_))));
}

#[tokio::test]
async fn a_full_disk_is_not_acknowledged_and_is_survived() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let store = open(&path).await;
    store.put_cohort(0, terms(&[5])).await.unwrap();
    let url = format!("sqlite://{}", path.display());
    let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let refuse = "CREATE TRIGGER full BEFORE INSERT ON records
                  BEGIN SELECT RAISE(ABORT, 'disk is full'); END";
    sqlx::query(refuse).execute(&mut other).await.unwrap();
    let error = admit(&store, 5).await.unwrap_err();
    assert!(error.to_string().contains("disk is full"), "{error}");
    assert!(store.record(5, Schema::Uptime, 0).await.unwrap().is_none());
    sqlx::query("DROP TRIGGER full").execute(&mut other).await.unwrap();
    assert!(matches!(admit(&store, 5).await, Ok(Outcome::Admitted(_))));
}

/// Seals epoch 0 of cohort 1, offering this salt for a first seal.
async fn seal(store: &Store, salt: u64) -> Result<Bundle, StoreError> {
    store.seal(1, 0, &key(200), Fr::from(salt), 2 * 86_400).await
}

#[tokio::test]
async fn a_seal_stays_the_one_that_was_stored_whatever_salt_comes_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let store = open(&path).await;
    store.put_cohort(0, terms(&[5])).await.unwrap();
    admit(&store, 5).await.unwrap();
    let first = seal(&store, 1).await.unwrap();
    assert_eq!(seal(&store, 2).await.unwrap(), first);
    store.close().await.unwrap();
    let store = open(&path).await;
    assert_eq!(seal(&store, 3).await.unwrap(), first);
}

/// What never left cannot be one of two: a seal is given out after it is stored.
#[tokio::test]
async fn a_seal_that_cannot_be_stored_is_not_given_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let store = open(&path).await;
    store.put_cohort(0, terms(&[5])).await.unwrap();
    let url = format!("sqlite://{}", path.display());
    let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let refuse = "CREATE TRIGGER full BEFORE INSERT ON seals
                  BEGIN SELECT RAISE(ABORT, 'disk is full'); END";
    sqlx::query(refuse).execute(&mut other).await.unwrap();
    let error = seal(&store, 1).await.unwrap_err();
    assert!(error.to_string().contains("disk is full"), "{error}");
    assert!(store.bundle(1, 0).await.is_err());
    sqlx::query("DROP TRIGGER full").execute(&mut other).await.unwrap();
    let first = seal(&store, 2).await.unwrap();
    assert_eq!(seal(&store, 3).await.unwrap(), first);
}

#[tokio::test]
async fn a_damaged_seal_is_named_and_no_second_one_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let store = open(&path).await;
    store.put_cohort(0, terms(&[5])).await.unwrap();
    seal(&store, 1).await.unwrap();
    let url = format!("sqlite://{}", path.display());
    let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE seals SET bundle = '{'").execute(&mut other).await.unwrap();
    let damaged = seal(&store, 2).await;
    assert!(matches!(damaged, Err(StoreError::Damaged { what: "bundle", .. })), "{damaged:?}");
}
