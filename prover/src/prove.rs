//! Proving a statement, and a bundle.

use crate::challenge::{challenge, key_hash, route_id};
use crate::groth16::{Proof, prove_circuit};
use crate::{Engine, ProverError, Submission};
use ergon_circuits::{Circuit, CircuitId, Statement};
use ergon_params::KeyHead;
use ergon_types::field::Fr;
use ergon_types::{Address, Bundle, State};
use std::time::{Duration, Instant};

/// A verified proof of a statement.
#[derive(Clone, Debug)]
pub struct Proved {
    /// The circuit.
    pub circuit: CircuitId,
    /// The statement's words.
    pub words: Vec<Fr>,
    /// `c, z, y`.
    pub public: [Fr; 3],
    /// The route that the challenge is for.
    pub route: [u8; 32],
    /// The proof.
    pub proof: Proof,
    /// Seconds it took, verification included.
    pub seconds: f64,
    /// SHA-256 of the proving key.
    pub key_sha256: String,
}

/// The route of a key: what proofs made with it are for (§ 5.1).
pub fn route_of(key: &KeyHead) -> [u8; 32] {
    let circuit = key.circuit();
    route_id(key_hash(key.words()), circuit.tag(), circuit.members, circuit.words())
}

/// Proves a statement with the key of its circuit, on all cores, and verifies the proof.
///
/// # Errors
/// When the key is another circuit's or the proof cannot be made.
pub fn prove(statement: &Statement, key: &Engine) -> Result<Proved, ProverError> {
    let start = Instant::now();
    let circuit = pose(statement, key)?;
    let proof = prove_circuit(key, &circuit)?;
    Ok(Proved::new(statement, key, &circuit, proof, start.elapsed()))
}

impl Proved {
    pub(crate) fn new(
        statement: &Statement,
        key: &KeyHead,
        circuit: &Circuit,
        proof: Proof,
        took: Duration,
    ) -> Self {
        Self {
            circuit: statement.id(),
            words: statement.words().to_vec(),
            public: circuit.public(),
            route: route_of(key),
            proof,
            seconds: took.as_secs_f64(),
            key_sha256: key.sha256().to_owned(),
        }
    }
}

/// The circuit of a statement at the challenge that proofs under this key must use.
pub(crate) fn pose(statement: &Statement, key: &KeyHead) -> Result<Circuit, ProverError> {
    let id = statement.id();
    if id != key.circuit() {
        return Err(ProverError::WrongKey { expected: id, found: key.circuit() });
    }
    Ok(at_challenge(statement, key))
}

/// As `pose`, for a key that is the statement's circuit's.
pub(crate) fn at_challenge(statement: &Statement, key: &KeyHead) -> Circuit {
    let tag = statement.id().tag();
    let z = challenge(tag, route_of(key), &statement.commitment(), statement.words());
    statement.circuit(z)
}

/// Proves a bundle: the submission, and the private state after it (energy).
///
/// # Errors
/// When the bundle cannot be proven, or as `prove`.
pub fn prove_bundle(
    bundle: &Bundle,
    key: &Engine,
    prover: Address,
) -> Result<(Submission, Option<State>), ProverError> {
    let statement = plan(bundle, prover)?;
    submit(&statement, &prove(&statement, key)?)
}

/// The statement of a bundle.
pub(crate) fn plan(bundle: &Bundle, prover: Address) -> Result<Statement, ProverError> {
    Statement::from_bundle(bundle, prover)
        .map_err(|source| ProverError::Statement { bundle: bundle.name(), source })
}

/// What follows from a proof of a bundle's statement.
pub(crate) fn submit(
    statement: &Statement,
    proved: &Proved,
) -> Result<(Submission, Option<State>), ProverError> {
    let outcome = statement.outcome().ok_or_else(|| ProverError::Synthesis {
        circuit: statement.id(),
        reason: "the statement pays nobody".to_owned(),
    })?;
    Ok((Submission::new(proved, outcome), outcome.state_after.clone()))
}
