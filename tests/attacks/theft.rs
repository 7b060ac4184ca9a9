//! A proof pays whom it names, for what it names, once.

use crate::proofs::{batch, honest, key, word};
use crate::world::*;
use ergon_chain::{B256, Batch, Embedded, U256, field::scalar};
use ergon_circuits::{CircuitId, Statement};
use ergon_fleet::{Asset, trial_key};
use ergon_types::{Bundle, Fr, Kind, Policy, poseidon::hash_vector, tag::Tag};
use std::sync::Arc;

const PLACES: [(ergon_chain::Address, Asset); 1] = [(owner(1), Asset::Beacon)];

/// One member that was up for half of the day, and its honest batch.
async fn half_day(world: &World) -> (Cohort, Bundle, Statement) {
    let cohort = world.cohort(Kind::Uptime, &PLACES).await;
    let packet = world.day(&cohort.devices[0], 0, 0, &alive(144));
    let bundle = world.seal(&cohort, 0, &[packet]);
    let statement = honest(&bundle, PROVER);
    assert_eq!(statement.outcome().unwrap().batch.units, [2_500, 0]);
    (cohort, bundle, statement)
}

/// Tries a proof with other words: as it is, and with the `c` that fits what the contract will build.
async fn refused_with_any_c(world: &World, forged: Batch) {
    refused(world.chain.settle(THIEF, &forged, &[]).await, "ProofRejected");
    let words = world.chain.batch_words(&forged).await.unwrap();
    let words: Vec<Fr> = words.into_iter().map(|word| scalar(word).unwrap()).collect();
    let fitting = Batch { c: word(&hash_vector(Tag::batch(Kind::Uptime), &words)), ..forged };
    refused(world.chain.settle(THIEF, &fitting, &[]).await, "ProofRejected");
}

#[tokio::test]
async fn a_copied_submission_pays_the_prover_it_was_made_for() {
    let world = World::new().await;
    let (_, _, statement) = half_day(&world).await;
    world.open(Kind::Uptime, 0).await;
    let seen = batch(&statement);
    refused_with_any_c(&world, Batch { prover: THIEF, ..seen.clone() }).await;

    // Sending it unchanged is a favour: the fee stays with the prover in the proof.
    world.chain.settle(THIEF, &seen, &[]).await.unwrap();
    assert_eq!(world.chain.added_by(1, 0, THIEF).await.unwrap(), U256::ZERO);
    assert_eq!(world.chain.added_by(1, 0, PROVER).await.unwrap(), U256::from(2_500));
    world.freeze(Kind::Uptime, 0).await;
    refused(world.chain.claim_fee(THIEF, 1, 0, THIEF).await, "NoFee");
    world.chain.claim_fee(THIEF, 1, 0, PROVER).await.unwrap();
}

#[tokio::test]
async fn a_proof_holds_for_no_other_units_seal_epoch_or_cohort() {
    let world = World::new().await;
    let (_, _, statement) = half_day(&world).await;
    let other = world.cohort(Kind::Uptime, &PLACES).await;
    world.open(Kind::Uptime, 0).await;
    let good = batch(&statement);
    let one = U256::from(1);
    refused_with_any_c(&world, Batch { units: vec![10_000, 0], ..good.clone() }).await;
    refused_with_any_c(&world, Batch { units: vec![2_500, 2_500], ..good.clone() }).await;
    refused_with_any_c(&world, Batch { seal: good.seal + one, ..good.clone() }).await;
    let cohort = other.membership.cohort;
    refused_with_any_c(&world, Batch { cohort, ..good.clone() }).await;
    let membership = B256::from(ergon_prover::route_of(key(CircuitId::membership(SIZE))));
    let rerouted = Batch { route: membership, ..good.clone() };
    refused(world.chain.settle(THIEF, &rerouted, &[]).await, "WrongTag");
    world.open(Kind::Uptime, 1).await;
    refused_with_any_c(&world, Batch { epoch: 1, ..good.clone() }).await;
    // What the proof is for is still there to be settled.
    world.chain.settle(THIEF, &good, &[]).await.unwrap();
    refused(world.chain.settle(THIEF, &good, &[]).await, "WrongUnitsLength");
    refused(world.chain.settle(THIEF, &good, &good.units).await, "NothingAdded");
}

#[tokio::test]
async fn a_proof_for_another_deployment_or_chain_is_refused() {
    let policies = || Kind::ALL.map(Policy::standard);
    let chain = Arc::new(Embedded::new(GENESIS - 86_400));
    let here = World::on(chain.clone(), policies()).await;
    let (_, _, statement) = half_day(&here).await;
    let second = World::on(chain, policies()).await;
    let elsewhere = Arc::new(Embedded::with_chain_id(GENESIS - 86_400, 5));
    let elsewhere = World::on(elsewhere, policies()).await;
    assert_ne!(here.network.settlement, second.network.settlement);
    assert_eq!(here.network.settlement, elsewhere.network.settlement);
    for world in [&second, &elsewhere] {
        half_day(world).await;
        world.open(Kind::Uptime, 0).await;
        refused_with_any_c(world, batch(&statement)).await;
    }
    here.open(Kind::Uptime, 0).await;
    here.settle(PROVER, &statement, &[]).await.unwrap();
}

#[tokio::test]
async fn a_second_seal_is_refused_even_when_it_pays_more() {
    let world = World::new().await;
    let (cohort, bundle, first) = half_day(&world).await;
    let packet = world.day(&cohort.devices[0], 0, 0, &alive(288));
    let second = honest(&world.seal(&cohort, 0, &[packet]), PROVER);
    world.open(Kind::Uptime, 0).await;
    world.settle(PROVER, &first, &[]).await.unwrap();
    refused(world.settle(PROVER, &second, &[2_500, 0]).await, "WrongSeal");
    // Not even a seal over the same records.
    let packets: Vec<_> = bundle.packets.into_iter().flatten().collect();
    let again = honest(&world.seal_by(&attestor(), 2, &cohort, 0, &packets), PROVER);
    refused(world.settle(PROVER, &again, &[2_500, 0]).await, "WrongSeal");
}

#[tokio::test]
async fn a_seal_by_another_key_than_the_home_attestors_is_refused() {
    let world = World::new().await;
    let (cohort, bundle, honest_statement) = half_day(&world).await;
    // The thief seals a whole day for a device that was up for half of it.
    let thief = trial_key(9, 9);
    let packet = world.day(&cohort.devices[0], 0, 0, &alive(288));
    let forged = world.seal_by(&thief, 1, &cohort, 0, &[packet]);
    let proven = honest(&forged, THIEF);
    assert_eq!(
        proven.outcome().unwrap().batch.units,
        [10_000, 0],
        "provable, as a batch of the thief's"
    );
    world.open(Kind::Uptime, 0).await;
    refused_with_any_c(&world, batch(&proven)).await;

    // Under the attestor's name its signature is missing: there is no proof to send.
    let named = Bundle { seal_signature: thief.sign(&bundle.seal.message()), ..bundle };
    let address = ergon_types::Address(THIEF.into_array());
    assert!(Statement::from_bundle(&named, address).is_err());
    world.settle(PROVER, &honest_statement, &[]).await.unwrap();
}
