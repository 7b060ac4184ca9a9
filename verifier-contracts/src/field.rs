//! Field elements as 256-bit integers: the form in which they cross this crate's interface.

use alloy::primitives::{U256, uint};
use ark_ff::{BigInteger, PrimeField};

/// Order of the BN254 scalar field; every word is below it.
pub const ORDER: U256 =
    uint!(21888242871839275222246405745257275088548364400416034343698204186575808495617_U256);

/// The canonical integer of a BN254 scalar (also a BabyJubJub coordinate) or base field element.
pub fn integer<F: PrimeField>(element: F) -> U256 {
    U256::from_be_slice(&element.into_bigint().to_bytes_be())
}

/// The scalar of an integer; `None` unless it is below the field's order.
pub fn scalar(integer: U256) -> Option<ark_bn254::Fr> {
    ark_bn254::Fr::from_bigint(ark_ff::BigInt(integer.into_limbs()))
}
