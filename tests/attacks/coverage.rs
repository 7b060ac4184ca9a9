//! Witnesses: registered, independent, and as many as the policy asks for.

use crate::proofs::honest;
use crate::world::*;
use ergon_chain::{Embedded, U256};
use ergon_circuits::Statement;
use ergon_fleet::{Asset, Reading};
use ergon_types::cell::{Axial, Offset};
use ergon_types::record::witness::Hearing;
use ergon_types::{Bundle, Kind, Packet, Policy};
use std::sync::Arc;

/// What the standard policy pays for a cell of the strongest class.
const STRONGEST: u64 = 4 * 10_000;

/// The standard policies, but that a cell needs so many witnesses.
fn policies(needed: u8) -> [Policy; 3] {
    let mut policies = Kind::ALL.map(Policy::standard);
    if let Policy::Coverage { witnesses, .. } = &mut policies[1] {
        *witnesses = needed;
    }
    policies
}

/// Two covered devices, of owners 1 and 2; witnesses of owners 1, 3 and 4.
async fn covered(needed: u8) -> (World, Cohort) {
    let chain = Arc::new(Embedded::new(GENESIS - 86_400));
    let world = World::on(chain, policies(needed)).await;
    let witnesses = world.witnesses(&[owner(1), owner(3), owner(4)]).await;
    let hotspot = Asset::Hotspot { position: Axial { a: 0, b: 0 } };
    let places = [(owner(1), hotspot), (owner(2), hotspot)];
    let cohort = world.covered_cohort(Kind::Coverage, &places, Some(witnesses)).await;
    (world, cohort)
}

/// The covered devices' own days, and what each witness heard: (member, cell), always as strong as can be.
fn packets(world: &World, cohort: &Cohort, heard: &[&[(u8, i32)]]) -> Vec<Packet> {
    let strongest = |heard: &&[(u8, i32)]| heard.iter().map(|(m, cell)| (*m, *cell, 3)).collect();
    attested(world, cohort, &heard.iter().map(strongest).collect::<Vec<_>>())
}

/// The same with the signal's class: (member, cells to the side, class).
fn attested(world: &World, cohort: &Cohort, heard: &[Vec<(u8, i32, u8)>]) -> Vec<Packet> {
    let number = cohort.membership.cohort;
    let day = |device| world.day(device, 0, number, &alive(100));
    let mut packets: Vec<_> = cohort.devices.iter().map(day).collect();
    let witnesses = &cohort.witnesses.as_ref().unwrap().devices;
    for (witness, heard) in witnesses.iter().zip(heard) {
        let hearing = |(member, cell, class): &(u8, i32, u8)| {
            let offset = Offset::new(*cell, 0).unwrap();
            Hearing { member: *member, offset, class: *class }
        };
        let reading = Reading::Heard(heard.iter().map(hearing).collect());
        packets.push(world.day(witness, 0, number, &[reading]));
    }
    packets
}

fn units(statement: &Statement) -> Vec<u64> {
    statement.outcome().unwrap().batch.units.clone()
}

#[tokio::test]
async fn a_device_cannot_witness_for_its_own_owner() {
    let (world, cohort) = covered(1).await;
    // Owner 1's witness praises owner 1's device in three cells, and owner 2's in one.
    let heard: [&[_]; 2] = [&[(0, 1), (0, 2), (0, 3), (1, 1)], &[(0, 1)]];
    let statement = honest(&world.seal(&cohort, 0, &packets(&world, &cohort, &heard)), PROVER);
    assert_eq!(units(&statement), [STRONGEST; 2]);
    world.open(Kind::Coverage, 0).await;
    let added = world.settle(PROVER, &statement, &[]).await.unwrap();
    assert_eq!(added, U256::from(2 * STRONGEST));
}

#[tokio::test]
async fn colluding_witnesses_below_the_policys_number_pay_nothing() {
    let (world, cohort) = covered(2).await;
    // One witness alone invents cells; in one cell of the second device another agrees.
    let heard: [&[_]; 3] = [&[], &[(0, 1), (0, 2), (1, 1), (1, 2)], &[(1, 1)]];
    let bundle = world.seal(&cohort, 0, &packets(&world, &cohort, &heard));
    let statement = honest(&bundle, PROVER);
    assert_eq!(units(&statement), [0, STRONGEST]);

    // A prover that asks for one witness only proves more, under a policy that is not the contract's.
    let [_, lax, _] = policies(1);
    let lax = honest(&Bundle { policy: lax, ..bundle }, THIEF);
    assert_eq!(units(&lax), [2 * STRONGEST; 2]);
    world.open(Kind::Coverage, 0).await;
    refused(world.settle(THIEF, &lax, &[]).await, "ProofRejected");
    world.settle(PROVER, &statement, &[]).await.unwrap();
}

#[tokio::test]
async fn a_colluding_witness_cannot_lift_a_cell_above_what_the_others_attest() {
    let (world, cohort) = covered(2).await;
    // The first cell is strong to one witness only, the second to both; a third witness is the device's own.
    let heard = [vec![(0, 1, 3)], vec![(0, 1, 3), (0, 2, 3)], vec![(0, 1, 1), (0, 2, 3)]];
    let bundle = world.seal(&cohort, 0, &attested(&world, &cohort, &heard));
    let statement = honest(&bundle, PROVER);
    // Class 1 weighs 2 under the standard policy.
    assert_eq!(units(&statement), [20_000 + STRONGEST, 0]);
    world.open(Kind::Coverage, 0).await;
    world.settle(PROVER, &statement, &[]).await.unwrap();
}

#[tokio::test]
async fn a_witness_that_the_registry_does_not_know_pays_nothing() {
    let (world, mut cohort) = covered(1).await;
    let honest_packets = packets(&world, &cohort, &[&[], &[(1, 1)]]);
    let statement = honest(&world.seal(&cohort, 0, &honest_packets), PROVER);
    // The attestor makes a device of another cohort a witness, in the empty place.
    let stranger = world.witnesses(&[owner(5)]).await;
    let witnesses = cohort.witnesses.as_mut().unwrap();
    witnesses.membership.members[3] = stranger.membership.members[0];
    witnesses.devices.extend(stranger.devices);
    let heard: [&[_]; 4] = [&[], &[(1, 1)], &[], &[(0, 1), (0, 2), (0, 3)]];
    let forged = packets(&world, &cohort, &heard);
    let forged = honest(&world.seal(&cohort, 0, &forged), THIEF);
    assert_eq!(units(&forged), [3 * STRONGEST, STRONGEST]);
    world.open(Kind::Coverage, 0).await;
    refused(world.settle(THIEF, &forged, &[]).await, "ProofRejected");
    assert_eq!(units(&statement), [0, STRONGEST]);
    world.settle(PROVER, &statement, &[]).await.unwrap();
}
