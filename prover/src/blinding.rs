//! The two blinding factors of a proof: fresh from the operating system for each attempt, hedged with the witness.
//!
//! Whoever knows a proof's blinding factors learns about its witness. They are hashed from 64 random bytes *and* the
//! whole assignment: should the system's randomness be weak, they are still unknown to whoever does not know the
//! readings already, and never shared by two statements.

use crate::ProverError;
use ark_ff::{BigInteger, PrimeField};
use ark_std::rand::{RngCore, rngs::OsRng};
use ergon_types::field::Fr;
use sha2::{Digest, Sha512};
use zeroize::Zeroize;

/// Draws `r` and `s` for a proof of this assignment.
pub(crate) fn draw(assignment: &[Fr]) -> Result<[Fr; 2], ProverError> {
    let mut entropy = [0u8; 64];
    OsRng
        .try_fill_bytes(&mut entropy)
        .map_err(|error| ProverError::Randomness(error.to_string()))?;
    let factors = derive(&entropy, assignment);
    entropy.zeroize();
    Ok(factors)
}

/// The factors for given random bytes. 512 bits reduced leave a bias below 2⁻²⁵⁰.
fn derive(entropy: &[u8; 64], assignment: &[Fr]) -> [Fr; 2] {
    let mut hasher = Sha512::new_with_prefix(b"ergon/1/blinding");
    hasher.update(entropy);
    for value in assignment {
        hasher.update(value.into_bigint().to_bytes_le());
    }
    [b"r", b"s"].map(|name| {
        let mut digest: [u8; 64] = hasher.clone().chain_update(name).finalize().into();
        let factor = Fr::from_le_bytes_mod_order(&digest);
        digest.zeroize();
        factor
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_attempt_draws_other_factors() {
        let assignment = [Fr::from(1u64)];
        assert_ne!(draw(&assignment).unwrap(), draw(&assignment).unwrap());
    }

    #[test]
    fn with_the_same_random_bytes_two_statements_still_differ() {
        let first = derive(&[0; 64], &[Fr::from(1u64)]);
        let second = derive(&[0; 64], &[Fr::from(2u64)]);
        assert_ne!(first[0], second[0]);
        assert_ne!(first[1], second[1]);
        assert_ne!(first[0], first[1]);
    }
}
