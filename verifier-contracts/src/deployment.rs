//! Deploys a whole network: token, router with its keys, registry, settlement, distributor, first policies and
//! emissions. Refuses keys that can be forged with, unless told otherwise or nothing is at stake.

mod deployer;
mod effect;
mod journal;
mod settings;
mod whole;
mod wiring;

pub(crate) use deployer::{Deployer, create};
pub use journal::{Entry as JournalEntry, Journal, JournalError, Subject};
pub use whole::{Book, Deployed, Handover, Plan, deploy_whole, hand_over};

use std::sync::Arc;

use alloy::primitives::{Address, B256, U256};

use crate::{
    AddressBook, Chain, ChainError, Network, RouteEntry, binding,
    contracts::{
        DeviceRegistry, EpochSettlement, ErgonToken, Groth16Verifier, RewardDistributor,
        VerifierRouter,
    },
};

/// One verifying key and the statement it is for.
#[derive(Debug, Clone)]
pub struct RouteConfig {
    /// Name of the circuit.
    pub label: String,
    /// Tag of the statement.
    pub tag: B256,
    /// Members of a cohort.
    pub members: u32,
    /// Number of words.
    pub length: u32,
    /// The verifying key: alpha, beta, gamma, delta, IC0 to IC3; of an extension element the imaginary part first.
    pub key: [U256; 22],
    /// State of a cohort that has settled nothing yet; 0 for statements without state.
    pub genesis_state: U256,
    /// Whether whoever made the key can forge proofs.
    pub insecure: bool,
}

/// What to deploy.
#[derive(Debug, Clone)]
pub struct DeployConfig {
    /// Deploys and then owns the contracts; one of the chain's accounts.
    pub owner: Address,
    /// Beginning of epoch 0 in seconds since 1970.
    pub genesis: u64,
    /// Length of an epoch in seconds.
    pub epoch_length: u64,
    /// Seconds after an epoch's end during which it can be settled.
    pub window: u64,
    /// Provers' share of every pool, in ten-thousandths.
    pub fee_bps: u16,
    /// Keys.
    pub routes: Vec<RouteConfig>,
    /// Policy words of each kind.
    pub policies: Vec<(u8, Vec<U256>)>,
    /// Reward of one epoch of each kind, in the token's smallest unit.
    pub emissions: Vec<(u8, u128)>,
    /// Whether to accept insecure keys on a chain that others can reach.
    pub allow_insecure: bool,
}

/// A finished deployment.
#[derive(Debug)]
pub struct Deployment {
    /// The network, ready to use.
    pub network: Network,
    /// Each transaction's action and gas, in order.
    pub gas: Vec<(String, u64)>,
}

/// Deploys a network. [`deploy_whole`] does so with what stands around it, and goes on after a kill.
pub async fn deploy(
    chain: Arc<dyn Chain>,
    config: &DeployConfig,
) -> Result<Deployment, ChainError> {
    let mut deployer = Deployer::new(chain.as_ref(), config.owner);
    let book = contracts(&mut deployer, chain.as_ref(), config).await?;
    let gas = deployer.gas;
    Ok(Deployment { network: Network::new(chain, book), gas })
}

/// Refuses keys that can be forged with.
fn refuse_insecure(chain: &dyn Chain, config: &DeployConfig) -> Result<(), ChainError> {
    match config.routes.iter().find(|route| route.insecure) {
        Some(route) if !config.allow_insecure && !chain.is_embedded() => {
            Err(ChainError::InsecureKey { label: route.label.clone() })
        }
        _ => Ok(()),
    }
}

async fn contracts(
    deployer: &mut Deployer<'_>,
    chain: &dyn Chain,
    config: &DeployConfig,
) -> Result<AddressBook, ChainError> {
    refuse_insecure(chain, config)?;
    let owner = config.owner;
    let arguments = ErgonToken::constructorCall { owner };
    let token = deployer.create("token", &ErgonToken::BYTECODE, &arguments).await?;
    let arguments = VerifierRouter::constructorCall { owner };
    let router = deployer.create("router", &VerifierRouter::BYTECODE, &arguments).await?;
    let arguments = DeviceRegistry::constructorCall {
        owner,
        router_: router,
        genesis_: config.genesis,
        epochLength_: config.epoch_length,
    };
    let registry = deployer.create("registry", &DeviceRegistry::BYTECODE, &arguments).await?;
    let arguments = EpochSettlement::constructorCall {
        owner,
        registry_: registry,
        router_: router,
        window_: config.window,
    };
    let settlement = deployer.create("settlement", &EpochSettlement::BYTECODE, &arguments).await?;
    let arguments = RewardDistributor::constructorCall {
        owner,
        settlement_: settlement,
        token_: token,
        feeBps_: config.fee_bps,
    };
    let distributor =
        deployer.create("distributor", &RewardDistributor::BYTECODE, &arguments).await?;
    let minter = ErgonToken::setMinterCall { newMinter: distributor };
    deployer.call("set minter", token, &minter).await?;
    let mut routes = Vec::with_capacity(config.routes.len());
    for config in &config.routes {
        routes.push(route(deployer, router, config).await?);
    }
    for (kind, words) in &config.policies {
        let call = EpochSettlement::setPolicyCall { kind: *kind, words: words.clone() };
        deployer.call("set policy", settlement, &call).await?;
    }
    for (kind, amount) in &config.emissions {
        let call = RewardDistributor::setEmissionCall { kind: *kind, amount: *amount };
        deployer.call("set emission", distributor, &call).await?;
    }
    Ok(AddressBook {
        chain_id: chain.chain_id(),
        owner,
        token,
        router,
        registry,
        settlement,
        distributor,
        genesis: config.genesis,
        epoch_length: config.epoch_length,
        window: config.window,
        routes,
    })
}

async fn route(
    deployer: &mut Deployer<'_>,
    router: Address,
    config: &RouteConfig,
) -> Result<RouteEntry, ChainError> {
    let RouteConfig { tag, members, length, .. } = *config;
    let arguments = Groth16Verifier::constructorCall { vk: config.key };
    let what = format!("verifier of {}", config.label);
    let verifier = deployer.create(&what, &Groth16Verifier::BYTECODE, &arguments).await?;
    let call = VerifierRouter::addRouteCall {
        verifier,
        tag,
        members,
        length,
        genesisState: config.genesis_state,
    };
    deployer.call("add route", router, &call).await?;
    Ok(RouteEntry {
        label: config.label.clone(),
        route: binding::route_id(&config.key, tag, members, length),
        verifier,
        tag,
        members,
        length,
        insecure: config.insecure,
    })
}
