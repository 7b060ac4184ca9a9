//! The energy state of a cohort: where each member's counter stood when it was last settled (§ 5.5).

use crate::field::{self, Fr};
use crate::poseidon::hash_vector;
use crate::tag::Tag;
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Bits of a settled counter: two more than a register's, so that no sum that a proof admits reaches the generation.
pub const SETTLED_BITS: usize = 50;

/// One member's settled counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterState {
    /// Generation of the meter, 0 before its first settled epoch.
    pub generation: u16,
    /// Export counter at the end of the last settled epoch, in watt-hours.
    pub end: u64,
    /// Salt of the record that set it.
    #[serde(with = "field::decimal")]
    pub salt: Fr,
}

impl MeterState {
    /// The state before the first settled epoch.
    pub fn genesis() -> Self {
        Self { generation: 0, end: 0, salt: Fr::from(0u64) }
    }

    /// `end | generation << 50`: of two states the later one is the larger.
    pub fn packed(&self) -> Fr {
        Fr::from(u64::from(self.generation)) * field::power_of_two(SETTLED_BITS)
            + Fr::from(self.end)
    }
}

/// The state of all members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State(pub Vec<MeterState>);

impl State {
    /// The state of a new cohort.
    pub fn genesis(size: usize) -> Self {
        Self(vec![MeterState::genesis(); size])
    }

    /// The commitment.
    pub fn commitment(&self) -> Fr {
        let entries: Vec<Fr> =
            self.0.iter().flat_map(|meter| [meter.packed(), meter.salt]).collect();
        hash_vector(Tag::STATE, &entries)
    }
}
