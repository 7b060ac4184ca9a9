//! The two prime fields of BN254, and how their elements lie in memory.

use ark_ff::{BigInt, PrimeField};

/// A prime of 254 bits.
pub(crate) trait Prime: Copy + Send + Sync + 'static {
    /// The same field in arkworks.
    type Ark: PrimeField<BigInt = BigInt<4>>;

    /// An arkworks element of which this is the integer in memory (R = 2^256).
    fn raw(integer: BigInt<4>) -> Self::Ark;
    /// The integer in memory of an arkworks element.
    fn integer(element: Self::Ark) -> BigInt<4>;
}

/// The base field of BN254.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Base;

/// The scalar field of BN254.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scalar;

impl Prime for Base {
    type Ark = ark_bn254::Fq;

    fn raw(integer: BigInt<4>) -> Self::Ark {
        Self::Ark::new_unchecked(integer)
    }
    fn integer(element: Self::Ark) -> BigInt<4> {
        element.0
    }
}

impl Prime for Scalar {
    type Ark = ark_bn254::Fr;

    fn raw(integer: BigInt<4>) -> Self::Ark {
        Self::Ark::new_unchecked(integer)
    }
    fn integer(element: Self::Ark) -> BigInt<4> {
        element.0
    }
}
