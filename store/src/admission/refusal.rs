//! Why a packet is refused: one stable code for each reason, and what would have been accepted.

use ergon_types::{Fr, PacketError, Schema};

/// A packet is not admitted. Nothing but the evidence of a contradiction is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The bytes are no packet.
    #[error("malformed packet: {0}")]
    Malformed(#[from] PacketError),
    /// Signed for another chain or contract.
    #[error("packet is for network {found}")]
    WrongNetwork {
        /// The packet's network.
        found: Fr,
        /// This gateway's network.
        expected: Fr,
    },
    /// The device holds no place in this epoch.
    #[error("device {device} is not enrolled here for epoch {epoch}")]
    UnknownDevice {
        /// The device.
        device: u64,
        /// The record's epoch.
        epoch: u64,
    },
    /// The device's cohort signs other records.
    #[error("device {device} signed a {found} record")]
    WrongSchema {
        /// The device.
        device: u64,
        /// The packet's schema.
        found: Schema,
        /// The cohort's schema.
        expected: Schema,
    },
    /// Not signed by the enrolled key.
    #[error("the signature is not by the key that device {device} is enrolled with")]
    BadSignature {
        /// The device.
        device: u64,
    },
    /// The epoch begins later.
    #[error("epoch {epoch} has not begun")]
    EpochNotOpen {
        /// The epoch.
        epoch: u64,
        /// Unix time of its beginning.
        opens: u64,
    },
    /// The epoch is over and this schema cannot be late.
    #[error("epoch {epoch} is over")]
    EpochClosed {
        /// The epoch.
        epoch: u64,
        /// Unix time of its end.
        closed: u64,
    },
    /// The epoch's seal is signed.
    #[error("epoch {epoch} of device {device} is sealed")]
    AlreadySealed {
        /// The device.
        device: u64,
        /// The epoch.
        epoch: u64,
    },
    /// The record contradicted itself before.
    #[error("device {device} has signed contradicting records of epoch {epoch}")]
    Contradicted {
        /// The device.
        device: u64,
        /// The epoch.
        epoch: u64,
    },
    /// The record contradicts the stored one.
    #[error(
        "contradiction: {what} differs from what device {device} signed before in epoch {epoch}; both packets are kept and neither is paid"
    )]
    Contradiction {
        /// The device.
        device: u64,
        /// The epoch.
        epoch: u64,
        /// What differs.
        what: &'static str,
    },
    /// The counter does not grow.
    #[error("record counter {found} is not above {last}")]
    Counter {
        /// The packet's counter.
        found: u64,
        /// The stored counter.
        last: u64,
    },
    /// Not the nonce of the last acknowledgement.
    #[error("the packet does not contain the nonce of the last acknowledgement")]
    StaleNonce {
        /// The nonce to sign, 0 for a first packet.
        expected: Fr,
    },
    /// Readings that were acknowledged are missing.
    #[error("the record drops {what} that was acknowledged before")]
    Dropped {
        /// What is missing.
        what: &'static str,
    },
    /// Nothing new.
    #[error("the packet reports no new slot")]
    NoNewSlot,
    /// More than one new slot.
    #[error("the packet reports {found} new slots")]
    TooManyNewSlots {
        /// How many.
        found: usize,
    },
    /// The new slot is not the present one.
    #[error("slot {slot} is not now")]
    SlotNotNow {
        /// The new slot.
        slot: u32,
        /// The first slot that would do.
        earliest: u32,
        /// The last slot that would do.
        latest: u32,
    },
    /// A slot that has not begun.
    #[error("slot {slot} lies in the future")]
    SlotInFuture {
        /// The new slot.
        slot: u32,
        /// The last slot that would do.
        latest: u32,
    },
    /// Another meter generation than the enrolled one.
    #[error("meter generation {found} is not the enrolled one")]
    WrongGeneration {
        /// The packet's generation.
        found: u16,
        /// The enrolled generation.
        expected: u16,
    },
    /// A quarter hour with more than a meter of its nameplate can have delivered.
    #[error("quarter hour {slot} has {watt_hours} Wh, more than nameplate and margin allow")]
    AboveNameplate {
        /// The quarter hour.
        slot: u32,
        /// Its watt-hours.
        watt_hours: u32,
        /// The most that would do.
        limit: u32,
    },
    /// The witness may not witness for this cohort.
    #[error("device {device} is no witness for cohort {cohort}")]
    WrongCohort {
        /// The witness.
        device: u64,
        /// The covered cohort it names.
        cohort: u32,
    },
    /// The witness heard a member that does not exist.
    #[error("cohort {cohort} has no member {member}")]
    UnknownMember {
        /// The covered cohort.
        cohort: u32,
        /// The member's index.
        member: u8,
        /// Places of the cohort.
        size: usize,
    },
}

