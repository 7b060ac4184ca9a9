//! The constraint matrices of a circuit: what a key belongs to, and what an assignment must satisfy.

use crate::SparseMatrix;
use crate::bytes::{Bytes, put_count};
use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField, Zero};
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystem, OptimizationGoal, R1CS_PREDICATE_LABEL,
    SynthesisError, SynthesisMode,
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// How the bytes of a shape begin.
const MAGIC: &[u8] = b"ergon/1/matrices";

/// The matrices A, B and C with `(A·w)∘(B·w) = C·w`, and how many of the variables are public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    matrices: [SparseMatrix; 3],
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
        let [a, b, c] = &matrices[..] else { return Err(SynthesisError::PredicateNotFound) };
        let matrices = [a, b, c].map(|rows| SparseMatrix::of(rows));
        let inputs = system.num_instance_variables();
        Ok(Self { matrices, inputs, witnesses: system.num_witness_variables() })
    }

    /// A, B and C.
    pub fn matrices(&self) -> &[SparseMatrix; 3] {
        &self.matrices
    }

    /// Number of constraints.
    pub fn constraints(&self) -> usize {
        self.matrices[0].rows()
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
        for matrix in &self.matrices {
            for row in 0..matrix.rows() {
                bytes.clear();
                let row = matrix.row(row);
                bytes.extend((row.len() as u64).to_le_bytes());
                for (coefficient, variable) in row {
                    bytes.extend(coefficient.into_bigint().to_bytes_le());
                    bytes.extend((variable as u64).to_le_bytes());
                }
                hasher.update(&bytes);
            }
        }
        hex::encode(hasher.finalize())
    }

    /// The shape as it is kept beside a key: counts of 8 bytes (inputs, private variables), then A, B and C.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        put_count(&mut bytes, self.inputs);
        put_count(&mut bytes, self.witnesses);
        self.matrices.iter().for_each(|matrix| matrix.write(&mut bytes));
        bytes
    }

    /// Reads what `bytes` gave; `None` when they are no shape.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes.strip_prefix(MAGIC)?);
        let (inputs, witnesses) = (bytes.count()?, bytes.count()?);
        let variables = inputs.checked_add(witnesses).filter(|all| u32::try_from(*all).is_ok())?;
        let mut matrix = || SparseMatrix::read(&mut bytes, variables);
        let matrices = [matrix()?, matrix()?, matrix()?];
        let rows = matrices[0].rows();
        let is_whole = bytes.0.is_empty() && matrices.iter().all(|matrix| matrix.rows() == rows);
        is_whole.then_some(Self { matrices, inputs, witnesses })
    }

    /// A and B applied to an assignment (one, inputs, witnesses), at every point of the domain: A has the inputs behind its
    /// rows, as every reduction of Groth16 needs it. Secret.
    ///
    /// # Errors
    /// The first constraint that the assignment does not satisfy.
    pub fn evaluate(&self, assignment: &[Fr]) -> Result<[Zeroizing<Vec<Fr>>; 2], usize> {
        if assignment.len() != self.variables() {
            return Err(0);
        }
        let zeros = || Zeroizing::new(vec![Fr::zero(); self.domain()]);
        let (mut a, mut b) = (zeros(), zeros());
        let [of_a, of_b, of_c] = &self.matrices;
        let broken = a[..self.constraints()]
            .par_iter_mut()
            .zip(b[..self.constraints()].par_iter_mut())
            .enumerate()
            .filter_map(|(row, (a, b))| {
                *a = of_a.apply(row, assignment);
                *b = of_b.apply(row, assignment);
                (*a * *b != of_c.apply(row, assignment)).then_some(row)
            })
            .min();
        if let Some(row) = broken {
            return Err(row);
        }
        a[self.constraints()..][..self.inputs].copy_from_slice(&assignment[..self.inputs]);
        Ok([a, b])
    }

    /// The first constraint that an assignment (one, inputs, witnesses) does not satisfy.
    pub fn first_violation(&self, assignment: &[Fr]) -> Option<usize> {
        self.evaluate(assignment).err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_circuits::{Circuit, CircuitId};

    #[test]
    fn bytes_give_the_same_shape_back_and_nothing_else_does() {
        let shape = Shape::of(Circuit::blank(CircuitId::membership(1))).unwrap();
        let bytes = shape.bytes();
        assert!(Shape::from_bytes(&bytes) == Some(shape.clone()));
        let refuses = |bytes: &[u8]| Shape::from_bytes(bytes).is_none();
        assert!(refuses(&bytes[1..]));
        assert!(refuses(&bytes[..bytes.len() - 1]));
        assert!(refuses(&[&bytes[..], &[0]].concat()));
        // A count, a row's beginning, an entry's variable, a coefficient above the field's order.
        let starts = MAGIC.len() + 16 + 24;
        let entries = starts + 4 * (shape.constraints() + 1);
        for place in [MAGIC.len() + 7, MAGIC.len() + 16, starts, entries + 7, bytes.len() - 1] {
            let mut damaged = bytes.clone();
            damaged[place] = 0xff;
            assert!(refuses(&damaged), "{place}");
        }
    }
}
