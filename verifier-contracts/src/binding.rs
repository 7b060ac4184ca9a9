//! How a proof is bound to the words that the contracts build (§ 5.1), computed as they compute it.

use alloy::{
    primitives::{B256, U256, keccak256},
    sol_types::SolValue,
};

use crate::field::ORDER;

/// An ASCII tag left-aligned in 32 bytes.
///
/// Tags have at most 27 bytes (§ 2.1); what is longer than 32 would be cut.
pub fn tag(text: &str) -> B256 {
    let mut bytes = B256::ZERO;
    for (byte, character) in bytes.iter_mut().zip(text.bytes()) {
        *byte = character;
    }
    bytes
}

/// Hash of a verifying key's 22 words.
pub fn key_hash(key: &[U256; 22]) -> B256 {
    keccak256(words_bytes(key))
}

/// Identifier of the route of a verifying key, a tag and a layout.
pub fn route_id(key: &[U256; 22], tag: B256, members: u32, length: u32) -> B256 {
    route_of_key(key_hash(key), tag, members, length)
}

/// The same of the key's hash.
pub(crate) fn route_of_key(key_hash: B256, tag: B256, members: u32, length: u32) -> B256 {
    keccak256((key_hash, tag, members, length).abi_encode())
}

/// The challenge `z` at which the words are evaluated.
pub fn challenge(tag: B256, route: B256, c: U256, words: &[U256]) -> U256 {
    let words = keccak256(words_bytes(words));
    U256::from_be_bytes(keccak256((tag, route, c, words).abi_encode()).0) % ORDER
}

/// `Σ wordᵢ·zⁱ`.
pub fn evaluate(words: &[U256], z: U256) -> U256 {
    words.iter().rev().fold(U256::ZERO, |sum, word| sum.mul_mod(z, ORDER).add_mod(*word, ORDER))
}

/// The three public inputs `(c, z, y)` of a statement.
pub fn public_inputs(tag: B256, route: B256, c: U256, words: &[U256]) -> [U256; 3] {
    let z = challenge(tag, route, c, words);
    [c, z, evaluate(words, z)]
}

fn words_bytes(words: &[U256]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes::<32>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_route_and_the_challenge_hash_the_documented_bytes() {
        let key = std::array::from_fn(|i| U256::from(i + 1));
        let mut bytes = Vec::new();
        for word in 1u8..=22 {
            bytes.extend([0; 31]);
            bytes.push(word);
        }
        let mut encoded = keccak256(&bytes).to_vec();
        encoded.extend(b"ergon/1/members");
        encoded.resize(64 + 31, 0);
        encoded.push(4);
        encoded.resize(96 + 31, 0);
        encoded.push(24);
        let route = keccak256(&encoded);
        assert_eq!(route_id(&key, tag("ergon/1/members"), 4, 24), route);

        let mut encoded = b"ergon/1/members".to_vec();
        encoded.resize(32, 0);
        encoded.extend(route);
        encoded.extend([0; 31]);
        encoded.push(9);
        encoded.extend(keccak256(&bytes));
        let z = U256::from_be_bytes(keccak256(&encoded).0) % ORDER;
        assert_eq!(challenge(tag("ergon/1/members"), route, U256::from(9), &key), z);
    }

    #[test]
    fn words_are_evaluated_as_a_polynomial_with_the_first_word_constant() {
        let words = [3u64, 5, 7].map(U256::from);
        assert_eq!(evaluate(&words, U256::from(10)), U256::from(753));
        assert_eq!(evaluate(&words, U256::ZERO), U256::from(3));
        let minus_one = ORDER - U256::from(1);
        assert_eq!(evaluate(&words, minus_one), U256::from(5));
        assert_eq!(evaluate(&[], U256::from(10)), U256::ZERO);
    }
}
