//! The attestor's signed close of a cohort's epoch (§ 4).

use crate::field::{self, Fr};
use crate::key::PublicKey;
use crate::kind::Kind;
use crate::poseidon::hash_vector;
use crate::record::slots::Slots;
use crate::tag::Tag;
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What a seal says of one cohort, kind and epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The kind that is sealed.
    pub kind: Kind,
    /// The network's identity.
    #[serde(with = "field::decimal")]
    pub network: Fr,
    /// The sealed epoch.
    pub epoch: u64,
    /// The sealed cohort.
    pub cohort: u32,
    /// Root of the cohort's membership in this epoch.
    #[serde(with = "field::decimal")]
    pub membership_root: Fr,
    /// Root of the witness cohort's membership, 0 for other kinds than coverage.
    #[serde(with = "field::decimal")]
    pub witness_root: Fr,
    /// The attestor's key.
    pub attestor: PublicKey,
    /// Secret salt of the attestor, so that the seal hides its contents.
    #[serde(with = "field::decimal")]
    pub salt: Fr,
    /// Admitted heads of the members, 0 where there is none or it contradicts.
    #[serde(with = "field::decimals")]
    pub heads: Vec<Fr>,
    /// Counted arrivals of each member; empty for other kinds than uptime.
    pub arrivals: Vec<Slots>,
    /// Admitted heads of the witnesses; empty for other kinds than coverage.
    #[serde(with = "field::decimals")]
    pub witness_heads: Vec<Fr>,
}

impl Seal {
    /// What is sealed, the same whoever seals it and whenever: everything but network, epoch, cohort and attestor.
    pub fn content(&self) -> Fr {
        let mut entries = vec![self.membership_root, self.witness_root, self.salt];
        for (index, head) in self.heads.iter().enumerate() {
            entries.push(*head);
            entries.extend(self.arrivals.get(index).map(Slots::words).into_iter().flatten());
        }
        entries.extend(&self.witness_heads);
        hash_vector(Tag::seal(self.kind), &entries)
    }

    /// The message that the attestor signs.
    pub fn message(&self) -> Fr {
        message(self.network, self.epoch, self.cohort, &self.attestor, self.content())
    }
}

/// The message of a seal with this content. Its length does not depend on kind and size, so that one circuit shows
/// two seals of any cohort (§ 6.7).
pub fn message(network: Fr, epoch: u64, cohort: u32, attestor: &PublicKey, content: Fr) -> Fr {
    let point = attestor.point();
    let entries = [network, Fr::from(epoch), Fr::from(cohort), point.x, point.y, content];
    hash_vector(Tag::SEAL, &entries)
}
