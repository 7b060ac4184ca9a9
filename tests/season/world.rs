//! A network with its economy: who acts on it, and what it is deployed with.

use crate::proofs;
use ergon_chain::{
    Address, Chain, DeployConfig, EconomyBook, EconomyConfig, Network, Parameter, Penalty, U256,
    accounts::DEVELOPMENT_ACCOUNTS, deploy,
};
use ergon_circuits::{CircuitId, Evidence, WITNESSES};
use ergon_fleet::trial_key;
use ergon_types::{Kind, Policy, Schema, SecretKey};
use std::sync::Arc;

pub(crate) const DAY: u64 = 86_400;
/// When the network is deployed; epoch 0 begins a week later.
pub(crate) const START: u64 = 2_000_000_000;
const GENESIS: u64 = START + 7 * DAY;
/// Settlement of an epoch closes when the next one ends.
const WINDOW: u64 = DAY;
/// One token in its smallest unit.
pub(crate) const TOKEN: u128 = 1_000_000_000_000_000_000;
/// One whole, in ten-thousandths.
pub(crate) const WHOLE: u128 = 10_000;

/// Places of a paid cohort.
pub(crate) const SIZE: usize = 8;
pub(crate) const CIRCUITS: [CircuitId; 10] = [
    CircuitId::membership(WITNESSES),
    CircuitId::membership(SIZE),
    CircuitId::of(Kind::Uptime, SIZE),
    CircuitId::of(Kind::Coverage, SIZE),
    CircuitId::of(Kind::Energy, SIZE),
    CircuitId::contradiction(Evidence::Energy),
    CircuitId::SECOND_SEAL,
    CircuitId::omission(Schema::Uptime, SIZE),
    CircuitId::omission(Schema::Energy, SIZE),
    CircuitId::answer(Schema::Energy),
];

const OWNER: Address = DEVELOPMENT_ACCOUNTS[0];
pub(crate) const ATTESTOR: Address = DEVELOPMENT_ACCOUNTS[1];
pub(crate) const PROVER: Address = DEVELOPMENT_ACCOUNTS[2];
/// Ann, Ben and Cem own the devices.
pub(crate) const ANN: Address = DEVELOPMENT_ACCOUNTS[3];
pub(crate) const BEN: Address = DEVELOPMENT_ACCOUNTS[4];
pub(crate) const CEM: Address = DEVELOPMENT_ACCOUNTS[5];
pub(crate) const OWNERS: [Address; 3] = [ANN, BEN, CEM];
/// Place of the accuser among the development accounts.
pub(crate) const ACCUSER: usize = 6;
pub(crate) const DECIDER: Address = DEVELOPMENT_ACCOUNTS[7];
pub(crate) const REPORTER: Address = DEVELOPMENT_ACCOUNTS[8];
/// They are paid and never send anything.
pub(crate) const GATEWAY: Address = Address::repeat_byte(0x6a);
pub(crate) const HOST: Address = Address::repeat_byte(0x6b);

/// What the first epochs' pools hold: uptime, coverage, energy.
pub(crate) const RATES: [u128; 3] = [4_000 * TOKEN, 8_000 * TOKEN, 8_000 * TOKEN];
pub(crate) const HARD_CAP: u128 = 1_000_000 * TOKEN;
/// Provers' part of a pool, the treasury's of a sale, in ten-thousandths.
pub(crate) const PROVER_BPS: u16 = 200;
pub(crate) const MARKET_BPS: u16 = 500;
pub(crate) const DEPOSIT: u128 = 50 * TOKEN;
pub(crate) const DELAY: u64 = 2 * DAY;
const UNBONDING: u64 = 7 * DAY;
pub(crate) const CONTRADICTION: Penalty =
    Penalty { bps: 1_000, cap_bps: 3_000, informant_bps: 500 };
pub(crate) const OMISSION: Penalty = Penalty { bps: 900, cap_bps: 4_000, informant_bps: 250 };
pub(crate) const SECOND_SEAL: Penalty = Penalty { bps: 2_000, cap_bps: 4_000, informant_bps: 333 };

/// A deployed network.
pub(crate) struct World {
    pub(crate) chain: Network,
    pub(crate) economy: EconomyBook,
    pub(crate) network: ergon_types::Network,
    /// The attestor's number.
    pub(crate) attestor: u32,
}

/// Whoever seals.
pub(crate) fn attestor_key() -> SecretKey {
    trial_key(0, 0)
}

impl World {
    pub(crate) async fn new(chain: Arc<dyn Chain>) -> Self {
        let policy = |kind| {
            let words = Policy::standard(kind).words();
            (kind as u8, words.iter().map(proofs::word).collect())
        };
        let config = DeployConfig {
            owner: OWNER,
            genesis: GENESIS,
            epoch_length: DAY,
            window: WINDOW,
            fee_bps: PROVER_BPS,
            routes: proofs::routes(),
            policies: Kind::ALL.map(policy).into(),
            // The schedule fills the pools.
            emissions: Vec::new(),
            allow_insecure: true,
        };
        let chain = deploy(chain, &config).await.unwrap().network;
        let economy = chain.deploy_economy(&economy()).await.unwrap().book;
        let network = ergon_types::Network {
            chain_id: chain.book().chain_id,
            settlement: ergon_types::Address(chain.book().settlement.into_array()),
            registry: ergon_types::Address(chain.book().registry.into_array()),
        };
        let key = attestor_key().public().halvings().into();
        let attestor = chain.register_attestor(ATTESTOR, key).await.unwrap().value;
        Self { chain, economy, network, attestor }
    }

    /// Moves the clock forward by so much.
    pub(crate) async fn wait(&self, seconds: u64) {
        self.until(self.now().await + seconds).await;
    }

    /// Moves the clock to a time, or leaves it later.
    pub(crate) async fn until(&self, time: u64) {
        self.chain.chain().advance_to(time).await.unwrap();
    }

    pub(crate) async fn now(&self) -> u64 {
        self.chain.chain().now().await.unwrap()
    }
}

fn economy() -> EconomyConfig {
    let parameter = |value, min, max, step| Parameter {
        value,
        min,
        max,
        step,
        interval: 14 * DAY,
        changedAt: 0,
    };
    let (day, unbonding) = (u128::from(DAY), u128::from(UNBONDING));
    let named = [
        ("staking/unbonding", parameter(unbonding, 3 * day, 10 * day, day)),
        ("staking/deposit", parameter(DEPOSIT, TOKEN, 500 * TOKEN, 50 * TOKEN)),
        ("market/fee", parameter(MARKET_BPS.into(), 0, 1_000, 100)),
    ];
    EconomyConfig {
        delay: DELAY,
        quorum_floor: U256::from(2_000 * TOKEN),
        parameters: named.map(|(name, value)| (name.to_owned(), value)).into(),
        hard_cap: HARD_CAP,
        rates: RATES,
        accusers: vec![DEVELOPMENT_ACCOUNTS[ACCUSER]],
        decider: DECIDER,
        contradiction: CONTRADICTION,
        second_seal: SECOND_SEAL,
        omission: OMISSION,
    }
}
