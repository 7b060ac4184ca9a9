//! Multi-scalar multiplication and transforms for Groth16 over BN254, for keys that serve many proofs.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod buckets;
mod digits;
mod field;
mod kernel;
mod msm;
mod quotient;
mod simd;
mod transform;