impl Refusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed_packet",
            Self::WrongNetwork { .. } => "wrong_network",
            Self::UnknownDevice { .. } => "unknown_device",
            Self::WrongSchema { .. } => "wrong_schema",
            Self::BadSignature { .. } => "bad_signature",
            Self::EpochNotOpen { .. } => "epoch_not_open",
            Self::EpochClosed { .. } => "epoch_closed",
            Self::AlreadySealed { .. } => "already_sealed",
            Self::Contradicted { .. } => "contradicted",
            Self::Contradiction { .. } => "contradiction",
            Self::Counter { .. } => "counter_not_above",
            Self::StaleNonce { .. } => "stale_nonce",
            Self::Dropped { .. } => "dropped_readings",
            Self::NoNewSlot => "no_new_slot",
            Self::TooManyNewSlots { .. } => "too_many_new_slots",
            Self::SlotNotNow { .. } => "slot_not_now",
            Self::SlotInFuture { .. } => "slot_in_future",
            Self::WrongGeneration { .. } => "wrong_generation",
            Self::AboveNameplate { .. } => "above_nameplate",
            Self::WrongCohort { .. } => "wrong_cohort",
            Self::UnknownMember { .. } => "unknown_member",
        }
    }

    /// What would have been accepted, or what to do.
    pub fn expected(&self) -> String {
        match self {
            Self::Malformed(_) => "the bytes of one packet, § 3.5 of the specification".into(),
            Self::WrongNetwork { expected, .. } => format!("network {expected}"),
            Self::UnknownDevice { .. } => "enrol the device with its home gateway first".into(),
            Self::WrongSchema { expected, .. } => format!("a {expected} record"),
            Self::BadSignature { .. } => "the enrolled key's signature over the record".into(),
            Self::EpochNotOpen { opens, .. } => format!("send it from unix time {opens} on"),
            Self::EpochClosed { closed, .. } => {
                format!("a packet before unix time {closed}, the epoch's end")
            }
            Self::AlreadySealed { .. } => "a packet before the epoch's seal".into(),
            Self::Contradicted { .. } => "nothing more in this epoch; go on in the next".into(),
            Self::Contradiction { .. } => "every reading as it was first signed".into(),
            Self::Counter { last, .. } => format!("a counter above {last}"),
            Self::StaleNonce { expected } => format!("nonce {expected}"),
            Self::Dropped { .. } => "resume from the last acknowledged record".into(),
            Self::NoNewSlot | Self::TooManyNewSlots { .. } => "exactly one new slot".into(),
            Self::SlotNotNow { earliest, latest, .. } if earliest == latest => {
                format!("slot {latest}, the present one; check the device's clock")
            }
            Self::SlotNotNow { earliest, latest, .. } => {
                format!("slot {earliest} to {latest}; check the device's clock")
            }
            Self::SlotInFuture { latest, .. } => {
                format!(
                    "slots up to {latest}; leave this one as it was signed, check the device's clock"
                )
            }
            Self::WrongGeneration { expected, .. } => format!(
                "generation {expected}; a replaced meter signs nothing before its generation's epoch"
            ),
            Self::AboveNameplate { limit, .. } => format!(
                "at most {limit} Wh in each slot; leave this slot out for good, its energy stays between start and end (signed again with another value it would contradict this packet)"
            ),
            Self::WrongCohort { .. } => "a cohort whose witness cohort this device is in".into(),
            Self::UnknownMember { size, .. } => format!("members below {size}"),
        }
    }
}
