//! A prover that leaves work out loses the fee for it to the next one, and the member is paid nevertheless.

use crate::proofs::{honest, only};
use crate::world::*;
use ergon_chain::U256;
use ergon_fleet::Asset;
use ergon_types::{Bundle, Kind};

const FULL_DAY: u64 = 10_000;

/// Two members of different owners, both up all day, sealed and open for settlement.
async fn sealed() -> (World, u32, Bundle) {
    let world = World::new().await;
    let places = [(owner(1), Asset::Beacon), (owner(2), Asset::Beacon)];
    let cohort = world.cohort(Kind::Uptime, &places).await;
    let packets: Vec<_> =
        cohort.devices.iter().map(|device| world.day(device, 0, 0, &alive(288))).collect();
    let bundle = world.seal(&cohort, 0, &packets);
    world.open(Kind::Uptime, 0).await;
    (world, cohort.membership.cohort, bundle)
}

#[tokio::test]
async fn a_member_left_out_is_paid_by_the_full_batch_under_the_same_seal() {
    let (world, cohort, bundle) = sealed().await;
    let chain = &world.chain;
    let partial = only(&[0], &bundle, THIEF);
    let full = honest(&bundle, PROVER);
    let standing = partial.outcome().unwrap().batch.units.clone();
    let units = full.outcome().unwrap().batch.units.clone();
    assert_eq!((standing.as_slice(), units.as_slice()), (&[FULL_DAY, 0][..], &[FULL_DAY; 2][..]));

    world.settle(THIEF, &partial, &[]).await.unwrap();
    let added = world.settle(PROVER, &full, &standing).await.unwrap();
    assert_eq!(added, U256::from(FULL_DAY), "only what the full batch adds");
    assert_eq!(chain.total_units(1, 0).await.unwrap(), U256::from(2 * FULL_DAY));

    // Each prover is paid for the half of the work that it added.
    let members = world.freeze(Kind::Uptime, 0).await;
    let fee = U256::from(EMISSION) - members;
    assert_eq!(fee, U256::from(EMISSION / 10_000 * u128::from(FEE)));
    for prover in [THIEF, PROVER] {
        let paid = chain.claim_fee(THIEF, 1, 0, prover).await.unwrap().value;
        assert_eq!(paid, fee / U256::from(2));
    }
    // And both members for their days, under the tree of the full batch.
    for (index, number) in [(0, 1), (1, 2)] {
        let paid = chain.claim(THIEF, cohort, 0, index, &units).await.unwrap().value;
        assert_eq!(paid, members / U256::from(2));
        assert_eq!(chain.balance_of(owner(number)).await.unwrap(), paid);
    }
}

#[tokio::test]
async fn a_replacement_that_lowers_a_member_or_adds_nothing_is_refused() {
    let (world, _, bundle) = sealed().await;
    let first = only(&[0], &bundle, THIEF);
    let second = only(&[1], &bundle, PROVER);
    world.settle(THIEF, &first, &[]).await.unwrap();
    let standing = [FULL_DAY, 0];
    // It raises one member, but at the other's cost.
    refused(world.settle(PROVER, &second, &standing).await, "UnitsLowered");
    refused(world.settle(PROVER, &second, &[0, 0]).await, "WrongPrevious");
    refused(world.settle(THIEF, &first, &standing).await, "NothingAdded");
    world.settle(PROVER, &honest(&bundle, PROVER), &standing).await.unwrap();
    refused(world.settle(PROVER, &second, &[FULL_DAY; 2]).await, "UnitsLowered");
}
