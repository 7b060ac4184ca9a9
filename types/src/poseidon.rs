//! Poseidon with circomlib's constants, and the tagged hash of long vectors (§ 2.1).
//!
//! arkworks' Grain generator yields circomlib's constants (`light-poseidon` stops at 12 inputs, we need 16);
//! arkworks' own sponge returns another state element, so the permutation is applied here.

use crate::field::Fr;
use crate::tag::Tag;
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use ark_crypto_primitives::sponge::poseidon::find_poseidon_ark_and_mds;
use ark_ff::Field;
use once_cell::race::OnceBox;

/// Most inputs of one permutation.
pub const MAX_INPUTS: usize = 16;
/// Full rounds of every width.
pub const FULL_ROUNDS: usize = 8;
/// Vector entries absorbed by one permutation.
pub const CHUNK: usize = 15;
/// The signature challenge's number of inputs, which no other hash uses.
const RESERVED_INPUTS: usize = 5;

/// Partial rounds for 1…16 inputs (Poseidon paper's script, as in circomlib).
const PARTIAL_ROUNDS: [usize; MAX_INPUTS] =
    [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];

/// Round constants and the MDS matrix of one width.
#[derive(Debug)]
pub struct Constants {
    /// State width: inputs + 1.
    pub width: usize,
    /// Number of partial rounds.
    pub partial_rounds: usize,
    /// Round constants, `[round][position]`.
    pub round: Vec<Vec<Fr>>,
    /// The MDS matrix, `[row][column]`.
    pub mds: Vec<Vec<Fr>>,
}

impl Constants {
    /// The constants for a number of inputs (1…16), computed once.
    pub fn of(inputs: usize) -> &'static Self {
        static ALL: [OnceBox<Constants>; MAX_INPUTS] = [const { OnceBox::new() }; MAX_INPUTS];
        ALL[inputs - 1].get_or_init(|| Box::new(Self::generate(inputs)))
    }

    fn generate(inputs: usize) -> Self {
        let partial_rounds = PARTIAL_ROUNDS[inputs - 1];
        let (round, mds) = find_poseidon_ark_and_mds::<Fr>(
            254,
            inputs,
            FULL_ROUNDS as u64,
            partial_rounds as u64,
            0,
        );
        Self { width: inputs + 1, partial_rounds, round, mds }
    }

    /// Whether the S-box of a round covers the whole state.
    pub fn is_full(&self, round: usize) -> bool {
        round < FULL_ROUNDS / 2 || round >= FULL_ROUNDS / 2 + self.partial_rounds
    }
}

/// Poseidon of 1…16 inputs, circomlib's digest.
///
/// # Panics
/// With no or more than 16 inputs, which no caller in this crate passes.
pub fn hash(inputs: &[Fr]) -> Fr {
    let constants = Constants::of(inputs.len());
    let mut state = Vec::with_capacity(constants.width);
    state.push(Fr::from(0u64));
    state.extend_from_slice(inputs);
    for (index, round) in constants.round.iter().enumerate() {
        for (entry, constant) in state.iter_mut().zip(round) {
            *entry += constant;
        }
        let boxes = if constants.is_full(index) { constants.width } else { 1 };
        for entry in &mut state[..boxes] {
            *entry *= entry.square().square();
        }
        state = constants.mds.iter().map(|row| dot(row, &state)).collect();
    }
    state[0]
}

fn dot(row: &[Fr], state: &[Fr]) -> Fr {
    row.iter().zip(state).map(|(a, b)| *a * b).sum()
}

/// The chunks in which a vector is absorbed, the last one widened where its width is reserved.
pub fn chunks<T: Clone>(entries: &[T], zero: &T) -> Vec<Vec<T>> {
    if entries.is_empty() {
        return vec![Vec::new()];
    }
    entries
        .chunks(CHUNK)
        .map(|chunk| {
            let mut chunk = chunk.to_vec();
            if chunk.len() + 1 == RESERVED_INPUTS {
                chunk.push(zero.clone());
            }
            chunk
        })
        .collect()
}

/// The tagged hash of a vector (§ 2.1).
pub fn hash_vector(tag: Tag, entries: &[Fr]) -> Fr {
    let zero = Fr::from(0u64);
    chunks(entries, &zero).into_iter().fold(tag.with_length(entries.len()), |h, chunk| {
        let mut inputs = vec![h];
        inputs.extend(chunk);
        hash(&inputs)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::parse_decimal;

    #[test]
    fn two_inputs_hash_to_the_digest_circomlib_publishes() {
        let digest = hash(&[Fr::from(1u64), Fr::from(2u64)]);
        let expected =
            "7853200120776062878684798364095072458815029376092732009249414926327459813530";
        assert_eq!(Some(digest), parse_decimal(expected));
    }

    #[test]
    fn a_vector_and_its_zero_padded_twin_hash_differently() {
        for length in 0..33 {
            let short = vec![Fr::from(7u64); length];
            let mut long = short.clone();
            long.push(Fr::from(0u64));
            assert_ne!(hash_vector(Tag::ACK, &short), hash_vector(Tag::ACK, &long));
        }
    }

    #[test]
    fn no_vector_uses_the_width_of_the_signature_challenge() {
        for length in 0..64 {
            for chunk in chunks(&vec![Fr::from(1u64); length], &Fr::from(0u64)) {
                assert_ne!(chunk.len() + 1, RESERVED_INPUTS);
            }
        }
    }
}
