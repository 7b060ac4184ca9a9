//! Ergon on a chain: deploy, enrol, settle and claim, on an EVM in this process or over JSON-RPC.
//!
//! [`Chain`] is the boundary: [`Embedded`] and [`Rpc`] implement it, [`deploy()`] and [`Network`] use it.
//! The contracts' creation code is part of this crate; neither Node nor a Solidity compiler is needed.
//! Section numbers refer to `docs/specification.md`.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod accounts;
pub mod binding;
mod book;
mod chain;
mod claiming;
pub mod claims;
mod contracts;
pub mod deployment;
pub mod economy;
mod embedded;
mod errors;
pub mod field;
mod key;
mod network;
mod revert;
mod rpc;
mod settling;
mod verifier;

pub use alloy::primitives::{Address, B256, Bytes, U256};
pub use book::{AddressBook, RouteEntry};
pub use chain::{Chain, Outcome, Receipt, Transaction};
pub use claiming::{Due, Frozen, Paid};
pub use contracts::{
    AssetSharesFactory::Asset,
    DataMarket::{Purchase, Terms},
    DeviceRegistry::{Attestation, Attestor, Certificate, Cohort, Member, P256Key, P256Signature},
    EpochSettlement::Standing,
    OmissionEvidence::{Lack, Missing},
    Parameters::Parameter,
    RewardDistributor::Pool,
    Staking::{Bond as Stake, Suspension},
};
pub use deployment::{
    Book, DeployConfig, Deployed, Deployment, Handover, Journal, JournalEntry, JournalError, Plan,
    RouteConfig, Subject, deploy, deploy_whole, hand_over,
};
pub use economy::{EconomyBook, EconomyConfig, EconomyDeployment, Penalty};
pub use embedded::{DEVELOPMENT_CHAIN_ID, Embedded};
pub use errors::ChainError;
pub use key::KeyProof;
pub use network::{
    AttestedDevice, Batch, Bond, CommittedMembership, Enrolled, FaultProof, Network, NewCohort,
    NewDevice, Proposal, Shown, certificate_digest,
};
pub use revert::ContractError;
pub use rpc::{Rpc, RpcConfig};
pub use settling::{SettleError, Settling, settling_order};
pub use verifier::solidity_accepts;
