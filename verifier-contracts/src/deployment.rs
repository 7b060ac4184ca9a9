//! Deploys a whole network: token, router with its keys, registry, settlement, distributor, first policies and
//! emissions. Refuses keys that can be forged with, unless told otherwise or nothing is at stake.

use std::sync::Arc;

use alloy::{
    primitives::{Address, B256, Bytes, TxKind, U256},
    sol_types::{SolCall, SolConstructor},
};

use crate::{
    AddressBook, Chain, ChainError, Network, Receipt, RouteEntry, Transaction, binding,
    chain::write,
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

/// Deploys a network.
pub async fn deploy(
    chain: Arc<dyn Chain>,
    config: &DeployConfig,
) -> Result<Deployment, ChainError> {
    if let Some(route) = config.routes.iter().find(|route| route.insecure)
        && !config.allow_insecure
        && !chain.is_embedded()
    {
        return Err(ChainError::InsecureKey { label: route.label.clone() });
    }
    let mut deployer = Deployer::new(chain.as_ref(), config.owner);
    let book = deployer.contracts(config).await?;
    for (kind, words) in &config.policies {
        let call = EpochSettlement::setPolicyCall { kind: *kind, words: words.clone() };
        deployer.call("set policy", book.settlement, &call).await?;
    }
    for (kind, amount) in &config.emissions {
        let call = RewardDistributor::setEmissionCall { kind: *kind, amount: *amount };
        deployer.call("set emission", book.distributor, &call).await?;
    }
    let gas = deployer.gas;
    Ok(Deployment { network: Network::new(chain, book), gas })
}

/// Sends what a deployment consists of, and keeps what each step cost.
pub(crate) struct Deployer<'a> {
    chain: &'a dyn Chain,
    owner: Address,
    /// Each transaction's action and gas, in order.
    pub(crate) gas: Vec<(String, u64)>,
}

impl<'a> Deployer<'a> {
    pub(crate) fn new(chain: &'a dyn Chain, owner: Address) -> Self {
        Self { chain, owner, gas: Vec::new() }
    }

    async fn contracts(&mut self, config: &DeployConfig) -> Result<AddressBook, ChainError> {
        let owner = self.owner;
        let arguments = ErgonToken::constructorCall { owner };
        let token = self.create("token", &ErgonToken::BYTECODE, &arguments).await?;
        let arguments = VerifierRouter::constructorCall { owner };
        let router = self.create("router", &VerifierRouter::BYTECODE, &arguments).await?;
        let arguments = DeviceRegistry::constructorCall {
            owner,
            router_: router,
            genesis_: config.genesis,
            epochLength_: config.epoch_length,
        };
        let registry = self.create("registry", &DeviceRegistry::BYTECODE, &arguments).await?;
        let arguments = EpochSettlement::constructorCall {
            owner,
            registry_: registry,
            router_: router,
            window_: config.window,
        };
        let settlement = self.create("settlement", &EpochSettlement::BYTECODE, &arguments).await?;
        let arguments = RewardDistributor::constructorCall {
            owner,
            settlement_: settlement,
            token_: token,
            feeBps_: config.fee_bps,
        };
        let distributor =
            self.create("distributor", &RewardDistributor::BYTECODE, &arguments).await?;
        let minter = ErgonToken::setMinterCall { newMinter: distributor };
        self.call("set minter", token, &minter).await?;
        let mut routes = Vec::with_capacity(config.routes.len());
        for route in &config.routes {
            routes.push(self.route(router, route).await?);
        }
        Ok(AddressBook {
            chain_id: self.chain.chain_id(),
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
        &mut self,
        router: Address,
        config: &RouteConfig,
    ) -> Result<RouteEntry, ChainError> {
        let RouteConfig { tag, members, length, .. } = *config;
        let arguments = Groth16Verifier::constructorCall { vk: config.key };
        let what = format!("verifier of {}", config.label);
        let verifier = self.create(&what, &Groth16Verifier::BYTECODE, &arguments).await?;
        let call = VerifierRouter::addRouteCall {
            verifier,
            tag,
            members,
            length,
            genesisState: config.genesis_state,
        };
        let receipt = self.call("add route", router, &call).await?;
        let added: VerifierRouter::RouteAdded = receipt.event(router)?;
        let route = binding::route_id(&config.key, tag, members, length);
        if added.route != route {
            return Err(ChainError::UnexpectedAnswer {
                action: "addRoute",
                contract: router,
                reason: format!("route {} instead of {route}", added.route),
            });
        }
        Ok(RouteEntry {
            label: config.label.clone(),
            route,
            verifier,
            tag,
            members,
            length,
            insecure: config.insecure,
        })
    }

    pub(crate) async fn create(
        &mut self,
        what: &str,
        code: &Bytes,
        arguments: &impl SolConstructor,
    ) -> Result<Address, ChainError> {
        let (address, gas_used) = create(self.chain, self.owner, what, code, arguments).await?;
        self.gas.push((format!("deploy {what}"), gas_used));
        Ok(address)
    }

    pub(crate) async fn call<C: SolCall>(
        &mut self,
        what: &str,
        to: Address,
        call: &C,
    ) -> Result<Receipt, ChainError> {
        let receipt = write(self.chain, self.owner, to, call).await?;
        self.gas.push((what.to_owned(), receipt.gas_used));
        Ok(receipt)
    }
}

/// Creates a contract; returns its address and the gas that it took.
pub(crate) async fn create(
    chain: &dyn Chain,
    from: Address,
    what: &str,
    code: &Bytes,
    arguments: &impl SolConstructor,
) -> Result<(Address, u64), ChainError> {
    let action = "deploying a contract";
    let data = [code.as_ref(), &arguments.abi_encode()].concat();
    let transaction = Transaction { action, from, to: TxKind::Create, data: data.into() };
    let receipt = chain.send(transaction).await?;
    let address = receipt.created.ok_or(ChainError::Halted {
        action,
        reason: format!("the receipt of {what} names no contract"),
        gas_used: receipt.gas_used,
    })?;
    Ok((address, receipt.gas_used))
}
