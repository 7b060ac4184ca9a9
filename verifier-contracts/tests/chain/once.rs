//! Settling and claiming again and again pays once, and what cannot be settled is told before anything is sent.

use std::sync::Arc;

use ergon_chain::{Chain, Due, SettleError, Settling, U256, settling_order};

use crate::{
    economy,
    world::{ENERGY, PROVER, THIEF, UPTIME, World},
};

pub(crate) async fn a_batch_is_settled_once_and_a_better_one_after_it(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let network = &world.network;
    let cohort = world.filled(UPTIME, 0, 4).await;
    let first = world.batch(UPTIME, cohort, 0, &[100, 0, 0, 200]).await;
    let early = network.settle_once(THIEF, &first, &[]).await.unwrap_err();
    assert!(matches!(early, SettleError::NotOpen { epoch: 0, .. }), "{early}");
    world.open(UPTIME, 0).await;
    let settled = network.settle_once(THIEF, &first, &[]).await.unwrap();
    let Settling::Sent { added, gas, .. } = settled else { panic!("{settled:?}") };
    assert!(added == U256::from(300) && gas > 200_000);
    assert_eq!(network.settle_once(THIEF, &first, &[]).await.unwrap(), Settling::Stands);

    let better = world.batch(UPTIME, cohort, 0, &[100, 50, 0, 250]).await;
    let alone = network.settle_once(THIEF, &better, &[&better.units]).await.unwrap_err();
    assert!(matches!(alone, SettleError::UnknownUnits { .. }), "{alone}");
    let known = [better.units.as_slice(), &first.units];
    let settled = network.settle_once(THIEF, &better, &known).await.unwrap();
    assert!(matches!(settled, Settling::Sent { added, .. } if added == U256::from(100)));
    let worse = network.settle_once(THIEF, &first, &known).await.unwrap();
    assert_eq!(worse, Settling::BetterStands);
    // More for one and less for another: the contract says who.
    let other = world.batch(UPTIME, cohort, 0, &[0, 50, 70, 250]).await;
    let refused = network.settle_once(THIEF, &other, &known).await.unwrap_err();
    assert!(refused.to_string().contains("UnitsLowered (index 0"), "{refused}");
    let mut resealed = better.clone();
    (resealed.seal, resealed.units[2]) = (U256::from(5), 1);
    let refused = network.settle_once(THIEF, &resealed, &known).await.unwrap_err();
    assert!(matches!(refused, SettleError::OtherSeal { .. }), "{refused}");

    let late = world.filled(UPTIME, 0, 1).await;
    let epoch = network.next_epoch().await.unwrap();
    let batch = world.batch(UPTIME, late, epoch, &[1, 0, 0, 0]).await;
    world.close(epoch).await;
    let late = network.settle_once(THIEF, &batch, &[]).await.unwrap_err();
    assert!(matches!(late, SettleError::Closed { .. }), "{late}");
}

pub(crate) async fn a_batch_that_a_contract_refuses_costs_nothing(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let network = &world.network;
    let cohort = world.filled(UPTIME, 0, 4).await;
    world.open(UPTIME, 0).await;
    let mut forged = world.batch(UPTIME, cohort, 0, &[1, 0, 0, 0]).await;
    forged.units[1] = 7;
    let before = network.chain().next_nonce(THIEF).await.unwrap();
    let refused = network.settle_once(THIEF, &forged, &[]).await.unwrap_err();
    assert!(refused.to_string().contains("ProofRejected"), "{refused}");
    assert_eq!(network.chain().next_nonce(THIEF).await.unwrap(), before);
}

pub(crate) async fn energy_is_settled_epoch_by_epoch_whatever_the_order_given(
    chain: Arc<dyn Chain>,
) {
    let world = World::new(chain).await;
    let cohort = world.filled(ENERGY, 0, 4).await;
    let of = async |epoch, units| world.batch(ENERGY, cohort, epoch, units).await;
    let mut batches = [
        of(2, &[1, 0, 0, 0]).await,
        of(0, &[1, 0, 0, 0]).await,
        of(1, &[1, 0, 0, 0]).await,
        of(1, &[1, 9, 0, 0]).await,
    ];
    batches.sort_by(settling_order);
    let order: Vec<_> = batches.iter().map(|batch| (batch.epoch, batch.units[1])).collect();
    assert_eq!(order, [(0, 0), (1, 9), (1, 0), (2, 0)]);
}

pub(crate) async fn pools_are_frozen_in_order_and_everything_is_paid_once(chain: Arc<dyn Chain>) {
    let world = economy::begun(chain).await;
    let network = &world.network;
    network.deploy_economy(&economy::config()).await.unwrap();
    let cohort = world.filled(UPTIME, 0, 4).await;
    let first = network.next_epoch().await.unwrap();
    let epoch = first + 2;
    world.open(UPTIME, epoch).await;
    let batch = world.batch(UPTIME, cohort, epoch, &[3, 0, 0, 1]).await;
    network.settle_once(PROVER, &batch, &[]).await.unwrap();
    assert!(network.stands(cohort, epoch, &batch.units).await.unwrap());
    assert!(!network.stands(cohort, epoch, &[3, 0, 0, 2]).await.unwrap());
    assert!(!network.stands(cohort, first, &batch.units).await.unwrap());
    let open = network.freeze_due(THIEF, UPTIME, epoch).await.unwrap_err();
    assert_eq!(open.revert_name(), Some("StillOpen"), "{open}");
    world.close(epoch).await;
    // A schedule is drawn epoch by epoch, also those without work.
    let frozen = network.freeze_due(THIEF, UPTIME, epoch).await.unwrap();
    let epochs: Vec<_> = frozen.iter().map(|pool| pool.epoch).collect();
    assert_eq!(epochs, [first, first + 1, epoch]);
    assert!(network.freeze_due(THIEF, UPTIME, epoch).await.unwrap().is_empty());
    let due = Due { cohort, epoch, index: 0, units: &batch.units };
    let paid = network.claim_once(THIEF, &due).await.unwrap();
    let (operator, amount, _) = paid.now.unwrap();
    assert_eq!(operator, crate::world::operator(0));
    assert_eq!(amount, U256::from(frozen[2].members) * U256::from(3) / U256::from(4));
    let again = network.claim_once(THIEF, &due).await.unwrap();
    assert_eq!((again.now, again.units, again.device), (None, 3, paid.device));
    let (fee, _) = network.claim_fee_once(THIEF, UPTIME, epoch, PROVER).await.unwrap().unwrap();
    assert!(fee > U256::ZERO);
    assert_eq!(network.claim_fee_once(THIEF, UPTIME, epoch, PROVER).await.unwrap(), None);
    assert_eq!(network.claim_fee_once(THIEF, UPTIME, epoch, THIEF).await.unwrap(), None);
}
