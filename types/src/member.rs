//! Members of a cohort and the commitment to them (§ 5.3).

use crate::field::Fr;
use crate::key::PublicKey;
use crate::network::{Address, Network};
use crate::poseidon::hash_vector;
use crate::tag::Tag;
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Words before the members.
pub const MEMBERSHIP_HEADER: usize = 4;
/// Words of each member.
pub const MEMBER_WORDS: usize = 5;

/// A device in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The registry's identifier, not 0.
    pub device: u64,
    /// The key that signs its records.
    pub key: PublicKey,
    /// The owner's address.
    pub operator: Address,
    /// Nameplate and generation, or position, by kind (§ 5.3).
    pub attribute: u64,
}

impl Member {
    /// The five words; an empty place is five zeros.
    pub fn words(member: Option<&Self>) -> [Fr; MEMBER_WORDS] {
        member.map_or([Fr::from(0u64); MEMBER_WORDS], |member| {
            [
                member.key.point().x,
                member.key.point().y,
                Fr::from(member.device),
                member.operator.entry(),
                Fr::from(member.attribute),
            ]
        })
    }
}

/// All places of a cohort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The cohort.
    pub cohort: u32,
    /// H3 index of its region, or 0.
    pub region: u64,
    /// Its places; the length is the cohort's size.
    pub members: Vec<Option<Member>>,
}

impl Membership {
    /// The words of § 5.3.
    pub fn words(&self, network: &Network) -> Vec<Fr> {
        let mut words = vec![
            Fr::from(network.chain_id),
            network.registry.entry(),
            Fr::from(self.cohort),
            Fr::from(self.region),
        ];
        words.extend(self.members.iter().flat_map(|member| Member::words(member.as_ref())));
        words
    }

    /// The root: the hash of the words.
    pub fn root(&self, network: &Network) -> Fr {
        hash_vector(Tag::MEMBERS, &self.words(network))
    }
}
