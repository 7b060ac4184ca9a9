//! A key ready for use: points, matrices and the circuit they belong to.

use crate::manifest::{Ceremony, FileHash};
use crate::setup::development_setup;
use crate::shape::Shape;
use crate::words::{VERIFYING_KEY_WORDS, verifying_key_words};
use crate::{ParamsError, ProvingKey, VerifyingKey, sha256};
use ark_bn254::Bn254;
use ark_groth16::{PreparedVerifyingKey, prepare_verifying_key};
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use ergon_circuits::{Circuit, CircuitId};
use std::path::PathBuf;

/// The key of one circuit.
#[derive(Debug)]
pub struct Key {
    circuit: CircuitId,
    ceremony: Ceremony,
    sha256: String,
    proving: ProvingKey,
    prepared: PreparedVerifyingKey<Bn254>,
    words: [[u8; 32]; VERIFYING_KEY_WORDS],
    shape: Shape,
}

impl Key {
    /// Makes a development key in memory.
    ///
    /// # Errors
    /// When the circuit's constraints cannot be built.
    pub fn development(circuit: CircuitId) -> Result<Self, ParamsError> {
        let shape = shape_of(circuit)?;
        let (key, _bytes) = Self::make(circuit, shape)?;
        Ok(key)
    }

    /// Makes a development key and the bytes that are stored of it.
    pub(crate) fn make(circuit: CircuitId, shape: Shape) -> Result<(Self, Vec<u8>), ParamsError> {
        let proving = development_setup(Circuit::blank(circuit))
            .map_err(|source| ParamsError::Synthesis { circuit: circuit.to_string(), source })?;
        let malformed = |reason: String| ParamsError::Malformed {
            path: PathBuf::from("new key"),
            circuit: circuit.to_string(),
            reason,
        };
        let mut bytes = Vec::with_capacity(proving.uncompressed_size());
        proving.serialize_uncompressed(&mut bytes).map_err(|error| malformed(error.to_string()))?;
        let hash = sha256(&bytes);
        let key =
            Self::new(circuit, Ceremony::Development, hash, proving, shape).map_err(malformed)?;
        Ok((key, bytes))
    }

    /// Parses bytes whose hash is known to be right; the points are not checked again.
    pub(crate) fn parse(
        circuit: CircuitId,
        ceremony: Ceremony,
        file: &FileHash,
        bytes: &[u8],
        shape: Shape,
    ) -> Result<Self, String> {
        let proving = ProvingKey::deserialize_uncompressed_unchecked(bytes)
            .map_err(|error| error.to_string())?;
        Self::new(circuit, ceremony, file.sha256.clone(), proving, shape)
    }

    fn new(
        circuit: CircuitId,
        ceremony: Ceremony,
        sha256: String,
        proving: ProvingKey,
        shape: Shape,
    ) -> Result<Self, String> {
        let witnesses = shape.variables() - shape.inputs();
        let lengths = [
            ("a", proving.a_query.len(), shape.variables()),
            ("b in G1", proving.b_g1_query.len(), shape.variables()),
            ("b in G2", proving.b_g2_query.len(), shape.variables()),
            ("h", proving.h_query.len(), shape.domain() - 1),
            ("l", proving.l_query.len(), witnesses),
            ("public input", proving.vk.gamma_abc_g1.len(), shape.inputs()),
        ];
        for (name, found, expected) in lengths {
            if found != expected {
                return Err(format!("it has {found} {name} points, expected {expected}"));
            }
        }
        let words = verifying_key_words(&proving.vk)
            .ok_or("its circuit does not have three public inputs")?;
        let prepared = prepare_verifying_key(&proving.vk);
        Ok(Self { circuit, ceremony, sha256, proving, prepared, words, shape })
    }

    /// The circuit.
    pub fn circuit(&self) -> CircuitId {
        self.circuit
    }

    /// Where the key comes from.
    pub fn ceremony(&self) -> Ceremony {
        self.ceremony
    }

    /// Whether one machine made the key, so that its maker could forge proofs.
    pub fn is_insecure(&self) -> bool {
        self.ceremony == Ceremony::Development
    }

    /// SHA-256 of the stored proving key, hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The proving key.
    pub fn proving(&self) -> &ProvingKey {
        &self.proving
    }

    /// The verifying key.
    pub fn verifying(&self) -> &VerifyingKey {
        &self.proving.vk
    }

    /// The verifying key, prepared for pairings.
    pub fn prepared(&self) -> &PreparedVerifyingKey<Bn254> {
        &self.prepared
    }

    /// The verifying key as the contract's constructor takes it.
    pub fn words(&self) -> &[[u8; 32]; VERIFYING_KEY_WORDS] {
        &self.words
    }

    /// The circuit's matrices.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }
}

/// The matrices of this program's circuit.
pub(crate) fn shape_of(circuit: CircuitId) -> Result<Shape, ParamsError> {
    Shape::of(Circuit::blank(circuit))
        .map_err(|source| ParamsError::Synthesis { circuit: circuit.to_string(), source })
}
