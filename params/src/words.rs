//! The verifying key as the contract's constructor takes it.

use crate::VerifyingKey;
use ark_bn254::{Fq, G1Affine, G2Affine};
use ark_ff::{BigInteger, PrimeField};

/// Words of a verifying key with three public inputs.
pub const VERIFYING_KEY_WORDS: usize = 22;

/// Big-endian words in the EVM's order: α (x, y); β, γ, δ (x and y, each with the imaginary part first); IC₀…IC₃.
/// `None` unless the key has three public inputs.
pub fn verifying_key_words(key: &VerifyingKey) -> Option<[[u8; 32]; VERIFYING_KEY_WORDS]> {
    let mut words = Vec::with_capacity(VERIFYING_KEY_WORDS);
    words.extend(g1(&key.alpha_g1));
    words.extend([&key.beta_g2, &key.gamma_g2, &key.delta_g2].into_iter().flat_map(g2));
    words.extend(key.gamma_abc_g1.iter().flat_map(g1));
    words.try_into().ok()
}

fn g1(point: &G1Affine) -> [[u8; 32]; 2] {
    [word(&point.x), word(&point.y)]
}

fn g2(point: &G2Affine) -> [[u8; 32]; 4] {
    [word(&point.x.c1), word(&point.x.c0), word(&point.y.c1), word(&point.y.c0)]
}

fn word(coordinate: &Fq) -> [u8; 32] {
    let mut bytes = [0u8; 32];
    bytes.copy_from_slice(&coordinate.into_bigint().to_bytes_be());
    bytes
}
