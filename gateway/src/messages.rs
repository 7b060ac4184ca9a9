//! The JSON bodies of requests and answers, shared by the service and its client.

use crate::documents;
use ergon_store::Terms;
use ergon_types::{Ack, Kind, Member, Network, Packet, PublicKey, Signature, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// A stable code; the guide lists all.
    #[schema(example = "stale_nonce")]
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What was expected, or what to do.
    pub expected: String,
}

/// Terms of a cohort from an epoch on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CohortTerms {
    /// First epoch in which they hold.
    pub from_epoch: u64,
    /// Members, policy, witnesses.
    #[schema(value_type = documents::Terms)]
    pub terms: Terms,
}

/// A cohort as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cohort {
    /// First epoch of the latest terms.
    pub from_epoch: u64,
    /// The latest terms.
    #[schema(value_type = documents::Terms)]
    pub terms: Terms,
    /// Root of the membership (§ 5.3), decimal.
    pub membership_root: String,
}

/// Puts a device into a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// The cohort.
    pub cohort: u32,
    /// The place, from 0.
    pub index: usize,
    /// First epoch in which the device has it; no epoch with records or a seal.
    pub from_epoch: u64,
    /// The device.
    #[schema(value_type = documents::Member)]
    pub member: Member,
}

/// What the gateway has of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// The last acknowledgement.
    #[schema(value_type = documents::Ack)]
    pub ack: Ack,
    /// Counter of the last admitted packet.
    pub counter: u64,
    /// Whether the device contradicted itself.
    pub contradicted: bool,
    /// The last admitted packet in hexadecimal; for the operator only.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packet: Option<Packet>,
    /// Two contradicting packets in hexadecimal; for the operator only.
    #[schema(value_type = Option<Vec<String>>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<[Packet; 2]>,
}

/// A sealed epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SealSummary {
    /// What is sealed.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// The cohort.
    pub cohort: u32,
    /// The epoch.
    pub epoch: u64,
    /// The seal's message, decimal.
    pub seal: String,
    /// The attestor's signature over it, hexadecimal.
    #[schema(value_type = String)]
    pub signature: Signature,
    /// Members that are sealed with a record.
    pub sealed: Vec<u64>,
    /// Members without a record.
    pub silent: Vec<u64>,
    /// Members that contradicted themselves: sealed as 0.
    pub contradicted: Vec<u64>,
    /// Where the witness bundle lies on the gateway's machine.
    pub bundle: String,
}

/// The state of an energy cohort after a settled epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettledState {
    /// The settled epoch.
    pub epoch: u64,
    /// One meter for each place.
    #[schema(value_type = Vec<documents::MeterState>)]
    pub state: State,
}

/// The service and its clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// Version of the software.
    pub version: String,
    /// Chain and contracts.
    #[schema(value_type = documents::Network)]
    pub network: Network,
    /// What packets must carry as network (§ 2.4), decimal.
    pub network_id: String,
    /// Who signs acknowledgements and seals.
    #[schema(value_type = String)]
    pub attestor: PublicKey,
    /// Unix time at which epoch 0 begins.
    pub genesis: u64,
    /// Seconds of an epoch.
    pub epoch_seconds: u64,
    /// Seconds by which clocks may differ.
    pub grace_seconds: u64,
    /// The gateway's unix time.
    pub now: u64,
    /// The present epoch; none before the genesis.
    pub epoch: Option<u64>,
    /// All cohorts.
    pub cohorts: Vec<u32>,
    /// Packets admitted since the start.
    pub admitted: u64,
    /// Repeated packets since the start.
    pub duplicates: u64,
    /// Refused packets since the start, by code.
    pub refused: BTreeMap<String, u64>,
}

/// Nothing to say but yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// Always true.
    pub ok: bool,
}
