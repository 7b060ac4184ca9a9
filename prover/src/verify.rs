//! Checking a submission as the chain will: words, route, challenge, proof.

use crate::challenge::{challenge, key_hash, route_id};
use crate::groth16::{Proof, proof_words, verify_proof};
use crate::snarkjs::check_names;
use crate::submission::{Submission, VERSION};
use crate::text::Word;
use crate::{ProverError, VerifyError};
use ark_groth16::prepare_verifying_key;
use ergon_circuits::{CircuitId, StatementName};
use ergon_params::{VerifyingKey, verifying_key_words};
use ergon_types::batch::{challenge_words, included_word};
use ergon_types::field::Fr;
use ergon_types::poseidon::hash_vector;
use std::fmt::Display;
use std::fs;
use std::path::Path;

impl Submission {
    /// Reads a submission from its JSON.
    ///
    /// # Errors
    /// When the text is no submission of this version.
    pub fn from_json(text: &str) -> Result<Self, VerifyError> {
        let format = |error: serde_json::Error| VerifyError::Format {
            what: "submission".to_owned(),
            reason: error.to_string(),
        };
        let value: serde_json::Value = serde_json::from_str(text).map_err(format)?;
        let version = value.get("version").and_then(serde_json::Value::as_u64).unwrap_or_default();
        if version != u64::from(VERSION) {
            let found = u32::try_from(version).unwrap_or(u32::MAX);
            return Err(VerifyError::Version { found, expected: VERSION });
        }
        serde_json::from_value(value).map_err(format)
    }

    /// Reads a submission from a file.
    ///
    /// # Errors
    /// When the file cannot be read (`Ok(Err(…))` when it can but is no submission).
    pub fn read(path: &Path) -> Result<Result<Self, VerifyError>, ProverError> {
        let text = fs::read_to_string(path).map_err(ProverError::io(path, "read"))?;
        Ok(Self::from_json(&text))
    }

    /// Checks that every field follows from the words, that route and challenge are those of this key and these
    /// words, and that the proof is valid. Whether the words are those of the chain, only the chain knows.
    ///
    /// # Errors
    /// What does not fit.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), VerifyError> {
        if self.version != VERSION {
            return Err(VerifyError::Version { found: self.version, expected: VERSION });
        }
        self.check_fields()?;
        let key_words = verifying_key_words(key).ok_or(VerifyError::Inputs {
            expected: 3,
            found: key.gamma_abc_g1.len().saturating_sub(1),
        })?;
        let tag = self.circuit.tag();
        let route = route_id(key_hash(&key_words), tag, self.circuit.members, self.words.len());
        equal("route", &Word(route), &Word(self.route))?;
        let c = hash_vector(tag, &self.words);
        equal("c", &c, &self.c)?;
        let z = challenge(tag, route, &c, &self.words);
        equal("z", &z, &self.z)?;
        equal("y", &challenge_words(&self.words, z), &self.y)?;

        check_names("proof", &self.proof.protocol, &self.proof.curve)?;
        let proof = Proof::from(self.proof.clone());
        for (expected, found) in proof_words(&proof).into_iter().zip(self.proof_words) {
            equal("proof_words", &Word(expected), &Word(found))?;
        }
        verify_proof(&prepare_verifying_key(key), &self.public(), &proof)
    }

    /// Whether the fields are those of the words (§ 5.2).
    fn check_fields(&self) -> Result<(), VerifyError> {
        let circuit = self.circuit;
        let (expected, found) = (circuit.words(), self.words.len());
        if found != expected {
            return Err(VerifyError::Length { circuit, expected, found });
        }
        if circuit.statement != StatementName::Kind(self.kind) {
            let expected = CircuitId::of(self.kind, circuit.members);
            return equal("circuit", &expected, &circuit);
        }
        let fields = [
            (0, "chain id", Fr::from(self.network.chain_id)),
            (1, "settlement contract", self.network.settlement.entry()),
            (2, "registry", self.network.registry.entry()),
            (3, "epoch", Fr::from(self.epoch)),
            (4, "cohort", Fr::from(self.cohort)),
            (5, "membership_root", self.membership_root),
            (8, "state_before", self.state_before),
            (9, "state_after", self.state_after),
            (12, "seal", self.seal),
            (13, "prover", self.prover.entry()),
            (14, "included", Fr::from(included_word(self.kind, &self.included))),
        ];
        for (index, name, found) in fields {
            equal(name, &self.words[index], &found)?;
        }
        let units = &self.words[expected_units(circuit)..];
        equal("number of units", &units.len(), &self.units.len())?;
        for (word, found) in units.iter().zip(&self.units) {
            equal("units", word, &Fr::from(*found))?;
        }
        for (name, found) in [
            ("number of measured", self.measured.len()),
            ("number of included", self.included.len()),
            ("number of reasons", self.reasons.len()),
        ] {
            equal(name, &circuit.members, &found)?;
        }
        Ok(())
    }
}

/// Index of the first word of the units: they come last.
fn expected_units(circuit: CircuitId) -> usize {
    circuit.words() - circuit.members
}

fn equal<T: PartialEq + Display>(
    field: &'static str,
    expected: &T,
    found: &T,
) -> Result<(), VerifyError> {
    if expected == found {
        return Ok(());
    }
    Err(VerifyError::Mismatch { field, expected: expected.to_string(), found: found.to_string() })
}
