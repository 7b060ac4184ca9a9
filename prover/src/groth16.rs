//! One Groth16 proof: assignment, satisfaction, the reduction of the key, proof, self-check.

use crate::{ProverError, VerifyError, blinding};
use ark_bn254::{Bn254, Fq, G1Affine};
use ark_ff::{BigInteger, PrimeField};
use ark_groth16::r1cs_to_qap::{LibsnarkReduction, R1CSToQAP};
use ark_groth16::{Groth16, PreparedVerifyingKey};
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystem, OptimizationGoal, SynthesisError, SynthesisMode,
};
use ergon_circuits::{Circuit, CircuitId};
use ergon_params::{CircomReduction, Key, Reduction, Shape};
use ergon_types::field::Fr;
use zeroize::{Zeroize, Zeroizing};

/// A Groth16 proof over BN254.
pub type Proof = ark_groth16::Proof<Bn254>;

/// Proves a circuit with values under its key. Only the values are computed: the matrices come with the key.
///
/// # Errors
/// When the circuit cannot be built, its witness does not satisfy it, there is no randomness, or the proof does not
/// verify.
pub fn prove_circuit(
    key: &Key,
    circuit: impl ConstraintSynthesizer<Fr>,
) -> Result<Proof, ProverError> {
    let id = key.circuit();
    let assignment = assign(id, key.shape(), circuit)?;
    let proof = match key.reduction() {
        Reduction::Libsnark => create::<LibsnarkReduction>(key, &assignment),
        Reduction::Circom => create::<CircomReduction>(key, &assignment),
    }?;
    verify_proof(key.prepared(), &assignment[1..key.shape().inputs()], &proof)
        .map_err(|source| ProverError::SelfCheck { circuit: id, source })?;
    Ok(proof)
}

fn create<Q: R1CSToQAP>(key: &Key, assignment: &[Fr]) -> Result<Proof, ProverError> {
    let [r, s] = blinding::draw(assignment)?;
    let shape = key.shape();
    Groth16::<Bn254, Q>::create_proof_with_reduction_and_matrices(
        key.proving(),
        r,
        s,
        shape.matrices(),
        shape.inputs(),
        shape.constraints(),
        assignment,
    )
    .map_err(synthesis(key.circuit()))
}

fn synthesis(circuit: CircuitId) -> impl FnOnce(SynthesisError) -> ProverError {
    move |error| ProverError::Synthesis { circuit, reason: error.to_string() }
}

/// Names a constraint by what it asserts. The labels are not kept with the key: the circuit is built again for them.
fn unsatisfied(circuit: CircuitId, constraint: usize) -> ProverError {
    match Circuit::blank(circuit).synthesize().rows().get(constraint) {
        Some(row) => {
            let (label, scope) = (row.label, row.scope);
            ProverError::Unsatisfied { circuit, constraint, label, scope }
        }
        None => ProverError::Synthesis {
            circuit,
            reason: format!("its key has a constraint {constraint} and the circuit has not"),
        },
    }
}

/// The values of all variables: one, the public inputs, the witness. Erased when dropped.
///
/// # Errors
/// When the circuit cannot be built or its witness does not satisfy it.
pub(crate) fn assign(
    id: CircuitId,
    shape: &Shape,
    circuit: impl ConstraintSynthesizer<Fr>,
) -> Result<Zeroizing<Vec<Fr>>, ProverError> {
    let assignment = values(circuit).map_err(synthesis(id))?;
    match shape.first_violation(&assignment) {
        None => Ok(assignment),
        Some(constraint) => Err(unsatisfied(id, constraint)),
    }
}

fn values(circuit: impl ConstraintSynthesizer<Fr>) -> Result<Zeroizing<Vec<Fr>>, SynthesisError> {
    let system = ConstraintSystem::new_ref();
    system.set_optimization_goal(OptimizationGoal::Constraints);
    let values_only =
        SynthesisMode::Prove { construct_matrices: false, generate_lc_assignments: false };
    system.set_mode(values_only);
    circuit.generate_constraints(system.clone())?;
    let mut assignments = system.into_inner().ok_or(SynthesisError::MissingCS)?.assignments;
    let mut values = assignments.instance_assignment;
    values.extend_from_slice(&assignments.witness_assignment);
    assignments.witness_assignment.zeroize();
    Ok(Zeroizing::new(values))
}

/// Checks a proof for public inputs.
///
/// # Errors
/// When the number of inputs is not the key's, or the proof is invalid.
pub fn verify_proof(
    key: &PreparedVerifyingKey<Bn254>,
    inputs: &[Fr],
    proof: &Proof,
) -> Result<(), VerifyError> {
    // arkworks pairs inputs with points by `zip` and would ignore a surplus of either.
    let expected = key.vk.gamma_abc_g1.len().saturating_sub(1);
    if inputs.len() != expected {
        return Err(VerifyError::Inputs { expected, found: inputs.len() });
    }
    match Groth16::<Bn254>::verify_proof(key, proof, inputs) {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(VerifyError::Invalid),
    }
}

/// The proof in the EVM's order: A (x, y), B (x and y, each with the imaginary part first), C (x, y).
pub fn proof_words(proof: &Proof) -> [[u8; 32]; 8] {
    let g1 = |point: &G1Affine| [word(&point.x), word(&point.y)];
    let ([ax, ay], [cx, cy]) = (g1(&proof.a), g1(&proof.c));
    let (bx, by) = (&proof.b.x, &proof.b.y);
    [ax, ay, word(&bx.c1), word(&bx.c0), word(&by.c1), word(&by.c0), cx, cy]
}

fn word(coordinate: &Fq) -> [u8; 32] {
    let mut bytes = [0u8; 32];
    bytes.copy_from_slice(&coordinate.into_bigint().to_bytes_be());
    bytes
}
