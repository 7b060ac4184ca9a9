//! Watt-hours are paid once: each epoch's proof goes on from the state that the last one left.

use crate::proofs::{honest, unproven, word};
use crate::world::*;
use ergon_chain::U256;
use ergon_circuits::Statement;
use ergon_fleet::{Asset, Reading};
use ergon_types::{Bundle, Kind, Packet, State};

const UNITS_PER_WH: u64 = 10_000;

fn meter(start_wh: u64) -> Asset {
    Asset::Meter { nameplate_w: 6_000, generation: 1, start_wh }
}

fn delivered(deltas: &[u32]) -> Vec<Reading> {
    let reading =
        |(slot, delta): (usize, &u32)| Reading::Energy { slot, delta: *delta, tamper: false };
    deltas.iter().enumerate().map(reading).collect()
}

/// A packet of a meter whose register stands at `start_wh` when the epoch begins.
fn packet(world: &World, cohort: &Cohort, index: usize, epoch: u64, start_wh: u64) -> Packet {
    let device = &cohort.devices[index];
    let device = Device { asset: meter(start_wh), ..device.clone() };
    world.day(&device, epoch, 0, &delivered(&[100, 200]))
}

fn units(statement: &Statement) -> Vec<u64> {
    statement.outcome().unwrap().batch.units.clone()
}

#[tokio::test]
async fn no_watt_hour_is_paid_in_two_epochs() {
    let world = World::new().await;
    let chain = &world.chain;
    let places = [(owner(1), meter(0)), (owner(2), meter(0))];
    let cohort = world.cohort(Kind::Energy, &places).await;
    let packets = [0, 1].map(|index| packet(&world, &cohort, index, 0, 1_000));
    let first = honest(&world.seal(&cohort, 0, &packets), PROVER);
    assert_eq!(units(&first), [300 * UNITS_PER_WH; 2]);
    let genesis = State::genesis(SIZE);
    let words = chain.batch_words(&unproven(&first)).await.unwrap();
    assert_eq!(words[8], word(&genesis.commitment()), "the contract's first state is ours");
    world.open(Kind::Energy, 0).await;
    world.settle(PROVER, &first, &[]).await.unwrap();
    let settled = first.outcome().unwrap().state_after.clone().unwrap();
    assert_eq!(
        chain.standing(cohort.membership.cohort, 0).await.unwrap().stateAfter,
        word(&settled.commitment())
    );

    // The first meter signs the same counters again for the next day; the second goes on.
    let packets = [packet(&world, &cohort, 0, 1, 1_000), packet(&world, &cohort, 1, 1, 1_300)];
    let bundle = world.seal(&cohort, 1, &packets);
    let bundle = Bundle { state: Some(settled), ..bundle };
    let second = honest(&bundle, PROVER);
    assert_eq!(units(&second), [0, 300 * UNITS_PER_WH]);
    let reason = second.outcome().unwrap().members[0].reason;
    assert_eq!(reason, Some("start is not below the settled counter"));

    // A prover that pretends that nothing was settled has a proof, but not of the contract's words.
    let forgetful = honest(&Bundle { state: Some(genesis), ..bundle }, THIEF);
    assert_eq!(units(&forgetful), [300 * UNITS_PER_WH; 2]);
    chain.chain().advance_to(chain.end_of(1)).await.unwrap();
    // Nor may epoch 1 begin from a state that a better batch for epoch 0 could still change.
    refused(world.settle(PROVER, &second, &[]).await, "OutsideWindow");
    world.open(Kind::Energy, 1).await;
    refused(world.settle(THIEF, &forgetful, &[]).await, "ProofRejected");
    let added = world.settle(PROVER, &second, &[]).await.unwrap();
    assert_eq!(added, U256::from(300 * UNITS_PER_WH));
}

#[tokio::test]
async fn a_state_after_other_than_the_proven_one_is_refused() {
    let world = World::new().await;
    let cohort = world.cohort(Kind::Energy, &[(owner(1), meter(0))]).await;
    let packets = [packet(&world, &cohort, 0, 0, 1_000)];
    let statement = honest(&world.seal(&cohort, 0, &packets), PROVER);
    world.open(Kind::Energy, 0).await;
    // The proof pays, but leaves the counter where it was: the same watt-hours could be paid again.
    let before = word(&State::genesis(SIZE).commitment());
    let forged = ergon_chain::Batch { state_after: before, ..crate::proofs::batch(&statement) };
    refused(world.chain.settle(THIEF, &forged, &[]).await, "ProofRejected");
    world.settle(PROVER, &statement, &[]).await.unwrap();
}
