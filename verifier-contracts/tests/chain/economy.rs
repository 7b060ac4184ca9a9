//! What stands around a network: deployed, wired, and handed over to those who vote.

use std::sync::Arc;

use ergon_chain::{
    B256, Bond, Chain, ChainError, EconomyConfig, Network, Parameter, Penalty, Proposal, U256,
    accounts,
};

use crate::world::{OWNER, PROVER, THIEF, UPTIME, World, operator};

const DAY: u64 = 86_400;
const DELAY: u64 = 2 * DAY;
const WHOLE: u128 = 1_000_000_000_000_000_000;
/// Uptime, coverage, energy.
const RATES: [u128; 3] = [4_000 * WHOLE, 8_000 * WHOLE, 8_000 * WHOLE];

pub(crate) fn config() -> EconomyConfig {
    let parameter = |value, min, max, step| Parameter {
        value,
        min,
        max,
        step,
        interval: 14 * DAY,
        changedAt: 0,
    };
    let day = u128::from(DAY);
    let named = [
        ("staking/unbonding", parameter(7 * day, 3 * day, 10 * day, day)),
        ("staking/deposit", parameter(50 * WHOLE, WHOLE, 500 * WHOLE, 50 * WHOLE)),
        ("market/fee", parameter(500, 0, 1_000, 100)),
    ];
    EconomyConfig {
        delay: DELAY,
        quorum_floor: U256::from(2_000 * WHOLE),
        parameters: named.map(|(name, value)| (name.to_owned(), value)).into(),
        hard_cap: 1_000_000 * WHOLE,
        rates: RATES,
        accusers: vec![THIEF],
        decider: PROVER,
        contradiction: Penalty { bps: 1_000, cap_bps: 3_000, informant_bps: 500 },
        second_seal: Penalty { bps: 2_000, cap_bps: 4_000, informant_bps: 500 },
        omission: Penalty { bps: 1_000, cap_bps: 4_000, informant_bps: 500 },
    }
}

/// A network within its first epoch, so that no epoch ends while it is set up.
pub(crate) async fn begun(chain: Arc<dyn Chain>) -> World {
    let world = World::new(chain).await;
    let network = &world.network;
    network.chain().advance_to(network.begin_of(0)).await.unwrap();
    world
}

async fn wait(network: &Network, seconds: u64) {
    let now = network.chain().now().await.unwrap();
    network.chain().advance_to(now + seconds).await.unwrap();
}

pub(crate) async fn the_economy_is_deployed_wired_and_handed_over(chain: Arc<dyn Chain>) {
    let world = begun(chain).await;
    let network = &world.network;
    let book = network.deploy_economy(&config()).await.unwrap().book;
    assert!(!network.check_economy(&book).await.unwrap(), "offered, not accepted");
    let early = network.take_over(THIEF, &book).await.unwrap_err();
    assert_eq!(early.revert_name(), Some("TimelockUnexpectedOperationState"), "{early}");
    wait(network, DELAY).await;
    network.take_over(THIEF, &book).await.unwrap();
    assert!(network.check_economy(&book).await.unwrap());

    // Who deployed decides nothing of it any more.
    let refused = network.set_policy(UPTIME, vec![U256::from(144 | 10_000 << 16)]).await;
    assert_eq!(refused.unwrap_err().revert_name(), Some("OwnableUnauthorizedAccount"));
    let refused = network.set_emission(UPTIME, 1).await.unwrap_err();
    assert_eq!(refused.revert_name(), Some("OwnableUnauthorizedAccount"));
    // Enrolling stays its work.
    world.filled(UPTIME, 0, 1).await;
}

