//! What is paid for (`Kind`) and what a record's words mean (`Schema`) (§ 1).

use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Serialize};

/// What a cohort is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Slots alive.
    Uptime = 1,
    /// Distinct hexagons served.
    Coverage = 2,
    /// Watt-hours delivered.
    Energy = 3,
}

impl Kind {
    /// All kinds, by number.
    pub const ALL: [Self; 3] = [Self::Uptime, Self::Coverage, Self::Energy];

    /// The schema of the records that this kind's devices sign.
    pub fn schema(self) -> Schema {
        match self {
            Self::Uptime => Schema::Uptime,
            Self::Coverage => Schema::Coverage,
            Self::Energy => Schema::Energy,
        }
    }

    /// The name used on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uptime => "uptime",
            Self::Coverage => "coverage",
            Self::Energy => "energy",
        }
    }

    /// Slots of one epoch in this kind's records.
    pub fn slots(self) -> u32 {
        match self {
            Self::Uptime | Self::Coverage => 288,
            Self::Energy => 96,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is not a kind's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected one of: uptime, coverage, energy")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(UnknownKind)
    }
}

/// What a record's words mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Schema {
    /// Slots alive, of an uptime device.
    Uptime = 1,
    /// Slots alive, of a covered device.
    Coverage = 2,
    /// Counters and deltas of a meter.
    Energy = 3,
    /// What a witness heard of one covered cohort.
    Witness = 4,
}

impl Schema {
    /// All schemas, by number.
    pub const ALL: [Self; 4] = [Self::Uptime, Self::Coverage, Self::Energy, Self::Witness];

    /// The schema with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|schema| *schema as u8 == number)
    }

    /// The kind whose proofs use records of this schema.
    pub fn kind(self) -> Kind {
        match self {
            Self::Uptime => Kind::Uptime,
            Self::Coverage | Self::Witness => Kind::Coverage,
            Self::Energy => Kind::Energy,
        }
    }

    /// Number of words in a record of this schema.
    pub fn words(self) -> usize {
        match self {
            Self::Uptime | Self::Coverage => 2,
            Self::Energy => 9,
            Self::Witness => 17,
        }
    }

    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uptime => "uptime",
            Self::Coverage => "coverage",
            Self::Energy => "energy",
            Self::Witness => "witness",
        }
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
