//! taceo-groth16, with circom's reduction.

use super::{Contender, blinding, failed, rows};
use crate::BenchError;
use ark_bn254::Bn254;
use ergon_params::Key;
use ergon_prover::Proof;
use ergon_types::Fr;
use std::sync::Arc;
use taceo_groth16::{CircomReduction, ConstraintMatrices, Groth16};

pub(super) struct Taceo {
    key: Arc<Key>,
    matrices: ConstraintMatrices<Fr>,
}

impl Taceo {
    pub(super) fn new(key: Arc<Key>) -> Self {
        let shape = key.shape();
        let [a, b, c] = [0, 1, 2].map(|matrix| rows(&key, matrix));
        let nonzeros = |rows: &Vec<Vec<(Fr, usize)>>| rows.iter().map(Vec::len).sum();
        let matrices = ConstraintMatrices {
            num_instance_variables: shape.inputs(),
            num_witness_variables: shape.variables() - shape.inputs(),
            num_constraints: shape.constraints(),
            a_num_non_zero: nonzeros(&a),
            b_num_non_zero: nonzeros(&b),
            c_num_non_zero: nonzeros(&c),
            a,
            b,
            c,
        };
        Self { key, matrices }
    }
}

impl Contender for Taceo {
    fn prove(&self, assignment: &[Fr]) -> Result<Proof, BenchError> {
        let [r, s] = blinding();
        let key = self.key.proving();
        Groth16::<Bn254>::prove::<CircomReduction>(key, r, s, &self.matrices, assignment)
            .map_err(|error| failed("taceo-groth16", self.key.circuit(), error))
    }
}