pub(crate) async fn a_book_whose_contracts_do_not_belong_together_is_refused(
    chain: Arc<dyn Chain>,
) {
    let world = begun(chain).await;
    let network = &world.network;
    let book = network.deploy_economy(&config()).await.unwrap().book;
    let text = serde_json::to_string(&book).unwrap();
    assert_eq!(serde_json::from_str::<ergon_chain::EconomyBook>(&text).unwrap(), book);
    let mut wrong = [(); 10].map(|()| book.clone());
    wrong[0].votes = OWNER;
    wrong[1].timelock = OWNER;
    wrong[2].parameters = OWNER;
    wrong[3].schedule = OWNER;
    wrong[4].staking = book.market;
    wrong[5].evidence = OWNER;
    wrong[6].market = book.staking;
    wrong[7].governor = book.timelock;
    wrong[8].assets = OWNER;
    wrong[9].seal_evidence = book.evidence;
    for wrong in wrong {
        let error = network.check_economy(&wrong).await.unwrap_err();
        // Another contract may lack the view altogether; then the call itself is refused.
        let told = matches!(
            error,
            ChainError::WrongWiring { .. }
                | ChainError::NoContract { .. }
                | ChainError::Reverted { .. }
        );
        assert!(told, "{error}");
    }
}

pub(crate) async fn a_device_is_suspended_on_an_accusation_and_resumed_when_nobody_decides(
    chain: Arc<dyn Chain>,
) {
    let world = begun(chain).await;
    let network = &world.network;
    // Earned first: an accusation costs a deposit.
    let payer = operator(0);
    earn(&world).await;
    let book = network.deploy_economy(&config()).await.unwrap().book;
    assert_eq!(network.staking_of_registry().await.unwrap(), Some(book.staking));
    let cohort = world.filled(UPTIME, 0, 2).await;
    let device = network.member(cohort, 0).await.unwrap().device;
    let groundless = network.suspend(OWNER, device).await.unwrap_err();
    assert_eq!(groundless.revert_name(), Some("WithoutCause"), "{groundless}");

    let deadline = network.chain().now().await.unwrap() + 10 * DAY;
    let (bond, reason) = (Bond::device(device), B256::repeat_byte(7));
    let digest = network.accusation_digest(&book, bond, reason, deadline);
    let signers = accounts::development_signers().unwrap();
    // The accuser is the fourth of the development accounts.
    let signature = accounts::sign(&signers[3], digest).unwrap();
    let accused =
        network.suspend_bond(payer, &book, bond, THIEF, reason, deadline, signature).await;
    accused.unwrap();
    assert!(network.is_kept_out(&book, device).await.unwrap());
    network.suspend(PROVER, device).await.unwrap();
    assert_eq!(network.membership_words(cohort).await.unwrap()[4..9], [U256::ZERO; 5]);
    world.commit(cohort).await;
    let early = network.resume(OWNER, device).await.unwrap_err();
    assert_eq!(early.revert_name(), Some("WithoutCause"), "{early}");
    network.chain().advance_to(deadline).await.unwrap();
    assert!(!network.is_kept_out(&book, device).await.unwrap());
    network.resume(operator(0), device).await.unwrap();
    assert!(!network.member(cohort, 0).await.unwrap().suspended);
}

/// Settles an epoch in which the first member did all the work, and pays it.
async fn earn(world: &World) -> u128 {
    let network = &world.network;
    let cohort = world.filled(UPTIME, 0, 4).await;
    let epoch = network.next_epoch().await.unwrap();
    world.open(UPTIME, epoch).await;
    let batch = world.batch(UPTIME, cohort, epoch, &[1, 0, 0, 0]).await;
    network.settle(PROVER, &batch, &[]).await.unwrap();
    world.close(epoch).await;
    let pool = network.freeze(THIEF, UPTIME, epoch).await.unwrap().value;
    let paid = network.claim(THIEF, cohort, epoch, 0, &batch.units).await.unwrap().value;
    assert_eq!(paid, U256::from(pool.members));
    pool.amount
}

pub(crate) async fn pools_hold_what_the_schedule_says(chain: Arc<dyn Chain>) {
    let world = begun(chain).await;
    world.network.deploy_economy(&config()).await.unwrap();
    assert_eq!(earn(&world).await, RATES[0]);
}

