//! Many batches settle and many claims are paid in few transactions, and one that does not hold stops no other.

use std::sync::Arc;

use ergon_chain::{Batch, Chain, Due, Settling, U256};

use crate::world::{PROVER, THIEF, UPTIME, World, operator};

/// Batches of three cohorts, open for settlement.
async fn three(world: &World) -> [Batch; 3] {
    let mut cohorts = Vec::new();
    for _ in 0..3 {
        cohorts.push(world.filled(UPTIME, 0, 2).await);
    }
    let epoch = world.network.next_epoch().await.unwrap();
    world.open(UPTIME, epoch).await;
    let of = async |place: usize| {
        world.batch(UPTIME, cohorts[place], epoch, &[place as u64 + 1, 5, 0, 0]).await
    };
    [of(0).await, of(1).await, of(2).await]
}

pub(crate) async fn batches_of_one_route_settle_in_one_transaction(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let network = &world.network;
    let batches = three(&world).await;
    let all: Vec<_> = batches.iter().collect();
    let before = network.chain().next_nonce(THIEF).await.unwrap();
    let done = network.settle_all_once(THIEF, &all).await.unwrap();
    assert_eq!(network.chain().next_nonce(THIEF).await.unwrap(), before + 1);
    for (place, done) in done.into_iter().enumerate() {
        let Ok(Settling::Sent { added, gas, .. }) = done else { panic!("{done:?}") };
        assert_eq!(added, U256::from(6 + place));
        assert!((60_000..250_000).contains(&gas), "{gas}");
        let batch = &batches[place];
        assert!(network.stands(batch.cohort, batch.epoch, &batch.units).await.unwrap());
    }
    let fees = network.added_by(UPTIME, batches[0].epoch, PROVER).await.unwrap();
    assert_eq!(fees, U256::from(6 + 7 + 8));
    let again = network.settle_all_once(THIEF, &all).await.unwrap();
    assert!(again.into_iter().all(|done| matches!(done, Ok(Settling::Stands))));
    assert_eq!(network.chain().next_nonce(THIEF).await.unwrap(), before + 1);
}

pub(crate) async fn a_batch_that_does_not_hold_does_not_stop_the_others(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let mut batches = three(&world).await;
    batches[1].units[0] += 1;
    let all: Vec<_> = batches.iter().collect();
    let done = world.network.settle_all_once(THIEF, &all).await.unwrap();
    assert!(matches!(done[0], Ok(Settling::Sent { .. })), "{done:?}");
    assert!(matches!(done[2], Ok(Settling::Sent { .. })), "{done:?}");
    let refused = done[1].as_ref().unwrap_err();
    assert!(refused.to_string().contains("ProofRejected"), "{refused}");
}

pub(crate) async fn of_two_batches_of_an_epoch_the_better_one_settles(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let [first, second, third] = three(&world).await;
    let better = world.batch(UPTIME, first.cohort, first.epoch, &[9, 9, 0, 0]).await;
    world.network.settle(PROVER, &third, &[]).await.unwrap();
    let best = world.batch(UPTIME, third.cohort, third.epoch, &[3, 6, 0, 0]).await;
    // What stands is replaced, and what it replaces is given beside it.
    let all = [&better, &first, &second, &best, &third];
    let done = world.network.settle_all_once(THIEF, &all).await.unwrap();
    let sent = |place: usize, units: u64| matches!(done[place], Ok(Settling::Sent { added, .. }) if added == U256::from(units));
    assert!(sent(0, 18) && sent(2, 7) && sent(3, 1), "{done:?}");
    for place in [1, 4] {
        assert!(matches!(done[place], Ok(Settling::BetterStands)), "{done:?}");
    }
}

pub(crate) async fn claims_of_many_epochs_are_paid_in_one_transaction(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let network = &world.network;
    network.set_emission(UPTIME, 1_000_000).await.unwrap();
    let cohort = world.filled(UPTIME, 0, 4).await;
    let first = network.next_epoch().await.unwrap();
    let units = [3, 0, 0, 1];
    for epoch in first..first + 3 {
        world.open(UPTIME, epoch).await;
        let batch = world.batch(UPTIME, cohort, epoch, &units).await;
        network.settle(PROVER, &batch, &[]).await.unwrap();
    }
    world.close(first + 2).await;
    for epoch in first..first + 3 {
        network.freeze_due(THIEF, UPTIME, epoch).await.unwrap();
    }
    let due = |epoch, index| Due { cohort, epoch, index, units: &units };
    let dues: Vec<_> = [0, 3].iter().flat_map(|i| (first..first + 3).map(|e| due(e, *i))).collect();
    // One is paid before: it is skipped.
    network.claim(PROVER, cohort, first + 1, 3, &units).await.unwrap();
    let before = network.chain().next_nonce(THIEF).await.unwrap();
    let done = network.claim_all_once(THIEF, &dues).await.unwrap();
    assert_eq!(network.chain().next_nonce(THIEF).await.unwrap(), before + 1);
    let members = U256::from(network.pool_of(UPTIME, first).await.unwrap().members);
    for (due, done) in dues.iter().zip(done) {
        let paid = done.unwrap();
        let share = members * U256::from(paid.units) / U256::from(4);
        match paid.now {
            Some((who, amount, _)) => assert_eq!((who, amount), (operator(due.index), share)),
            None => assert_eq!((due.epoch, due.index), (first + 1, 3)),
        }
    }
    let balance = network.balance_of(operator(3)).await.unwrap();
    assert_eq!(balance, members / U256::from(4) * U256::from(3));
    // Again, with one that no root stands for: all else is paid, and that one says why not.
    let more = [9, 0, 0, 1];
    let wrong = Due { units: &more, ..due(first + 3, 0) };
    let done = network.claim_all_once(THIEF, &[due(first, 0), wrong]).await.unwrap();
    assert_eq!(done[0].as_ref().unwrap().now, None);
    assert_eq!(done[1].as_ref().unwrap_err().revert_name(), Some("NotFrozen"));
    // Given twice, with other units and with the same: paid once.
    let other = Due { units: &more, ..due(first, 1) };
    let twice = [due(first, 1), due(first, 2), other, due(first, 2)];
    let done = network.claim_all_once(THIEF, &twice).await.unwrap();
    let paid: Vec<bool> = done.iter().map(|done| done.as_ref().unwrap().now.is_some()).collect();
    assert_eq!(paid, [true, true, false, false]);
    assert!(done.iter().all(|done| !done.as_ref().unwrap().struck));
    let wrong = Due { units: &more, ..due(first + 1, 1) };
    let done = network.claim_all_once(THIEF, &[wrong, due(first + 1, 2)]).await.unwrap();
    assert_eq!(done[0].as_ref().unwrap_err().revert_name(), Some("ClaimRejected"));
    assert!(done[1].as_ref().unwrap().now.is_some());
}
