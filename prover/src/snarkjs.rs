//! The JSON of snarkjs: proofs, public inputs and verifying keys, wherever they were made.

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

/// A proof with what it is to be checked against.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The verifying key.
    pub key: VerifyingKey,
    /// The public inputs.
    pub public: Vec<Fr>,
    /// The proof.
    pub proof: Proof,
}

impl Claim {
    /// Reads a verifying key, public inputs and a proof from snarkjs JSON.
    ///
    /// # Errors
    /// When a text is malformed (protocol and curve included).
    pub fn parse(key: &str, public: &str, proof: &str) -> Result<Self, VerifyError> {
        let key = parse_key("verifying key", key)?;
        let PublicJson(public) = parse("public inputs", public)?;
        let proof: ProofJson = parse("proof", proof)?;
        check_names("proof", &proof.protocol, &proof.curve)?;
        Ok(Self { key, public, proof: proof.into() })
    }

    /// Reads them from files, in the order in which snarkjs takes them.
    ///
    /// # Errors
    /// When a file cannot be read (`Ok(Err(…))` when it can but is malformed).
    pub fn read(
        key: &Path,
        public: &Path,
        proof: &Path,
    ) -> Result<Result<Self, VerifyError>, ProverError> {
        let read = |path: &Path| fs::read_to_string(path).map_err(ProverError::io(path, "read"));
        Ok(Self::parse(&read(key)?, &read(public)?, &read(proof)?))
    }

    /// Checks the proof.
    ///
    /// # Errors
    /// When the number of inputs is not the key's, or the proof is invalid.
    pub fn verify(&self) -> Result<(), VerifyError> {
        verify_proof(&prepare_verifying_key(&self.key), &self.public, &self.proof)
    }
}

/// Checks a proof, its public inputs and a verifying key, all as snarkjs JSON.
///
/// # Errors
/// Those of [`Claim::parse`] and [`Claim::verify`].
pub fn verify(key: &str, public: &str, proof: &str) -> Result<(), VerifyError> {
    Claim::parse(key, public, proof)?.verify()
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
