//! The public words of a batch, in the order in which the contract builds them (§ 5.2).

use crate::field::Fr;
use crate::key::PublicKey;
use crate::kind::Kind;
use crate::network::{Address, Network};
use crate::poseidon::hash_vector;
use crate::tag::Tag;
use alloc::vec;
use alloc::vec::Vec;

/// Words before the policy.
pub const BATCH_HEADER: usize = 15;

/// Words of a contradiction.
pub const CONTRADICTION_WORDS: usize = 7;

/// Words of a second seal.
pub const SECOND_SEAL_WORDS: usize = 7;

/// Words of an omission.
pub const OMISSION_WORDS: usize = 12;

/// Words of the answer to an omission.
pub const ANSWER_WORDS: usize = 8;

/// Everything public about a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// What is paid for.
    pub kind: Kind,
    /// Chain and contracts.
    pub network: Network,
    /// The epoch.
    pub epoch: u64,
    /// The cohort.
    pub cohort: u32,
    /// Root of the cohort's membership.
    pub membership_root: Fr,
    /// The witness cohort, or 0.
    pub witness_cohort: u32,
    /// Root of the witness cohort's membership, or 0.
    pub witness_root: Fr,
    /// State before, or 0.
    pub state_before: Fr,
    /// State after, or 0.
    pub state_after: Fr,
    /// The attestor's key.
    pub attestor: PublicKey,
    /// The seal's message.
    pub seal: Fr,
    /// Who is paid the fee.
    pub prover: Address,
    /// Bit i: member i's record is in the batch; 0 for kinds without state.
    pub included: u128,
    /// Policy words.
    pub policy: Vec<Fr>,
    /// Work units of each member.
    pub units: Vec<u64>,
}

impl Batch {
    /// The words in order.
    pub fn words(&self) -> Vec<Fr> {
        let mut words = vec![
            Fr::from(self.network.chain_id),
            self.network.settlement.entry(),
            self.network.registry.entry(),
            Fr::from(self.epoch),
            Fr::from(self.cohort),
            self.membership_root,
            Fr::from(self.witness_cohort),
            self.witness_root,
            self.state_before,
            self.state_after,
            self.attestor.point().x,
            self.attestor.point().y,
            self.seal,
            self.prover.entry(),
            Fr::from(self.included),
        ];
        words.extend(&self.policy);
        words.extend(self.units.iter().map(|units| Fr::from(*units)));
        words
    }

    /// `c`, the hash of the words.
    pub fn commitment(&self) -> Fr {
        hash_vector(Tag::batch(self.kind), &self.words())
    }
}

/// The word `included` of a batch: of kinds with state whom it includes, the first 128 members; of others 0.
pub fn included_word(kind: Kind, included: &[bool]) -> u128 {
    if kind != Kind::Energy {
        return 0;
    }
    included.iter().take(128).rev().fold(0, |word, bit| word << 1 | u128::from(*bit))
}

/// `y = Σ wordᵢ·zⁱ` (§ 5.1).
pub fn challenge_words(words: &[Fr], z: Fr) -> Fr {
    words.iter().rev().fold(Fr::from(0u64), |y, word| y * z + word)
}
