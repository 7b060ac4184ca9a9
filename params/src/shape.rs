//! The constraint matrices of a circuit: what a key belongs to, and what an assignment must satisfy.

use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField, Zero};
use ark_groth16::r1cs_to_qap::evaluate_constraint;
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystem, Matrix, OptimizationGoal, R1CS_PREDICATE_LABEL,
    SynthesisError, SynthesisMode,
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// The matrices A, B and C with `(A·w)∘(B·w) = C·w`, and how many of the variables are public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    matrices: Vec<Matrix<Fr>>,
    inputs: usize,
    witnesses: usize,
}

impl Shape {
    /// Builds the matrices of a circuit, without values.
    ///
    /// # Errors
    /// When the circuit cannot be built without values, or is no R1CS.
    pub fn of(circuit: impl ConstraintSynthesizer<Fr>) -> Result<Self, SynthesisError> {
        // The same settings as the setup's, or the key would belong to other matrices.
        let system = ConstraintSystem::new_ref();
        system.set_optimization_goal(OptimizationGoal::Constraints);
        system.set_mode(SynthesisMode::Setup);
        circuit.generate_constraints(system.clone())?;
        system.finalize();
        let matrices = system
            .to_matrices()?
            .remove(R1CS_PREDICATE_LABEL)
            .ok_or(SynthesisError::PredicateNotFound)?;
        if matrices.len() != 3 {
            return Err(SynthesisError::PredicateNotFound);
        }
        let inputs = system.num_instance_variables();
        Ok(Self { matrices, inputs, witnesses: system.num_witness_variables() })
    }

    /// A, B and C.
    pub fn matrices(&self) -> &[Matrix<Fr>] {
        &self.matrices
    }

    /// Number of constraints.
    pub fn constraints(&self) -> usize {
        self.matrices[0].len()
    }

    /// Number of public variables, the constant one among them.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Number of all variables.
    pub fn variables(&self) -> usize {
        self.inputs + self.witnesses
    }

    /// Size of the evaluation domain: the power of two that holds the constraints and the inputs.
    pub fn domain(&self) -> usize {
        (self.constraints() + self.inputs).next_power_of_two()
    }

    /// SHA-256 of the matrices, as hexadecimal text. Two circuits with the same digest can share a key.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new_with_prefix(b"ergon/1/shape");
        for count in [self.inputs, self.witnesses, self.constraints()] {
            hasher.update((count as u64).to_le_bytes());
        }
        let mut bytes = Vec::new();
        for row in self.matrices.iter().flatten() {
            bytes.clear();
            bytes.extend((row.len() as u64).to_le_bytes());
            for (coefficient, variable) in row {
                bytes.extend(coefficient.into_bigint().to_bytes_le());
                bytes.extend((*variable as u64).to_le_bytes());
            }
            hasher.update(&bytes);
        }
        hex::encode(hasher.finalize())
    }

    /// The first constraint that an assignment (one, inputs, witnesses) does not satisfy.
    pub fn first_violation(&self, assignment: &[Fr]) -> Option<usize> {
        if assignment.len() != self.variables() {
            return Some(0);
        }
        let value = |matrix: usize, row: usize| {
            evaluate_constraint(&self.matrices[matrix][row], assignment)
        };
        (0..self.constraints()).into_par_iter().find_first(|&row| {
            let a = value(0, row);
            let product = if a.is_zero() { a } else { a * value(1, row) };
            product != value(2, row)
        })
    }
}
