//! Governed parameters of a kind, as the words that a batch is proven under (§ 5.4).

use crate::cell::REACH_BITS;
use crate::field::{self, Fr};
use crate::kind::Kind;
use crate::record::energy::DELTA_BITS;
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Bits of a tier's minimum, enough for the slots of any epoch.
pub const MINIMUM_BITS: usize = 9;
/// A quarter hour of 1 W at 1 % is 1/400 Wh.
pub const LIMIT_DIVISOR: u64 = 400;
/// Steps of the tier table.
pub const TIERS: usize = 4;
/// Signal classes.
pub const CLASSES: usize = 4;
/// Slot weights of the energy policy.
pub const WEIGHTS: usize = 96;
/// Slot weights in a word.
pub const WEIGHTS_PER_WORD: usize = 24;

/// One step: from `minimum` slots on, the multiplier grows by `increment` ten-thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// Slots needed, below 2^9.
    pub minimum: u16,
    /// Ten-thousandths added.
    pub increment: u16,
}

/// What a signal class is worth and how far away it can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignalClass {
    /// Weight of a cell.
    pub weight: u8,
    /// Largest squared distance in cell spacings, below 2^20.
    pub reach: u32,
}

/// The policy of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Policy {
    /// Slots alive.
    Uptime {
        /// Tier table.
        tiers: [Tier; TIERS],
    },
    /// Cells served.
    Coverage {
        /// Tier table over the slots of the member's own record.
        tiers: [Tier; TIERS],
        /// Distinct witnesses needed for a cell, at least 1.
        witnesses: u8,
        /// Classes from weakest to strongest.
        classes: [SignalClass; CLASSES],
    },
    /// Watt-hours delivered.
    Energy {
        /// Tier table over the slots present.
        tiers: [Tier; TIERS],
        /// Percent of the nameplate up to which a slot's watt-hours are admitted.
        margin: u8,
        /// Weight of each quarter hour.
        weights: Vec<u8>,
    },
}

/// Tiers of the kind `uptime`: ≥98 % → 1, ≥95 % → 0.75, ≥90 % → 0.5, ≥50 % → 0.25.
const UPTIME_TIERS: [Tier; TIERS] = [
    Tier { minimum: 144, increment: 2500 },
    Tier { minimum: 260, increment: 2500 },
    Tier { minimum: 274, increment: 2500 },
    Tier { minimum: 283, increment: 2500 },
];

/// Full pay whatever the number of slots.
const FLAT_TIERS: [Tier; TIERS] = {
    let none = Tier { minimum: 0, increment: 0 };
    [Tier { minimum: 0, increment: 10_000 }, none, none, none]
};

/// Free-space reach of each class in cell spacings squared. A class begins at −∞, −115, −100 and −80 dBm;
/// 24 dBm of radiated power and gain at 868 MHz is heard at that level within 250 (−115), 44 (−100) and
/// 4.5 km (−80); 1.2 km of position error and one cell are added; cells of resolution 8 are about 0.92 km apart.
const CLASSES_868_MHZ: [SignalClass; CLASSES] = [
    SignalClass { weight: 1, reach: (1 << REACH_BITS) - 1 },
    SignalClass { weight: 2, reach: 275 * 275 },
    SignalClass { weight: 3, reach: 51 * 51 },
    SignalClass { weight: 4, reach: 8 * 8 },
];

impl Policy {
    /// The default policy of a kind.
    pub fn standard(kind: Kind) -> Self {
        match kind {
            Kind::Uptime => Self::Uptime { tiers: UPTIME_TIERS },
            Kind::Coverage => {
                Self::Coverage { tiers: FLAT_TIERS, witnesses: 1, classes: CLASSES_868_MHZ }
            }
            Kind::Energy => {
                Self::Energy { tiers: FLAT_TIERS, margin: 105, weights: vec![1; WEIGHTS] }
            }
        }
    }

    /// The kind that this policy governs.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Uptime { .. } => Kind::Uptime,
            Self::Coverage { .. } => Kind::Coverage,
            Self::Energy { .. } => Kind::Energy,
        }
    }

    /// Number of policy words of a kind.
    pub fn length(kind: Kind) -> usize {
        match kind {
            Kind::Uptime => 1,
            Kind::Coverage => 3,
            Kind::Energy => 2 + WEIGHTS / WEIGHTS_PER_WORD,
        }
    }

    /// The policy's words.
    pub fn words(&self) -> Vec<Fr> {
        match self {
            Self::Uptime { tiers } => vec![tier_word(tiers)],
            Self::Coverage { tiers, witnesses, classes } => {
                let classes = classes
                    .iter()
                    .map(|class| u64::from(class.weight) | (u64::from(class.reach) << 8));
                vec![tier_word(tiers), Fr::from(*witnesses), pack(classes, 32)]
            }
            Self::Energy { tiers, margin, weights } => {
                let mut words = vec![tier_word(tiers), Fr::from(*margin)];
                words.extend(
                    weights
                        .chunks(WEIGHTS_PER_WORD)
                        .map(|chunk| pack(chunk.iter().map(|weight| u64::from(*weight)), 8)),
                );
                words
            }
        }
    }
}

/// Most watt-hours of a quarter hour: ⌈nameplate·margin / 400⌉, at most 2^20 − 2. Rounded up because a register
/// that ticks whole watt-hours can show up to one more than was delivered.
pub fn slot_limit(nameplate_w: u64, margin: u64) -> u32 {
    let limit = nameplate_w.saturating_mul(margin).div_ceil(LIMIT_DIVISOR);
    limit.min((1 << DELTA_BITS) - 2) as u32
}

fn tier_word(tiers: &[Tier; TIERS]) -> Fr {
    let steps =
        tiers.iter().map(|tier| u64::from(tier.minimum) | (u64::from(tier.increment) << 16));
    pack(steps, 32)
}

fn pack(fields: impl DoubleEndedIterator<Item = u64>, width: usize) -> Fr {
    let base = field::power_of_two(width);
    fields.rev().fold(Fr::from(0u64), |word, field| word * base + Fr::from(field))
}
