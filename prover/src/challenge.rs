//! The challenge `z` and the route, exactly as the contracts compute them (§ 5.1).

use alloy_primitives::keccak256;
use ark_ff::PrimeField;
use ergon_params::VERIFYING_KEY_WORDS;
use ergon_types::field::{self, Fr};
use ergon_types::tag::Tag;

/// The hash of a verifying key's words.
pub fn key_hash(words: &[[u8; 32]; VERIFYING_KEY_WORDS]) -> [u8; 32] {
    keccak256(words.as_flattened()).0
}

/// `keccak256(abi.encode(key hash, tag, members, length))`.
pub fn route_id(key_hash: [u8; 32], tag: Tag, members: usize, length: usize) -> [u8; 32] {
    keccak256([key_hash, tag.bytes32(), integer(members), integer(length)].as_flattened()).0
}

/// `z = keccak256(abi.encode(tag, route, c, keccak256(words))) mod r`.
pub fn challenge(tag: Tag, route: [u8; 32], commitment: &Fr, words: &[Fr]) -> Fr {
    let words: Vec<[u8; 32]> = words.iter().map(field::to_be_bytes).collect();
    let words = keccak256(words.as_flattened()).0;
    let encoded = [tag.bytes32(), route, field::to_be_bytes(commitment), words];
    Fr::from_be_bytes_mod_order(keccak256(encoded.as_flattened()).as_slice())
}

fn integer(value: usize) -> [u8; 32] {
    let mut word = [0u8; 32];
    word[24..].copy_from_slice(&(value as u64).to_be_bytes());
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_changes_the_challenge() {
        let words = [Fr::from(1u64), Fr::from(2u64)];
        let c = Fr::from(3u64);
        let z = challenge(Tag::MEMBERS, [4; 32], &c, &words);
        assert_ne!(z, challenge(Tag::STATE, [4; 32], &c, &words));
        assert_ne!(z, challenge(Tag::MEMBERS, [5; 32], &c, &words));
        assert_ne!(z, challenge(Tag::MEMBERS, [4; 32], &Fr::from(4u64), &words));
        assert_ne!(z, challenge(Tag::MEMBERS, [4; 32], &c, &words[..1]));
    }

    #[test]
    fn the_route_is_the_hash_of_four_words() {
        // keccak256 of 128 zero bytes but for the tag and the two integers, composed by hand.
        let mut encoded = [0u8; 128];
        encoded[32..47].copy_from_slice(b"ergon/1/members");
        encoded[95] = 8;
        encoded[127] = 44;
        assert_eq!(route_id([0; 32], Tag::MEMBERS, 8, 44), keccak256(encoded).0);
    }
}
