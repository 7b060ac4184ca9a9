//! Acknowledgements, repetition, going on after a loss, going on after a restart.

use crate::fixture::*;
use ergon_gateway::{Gateway, StartError};
use ergon_store::StoreError;
use ergon_types::Schema;

#[tokio::test]
async fn an_acknowledgement_names_the_record_and_is_signed() {
    let world = World::new().await;
    world.set(450);
    let packet = sign(record(10, uptime(&[1])));
    let ack = world.accept(&packet).await;
    assert_eq!((ack.device, ack.schema, ack.epoch, ack.slot), (10, Schema::Uptime, 0, 1));
    assert_eq!(ack.head, packet.record.message());
    assert!(ack.is_signed_by(&attestor().public()));
    assert!(ergon_types::field::fits(&ack.nonce, 248));
}

#[tokio::test]
async fn an_identical_packet_gets_the_same_acknowledgement_and_counts_once() {
    let world = World::new().await;
    let packet = sign(record(10, uptime(&[0])));
    let ack = world.accept(&packet).await;
    world.set(900);
    assert_eq!(world.accept(&packet).await, ack);
    let status = world.device().status().await.unwrap();
    assert_eq!((status.admitted, status.duplicates), (1, 1));
    let stored = world.gateway.store().record(10, Schema::Uptime, 0).await.unwrap().unwrap();
    assert_eq!(stored.arrivals.count(), 1);
}

#[tokio::test]
async fn identical_packets_at_the_same_time_get_one_acknowledgement() {
    let world = World::new().await;
    let bytes = sign(record(10, uptime(&[0]))).to_bytes();
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (client, bytes) = (world.device(), bytes.clone());
            tokio::spawn(async move { client.submit(&bytes).await.unwrap() })
        })
        .collect();
    let mut acks = Vec::new();
    for task in tasks {
        acks.push(task.await.unwrap());
    }
    assert!(acks.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(world.device().status().await.unwrap().admitted, 1);
}

#[tokio::test]
async fn a_device_that_lost_its_acknowledgement_goes_on_from_the_gateways() {
    let world = World::new().await;
    let first = sign(record(10, uptime(&[0])));
    world.accept(&first).await;
    let known = world.device().record(10, Schema::Uptime, 0).await.unwrap();
    assert_eq!((known.counter, known.contradicted), (1, false));
    world.set(300);
    world.accept(&next(&first, &known.ack, uptime(&[0, 1]))).await;
}

#[tokio::test]
async fn readings_are_shown_to_the_operator_only() {
    let world = World::new().await;
    let packet = sign(record(10, uptime(&[0])));
    world.accept(&packet).await;
    assert_eq!(world.device().record(10, Schema::Uptime, 0).await.unwrap().packet, None);
    let shown = world.operator().record(10, Schema::Uptime, 0).await.unwrap().packet;
    assert_eq!(shown, Some(packet));
}

#[tokio::test]
async fn a_record_that_does_not_exist_has_its_own_code() {
    let world = World::new().await;
    let error = world.device().record(10, Schema::Uptime, 0).await.unwrap_err();
    assert_eq!(error.rejection().unwrap().code, "no_record");
}

#[tokio::test]
async fn a_restarted_gateway_goes_on_where_it_stopped() {
    let world = World::new().await;
    let first = sign(record(10, uptime(&[0])));
    let ack = world.accept(&first).await;
    world.gateway.close().await.unwrap();
    world.set(300);
    let again = Gateway::open(config(world.folder.path()), world.clock.clone()).await.unwrap();
    assert_eq!(again.submit(&first.to_bytes()).await.unwrap(), ack);
    let second = next(&first, &ack, uptime(&[0, 1]));
    again.submit(&second.to_bytes()).await.unwrap();
}

#[tokio::test]
async fn two_gateways_do_not_share_a_folder() {
    let world = World::new().await;
    let second = Gateway::open(config(world.folder.path()), world.clock.clone()).await;
    assert!(matches!(second, Err(StartError::Store(StoreError::InUse(_)))));
}

#[tokio::test]
async fn a_folder_of_another_network_is_refused() {
    let world = World::new().await;
    world.gateway.close().await.unwrap();
    let mut other = config(world.folder.path());
    other.network.chain_id = 1;
    let error = Gateway::open(other, world.clock.clone()).await.unwrap_err();
    assert!(matches!(&error, StartError::Store(StoreError::OtherNetwork { .. })), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_can_be_read_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new().await;
    world.accept(&sign(record(10, uptime(&[0])))).await;
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
    }
}
