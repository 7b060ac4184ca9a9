//! A small network for the scenarios: one route for each statement over four members, one attestor.

use std::sync::Arc;

use alloy::primitives::uint;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::Field;
use ergon_chain::{
    Address, AddressBook, B256, Batch, Chain, DeployConfig, KeyProof, Network, NewCohort,
    RouteConfig, U256, accounts::DEVELOPMENT_ACCOUNTS, binding::tag, deploy,
};
use ergon_types::curve::{EdwardsAffine, Scalar};

use crate::trapdoor::Trapdoor;

pub(crate) const UPTIME: u8 = 1;
pub(crate) const COVERAGE: u8 = 2;
pub(crate) const ENERGY: u8 = 3;

/// Where clocks begin; epoch 0 a minute later.
pub(crate) const START: u64 = 2_000_000_000;
const DAY: u64 = 86_400;
/// Seconds of one settlement window.
pub(crate) const WINDOW: u64 = 3 * DAY;
/// Members of every cohort.
pub(crate) const MEMBERS: u32 = 4;
/// One epoch's reward.
pub(crate) const EMISSION: u128 = 1_000_000_000_000_000_000_000;
/// Provers' share in ten-thousandths.
pub(crate) const FEE: u16 = 500;
/// State of an energy cohort that has settled nothing.
pub(crate) const GENESIS_STATE: U256 = uint!(77_U256);

pub(crate) const OWNER: Address = DEVELOPMENT_ACCOUNTS[0];
pub(crate) const ATTESTOR: Address = DEVELOPMENT_ACCOUNTS[1];
pub(crate) const PROVER: Address = DEVELOPMENT_ACCOUNTS[2];
pub(crate) const THIEF: Address = DEVELOPMENT_ACCOUNTS[3];
/// Owner of a cohort's member.
pub(crate) fn operator(index: u32) -> Address {
    DEVELOPMENT_ACCOUNTS[5 + index as usize]
}

/// What the network is deployed with.
pub(crate) fn config() -> DeployConfig {
    let statements = [
        ("members", 4 + 5 * MEMBERS),
        ("batch/uptime", 16 + MEMBERS),
        ("batch/coverage", 18 + MEMBERS),
        ("batch/energy", 21 + MEMBERS),
    ];
    let routes = statements.map(|(name, length)| RouteConfig {
        label: name.to_owned(),
        tag: tag(&format!("ergon/1/{name}")),
        members: MEMBERS,
        length,
        key: trapdoor(name).key(),
        genesis_state: if name == "batch/energy" { GENESIS_STATE } else { U256::ZERO },
        insecure: true,
    });
    // One step: everything from 144 slots on.
    let tiers = U256::from(144 | 10_000 << 16);
    DeployConfig {
        owner: OWNER,
        genesis: START + 60,
        epoch_length: DAY,
        window: WINDOW,
        fee_bps: FEE,
        routes: routes.into(),
        policies: vec![
            (UPTIME, vec![tiers]),
            (COVERAGE, vec![tiers, U256::from(1), U256::from(0xffff)]),
            (ENERGY, [vec![tiers, U256::from(105)], vec![U256::from(1); 4]].concat()),
        ],
        emissions: [UPTIME, COVERAGE, ENERGY].map(|kind| (kind, EMISSION)).into(),
        allow_insecure: true,
    }
}

fn trapdoor(label: &str) -> Trapdoor {
    Trapdoor::new(label.len() as u64)
}

/// A deployed network with an attestor.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) network: Network,
    keys: std::sync::atomic::AtomicU64,
    attestor: u32,
}

impl World {
    pub(crate) async fn new(chain: Arc<dyn Chain>) -> Self {
        let network = deploy(chain, &config()).await.unwrap().network;
        let mut world = Self { network, keys: 1.into(), attestor: 0 };
        let registered = world.network.register_attestor(ATTESTOR, world.fresh_key()).await;
        world.attestor = registered.unwrap().value;
        world
    }

    /// A key that nobody has registered.
    pub(crate) fn fresh_key(&self) -> KeyProof {
        let secret = 7 + self.keys.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        key(secret)
    }

