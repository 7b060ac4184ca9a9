//! Where a network's contracts are: what a deployment leaves behind and everything later starts from.

use alloy::primitives::{Address, B256};
use serde::{Deserialize, Serialize};

/// Addresses and constants of one deployed network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressBook {
    /// The chain it is on.
    pub chain_id: u64,
    /// Who owns the contracts: enrols devices and sets policies.
    pub owner: Address,
    /// ERC-20 token.
    pub token: Address,
    /// Which key a proof is checked under.
    pub router: Address,
    /// Cohorts and devices.
    pub registry: Address,
    /// Accepted batches.
    pub settlement: Address,
    /// Pools and claims.
    pub distributor: Address,
    /// Beginning of epoch 0 in seconds since 1970.
    pub genesis: u64,
    /// Length of an epoch in seconds.
    pub epoch_length: u64,
    /// Seconds after an epoch's end during which it can be settled.
    pub window: u64,
    /// Routes by which proofs are accepted.
    pub routes: Vec<RouteEntry>,
}

/// One route: a verifying key for one statement and layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteEntry {
    /// Name of the circuit.
    pub label: String,
    /// Identifier of the route.
    pub route: B256,
    /// The contract that holds the key.
    pub verifier: Address,
    /// Tag of the statement.
    pub tag: B256,
    /// Members of a cohort.
    pub members: u32,
    /// Number of words.
    pub length: u32,
    /// Whether the key was made on one machine and can be forged with.
    pub insecure: bool,
}

impl AddressBook {
    /// The route of the circuit with this label.
    pub fn route(&self, label: &str) -> Option<&RouteEntry> {
        self.routes.iter().find(|entry| entry.label == label)
    }

    /// The first route for a statement over this many members.
    pub fn route_for(&self, tag: B256, members: u32) -> Option<&RouteEntry> {
        self.routes.iter().find(|entry| entry.tag == tag && entry.members == members)
    }
}
