//! From enrolment to the paid reward, for each kind.

use std::sync::Arc;

use alloy::primitives::keccak256;
use ergon_chain::{Chain, ChainError, Network, U256, claims::ClaimTree};

use crate::world::{
    COVERAGE, EMISSION, ENERGY, FEE, GENESIS_STATE, MEMBERS, PROVER, THIEF, UPTIME, World, operator,
};

pub(crate) async fn work_is_enrolled_settled_and_paid(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let network = &world.network;
    let cohort = world.filled(UPTIME, 0, 3).await;
    let words = network.membership_words(cohort).await.unwrap();
    assert_eq!(words.len(), 4 + 5 * MEMBERS as usize);
    assert_eq!(words[0], U256::from(network.chain().chain_id()));
    assert_eq!(words[4 + 15..], [U256::ZERO; 5], "an empty place is five zeros");
    assert_eq!(network.root_at(cohort, 0).await.unwrap(), Some(U256::from(1_000_001)));
    assert_eq!(network.member(cohort, 2).await.unwrap().operator, operator(2));

    world.open(UPTIME, 0).await;
    let units = [10_000, 5_000, 0, 0];
    let batch = world.batch(UPTIME, cohort, 0, &units).await;
    let settled = network.settle(THIEF, &batch, &[]).await.unwrap();
    assert_eq!(settled.value, U256::from(15_000));
    assert!(settled.gas_used > 200_000, "a pairing alone costs 181,000");
    assert_eq!(network.added_by(UPTIME, 0, PROVER).await.unwrap(), U256::from(15_000));
    assert_eq!(network.total_units(UPTIME, 0).await.unwrap(), U256::from(15_000));
    let root = ClaimTree::new(UPTIME, 0, cohort, &units).unwrap().root();
    assert_eq!(network.standing(cohort, 0).await.unwrap().claimRoot, root);
    assert_eq!(root, recomputed_root(UPTIME, 0, cohort, &units));

    world.close(0).await;
    let pool = network.freeze(THIEF, UPTIME, 0).await.unwrap().value;
    let fee = EMISSION * u128::from(FEE) / 10_000;
    assert_eq!((pool.amount, pool.members), (EMISSION, EMISSION - fee));
    assert_eq!(network.pool_of(UPTIME, 0).await.unwrap(), pool);
    for (index, units) in (0..MEMBERS).zip(units) {
        let claim = network.claim(THIEF, cohort, 0, index, &batch.units).await.unwrap();
        let share = U256::from(pool.members) * U256::from(units) / U256::from(15_000);
        assert_eq!(claim.value, share);
        assert_eq!(network.balance_of(operator(index)).await.unwrap(), share);
        assert!(network.is_claimed(cohort, 0, index).await.unwrap());
    }
    let paid = network.claim_fee(THIEF, UPTIME, 0, PROVER).await.unwrap().value;
    assert_eq!(paid, U256::from(fee));
    assert_eq!(network.balance_of(PROVER).await.unwrap(), paid);
    assert_eq!(network.balance_of(THIEF).await.unwrap(), U256::ZERO);
}

pub(crate) async fn energy_carries_its_state_from_epoch_to_epoch(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let network = &world.network;
    let cohort = world.filled(ENERGY, 0, 4).await;
    let words = network.membership_words(cohort).await.unwrap();
    assert_eq!(words[8], U256::from(5_000u64 | 1 << 32), "the registry sets generation 1");

    network.chain().advance_to(network.end_of(0)).await.unwrap();
    let first = world.batch(ENERGY, cohort, 0, &[1, 2, 3, 4]).await;
    assert_eq!(network.batch_words(&first).await.unwrap()[8], GENESIS_STATE);
    network.settle(PROVER, &first, &[]).await.unwrap();

    // Epoch 1 waits until nothing can change the state that it begins with.
    network.chain().advance_to(network.end_of(1)).await.unwrap();
    let second = world.batch(ENERGY, cohort, 1, &[1, 1, 1, 1]).await;
    let early = network.settle(PROVER, &second, &[]).await.unwrap_err();
    assert_eq!(early.revert_name(), Some("OutsideWindow"), "{early}");
    world.open(ENERGY, 1).await;
    assert_eq!(network.batch_words(&second).await.unwrap()[8], first.state_after);
    network.settle(PROVER, &second, &[]).await.unwrap();
    let standing = network.standing(cohort, 1).await.unwrap();
    assert_eq!(
        (standing.stateBefore, standing.stateAfter),
        (first.state_after, second.state_after)
    );
}

