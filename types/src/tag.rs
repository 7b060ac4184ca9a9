//! The tags that begin every hash, one for each use (§ 2.2).

use crate::field::Fr;
use crate::kind::{Kind, Schema};
use ark_ff::PrimeField;

/// An ASCII tag of at most 27 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag(&'static str);

impl Tag {
    /// Network identity.
    pub const NETWORK: Self = Self("ergon/1/network");
    /// Acknowledgements.
    pub const ACK: Self = Self("ergon/1/ack");
    /// The membership commitment and its words.
    pub const MEMBERS: Self = Self("ergon/1/members");
    /// The energy state of a cohort, named with its layout: an end of 50 bits below a generation of 16.
    pub const STATE: Self = Self("ergon/1/state/energy/e50g16");
    /// The in-circuit challenge of the coverage statement.
    pub const CHALLENGE: Self = Self("ergon/1/challenge/coverage");

    /// The words of a contradiction between two meters' records.
    pub const CONTRADICT_ENERGY: Self = Self("ergon/1/contradict/energy");
    /// The words of a contradiction between two witnesses' records.
    pub const CONTRADICT_WITNESS: Self = Self("ergon/1/contradict/witness");

    /// Seals: what is signed, whatever the kind.
    pub const SEAL: Self = Self("ergon/1/seal");
    /// The words of two seals of one cohort and epoch.
    pub const SECOND_SEAL: Self = Self("ergon/1/second-seal");

    /// The words of a seal that leaves out what was acknowledged.
    pub fn omission(schema: Schema) -> Self {
        Self(match schema {
            Schema::Uptime => "ergon/1/omission/uptime",
            Schema::Coverage => "ergon/1/omission/coverage",
            Schema::Energy => "ergon/1/omission/energy",
            Schema::Witness => "ergon/1/omission/witness",
        })
    }

    /// The words of the answer that a later record is sealed.
    pub fn answer(schema: Schema) -> Self {
        Self(match schema {
            Schema::Uptime => "ergon/1/answer/uptime",
            Schema::Coverage => "ergon/1/answer/coverage",
            Schema::Energy => "ergon/1/answer/energy",
            Schema::Witness => "ergon/1/answer/witness",
        })
    }

    /// Messages of records.
    pub fn record(schema: Schema) -> Self {
        Self(match schema {
            Schema::Uptime => "ergon/1/record/uptime",
            Schema::Coverage => "ergon/1/record/coverage",
            Schema::Energy => "ergon/1/record/energy",
            Schema::Witness => "ergon/1/record/witness",
        })
    }

    /// Contents of seals.
    pub fn seal(kind: Kind) -> Self {
        Self(match kind {
            Kind::Uptime => "ergon/1/seal/uptime",
            Kind::Coverage => "ergon/1/seal/coverage",
            Kind::Energy => "ergon/1/seal/energy",
        })
    }

    /// The words of a batch.
    pub fn batch(kind: Kind) -> Self {
        Self(match kind {
            Kind::Uptime => "ergon/1/batch/uptime",
            Kind::Coverage => "ergon/1/batch/coverage",
            Kind::Energy => "ergon/1/batch/energy",
        })
    }

    /// The ASCII text.
    pub fn as_str(&self) -> &'static str {
        self.0
    }

    /// The tag left-aligned in 32 bytes, as the contracts' `bytes32` constants.
    pub fn bytes32(&self) -> [u8; 32] {
        let mut bytes = [0u8; 32];
        bytes[..self.0.len()].copy_from_slice(self.0.as_bytes());
        bytes
    }

    /// The first hash input: the tag's integer · 2^32 + the vector's length (§ 2.1).
    pub fn with_length(&self, length: usize) -> Fr {
        let mut bytes = [0u8; 32];
        let end = 32 - 4;
        bytes[end - self.0.len()..end].copy_from_slice(self.0.as_bytes());
        bytes[end..].copy_from_slice(&(length as u32).to_be_bytes());
        Fr::from_be_bytes_mod_order(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn every_tag_is_distinct_and_fits_below_the_order() {
        let mut seen = BTreeSet::new();
        let mut tags =
            alloc::vec![Tag::NETWORK, Tag::ACK, Tag::MEMBERS, Tag::STATE, Tag::CHALLENGE];
        tags.extend(Schema::ALL.map(Tag::record));
        tags.extend(Kind::ALL.map(Tag::seal));
        tags.extend(Kind::ALL.map(Tag::batch));
        tags.extend([Tag::CONTRADICT_ENERGY, Tag::CONTRADICT_WITNESS]);
        tags.extend(Schema::ALL.map(Tag::omission));
        tags.extend(Schema::ALL.map(Tag::answer));
        tags.extend([Tag::SEAL, Tag::SECOND_SEAL]);
        for tag in tags {
            assert!(tag.as_str().len() <= 27);
            assert!(seen.insert(tag.as_str()));
        }
    }
}
