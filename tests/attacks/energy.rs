//! Watt-hours are paid once: each epoch's proof goes on from the state that the last one left.

use crate::proofs::{honest, only, unproven, word};
use crate::world::*;
use ergon_chain::U256;
use ergon_circuits::Statement;
use ergon_fleet::{Asset, Reading};
use ergon_types::{Body, Bundle, Kind, Packet, State};

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
async fn a_day_with_a_slot_above_the_nameplate_is_left_out_and_the_others_are_paid() {
    let world = World::new().await;
    let places = [(owner(1), meter(0)), (owner(2), meter(0))];
    let cohort = world.cohort(Kind::Energy, &places).await;
    // 6 kW · ¼ h · 105 % is 1,575 Wh; the first meter's firmware attributes one more to a slot.
    let signed = |index: usize, delta: u32| {
        let mut record = packet(&world, &cohort, index, 0, 1_000).record;
        let Body::Energy(meter) = &mut record.body else { panic!("not a meter") };
        meter.quarters[1].delta = delta;
        meter.end = meter.start + meter.attributed();
        Packet::sign(record, &cohort.devices[index].key)
    };
    let statement = honest(&world.seal(&cohort, 0, &[signed(0, 1_576), signed(1, 1_575)]), PROVER);
    assert_eq!(units(&statement), [0, 1_675 * UNITS_PER_WH]);
    let reason = statement.outcome().unwrap().members[0].reason;
    assert_eq!(reason, Some("delta is within the nameplate"));
    world.open(Kind::Energy, 0).await;
    world.settle(PROVER, &statement, &[]).await.unwrap();
}

#[tokio::test]
async fn a_prover_cannot_hide_whose_records_the_state_counts() {
    let world = World::new().await;
    let chain = &world.chain;
    let places = [(owner(1), meter(0)), (owner(2), meter(0))];
    let cohort = world.cohort(Kind::Energy, &places).await;
    let idle = world.day(&cohort.devices[1], 0, 0, &delivered(&[0]));
    let bundle = world.seal(&cohort, 0, &[packet(&world, &cohort, 0, 0, 1_000), idle]);
    world.open(Kind::Energy, 0).await;

    // The second member has a valid record worth nothing: left out or not, the batch pays the same.
    let omitting = only(&[0], &bundle, THIEF);
    let full = honest(&bundle, PROVER);
    assert_eq!(units(&omitting), units(&full));
    let claimed = ergon_chain::Batch { included: 0b11, ..crate::proofs::batch(&omitting) };
    refused(chain.settle(THIEF, &claimed, &[]).await, "ProofRejected");
    world.settle(THIEF, &omitting, &[]).await.unwrap();

    // From the word that stands, whoever has the bundle opens the state and proves the next epoch.
    let standing = chain.standing(cohort.membership.cohort, 0).await.unwrap();
    assert_eq!(standing.included, 0b01);
    let places: Vec<_> = (0..SIZE).filter(|place| standing.included >> place & 1 == 1).collect();
    let opened = only(&places, &bundle, PROVER).outcome().unwrap().state_after.clone().unwrap();
    assert_eq!(standing.stateAfter, word(&opened.commitment()));
    let packets = [packet(&world, &cohort, 0, 1, 1_300), packet(&world, &cohort, 1, 1, 1_000)];
    let next = Bundle { state: Some(opened), ..world.seal(&cohort, 1, &packets) };
    world.open(Kind::Energy, 1).await;
    world.settle(PROVER, &honest(&next, PROVER), &[]).await.unwrap();
}

#[tokio::test]
async fn a_better_batch_leaves_out_nobody_whom_the_state_counts() {
    let world = World::new().await;
    let places = [(owner(1), meter(0)), (owner(2), meter(0))];
    let cohort = world.cohort(Kind::Energy, &places).await;
    let idle = world.day(&cohort.devices[0], 0, 0, &delivered(&[0]));
    let bundle = world.seal(&cohort, 0, &[idle, packet(&world, &cohort, 1, 0, 1_000)]);
    world.open(Kind::Energy, 0).await;
    let first = only(&[0], &bundle, PROVER);
    world.settle(PROVER, &first, &[]).await.unwrap();
    let rewinding = only(&[1], &bundle, THIEF);
    refused(world.settle(THIEF, &rewinding, &units(&first)).await, "MembersLeftOut");
    world.settle(PROVER, &honest(&bundle, PROVER), &units(&first)).await.unwrap();
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
