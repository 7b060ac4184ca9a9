//! One Groth16 proof: assignment, satisfaction, sums, blinding, self-check.

use crate::{Claimed, Engine, ProverError, VerifyError, blinding, invalid_proofs};
use ark_bn254::{Bn254, Fq, G1Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInteger, PrimeField};
use ark_groth16::{Groth16, PreparedVerifyingKey};
use ergon_accelerator::{Evaluated, Fault, Sums};
use ergon_circuits::{Circuit, CircuitId};
use ergon_params::{KeyHead, Shape};
use ergon_types::field::Fr;
use rayon::prelude::*;
use zeroize::Zeroizing;

/// A Groth16 proof over BN254.
pub type Proof = ark_groth16::Proof<Bn254>;

/// Proves a circuit with values under a key. Only the values are computed: the matrices come with the key.
///
/// # Errors
/// When its witness does not satisfy it, there is no randomness, a device fails, or the proof does not verify.
pub fn prove_circuit(engine: &Engine, circuit: &Circuit) -> Result<Proof, ProverError> {
    prove_assignment(engine, &assignment(engine.shape(), circuit))
}

/// Proves the values of all variables (one, public inputs, witness) under a key.
///
/// # Errors
/// As [`prove_circuit`].
pub fn prove_assignment(engine: &Engine, assignment: &[Fr]) -> Result<Proof, ProverError> {
    let id = engine.circuit();
    let evaluated = evaluate(engine, assignment)?;
    let sums = engine
        .sums(&[of(assignment, &evaluated)])
        .map_err(|source| ProverError::Device { circuit: id, source })?;
    let proof = assemble(engine, &sums[0], blinding::draw(assignment)?);
    verify_proof(engine.prepared(), &assignment[1..engine.shape().inputs()], &proof)
        .map_err(|source| ProverError::SelfCheck { circuit: id, source })?;
    Ok(proof)
}

/// Proves circuits together, each with its values, as many at a time as serves the engine's accelerator best.
///
/// # Errors
/// As [`prove_circuit`], for the first that fails.
pub fn prove_circuits(engine: &Engine, circuits: &[Circuit]) -> Result<Vec<Proof>, ProverError> {
    let id = engine.circuit();
    let mut all = Vec::with_capacity(circuits.len());
    for circuits in circuits.chunks(engine.batch()) {
        let proofs = compute(engine, circuits)
            .map_err(|source| ProverError::Device { circuit: id, source })?
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        let publics: Vec<_> = circuits.iter().map(Circuit::public).collect();
        let claimed = publics.iter().zip(&proofs).map(|(inputs, proof)| Claimed { inputs, proof });
        if !invalid_proofs(engine.prepared(), &claimed.collect::<Vec<_>>())?.is_empty() {
            return Err(ProverError::SelfCheck { circuit: id, source: VerifyError::Invalid });
        }
        all.extend(proofs);
    }
    Ok(all)
}

/// Computes proofs of many circuits in one call of the accelerator, each with blinding factors of its own; nobody has verified
/// them yet. Of a circuit whose witness does not satisfy it there is an error, which stops no other.
pub(crate) fn compute(
    engine: &Engine,
    circuits: &[Circuit],
) -> Result<Vec<Result<Proof, ProverError>>, Fault> {
    let witness = |circuit| {
        let assignment = assignment(engine.shape(), circuit);
        evaluate(engine, &assignment).map(|evaluated| (assignment, evaluated))
    };
    let witnesses: Vec<_> = circuits.par_iter().map(witness).collect();
    let good = witnesses.iter().flatten().map(|(assignment, evaluated)| of(assignment, evaluated));
    let mut sums = engine.sums(&good.collect::<Vec<_>>())?.into_iter();
    let finish = |witness: Result<(Secret, _), _>| {
        let (assignment, _) = witness?;
        let blinding = blinding::draw(&assignment)?;
        // As many as good witnesses: the engine has counted them.
        Ok(sums.next().map(|sums| assemble(engine, &sums, blinding)))
    };
    let proofs = witnesses.into_iter().map(finish);
    Ok(proofs.filter_map(Result::transpose).collect())
}

/// Values that follow from a witness.
type Secret = Zeroizing<Vec<Fr>>;

/// The values of a circuit's variables. Erased when dropped.
fn assignment(shape: &Shape, circuit: &Circuit) -> Secret {
    Zeroizing::new(circuit.assignment(shape.variables()))
}

/// A and B on the domain, if the assignment satisfies the circuit.
fn evaluate(engine: &Engine, assignment: &[Fr]) -> Result<[Secret; 2], ProverError> {
    engine.shape().evaluate(assignment).map_err(|row| unsatisfied(engine.circuit(), row))
}

fn of<'a>(assignment: &'a [Fr], [a, b]: &'a [Secret; 2]) -> Evaluated<'a> {
    Evaluated { assignment, a, b }
}

/// A = α + Σ wᵢ·Aᵢ + r·δ, B = β + Σ wᵢ·Bᵢ + s·δ, C = Σ wᵢ·Lᵢ + Σ hⱼ·Hⱼ + s·A + r·B − r·s·δ.
/// Source: J. Groth, On the Size of Pairing-based Non-interactive Arguments, <https://eprint.iacr.org/2016/260>, § 3.2.
fn assemble(key: &KeyHead, sums: &Sums, [r, s]: [Fr; 2]) -> Proof {
    let (vk, delta) = (key.verifying(), key.delta_g1().into_group());
    let a = sums.a + vk.alpha_g1 + delta * r;
    let b_g1 = sums.b_g1 + key.beta_g1() + delta * s;
    let b = sums.b_g2 + vk.beta_g2 + vk.delta_g2 * s;
    let c = sums.c + a * s + b_g1 * r - delta * (r * s);
    Proof { a: a.into_affine(), b: b.into_affine(), c: c.into_affine() }
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

/// The values of a circuit's variables, if they satisfy it. Erased when dropped.
///
/// # Errors
/// When they do not.
pub(crate) fn assign(shape: &Shape, circuit: &Circuit) -> Result<Secret, ProverError> {
    let assignment = assignment(shape, circuit);
    match shape.first_violation(&assignment) {
        None => Ok(assignment),
        Some(constraint) => Err(unsatisfied(circuit.id(), constraint)),
    }
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