pub(crate) async fn a_vote_changes_a_governed_number(chain: Arc<dyn Chain>) {
    let world = begun(chain).await;
    let network = &world.network;
    let book = network.deploy_economy(&config()).await.unwrap().book;
    earn(&world).await;
    let holder = operator(0);
    let earned = network.balance_of(holder).await.unwrap();
    let lower = Proposal::set_parameter(&book, "market/fee", 400);

    let poor = network.propose(holder, &book, &lower).await.unwrap_err();
    assert_eq!(poor.revert_name(), Some("GovernorInsufficientProposerVotes"), "{poor}");
    network.deposit_votes(holder, &book, earned).await.unwrap();
    assert_eq!(network.balance_of(book.votes).await.unwrap(), earned);
    wait(network, 60).await;
    let proposal = network.propose(holder, &book, &lower).await.unwrap().value;
    let early = network.vote(holder, &book, proposal, true).await.unwrap_err();
    assert_eq!(early.revert_name(), Some("GovernorUnexpectedProposalState"), "{early}");
    wait(network, 2 * DAY + 60).await;
    network.vote(holder, &book, proposal, true).await.unwrap();
    let twice = network.vote(holder, &book, proposal, true).await.unwrap_err();
    assert_eq!(twice.revert_name(), Some("GovernorAlreadyCastVote"), "{twice}");
    wait(network, 7 * DAY + 60).await;
    network.queue(THIEF, &book, &lower).await.unwrap();
    let early = network.execute(THIEF, &book, &lower).await.unwrap_err();
    assert_eq!(early.revert_name(), Some("TimelockUnexpectedOperationState"), "{early}");
    assert_eq!(network.parameter(&book, "market/fee").await.unwrap().value, 500);
    wait(network, DELAY).await;
    network.execute(THIEF, &book, &lower).await.unwrap();
    assert_eq!(network.parameter(&book, "market/fee").await.unwrap().value, 400);
}

pub(crate) async fn a_rejected_proposal_and_a_rate_out_of_turn_change_nothing(
    chain: Arc<dyn Chain>,
) {
    let world = begun(chain).await;
    let network = &world.network;
    let book = network.deploy_economy(&config()).await.unwrap().book;
    earn(&world).await;
    let holder = operator(0);
    let earned = network.balance_of(holder).await.unwrap();
    network.deposit_votes(holder, &book, earned).await.unwrap();
    wait(network, DELAY).await;
    network.take_over(THIEF, &book).await.unwrap();
    let rejected = Proposal::set_parameter(&book, "market/fee", 400);
    let more = Proposal::set_rate(&book, UPTIME, RATES[0] + WHOLE, 0);
    let against = network.propose(holder, &book, &rejected).await.unwrap().value;
    let passed = network.propose(holder, &book, &more).await.unwrap().value;
    wait(network, 2 * DAY + 60).await;
    network.vote(holder, &book, against, false).await.unwrap();
    network.vote(holder, &book, passed, true).await.unwrap();
    wait(network, 7 * DAY + 60).await;
    let refused = network.queue(THIEF, &book, &rejected).await.unwrap_err();
    assert_eq!(refused.revert_name(), Some("GovernorUnexpectedProposalState"), "{refused}");
    network.queue(THIEF, &book, &more).await.unwrap();
    wait(network, DELAY).await;
    // A rate changes once in 30 epochs, whatever a majority wants.
    let refused = network.execute(THIEF, &book, &more).await.unwrap_err();
    assert_eq!(refused.revert_name(), Some("RateTooSoon"), "{refused}");
    let from = network.next_epoch().await.unwrap();
    assert_eq!(network.rate_at(&book, UPTIME, from).await.unwrap(), (RATES[0], 0));
    wait(network, 20 * DAY).await;
    network.execute(THIEF, &book, &more).await.unwrap();
    let from = network.next_epoch().await.unwrap();
    assert_eq!(network.rate_at(&book, UPTIME, from).await.unwrap(), (RATES[0] + WHOLE, 0));
    assert_eq!(network.rate_at(&book, UPTIME, from - 1).await.unwrap(), (RATES[0], 0));
}
