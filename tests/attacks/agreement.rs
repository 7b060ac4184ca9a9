//! The contracts, the circuits and the two Rust crates between them compute the same words and challenges.

use crate::proofs::{batch, honest, key, proof, unproven, word};
use crate::world::*;
use ergon_chain::{B256, binding};
use ergon_circuits::{CircuitId, Statement};
use ergon_fleet::{Asset, Reading};
use ergon_prover::challenge;
use ergon_types::cell::{Axial, Offset};
use ergon_types::record::witness::Hearing;
use ergon_types::{Bundle, Fr, Kind, tag::Tag};

/// A sealed day of each kind.
async fn bundles(world: &World) -> Vec<Bundle> {
    let witnesses = world.witnesses(&[owner(3)]).await;
    let hotspot = Asset::Hotspot { position: Axial { a: -3, b: 7 } };
    let meter = Asset::Meter { nameplate_w: 400_000, generation: 1, start_wh: 77 };
    let assets = [(Kind::Uptime, Asset::Beacon), (Kind::Coverage, hotspot), (Kind::Energy, meter)];
    let mut witnesses = Some(witnesses);
    let mut bundles = Vec::new();
    for (kind, asset) in assets {
        let witnesses = if kind == Kind::Coverage { witnesses.take() } else { None };
        let cohort = world.covered_cohort(kind, &[(owner(1), asset)], witnesses).await;
        let number = cohort.membership.cohort;
        let day = match kind {
            Kind::Energy => vec![Reading::Energy { slot: 5, delta: 99_999, tamper: false }],
            _ => alive(288),
        };
        let mut packets = vec![world.day(&cohort.devices[0], 0, number, &day)];
        if let Some(witnesses) = &cohort.witnesses {
            let heard = Reading::Heard(vec![Hearing { member: 0, offset: Offset::HERE, class: 2 }]);
            packets.push(world.day(&witnesses.devices[0], 0, number, &[heard]));
        }
        bundles.push(world.seal(&cohort, 0, &packets));
    }
    bundles
}

#[tokio::test]
async fn the_contract_builds_the_words_that_the_circuit_proves() {
    let world = World::new().await;
    for bundle in bundles(&world).await {
        let statement = honest(&bundle, PROVER);
        let units = &statement.outcome().unwrap().batch.units;
        assert!(units[0] > 0, "{}: {units:?}", bundle.kind);
        let words: Vec<_> = statement.words().iter().map(word).collect();
        let built = world.chain.batch_words(&unproven(&statement)).await.unwrap();
        assert_eq!(built, words, "{}", bundle.kind);
        // And accepts the proof of each kind.
        world.open(bundle.kind, 0).await;
        world.chain.settle(PROVER, &batch(&statement), &[]).await.unwrap();
    }
}

#[tokio::test]
async fn the_registry_holds_the_words_that_the_membership_circuit_proves() {
    let world = World::new().await;
    for bundle in bundles(&world).await {
        for membership in bundle.witnesses.iter().chain([&bundle.membership]) {
            let statement = Statement::membership(&world.network, membership);
            let words: Vec<_> = statement.words().iter().map(word).collect();
            let stored = world.chain.membership_words(membership.cohort).await.unwrap();
            assert_eq!(stored, words);
            let root = world.chain.root_at(membership.cohort, 0).await.unwrap();
            assert_eq!(root, Some(word(&statement.commitment())));
        }
    }
}

#[test]
fn the_prover_and_the_chains_client_compute_the_same_routes_and_challenges() {
    for circuit in crate::world::CIRCUITS {
        let words = key(circuit).words();
        let chain_words = words.map(ergon_chain::U256::from_be_bytes);
        let hash = challenge::key_hash(words);
        assert_eq!(B256::from(hash), binding::key_hash(&chain_words));
        let tag = B256::from(circuit.tag().bytes32());
        assert_eq!(tag, binding::tag(circuit.tag().as_str()));
        let (members, length) = (circuit.members, circuit.words());
        let route = binding::route_id(&chain_words, tag, members as u32, length as u32);
        assert_eq!(B256::from(challenge::route_id(hash, circuit.tag(), members, length)), route);
        assert_eq!(B256::from(ergon_prover::route_of(key(circuit))), route);
    }
    // Words of any size, the largest entry among them.
    let largest = -Fr::from(1u64);
    for length in 0..20u64 {
        let words: Vec<Fr> = (0..length).map(|i| largest - Fr::from(i * i * 1_000_003)).collect();
        let chain_words: Vec<_> = words.iter().map(word).collect();
        let (tag, c, route) = (Tag::batch(Kind::Energy), Fr::from(length) - largest, [7; 32]);
        let z = challenge::challenge(tag, route, &c, &words);
        let public = [c, z, ergon_types::challenge_words(&words, z)].map(|entry| word(&entry));
        let chain_tag = B256::from(tag.bytes32());
        let route = B256::from(route);
        assert_eq!(binding::public_inputs(chain_tag, route, word(&c), &chain_words), public);
    }
}

#[tokio::test]
async fn a_proofs_public_inputs_are_those_that_the_chains_client_computes() {
    let world = World::new().await;
    let cohort = world.cohort(Kind::Uptime, &[(owner(1), Asset::Beacon)]).await;
    let statement = Statement::membership(&world.network, &cohort.membership);
    let proved = proof(&statement);
    let words: Vec<_> = proved.words.iter().map(word).collect();
    let tag = binding::tag("ergon/1/members");
    let inputs =
        binding::public_inputs(tag, proved.route.into(), word(&statement.commitment()), &words);
    assert_eq!(inputs, proved.public.map(|entry| word(&entry)));
    assert_eq!(proved.circuit, CircuitId::membership(SIZE));
}
