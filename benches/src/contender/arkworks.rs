//! ark-groth16, with circom's reduction.

use super::{Contender, blinding, failed, rows};
use crate::BenchError;
use ark_bn254::Bn254;
use ark_groth16::Groth16;
use ergon_params::{CircomReduction, Key};
use ergon_prover::Proof;
use ergon_types::Fr;
use std::sync::Arc;

pub(super) struct Arkworks {
    key: Arc<Key>,
    matrices: Vec<Vec<Vec<(Fr, usize)>>>,
}

impl Arkworks {
    pub(super) fn new(key: Arc<Key>) -> Self {
        let matrices = (0..3).map(|matrix| rows(&key, matrix)).collect();
        Self { key, matrices }
    }
}

impl Contender for Arkworks {
    fn prove(&self, assignment: &[Fr]) -> Result<Proof, BenchError> {
        let [r, s] = blinding();
        let shape = self.key.shape();
        Groth16::<Bn254, CircomReduction>::create_proof_with_reduction_and_matrices(
            self.key.proving(),
            r,
            s,
            &self.matrices,
            shape.inputs(),
            shape.constraints(),
            assignment,
        )
        .map_err(|error| failed("ark-groth16", self.key.circuit(), error))
    }
}
