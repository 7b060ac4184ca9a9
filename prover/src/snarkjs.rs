//! The JSON of snarkjs: proofs, public inputs and verifying keys.

use crate::groth16::{Proof, verify_proof};
use crate::{ProverError, VerifyError};
use ark_bn254::Bn254;
use ark_groth16::prepare_verifying_key;
use ergon_params::VerifyingKey;
use ergon_types::field::{self, Fr};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use taceo_circom_types::groth16::VerificationKey;

/// A proof as snarkjs writes it. Reading one checks that its points are on their curves and in their groups.
pub type ProofJson = taceo_circom_types::groth16::Proof<Bn254>;

/// Public inputs as snarkjs writes them: decimals, here below the field's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicJson(#[serde(with = "field::decimals")] pub Vec<Fr>);

/// Checks a proof, its public inputs and a verifying key, all as snarkjs JSON.
///
/// # Errors
/// When a text is malformed (protocol and curve included), the number of inputs is not the key's, or the proof is
/// invalid.
pub fn verify(key: &str, public: &str, proof: &str) -> Result<(), VerifyError> {
    let key = parse_key("verifying key", key)?;
    let PublicJson(inputs) = parse("public inputs", public)?;
    let proof: ProofJson = parse("proof", proof)?;
    check_names("proof", &proof.protocol, Some(&proof.curve))?;
    verify_proof(&prepare_verifying_key(&key), &inputs, &Proof::from(proof))
}

/// Reads a proof, public inputs and a verifying key from files and checks them.
///
/// # Errors
/// When a file cannot be read (`Ok(Err(…))` when it can but is not accepted).
pub fn verify_files(
    key: &Path,
    public: &Path,
    proof: &Path,
) -> Result<Result<(), VerifyError>, ProverError> {
    let read = |path: &Path| fs::read_to_string(path).map_err(ProverError::io(path, "read"));
    Ok(verify(&read(key)?, &read(public)?, &read(proof)?))
}

fn parse_key(what: &str, text: &str) -> Result<VerifyingKey, VerifyError> {
    let key: VerificationKey<Bn254> = parse(what, text)?;
    check_names(what, &key.protocol, None)?;
    Ok(key.into())
}

/// Whether protocol and curve are ours; another's numbers could be read but mean something else.
pub(crate) fn check_names(
    what: &str,
    protocol: &str,
    curve: Option<&str>,
) -> Result<(), VerifyError> {
    let format = |reason: String| Err(VerifyError::Format { what: what.to_owned(), reason });
    if protocol != "groth16" {
        return format(format!("protocol is {protocol}, expected groth16"));
    }
    match curve {
        Some(curve) if curve != "bn128" => format(format!("curve is {curve}, expected bn128")),
        _ => Ok(()),
    }
}

fn parse<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, VerifyError> {
    serde_json::from_str(text)
        .map_err(|error| VerifyError::Format { what: what.to_owned(), reason: error.to_string() })
}