pub(crate) async fn coverage_waits_for_the_membership_of_its_witnesses(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let network = &world.network;
    let witnesses = world.cohort(0, 0).await;
    network.enrol(witnesses, operator(0), world.fresh_key(), 0).await.unwrap();
    let cohort = world.filled(COVERAGE, witnesses, 2).await;
    let words = [1, 0, 0, 0];
    let mut batch = ergon_chain::Batch {
        route: world.book().route("batch/coverage").unwrap().route,
        cohort,
        epoch: 0,
        c: U256::from(3),
        seal: U256::from(4),
        state_after: U256::ZERO,
        prover: PROVER,
        included: 0,
        units: words.to_vec(),
        proof: [U256::ZERO; 8],
    };
    let missing = network.batch_words(&batch).await.unwrap_err();
    assert_eq!(missing.revert_name(), Some("NoMembership"), "{missing}");
    let root = world.commit(witnesses).await;
    let words = network.batch_words(&batch).await.unwrap();
    assert_eq!(words[6..8], [U256::from(witnesses), root]);
    world.open(COVERAGE, 0).await;
    batch = world.proven("batch/coverage", batch).await;
    network.settle(PROVER, &batch, &[]).await.unwrap();
}

pub(crate) async fn a_better_batch_under_the_same_seal_shares_the_fee(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let network = &world.network;
    let cohort = world.filled(UPTIME, 0, 4).await;
    world.open(UPTIME, 0).await;
    let first = world.batch(UPTIME, cohort, 0, &[100, 0, 0, 200]).await;
    network.settle(PROVER, &first, &[]).await.unwrap();
    let mut better = world.batch(UPTIME, cohort, 0, &[100, 50, 0, 250]).await;
    better.prover = THIEF;
    let better = world.proven("batch/uptime", better).await;
    let settled = network.settle(THIEF, &better, &first.units).await.unwrap();
    assert_eq!(settled.value, U256::from(100), "only what it adds counts");
    world.close(0).await;
    let pool = network.freeze(PROVER, UPTIME, 0).await.unwrap().value;
    let fee = U256::from(pool.amount - pool.members);
    let paid = network.claim_fee(PROVER, UPTIME, 0, THIEF).await.unwrap().value;
    assert_eq!(paid, fee * U256::from(100) / U256::from(400));
    network.claim(PROVER, cohort, 0, 1, &better.units).await.unwrap();
}

pub(crate) async fn an_address_book_opens_the_network_again(chain: Arc<dyn Chain>) {
    let world = World::new(chain.clone()).await;
    let text = serde_json::to_string(world.book()).unwrap();
    let book: ergon_chain::AddressBook = serde_json::from_str(&text).unwrap();
    let network = Network::open(chain.clone(), book.clone()).await.unwrap();
    assert_eq!(network.attestor(1).await.unwrap(), world.network.attestor(1).await.unwrap());

    let mut elsewhere = book.clone();
    elsewhere.chain_id += 1;
    let error = Network::open(chain.clone(), elsewhere).await.unwrap_err();
    assert!(matches!(error, ChainError::WrongBook { .. }), "{error}");
    let mut empty = book;
    empty.settlement = operator(0);
    let error = Network::open(chain, empty).await.unwrap_err();
    assert!(matches!(error, ChainError::NoContract { .. }), "{error}");
}

/// § 7.3 once more, from the bytes: independent of the crate's tree.
fn recomputed_root(kind: u8, epoch: u64, cohort: u32, units: &[u64]) -> ergon_chain::B256 {
    fn node(leaves: &[ergon_chain::B256]) -> ergon_chain::B256 {
        match leaves {
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len() / 2);
                keccak256([node(left).as_slice(), node(right).as_slice()].concat())
            }
        }
    }
    let leaf = |(index, units): (usize, &u64)| {
        let mut bytes = [0u8; 192];
        bytes[..13].copy_from_slice(b"ergon/1/claim");
        bytes[63] = kind;
        bytes[88..96].copy_from_slice(&epoch.to_be_bytes());
        bytes[124..128].copy_from_slice(&cohort.to_be_bytes());
        bytes[152..160].copy_from_slice(&(index as u64).to_be_bytes());
        bytes[184..].copy_from_slice(&units.to_be_bytes());
        keccak256(keccak256(bytes))
    };
    node(&units.iter().enumerate().map(leaf).collect::<Vec<_>>())
}
