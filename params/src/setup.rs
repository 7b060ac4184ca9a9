//! The setup of a development key.

use crate::CircomReduction;
use crate::ProvingKey;
use ark_bn254::{Bn254, Fr};
use ark_groth16::Groth16;
use ark_relations::gr1cs::{ConstraintSynthesizer, SynthesisError};
use ark_std::rand::rngs::OsRng;

/// Makes a proving key on all cores. The secrets are drawn from the operating system inside this call and are gone
/// when it returns; nobody else can know that, so the key is for development.
///
/// # Errors
/// When the circuit's constraints cannot be built.
pub fn development_setup(
    circuit: impl ConstraintSynthesizer<Fr>,
) -> Result<ProvingKey, SynthesisError> {
    Groth16::<Bn254, CircomReduction>::generate_random_parameters_with_reduction(
        circuit, &mut OsRng,
    )
}
