//! A deployed network: every operation of its contracts, with typed results and the gas they used.

mod assets;
mod clock;
mod enrolment;
mod evidence;
mod governance;
mod market;
mod registry;
mod rewards;
mod rotation;
mod settlement;
mod staking;
mod token;

pub use enrolment::{AttestedDevice, certificate_digest};
pub use evidence::{FaultProof, Shown};
pub use governance::Proposal;
pub use registry::{CommittedMembership, Enrolled, NewCohort, NewDevice};
pub use settlement::Batch;
pub(crate) use settlement::packed;
pub use staking::Bond;

use std::sync::Arc;

use alloy::primitives::Address;

use crate::{AddressBook, Chain, ChainError};

/// A deployed network and the chain it is on.
#[derive(Debug, Clone)]
pub struct Network {
    chain: Arc<dyn Chain>,
    book: AddressBook,
}

impl Network {
    pub(crate) fn new(chain: Arc<dyn Chain>, book: AddressBook) -> Self {
        Self { chain, book }
    }

    /// Opens a network that was deployed before. Checks that it is on this chain.
    pub async fn open(chain: Arc<dyn Chain>, book: AddressBook) -> Result<Self, ChainError> {
        if chain.chain_id() != book.chain_id {
            return Err(ChainError::WrongBook { expected: book.chain_id, found: chain.chain_id() });
        }
        let network = Self::new(chain, book);
        // Any view of each contract: one without code answers nothing.
        network.next_epoch().await?;
        network.closes_at(0).await?;
        network.balance_of(network.book.owner).await?;
        network.pool_of(1, 0).await?;
        Ok(network)
    }

    /// The same network, with another owner than who deployed it.
    pub fn owned_by(&self, owner: Address) -> Self {
        Self::new(Arc::clone(&self.chain), AddressBook { owner, ..self.book.clone() })
    }

    /// The chain.
    pub fn chain(&self) -> &dyn Chain {
        self.chain.as_ref()
    }

    /// Where the contracts are.
    pub fn book(&self) -> &AddressBook {
        &self.book
    }
}
