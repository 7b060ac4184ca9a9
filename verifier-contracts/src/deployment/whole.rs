//! A network and what stands around it, deployed from one plan: resumed from its journal, verified at the end, handed
//! over once the timelock may accept it.

use std::sync::Arc;

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};

use super::{DeployConfig, Deployer, Journal, Subject, contracts};
use crate::{AddressBook, Chain, ChainError, EconomyBook, EconomyConfig, Network};

/// All that is deployed.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The network.
    pub network: DeployConfig,
    /// The contracts around it, if there are to be any.
    pub economy: Option<EconomyConfig>,
}

impl Plan {
    /// What a journal of this plan is of.
    pub fn subject(&self, chain: &dyn Chain) -> Subject {
        let (chain_id, deployer) = (chain.chain_id(), self.network.owner);
        Subject { chain_id, deployer, settings: self.settings() }
    }
}

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// The network.
    pub network: AddressBook,
    /// The contracts around it.
    pub economy: Option<EconomyBook>,
}

/// Whether the timelock owns what is governed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Handover {
    /// There is no timelock.
    None,
    /// It may accept what it was offered from this time on, in seconds since 1970.
    Waits {
        /// When.
        until: u64,
    },
    /// It owns everything.
    Done,
}

/// A verified deployment.
#[derive(Debug)]
pub struct Deployed {
    /// The network, ready to use.
    pub network: Network,
    /// Where everything is.
    pub book: Book,
    /// Each transaction's action and gas, in order; of this run only, so that there are none when nothing was left to do.
    pub gas: Vec<(String, u64)>,
}

/// Deploys what a plan says, going on where the journal ends, and verifies all of it.
///
/// # Errors
/// Whatever stops it; run again with the same journal it goes on. [`ChainError::WrongWiring`] when what is on the chain
/// is not what was planned.
pub async fn deploy_whole(
    chain: Arc<dyn Chain>,
    plan: &Plan,
    journal: Journal,
) -> Result<Deployed, ChainError> {
    let by = Arc::clone(&chain);
    let mut deployer = Deployer::resuming(by.as_ref(), plan.network.owner, journal);
    let book = contracts(&mut deployer, by.as_ref(), &plan.network).await?;
    let network = Network::new(chain, book);
    let economy = match &plan.economy {
        Some(config) => Some(network.economy_by(&mut deployer, config).await?),
        None => None,
    };
    network.check(&plan.network, economy.as_ref()).await?;
    if let Some(economy) = &economy {
        network.check_economy(economy).await?;
    }
    let (book, gas) = (Book { network: network.book().clone(), economy }, deployer.gas);
    Ok(Deployed { network, book, gas })
}

/// Has the timelock accept what it was offered, if it may by now; anyone may ask it to. Returns the gas that it took too.
///
/// # Errors
/// Those of the chain, and [`ChainError::WrongWiring`] when the timelock was never told to accept.
pub async fn hand_over(
    network: &Network,
    economy: Option<&EconomyBook>,
    from: Address,
) -> Result<(Handover, Option<u64>), ChainError> {
    let Some(book) = economy else { return Ok((Handover::None, None)) };
    if network.check_economy(book).await? {
        return Ok((Handover::Done, None));
    }
    let until = network.takes_over_at(book).await?.ok_or_else(|| ChainError::WrongWiring {
        contract: book.timelock,
        what: "the announced acceptance",
        expected: "one that waits".to_owned(),
        found: "none".to_owned(),
    })?;
    if network.chain().now().await? < until {
        return Ok((Handover::Waits { until }, None));
    }
    let gas = network.take_over(from, book).await?.gas_used;
    network.check_economy(book).await?;
    Ok((Handover::Done, Some(gas)))
}
