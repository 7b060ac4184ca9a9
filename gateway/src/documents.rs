//! The JSON forms of the protocol's own types, for the OpenAPI document.
#![expect(dead_code, reason = "the fields describe JSON that other types write")]

use utoipa::ToSchema;

/// A signed acknowledgement (§ 3.6).
#[derive(ToSchema)]
#[schema(as = Ack)]
pub(crate) struct Ack {
    /// The network's identity, decimal.
    network: String,
    /// The device.
    device: u64,
    /// The record's epoch.
    epoch: u64,
    /// `uptime`, `coverage`, `energy` or `witness`.
    schema: String,
    /// The admitted record's message, decimal.
    head: String,
    /// Arrival slot.
    slot: u32,
    /// What the next packet of this record must contain, decimal.
    nonce: String,
    /// The attestor's signature, 128 hexadecimal digits.
    signature: String,
}

/// Chain and contracts.
#[derive(ToSchema)]
pub(crate) struct Network {
    /// EIP-155 chain id.
    chain_id: u64,
    /// The settlement contract, 0x and 40 hexadecimal digits.
    settlement: String,
    /// The device registry.
    registry: String,
}

/// A device in its place (§ 5.3).
#[derive(ToSchema)]
pub(crate) struct Member {
    /// The registry's identifier, not 0.
    device: u64,
    /// The packed key, 64 hexadecimal digits.
    key: String,
    /// The owner's address.
    operator: String,
    /// Energy: nameplate W | generation << 32; coverage: position; otherwise 0.
    attribute: u64,
}

/// All places of a cohort.
#[derive(ToSchema)]
pub(crate) struct Membership {
    /// The cohort, from 1.
    cohort: u32,
    /// H3 index of its region; 0 unless coverage.
    region: u64,
    /// A device or null for each place.
    members: Vec<Option<Member>>,
}

/// What holds of a cohort.
#[derive(ToSchema)]
pub(crate) struct Terms {
    /// What its members sign: `uptime`, `coverage`, `energy`, or `witness` for witnesses.
    schema: String,
    /// Its places.
    membership: Membership,
    /// Policy of the kind (§ 5.4), tagged by `kind`; none for witnesses.
    #[schema(value_type = Option<Object>)]
    policy: Option<()>,
    /// The cohort of its witnesses; coverage only.
    witness_cohort: Option<u32>,
}

/// One member's settled counter (§ 5.5).
#[derive(ToSchema)]
pub(crate) struct MeterState {
    /// Generation of the meter.
    generation: u16,
    /// Export counter in watt-hours.
    end: u64,
    /// Salt of the record that set it, decimal.
    salt: String,
}
