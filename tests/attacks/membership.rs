//! Who is paid is what the registry says in that epoch, and only what it says.

use crate::proofs::{batch, honest, unproven, word};
use crate::world::*;
use ergon_chain::ChainError;
use ergon_fleet::Asset;
use ergon_types::{Address, Kind};

const PLACES: [(ergon_chain::Address, Asset); 2] =
    [(owner(1), Asset::Beacon), (owner(2), Asset::Beacon)];

#[tokio::test]
async fn a_suspended_device_is_not_paid_by_a_batch_under_the_membership_before() {
    let world = World::new().await;
    let mut cohort = world.cohort(Kind::Uptime, &PLACES).await;
    let number = cohort.membership.cohort;
    // During epoch 0 the first device is suspended; that holds from epoch 1 on.
    world.chain.chain().advance_to(GENESIS + 60).await.unwrap();
    let owner = world.chain.book().owner;
    world.chain.suspend(owner, cohort.devices[0].id).await.unwrap();
    let packets: Vec<_> =
        cohort.devices.iter().map(|device| world.day(device, 1, 0, &alive(288))).collect();
    let stale = honest(&world.seal(&cohort, 1, &packets), THIEF);
    let missing = world.chain.batch_words(&unproven(&stale)).await;
    refused(missing, "NoMembership");

    cohort.membership.members[0] = None;
    assert_eq!(world.commit(&cohort.membership).await.unwrap(), 1);
    let current = honest(&world.seal(&cohort, 1, &packets), PROVER);
    assert_eq!(current.outcome().unwrap().batch.units, [0, 10_000]);
    world.open(Kind::Uptime, 1).await;
    refused(world.settle(THIEF, &stale, &[]).await, "ProofRejected");
    world.settle(PROVER, &current, &[]).await.unwrap();

    // Its work before the suspension is still paid.
    let root = world.chain.root_at(number, 0).await.unwrap();
    assert_ne!(root, world.chain.root_at(number, 1).await.unwrap());
    assert!(root.is_some());
}

#[tokio::test]
async fn a_membership_that_the_registry_does_not_hold_cannot_be_committed() {
    let world = World::new().await;
    let cohort = world.cohort(Kind::Uptime, &PLACES).await;
    let device = cohort.devices[1].id;
    world.chain.suspend(world.chain.book().owner, device).await.unwrap();
    let mut forged = cohort.membership.clone();
    // The suspension as it is, and the thief as the other device's owner.
    forged.members[1] = None;
    let member = forged.members[0].as_mut().unwrap();
    member.operator = Address(THIEF.into_array());
    refused::<u64>(world.commit(&forged).await, "MembershipRejected");
    // The membership before the change is no longer the registry's.
    let before: Result<u64, ChainError> = world.commit(&cohort.membership).await;
    refused(before, "MembershipRejected");
    forged.members[0] = cohort.membership.members[0];
    world.commit(&forged).await.unwrap();
    let root = word(&forged.root(&world.network));
    let number = forged.cohort;
    assert_eq!(world.chain.root_at(number, 0).await.unwrap(), Some(root));
}

#[tokio::test]
async fn a_device_enrolled_elsewhere_earns_nothing_here() {
    let world = World::new().await;
    let mut cohort = world.cohort(Kind::Uptime, &PLACES[..1]).await;
    let other = world.cohort(Kind::Uptime, &PLACES[1..]).await;
    // The attestor seals a membership of its own making, with a stranger in the empty place.
    cohort.membership.members[1] = other.membership.members[0];
    let packets = [
        world.day(&cohort.devices[0], 0, 0, &alive(288)),
        world.day(&other.devices[0], 0, 0, &alive(288)),
    ];
    let forged = honest(&world.seal(&cohort, 0, &packets), THIEF);
    assert_eq!(forged.outcome().unwrap().batch.units, [10_000; 2]);
    world.open(Kind::Uptime, 0).await;
    refused(world.chain.settle(THIEF, &batch(&forged), &[]).await, "ProofRejected");
}
