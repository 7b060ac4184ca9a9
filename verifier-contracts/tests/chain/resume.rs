//! A deployment that is killed at any moment and run again ends as if it had not been: each contract once, each call in
//! effect, nothing that is not what the plan says.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use alloy::primitives::Bytes;
use async_trait::async_trait;
use ergon_chain::{
    Address, Book, Chain, ChainError, Deployed, Embedded, Handover, Journal, JournalError, Plan,
    Receipt, Rpc, RpcConfig, Transaction, U256, deploy_whole, hand_over,
};
use libtest_mimic::Trial;

use crate::{
    anvil::Anvil,
    economy, on_anvil, run,
    world::{self, OWNER, START, THIEF},
};

/// When the kill comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// The journal says what is about to be sent, and it is not.
    Before,
    /// It is sent and executed, and nobody hears of it.
    After,
}

/// A chain whose user is killed at one transaction.
#[derive(Debug)]
struct Deadly {
    chain: Arc<dyn Chain>,
    sent: AtomicUsize,
    kill: Option<(usize, Moment)>,
}

impl Deadly {
    fn new(chain: &Arc<dyn Chain>, kill: Option<(usize, Moment)>) -> Arc<Self> {
        Arc::new(Self { chain: Arc::clone(chain), sent: AtomicUsize::new(0), kill })
    }

    fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Chain for Deadly {
    fn chain_id(&self) -> u64 {
        self.chain.chain_id()
    }
    fn is_embedded(&self) -> bool {
        self.chain.is_embedded()
    }
    fn accounts(&self) -> &[Address] {
        self.chain.accounts()
    }
    async fn send(&self, transaction: Transaction) -> Result<Receipt, ChainError> {
        let dead = || ChainError::EndpointDown { url: "here".into(), reason: "killed".into() };
        match self.kill {
            Some((at, Moment::Before)) if at == self.sent() => return Err(dead()),
            Some((at, Moment::After)) if at == self.sent() => {
                self.sent.fetch_add(1, Ordering::Relaxed);
                self.chain.send(transaction).await?;
                return Err(dead());
            }
            _ => {}
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.chain.send(transaction).await
    }
    async fn call(
        &self,
        action: &'static str,
        to: Address,
        data: Bytes,
    ) -> Result<Bytes, ChainError> {
        self.chain.call(action, to, data).await
    }
    async fn next_nonce(&self, account: Address) -> Result<u64, ChainError> {
        self.chain.next_nonce(account).await
    }
    async fn code(&self, address: Address) -> Result<Bytes, ChainError> {
        self.chain.code(address).await
    }
    async fn now(&self) -> Result<u64, ChainError> {
        self.chain.now().await
    }
    async fn advance_to(&self, time: u64) -> Result<(), ChainError> {
        self.chain.advance_to(time).await
    }
}

fn plan() -> Plan {
    let mut network = world::config();
    // Every transaction takes a second, and all of them come before epoch 0.
    network.genesis = START + 3_600;
    Plan { network, economy: Some(economy::config()) }
}

async fn attempt(chain: Arc<Deadly>, journal: &Path) -> Result<Deployed, ChainError> {
    let plan = plan();
    let journal = Journal::open(journal, &plan.subject(chain.as_ref()))?;
    deploy_whole(chain, &plan, journal).await
}

/// A deployment that nothing disturbs: its book, and how many transactions it takes.
async fn undisturbed() -> (Book, usize) {
    let folder = tempfile::tempdir().unwrap();
    let chain: Arc<dyn Chain> = Arc::new(Embedded::new(START));
    let chain = Deadly::new(&chain, None);
    let deployed = attempt(Arc::clone(&chain), &folder.path().join("journal")).await.unwrap();
    assert_eq!(deployed.gas.len(), chain.sent());
    (deployed.book, chain.sent())
}

async fn killed_at_every_transaction_it_ends_the_same() {
    let (book, total) = undisturbed().await;
    assert!(total > 40, "{total}");
    for kill in (0..total).flat_map(|at| [(at, Moment::Before), (at, Moment::After)]) {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal");
        let chain: Arc<dyn Chain> = Arc::new(Embedded::new(START));
        let first = Deadly::new(&chain, Some(kill));
        let error = attempt(Arc::clone(&first), &journal).await.unwrap_err();
        assert!(matches!(error, ChainError::EndpointDown { .. }), "{kill:?}: {error}");
        let second = Deadly::new(&chain, None);
        let resumed = attempt(Arc::clone(&second), &journal).await.unwrap();
        assert_eq!(resumed.book, book, "{kill:?}");
        assert_eq!(first.sent() + second.sent(), total, "{kill:?}: nothing is sent twice");
        assert_eq!(chain.next_nonce(OWNER).await.unwrap(), total as u64, "{kill:?}");
        let third = Deadly::new(&chain, None);
        let finished = attempt(Arc::clone(&third), &journal).await.unwrap();
        assert_eq!((finished.book, third.sent()), (resumed.book, 0), "{kill:?}");
    }
}

/// Before one transaction, then after the next, and so on: every run gets one further.
async fn killed_again_and_again_it_gets_there() {
    let (book, total) = undisturbed().await;
    let folder = tempfile::tempdir().unwrap();
    let chain: Arc<dyn Chain> = Arc::new(Embedded::new(START));
    let journal = folder.path().join("journal");
    for run in 0..=total + 1 {
        let moment = if run % 2 == 0 { Moment::After } else { Moment::Before };
        let kill = Some((usize::from(moment == Moment::Before), moment));
        match attempt(Deadly::new(&chain, kill), &journal).await {
            Ok(deployed) => {
                assert_eq!(deployed.book, book);
                assert_eq!(chain.next_nonce(OWNER).await.unwrap(), total as u64);
                return;
            }
            Err(error) => assert!(matches!(error, ChainError::EndpointDown { .. }), "{error}"),
        }
    }
    panic!("not there after as many runs as transactions");
}

pub(crate) async fn a_finished_deployment_is_verified_and_handed_over_when_it_is_due(
    chain: Arc<dyn Chain>,
) {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let deployed = attempt(Deadly::new(&chain, None), &journal).await.unwrap();
    let (network, book) = (&deployed.network, deployed.book.economy.as_ref());
    let (early, gas) = hand_over(network, book, OWNER).await.unwrap();
    let Handover::Waits { until } = early else { panic!("{early:?}") };
    let delay = plan().economy.unwrap().delay;
    let now = chain.now().await.unwrap();
    assert!(gas.is_none() && until <= now + delay && until + 60 > now + delay, "{until}");
    chain.advance_to(until).await.unwrap();
    let (done, gas) = hand_over(network, book, THIEF).await.unwrap();
    assert!(done == Handover::Done && gas > Some(100_000), "{gas:?}");
    assert_eq!(hand_over(network, book, THIEF).await.unwrap(), (Handover::Done, None));
    // The owner that the journal was begun with is gone, and all is as it should be.
    let again = Deadly::new(&chain, None);
    attempt(Arc::clone(&again), &journal).await.unwrap();
    assert_eq!(again.sent(), 0);
    assert_eq!(hand_over(network, None, OWNER).await.unwrap(), (Handover::None, None));
}

pub(crate) async fn another_plan_does_not_go_on_from_a_journal(chain: Arc<dyn Chain>) {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let killed = Deadly::new(&chain, Some((3, Moment::After)));
    attempt(killed, &journal).await.unwrap_err();
    let changed = |what: &str, change: &dyn Fn(&mut Plan)| {
        let mut plan = plan();
        change(&mut plan);
        let error = Journal::open(&journal, &plan.subject(chain.as_ref())).unwrap_err();
        assert!(matches!(error, JournalError::Changed { .. }), "{error}");
        assert!(error.to_string().contains(&format!("begun with {what} = ")), "{error}");
    };
    changed("fee_bps", &|plan| plan.network.fee_bps += 1);
    changed("genesis", &|plan| plan.network.genesis += 1);
    changed("epoch_length", &|plan| plan.network.epoch_length += 1);
    changed("window", &|plan| plan.network.window += 1);
    changed("key 1 (batch/uptime)", &|plan| plan.network.routes[1].key[0] += U256::from(1));
    changed("key 3 (batch/energy)", &|plan| drop(plan.network.routes.pop()));
    changed("policy of kind 1", &|plan| plan.network.policies[0].1[0] += U256::from(1));
    changed("emission of kind 2", &|plan| plan.network.emissions[1].1 += 1);
    changed("deployer", &|plan| plan.network.owner = THIEF);
    changed("economy.accusers", &|plan| plan.economy = None);
    let economy = |change: fn(&mut ergon_chain::EconomyConfig)| {
        move |plan: &mut Plan| change(plan.economy.as_mut().unwrap())
    };
    changed("economy.delay", &economy(|config| config.delay += 1));
    changed("economy.rates", &economy(|config| config.rates[2] += 1));
    changed("economy.accusers", &economy(|config| config.accusers.push(OWNER)));
    changed("economy.parameters.market/fee", &economy(|config| config.parameters[2].1.max += 1));
}

pub(crate) async fn a_network_that_is_not_what_was_planned_is_refused(chain: Arc<dyn Chain>) {
    let folder = tempfile::tempdir().unwrap();
    let deployed =
        attempt(Deadly::new(&chain, None), &folder.path().join("journal")).await.unwrap();
    let (network, economy) = (deployed.network, deployed.book.economy);
    let good = plan().network;
    network.check(&good, economy.as_ref()).await.unwrap();
    let mut wrong = [(); 9].map(|()| good.clone());
    wrong[0].genesis += 1;
    wrong[1].epoch_length += 1;
    wrong[2].window += 1;
    wrong[3].fee_bps += 1;
    wrong[4].owner = THIEF;
    wrong[5].routes.swap(0, 1);
    wrong[6].routes[2].key[0] += U256::from(1);
    wrong[7].routes[3].genesis_state += U256::from(1);
    drop(wrong[8].routes.pop());
    for wrong in &wrong {
        let error = network.check(wrong, economy.as_ref()).await.unwrap_err();
        assert!(matches!(error, ChainError::WrongWiring { .. }), "{error}");
    }
    let mut books = [(); 6].map(|()| network.book().clone());
    books[0].token = economy.as_ref().unwrap().votes;
    books[1].router = network.book().registry;
    books[2].registry = network.book().router;
    books[3].settlement = network.book().distributor;
    books[4].distributor = network.book().settlement;
    books[5].routes[1].verifier = network.book().routes[0].verifier;
    for book in books {
        let error = match ergon_chain::Network::open(Arc::clone(&chain), book).await {
            Ok(network) => network.check(&good, economy.as_ref()).await.unwrap_err(),
            Err(error) => error,
        };
        let told = matches!(
            error,
            ChainError::WrongWiring { .. }
                | ChainError::NoContract { .. }
                | ChainError::Reverted { .. }
        );
        assert!(told, "{error}");
    }
}

pub(crate) async fn a_transaction_with_another_nonce_than_the_next_is_not_sent(
    chain: Arc<dyn Chain>,
) {
    let to = alloy::primitives::TxKind::Call(THIEF);
    let transaction = |nonce| Transaction {
        action: "a payment",
        from: OWNER,
        to,
        data: Bytes::new(),
        nonce: Some(nonce),
    };
    let next = chain.next_nonce(OWNER).await.unwrap();
    let error = chain.send(transaction(next + 1)).await.unwrap_err();
    assert!(matches!(error, ChainError::NonceTaken { .. }), "{error}");
    chain.send(transaction(next)).await.unwrap();
    let error = chain.send(transaction(next)).await.unwrap_err();
    assert!(error.to_string().contains("another program sends"), "{error}");
    assert_eq!(chain.next_nonce(OWNER).await.unwrap(), next + 1);
}

/// The node takes a transaction and no block has it when its sender is killed.
async fn what_is_pending_is_waited_for_and_not_sent_again(binary: &Path) {
    let (_, total) = undisturbed().await;
    let anvil = Anvil::start(binary, &["--no-mining"]);
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let impatient = RpcConfig { receipt_timeout: Duration::from_secs(1), ..anvil.config() };
    let chain: Arc<dyn Chain> = Arc::new(Rpc::connect(impatient).await.unwrap());
    let error = attempt(Deadly::new(&chain, None), &journal).await.unwrap_err();
    assert!(matches!(error, ChainError::Timeout { .. }), "{error}");
    let again = Deadly::new(&chain, None);
    let error = attempt(Arc::clone(&again), &journal).await.unwrap_err();
    assert!(matches!(error, ChainError::StillPending { .. }), "{error}");
    assert_eq!(again.sent(), 0);

    let patient: Arc<dyn Chain> = Arc::new(anvil.connect().await);
    let miner = Arc::new(anvil.connect().await);
    let mining = tokio::spawn(async move {
        loop {
            miner.advance_to(miner.now().await.unwrap() + 1).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let last = Deadly::new(&patient, None);
    attempt(Arc::clone(&last), &journal).await.unwrap();
    mining.abort();
    assert_eq!(last.sent(), total - 1, "the one that was pending is not sent again");
    assert_eq!(patient.next_nonce(OWNER).await.unwrap(), total as u64);
}

/// With a node of their own.
pub(crate) fn anvil_trials(found: &Result<PathBuf, String>) -> Vec<Trial> {
    let (name, binary) = ("what_is_pending_is_waited_for_and_not_sent_again", found.clone());
    vec![on_anvil(found, name, |_| async move {
        what_is_pending_is_waited_for_and_not_sent_again(&binary.unwrap()).await;
    })]
}

/// What is tried so often that it runs on the embedded chain only.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("embedded::resume::killed_at_every_transaction_it_ends_the_same", || {
            run(killed_at_every_transaction_it_ends_the_same())
        }),
        Trial::test("embedded::resume::killed_again_and_again_it_gets_there", || {
            run(killed_again_and_again_it_gets_there())
        }),
    ]
}