    pub(crate) fn book(&self) -> &AddressBook {
        self.network.book()
    }

    /// An empty cohort.
    pub(crate) async fn cohort(&self, kind: u8, witness_cohort: u32) -> u32 {
        let cohort = NewCohort {
            kind,
            size: MEMBERS,
            region: if kind == COVERAGE { 0x0811_fbff_ffff_ffff } else { 0 },
            witness_cohort,
            attestor: if kind == 0 { 0 } else { self.attestor },
        };
        self.network.create_cohort(cohort).await.unwrap().value
    }

    /// A cohort with `devices` members and a committed membership.
    pub(crate) async fn filled(&self, kind: u8, witness_cohort: u32, devices: u32) -> u32 {
        let cohort = self.cohort(kind, witness_cohort).await;
        let attribute = if kind == ENERGY { 5_000 } else { 0 };
        for index in 0..devices {
            let key = self.fresh_key();
            let enrolled = self.network.enrol(cohort, operator(index), key, attribute).await;
            assert_eq!(enrolled.unwrap().value.index, index);
        }
        self.commit(cohort).await;
        cohort
    }

    /// Commits a cohort's membership; its root is the cohort's number with a mark.
    pub(crate) async fn commit(&self, cohort: u32) -> U256 {
        let words = self.network.membership_words(cohort).await.unwrap();
        let c = U256::from(1_000_000 + cohort);
        let (route, proof) = self.prove("members", c, &words);
        let committed = self.network.commit_membership(PROVER, cohort, route, c, proof).await;
        assert_eq!(committed.unwrap().value.root, c);
        c
    }

    /// A proof by the trapdoor of the statement's key.
    pub(crate) fn prove(&self, label: &str, c: U256, words: &[U256]) -> (B256, [U256; 8]) {
        let route = self.book().route(label).unwrap();
        (route.route, trapdoor(label).prove(route.tag, route.route, c, words))
    }

    /// A batch that the contract accepts when its window is open.
    pub(crate) async fn batch(&self, kind: u8, cohort: u32, epoch: u64, units: &[u64]) -> Batch {
        let label = match kind {
            UPTIME => "batch/uptime",
            COVERAGE => "batch/coverage",
            _ => "batch/energy",
        };
        let batch = Batch {
            route: self.book().route(label).unwrap().route,
            cohort,
            epoch,
            c: U256::from(99),
            seal: U256::from(1_000 + epoch),
            state_after: if kind == ENERGY { U256::from(500 + epoch) } else { U256::ZERO },
            prover: PROVER,
            included: if kind == ENERGY { (1 << units.len()) - 1 } else { 0 },
            units: units.to_vec(),
            proof: [U256::ZERO; 8],
        };
        self.proven(label, batch).await
    }

    /// The same batch with a proof of what it says now.
    pub(crate) async fn proven(&self, label: &str, mut batch: Batch) -> Batch {
        let words = self.network.batch_words(&batch).await.unwrap();
        (batch.route, batch.proof) = self.prove(label, batch.c, &words);
        batch
    }

    /// Sets the clock to when a kind's epoch is open for settlement.
    pub(crate) async fn open(&self, kind: u8, epoch: u64) {
        let time = self.network.opens_at(kind, epoch).await.unwrap();
        self.network.chain().advance_to(time).await.unwrap();
    }

    /// Sets the clock to when an epoch is closed for settlement.
    pub(crate) async fn close(&self, epoch: u64) {
        let time = self.network.closes_at(epoch).await.unwrap();
        self.network.chain().advance_to(time).await.unwrap();
    }
}

/// The key of a secret, with its proof of prime order.
pub(crate) fn key(secret: u64) -> KeyProof {
    let secret = Scalar::from(secret) * Scalar::from(8u64).inverse().unwrap();
    let eighth = EdwardsAffine::generator() * secret;
    let quarter = eighth + eighth;
    let half = quarter + quarter;
    [eighth, quarter, half, half + half].map(|point| point.into_affine()).into()
}
