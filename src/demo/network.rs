//! Proving keys and a deployed trial network.

use crate::convert::{policy, route};
use crate::stage::Stages;
use ergon_accelerator::Accelerator;
use ergon_chain::{
    Address, Chain, DeployConfig, Embedded, Network, RouteConfig, Rpc, RpcConfig, accounts,
    deploy as deploy_contracts,
};
use ergon_circuits::CircuitId;
use ergon_params::{Params, ParamsError};
use ergon_prover::Engine;
use ergon_types::{Kind, Policy, SecretKey};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Seconds of an epoch.
pub(crate) const DAY: u64 = 86_400;
/// Settlement is open for three days.
const WINDOW: u64 = 3 * DAY;
/// Two per cent of each pool go to provers.
const FEE_BPS: u16 = 200;
/// Beginning of the embedded chain's epoch 0: 2026-01-01T00:00:00Z.
const GENESIS: u64 = 1_767_225_600;
/// Time to deploy and enrol before epoch 0 begins.
const LEAD: u64 = 6 * 3_600;
/// Tokens of one epoch; uptime pays for existence, so its pool is the smallest.
const EMISSIONS: [(Kind, u64); 3] =
    [(Kind::Uptime, 100), (Kind::Coverage, 500), (Kind::Energy, 1_000)];
const TOKEN: u128 = 1_000_000_000_000_000_000;

/// The keys of the trial circuits.
pub(crate) struct Keys(BTreeMap<CircuitId, Engine>);

impl Keys {
    /// Loads all keys and makes those that are missing or of an earlier circuit. A damaged key is an error:
    /// `ergon params generate` replaces it when asked to.
    pub(crate) fn load(
        folder: Option<PathBuf>,
        accelerator: &dyn Accelerator,
        stages: &Stages,
    ) -> eyre::Result<Self> {
        let params = Params::resolve(folder)?;
        let load = |id| match params.load(id) {
            Err(
                ParamsError::NoManifest { .. }
                | ParamsError::Missing { .. }
                | ParamsError::NoFile { .. }
                | ParamsError::Outdated { .. }
                | ParamsError::Reduction { .. },
            ) => {
                params.generate(&[id], |progress| stages.note(progress))?;
                params.load(id)
            }
            loaded => loaded,
        };
        let load = |id| Ok((id, Engine::on(accelerator, &load(id)?)?));
        let keys =
            CircuitId::TRIAL.into_iter().map(load).collect::<eyre::Result<BTreeMap<_, _>>>()?;
        let imported = keys.values().filter(|key| !key.is_insecure()).count();
        let which = match imported {
            0 => "development keys".to_owned(),
            _ => format!("{} keys, {imported} of them of a ceremony,", keys.len()),
        };
        let (folder, by) = (params.folder().display(), accelerator.name());
        stages.note(format_args!("{which} in {folder}, on {by}"));
        Ok(Self(keys))
    }

    /// The key of a circuit.
    pub(crate) fn of(&self, circuit: CircuitId) -> eyre::Result<&Engine> {
        self.0.get(&circuit).ok_or_else(|| eyre::eyre!("there is no trial key for {circuit}"))
    }

    fn routes(&self) -> Vec<RouteConfig> {
        self.0.values().map(|key| route(key)).collect()
    }
}

/// A deployed network and who acts on it.
pub(crate) struct World {
    pub(crate) chain: Network,
    pub(crate) network: ergon_types::Network,
    pub(crate) attestor: SecretKey,
    pub(crate) attestor_operator: Address,
    pub(crate) prover: Address,
    /// Every transaction with its gas, in order.
    pub(crate) transactions: Vec<(String, u64)>,
}

impl World {
    /// Notes what a transaction cost.
    pub(crate) fn spent(&mut self, action: impl Into<String>, gas: u64) {
        self.transactions.push((action.into(), gas));
    }
}

/// Deploys the contracts on the embedded EVM, or on the development node at `rpc`.
pub(crate) async fn deploy(keys: &Keys, rpc: Option<&str>, insecure: bool) -> eyre::Result<World> {
    let chain: Arc<dyn Chain> = match rpc {
        None => Arc::new(Embedded::new(GENESIS - LEAD)),
        Some(url) => {
            let signers = accounts::development_signers()?;
            Arc::new(Rpc::connect(RpcConfig::new(url).with_signers(signers)).await?)
        }
    };
    let genesis = if chain.is_embedded() { GENESIS } else { chain.now().await? + LEAD };
    let [owner, attestor_operator, prover, ..] = accounts::DEVELOPMENT_ACCOUNTS;
    let config = DeployConfig {
        owner,
        genesis,
        epoch_length: DAY,
        window: WINDOW,
        fee_bps: FEE_BPS,
        routes: keys.routes(),
        policies: Kind::ALL.map(|kind| policy(&Policy::standard(kind))).into(),
        emissions: EMISSIONS.map(|(kind, tokens)| (kind as u8, u128::from(tokens) * TOKEN)).into(),
        allow_insecure: insecure,
    };
    let deployment = deploy_contracts(chain, &config).await?;
    let chain = deployment.network;
    let network = ergon_types::Network {
        chain_id: chain.book().chain_id,
        settlement: crate::convert::from_chain(chain.book().settlement),
        registry: crate::convert::from_chain(chain.book().registry),
    };
    Ok(World {
        network,
        attestor: ergon_fleet::trial_key(0, 0),
        attestor_operator,
        prover,
        transactions: deployment.gas,
        chain,
    })
}
