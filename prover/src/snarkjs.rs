//! The JSON of snarkjs: proofs, public inputs and verifying keys.

use crate::groth16::{Proof, verify_proof};
use crate::{ProverError, VerifyError};
use ark_bn254::Bn254;
use ark_groth16::prepare_verifying_key;
use ergon_params::{VerifyingKey, VerifyingKeyJson};
use ergon_types::field::{self, Fr};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

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
    check_names("proof", &proof.protocol, &proof.curve)?;
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
    let key: VerifyingKeyJson = parse(what, text)?;
    check_names(what, &key.key.protocol, &key.curve)?;
    Ok(key.into())
}

/// Whether protocol and curve are ours; another's numbers could be read but mean something else.
pub(crate) fn check_names(what: &str, protocol: &str, curve: &str) -> Result<(), VerifyError> {
    for (name, found, expected) in [("protocol", protocol, "groth16"), ("curve", curve, "bn128")] {
        if found != expected {
            let reason = format!("its {name} is {found}, expected {expected}");
            return Err(VerifyError::Format { what: what.to_owned(), reason });
        }
    }
    Ok(())
}

fn parse<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, VerifyError> {
    serde_json::from_str(text)
        .map_err(|error| VerifyError::Format { what: what.to_owned(), reason: error.to_string() })
}
