//! Many proofs of one key verified at once; those that are invalid are found by halving.
//!
//! With random factors ρᵢ, all of Σ ρᵢ·(e(Aᵢ, Bᵢ) − e(α, β) − e(Lᵢ, γ) − e(Cᵢ, δ)) = 0 together cost a Miller loop for each
//! proof, two more, and one final exponentiation. Factors of 128 bits let an invalid proof through with probability 2⁻¹²⁸.
//! Source: Zcash protocol specification, appendix B.2, <https://zips.z.cash/protocol/protocol.pdf>.

use crate::ProverError;
use crate::groth16::Proof;
use ark_bn254::{Bn254, G1Affine, G1Projective};
use ark_ec::pairing::Pairing;
use ark_ec::{CurveGroup, VariableBaseMSM};
use ark_ff::{AdditiveGroup, Field, PrimeField};
use ark_groth16::PreparedVerifyingKey;
use ark_std::rand::{RngCore, rngs::OsRng};
use ergon_types::field::Fr;

/// A proof and what it is for.
#[derive(Clone, Copy, Debug)]
pub struct Claimed<'a> {
    /// The public inputs.
    pub inputs: &'a [Fr],
    /// The proof.
    pub proof: &'a Proof,
}

/// Checks proofs of one key; the places of those that are invalid, in order. A proof for another number of public inputs than
/// the key has is invalid.
///
/// # Errors
/// When there is no randomness.
pub fn invalid_proofs(
    key: &PreparedVerifyingKey<Bn254>,
    proofs: &[Claimed<'_>],
) -> Result<Vec<usize>, ProverError> {
    // Of points outside of the groups the equation says nothing.
    let is_whole = |claimed: &Claimed<'_>| {
        claimed.inputs.len() + 1 == key.vk.gamma_abc_g1.len() && is_in_groups(claimed.proof)
    };
    let (whole, mut invalid): (Vec<usize>, Vec<usize>) =
        (0..proofs.len()).partition(|place| is_whole(&proofs[*place]));
    halve(key, proofs, &whole, &mut invalid)?;
    invalid.sort_unstable();
    Ok(invalid)
}

fn is_in_groups(Proof { a, b, c }: &Proof) -> bool {
    // The first group's cofactor is 1.
    a.is_on_curve()
        && c.is_on_curve()
        && b.is_on_curve()
        && b.is_in_correct_subgroup_assuming_on_curve()
}

/// Collects the invalid ones among `places`.
fn halve(
    key: &PreparedVerifyingKey<Bn254>,
    proofs: &[Claimed<'_>],
    places: &[usize],
    invalid: &mut Vec<usize>,
) -> Result<(), ProverError> {
    if all_hold(key, proofs, places)? {
        return Ok(());
    }
    if let [place] = places {
        invalid.push(*place);
        return Ok(());
    }
    let (left, right) = places.split_at(places.len() / 2);
    halve(key, proofs, left, invalid)?;
    halve(key, proofs, right, invalid)
}

fn all_hold(
    key: &PreparedVerifyingKey<Bn254>,
    proofs: &[Claimed<'_>],
    places: &[usize],
) -> Result<bool, ProverError> {
    let factors = places.iter().map(|_| factor()).collect::<Result<Vec<Fr>, _>>()?;
    // Σ ρᵢ, and Σ ρᵢ·xᵢⱼ for each public input j.
    let mut scalars = vec![Fr::ZERO; key.vk.gamma_abc_g1.len()];
    let mut c = G1Projective::ZERO;
    let mut left = Vec::with_capacity(places.len() + 2);
    for (place, factor) in places.iter().zip(&factors) {
        let Claimed { inputs, proof } = proofs[*place];
        scalars[0] += factor;
        for (scalar, input) in scalars[1..].iter_mut().zip(inputs) {
            *scalar += *factor * input;
        }
        c += proof.c * factor;
        left.push((proof.a * factor).into_affine());
    }
    let Ok(public) = G1Projective::msm(&key.vk.gamma_abc_g1, &scalars) else { return Ok(false) };
    left.extend([public, c].map(|point| G1Affine::from(point.into_affine())));
    let right = places.iter().map(|place| proofs[*place].proof.b.into());
    let right = right.chain([key.gamma_g2_neg_pc.clone(), key.delta_g2_neg_pc.clone()]);
    let result = Bn254::final_exponentiation(Bn254::multi_miller_loop(left, right));
    let expected = key.alpha_g1_beta_g2.pow(scalars[0].into_bigint());
    Ok(result.is_some_and(|result| result.0 == expected))
}

/// 128 random bits.
fn factor() -> Result<Fr, ProverError> {
    let mut bytes = [0u8; 16];
    OsRng.try_fill_bytes(&mut bytes).map_err(|error| ProverError::Randomness(error.to_string()))?;
    Ok(Fr::from(u128::from_le_bytes(bytes)))
}
