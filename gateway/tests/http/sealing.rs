//! Sealing an epoch once and for all, and the bundle that a prover gets.

use crate::fixture::*;
use ergon_gateway::client::ClientError;
use ergon_gateway::messages::SettledState;
use ergon_types::record::witness::{Hearing, Hearings};
use ergon_types::{Body, Bundle, Fr, Kind, MeterState, Offset, State};

fn code<T: std::fmt::Debug>(result: Result<T, ClientError>) -> (String, u16) {
    let rejection = result.unwrap_err().rejection().cloned().unwrap();
    (rejection.code, rejection.status)
}

#[tokio::test]
async fn an_epoch_is_not_sealed_before_its_end_and_the_delay() {
    let world = World::new().await;
    for seconds in [0, DAY, DAY + 3_599] {
        world.set(seconds);
        let found = code(world.operator().seal(UPTIME, 0).await);
        assert_eq!(found, ("too_early".into(), 425));
    }
    world.set(DAY + 3_600);
    world.operator().seal(UPTIME, 0).await.unwrap();
}

#[tokio::test]
async fn witnesses_and_unknown_cohorts_are_not_sealed() {
    let world = World::new().await;
    world.set(DAY + 3_600);
    assert_eq!(code(world.operator().seal(WITNESSES, 0).await).0, "not_sealable");
    assert_eq!(code(world.operator().seal(99, 0).await).0, "not_sealable");
    assert_eq!(code(world.operator().bundle(UPTIME, 0).await), ("not_sealed".into(), 404));
}

#[tokio::test]
async fn sealing_twice_gives_the_same_seal() {
    let world = World::new().await;
    world.accept(&sign(record(10, uptime(&[0])))).await;
    world.set(DAY + 3_600);
    let first = world.operator().seal(UPTIME, 0).await.unwrap();
    world.set(3 * DAY);
    assert_eq!(world.operator().seal(UPTIME, 0).await.unwrap(), first);
}

#[tokio::test]
async fn two_requests_at_once_give_one_seal() {
    let world = World::new().await;
    world.set(DAY + 3_600);
    let (a, b) = (world.operator(), world.operator());
    let (a, b) = tokio::join!(a.seal(UPTIME, 0), b.seal(UPTIME, 0));
    assert_eq!(a.unwrap(), b.unwrap());
}

#[tokio::test]
async fn a_bundle_holds_what_was_admitted_and_arrivals_lie_within_records() {
    let world = World::new().await;
    let first = sign(record(10, uptime(&[0])));
    let ack = world.accept(&first).await;
    world.set(600);
    let second = next(&first, &ack, uptime(&[0, 2]));
    world.accept(&second).await;
    world.set(DAY + 3_600);
    let summary = world.operator().seal(UPTIME, 0).await.unwrap();
    assert_eq!((summary.kind, &summary.sealed[..]), (Kind::Uptime, &[10][..]));
    assert_eq!(summary.silent, [11, 12, 13]);
    let bundle = world.operator().bundle(UPTIME, 0).await.unwrap();
    assert_eq!(bundle.packets[0], Some(second.clone()));
    assert_eq!(bundle.seal.heads[0], second.record.message());
    assert_eq!(bundle.seal.arrivals[0].iter().collect::<Vec<_>>(), [0, 2]);
    for (packet, arrivals) in bundle.packets.iter().zip(&bundle.seal.arrivals) {
        let slots = packet.as_ref().map(|packet| packet.record.slots()).unwrap_or_default();
        assert!(slots.contains(arrivals));
    }
    assert_eq!(summary.seal, bundle.seal.message().to_string());
    assert!(attestor().public().verifies(&bundle.seal.message(), &bundle.seal_signature));
}

#[tokio::test]
async fn the_bundle_lies_in_a_private_file() {
    let world = World::new().await;
    world.set(DAY + 3_600);
    let summary = world.operator().seal(ENERGY, 0).await.unwrap();
    let bytes = std::fs::read(&summary.bundle).unwrap();
    let bundle: Bundle = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(bundle, world.operator().bundle(ENERGY, 0).await.unwrap());
    assert!(summary.bundle.ends_with("bundles/energy-0-3.json"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        let path = std::path::Path::new(&summary.bundle);
        assert_eq!((mode(path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
}

#[tokio::test]
async fn contradicting_records_are_sealed_as_nothing() {
    let world = World::new().await;
    world.set(3_600);
    let honest = sign(record(31, energy(&[0])));
    world.accept(&honest).await;
    let first = sign(record(30, energy(&[0])));
    let ack = world.accept(&first).await;
    let Body::Energy(mut meter) = energy(&[0]) else { panic!() };
    meter.quarters[0].tamper = true;
    world.refuse(&next(&first, &ack, Body::Energy(meter))).await;
    world.set(DAY + 3_600);
    let summary = world.operator().seal(ENERGY, 0).await.unwrap();
    assert_eq!((summary.contradicted, summary.sealed), (vec![30], vec![31]));
    let bundle = world.operator().bundle(ENERGY, 0).await.unwrap();
    assert_eq!((bundle.seal.heads[0], &bundle.packets[0]), (Fr::from(0u64), &None));
    assert_eq!(bundle.packets[1], Some(honest));
}

#[tokio::test]
async fn coverage_is_sealed_with_the_witnesses_that_heard_it() {
    let world = World::new().await;
    let covered = sign(record(20, Body::Coverage([0].into_iter().collect())));
    world.accept(&covered).await;
    let mut hearings = Hearings::new(COVERAGE);
    hearings.insert(Hearing { member: 0, offset: Offset::HERE, class: 3 });
    let witness = sign(record(41, Body::Witness(hearings)));
    world.accept(&witness).await;
    world.set(DAY + 3_600);
    world.operator().seal(COVERAGE, 0).await.unwrap();
    let bundle = world.operator().bundle(COVERAGE, 0).await.unwrap();
    assert_eq!(bundle.packets[0], Some(covered));
    assert_eq!(bundle.witness_packets[1], Some(witness.clone()));
    assert_eq!(bundle.seal.witness_heads[1], witness.record.message());
    assert_eq!(bundle.seal.witness_root, bundle.root_of(bundle.witnesses.as_ref()));
}

#[tokio::test]
async fn a_settled_state_reaches_later_bundles_even_after_their_seal() {
    let world = World::new().await;
    world.set(2 * DAY + 3_600);
    world.operator().seal(ENERGY, 1).await.unwrap();
    let before = world.operator().bundle(ENERGY, 1).await.unwrap();
    assert_eq!(before.state, Some(State::genesis(SIZE)));
    let mut state = State::genesis(SIZE);
    state.0[0] = MeterState { generation: 1, end: 1_005, salt: Fr::from(7u64) };
    let settled = SettledState { epoch: 0, state: state.clone() };
    world.operator().put_state(ENERGY, &settled).await.unwrap();
    world.operator().seal(ENERGY, 1).await.unwrap();
    let after = world.operator().bundle(ENERGY, 1).await.unwrap();
    assert_eq!((&after.seal, after.state), (&before.seal, Some(state)));
    let epoch_zero = world.operator().seal(ENERGY, 0).await.unwrap();
    assert_eq!(epoch_zero.epoch, 0);
    let bundle = world.operator().bundle(ENERGY, 0).await.unwrap();
    assert_eq!(bundle.state, Some(State::genesis(SIZE)));
}
