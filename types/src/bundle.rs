//! A witness bundle: all that a prover needs for one cohort, kind and epoch.

use crate::field::Fr;
use crate::key::Signature;
use crate::kind::Kind;
use crate::member::Membership;
use crate::network::Network;
use crate::packet::Packet;
use crate::policy::Policy;
use crate::seal::Seal;
use crate::state::State;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Version of the bundle's JSON form.
pub const VERSION: u32 = 1;

/// Written by the gateway when it seals, read by the prover. Holds readings: private.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// `VERSION`.
    pub version: u32,
    /// What is proven.
    pub kind: Kind,
    /// Chain and contracts.
    pub network: Network,
    /// The sealed epoch.
    pub epoch: u64,
    /// The cohort's places.
    pub membership: Membership,
    /// The witness cohort's places; coverage only.
    pub witnesses: Option<Membership>,
    /// The policy in force in this epoch.
    pub policy: Policy,
    /// The sealed packets of the members.
    pub packets: Vec<Option<Packet>>,
    /// The sealed packets of the witnesses; empty for other kinds than coverage.
    pub witness_packets: Vec<Option<Packet>>,
    /// State before this epoch; energy only.
    pub state: Option<State>,
    /// The seal.
    pub seal: Seal,
    /// The attestor's signature over the seal's message.
    pub seal_signature: Signature,
}

impl Bundle {
    /// `kind-epoch-cohort`, used in file names.
    pub fn name(&self) -> alloc::string::String {
        alloc::format!("{}-{}-{}", self.kind, self.epoch, self.membership.cohort)
    }

    /// The root of a membership of this bundle's network, or 0 for none.
    pub fn root_of(&self, membership: Option<&Membership>) -> Fr {
        membership.map_or(Fr::from(0u64), |membership| membership.root(&self.network))
    }
}
