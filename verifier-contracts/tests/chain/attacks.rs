//! What must not work, tried through the client as anybody could.

use std::sync::Arc;

use ergon_chain::{Batch, Chain, ChainError, U256};

use crate::world::{PROVER, THIEF, UPTIME, World, operator};

const UNITS: [u64; 4] = [10_000, 5_000, 7_500, 0];

/// A cohort whose epoch 0 is open, and a batch for it.
async fn open_cohort(chain: Arc<dyn Chain>) -> (World, u32, Batch) {
    let world = World::new(chain).await;
    let cohort = world.filled(UPTIME, 0, 4).await;
    world.open(UPTIME, 0).await;
    let batch = world.batch(UPTIME, cohort, 0, &UNITS).await;
    (world, cohort, batch)
}

/// The same, settled and frozen.
async fn frozen_cohort(chain: Arc<dyn Chain>) -> (World, u32) {
    let (world, cohort, batch) = open_cohort(chain).await;
    world.network.settle(PROVER, &batch, &[]).await.unwrap();
    world.close(0).await;
    world.network.freeze(PROVER, UPTIME, 0).await.unwrap();
    (world, cohort)
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, ChainError>, expected: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.revert_name(), Some(expected), "{error}");
}

pub(crate) async fn a_replayed_batch_is_rejected(chain: Arc<dyn Chain>) {
    let (world, _, batch) = open_cohort(chain).await;
    world.network.settle(PROVER, &batch, &[]).await.unwrap();
    refused(world.network.settle(PROVER, &batch, &[]).await, "WrongUnitsLength");
    refused(world.network.settle(PROVER, &batch, &UNITS).await, "NothingAdded");
    refused(world.network.settle(PROVER, &batch, &[0; 4]).await, "WrongPrevious");
}

pub(crate) async fn a_copied_batch_does_not_pay_the_copier(chain: Arc<dyn Chain>) {
    let (world, _, batch) = open_cohort(chain).await;
    let stolen = Batch { prover: THIEF, ..batch.clone() };
    refused(world.network.settle(THIEF, &stolen, &[]).await, "ProofRejected");
    // Sending somebody's batch is a favour: the fee is counted for the prover in the proof.
    world.network.settle(THIEF, &batch, &[]).await.unwrap();
    assert_eq!(world.network.added_by(UPTIME, 0, THIEF).await.unwrap(), U256::ZERO);
    world.close(0).await;
    world.network.freeze(THIEF, UPTIME, 0).await.unwrap();
    refused(world.network.claim_fee(THIEF, UPTIME, 0, THIEF).await, "NoFee");
}

pub(crate) async fn a_batch_outside_its_window_is_rejected(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let cohort = world.filled(UPTIME, 0, 4).await;
    let batch = world.batch(UPTIME, cohort, 0, &UNITS).await;
    refused(world.network.settle(PROVER, &batch, &[]).await, "OutsideWindow");
    world.close(0).await;
    refused(world.network.settle(PROVER, &batch, &[]).await, "OutsideWindow");
}

pub(crate) async fn a_batch_with_other_units_epoch_or_cohort_is_rejected(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let cohort = world.filled(UPTIME, 0, 4).await;
    let other = world.filled(UPTIME, 0, 4).await;
    world.open(UPTIME, 0).await;
    let batch = world.batch(UPTIME, cohort, 0, &UNITS).await;
    let network = &world.network;
    let more = Batch { units: vec![10_000, 10_000, 7_500, 0], ..batch.clone() };
    refused(network.settle(PROVER, &more, &[]).await, "ProofRejected");
    let sealed = Batch { seal: batch.seal + U256::from(1), ..batch.clone() };
    refused(network.settle(PROVER, &sealed, &[]).await, "ProofRejected");
    let hashed = Batch { c: batch.c + U256::from(1), ..batch.clone() };
    refused(network.settle(PROVER, &hashed, &[]).await, "ProofRejected");
    let elsewhere = Batch { cohort: other, ..batch.clone() };
    refused(network.settle(PROVER, &elsewhere, &[]).await, "ProofRejected");
    network.chain().advance_to(network.end_of(1)).await.unwrap();
    let later = Batch { epoch: 1, ..batch.clone() };
    refused(network.settle(PROVER, &later, &[]).await, "ProofRejected");
    let route = world.book().route("batch/energy").unwrap().route;
    refused(network.settle(PROVER, &Batch { route, ..batch }, &[]).await, "WrongTag");
}

pub(crate) async fn a_second_seal_is_rejected(chain: Arc<dyn Chain>) {
    let (world, cohort, batch) = open_cohort(chain).await;
    world.network.settle(PROVER, &batch, &[]).await.unwrap();
    let mut second = world.batch(UPTIME, cohort, 0, &[10_000; 4]).await;
    second.seal += U256::from(1);
    let second = world.proven("batch/uptime", second).await;
    refused(world.network.settle(PROVER, &second, &UNITS).await, "WrongSeal");
}

pub(crate) async fn units_cannot_be_lowered(chain: Arc<dyn Chain>) {
    let (world, cohort, batch) = open_cohort(chain).await;
    world.network.settle(PROVER, &batch, &[]).await.unwrap();
    let lower = world.batch(UPTIME, cohort, 0, &[10_000, 4_999, 10_000, 0]).await;
    refused(world.network.settle(PROVER, &lower, &UNITS).await, "UnitsLowered");
}

pub(crate) async fn a_claim_of_more_units_is_rejected(chain: Arc<dyn Chain>) {
    let (world, cohort) = frozen_cohort(chain).await;
    let network = &world.network;
    let more = [10_000, 10_000, 7_500, 0];
    refused(network.claim(THIEF, cohort, 0, 1, &more).await, "ClaimRejected");
    refused(network.claim(THIEF, cohort, 1, 1, &UNITS).await, "NotFrozen");
    let error = network.claim(THIEF, cohort, 0, 4, &UNITS).await.unwrap_err();
    assert!(matches!(error, ChainError::Invalid { .. }), "{error}");
}

pub(crate) async fn a_claim_is_paid_once(chain: Arc<dyn Chain>) {
    let (world, cohort) = frozen_cohort(chain).await;
    let network = &world.network;
    network.claim(THIEF, cohort, 0, 0, &UNITS).await.unwrap();
    let balance = network.balance_of(operator(0)).await.unwrap();
    refused(network.claim(THIEF, cohort, 0, 0, &UNITS).await, "AlreadyClaimed");
    assert_eq!(network.balance_of(operator(0)).await.unwrap(), balance);
    network.claim_fee(THIEF, UPTIME, 0, PROVER).await.unwrap();
    refused(network.claim_fee(THIEF, UPTIME, 0, PROVER).await, "FeeAlreadyClaimed");
}

pub(crate) async fn a_pool_is_not_frozen_while_settlement_is_open(chain: Arc<dyn Chain>) {
    let (world, cohort, batch) = open_cohort(chain).await;
    world.network.settle(PROVER, &batch, &[]).await.unwrap();
    refused(world.network.freeze(THIEF, UPTIME, 0).await, "StillOpen");
    refused(world.network.claim(THIEF, cohort, 0, 0, &UNITS).await, "NotFrozen");
    world.close(0).await;
    world.network.freeze(THIEF, UPTIME, 0).await.unwrap();
    refused(world.network.freeze(THIEF, UPTIME, 0).await, "AlreadyFrozen");
}

pub(crate) async fn a_frozen_route_accepts_no_proof(chain: Arc<dyn Chain>) {
    let (world, _, batch) = open_cohort(chain).await;
    refused(world.network.freeze_route(THIEF, batch.route).await, "NotGuardian");
    world.network.freeze_route(world.book().owner, batch.route).await.unwrap();
    refused(world.network.settle(PROVER, &batch, &[]).await, "RouteIsFrozen");
}

pub(crate) async fn a_forged_membership_is_rejected(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let cohort = world.cohort(UPTIME, 0).await;
    world.network.enrol(cohort, operator(0), world.fresh_key(), 0).await.unwrap();
    let mut words = world.network.membership_words(cohort).await.unwrap();
    // Somebody else as the owner of the device.
    words[7] = U256::from_be_slice(THIEF.as_slice());
    let c = U256::from(5);
    let (route, proof) = world.prove("members", c, &words);
    let forged = world.network.commit_membership(THIEF, cohort, route, c, proof).await;
    refused(forged, "MembershipRejected");
    assert_eq!(world.network.root_at(cohort, 0).await.unwrap(), None);
}
