//! A key ready for use: points, matrices and the circuit they belong to.

use crate::iden3::zkey;
use crate::manifest::{Ceremony, Origin};
use crate::setup::development_setup;
use crate::shape::Shape;
use crate::words::{VERIFYING_KEY_WORDS, verifying_key_words};
use crate::{ParamsError, ProvingKey, Reduction, VerifyingKey, lint, sha256};
use ark_bn254::{Bn254, G1Affine};
use ark_groth16::{PreparedVerifyingKey, prepare_verifying_key};
use ark_serialize::CanonicalSerialize;
use ergon_circuits::{Circuit, CircuitId};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The key of one circuit.
#[derive(Debug)]
pub struct Key {
    head: Arc<KeyHead>,
    proving: ProvingKey,
}

/// A key without the points that are multiplied with witnesses: an accelerator has its own copy of those, and they are
/// nearly all of a key's memory.
#[derive(Debug)]
pub struct KeyHead {
    circuit: CircuitId,
    origin: Origin,
    sha256: String,
    beta_g1: G1Affine,
    delta_g1: G1Affine,
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
        let (key, _bytes) = Self::make(circuit, shape_of(circuit)?)?;
        Ok(key)
    }

    /// Makes a development key and the bytes that are stored of it.
    pub(crate) fn make(circuit: CircuitId, shape: Shape) -> Result<(Self, Vec<u8>), ParamsError> {
        let proving = development_setup(Circuit::blank(circuit))
            .map_err(|source| ParamsError::Synthesis { circuit: circuit.to_string(), source })?;
        let origin = Origin {
            ceremony: Ceremony::Development,
            contributions: None,
            reduction: Reduction::Circom,
        };
        Self::new(circuit, origin, proving, shape)
    }

    /// Reads a ceremony's key from the bytes of a snarkjs `.zkey` file that nobody vouches for. `path` is named in errors.
    ///
    /// What only `snarkjs zkey verify` can check, against the circuit's `.r1cs` and the powers of tau, is not checked
    /// here: that each contribution is one, that the points belong together, and the matrix C.
    ///
    /// # Errors
    /// When the file is malformed, has points outside their groups, is for another protocol, curve or circuit, or when
    /// nobody has contributed to it.
    pub fn from_zkey(circuit: CircuitId, path: &Path, bytes: &[u8]) -> Result<Self, ParamsError> {
        let shape = shape_of(circuit)?;
        let (proving, contributions) = zkey::read(bytes, &shape).map_err(|reason| {
            ParamsError::Zkey { path: path.to_owned(), circuit: circuit.to_string(), reason }
        })?;
        let origin = Origin {
            ceremony: Ceremony::Ceremony,
            contributions: Some(contributions),
            reduction: Reduction::Circom,
        };
        let (key, _bytes) = Self::new(circuit, origin, proving, shape)?;
        Ok(key)
    }

    /// The bytes that are stored of the key.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, String> {
        serialize(&self.proving)
    }

    fn new(
        circuit: CircuitId,
        origin: Origin,
        proving: ProvingKey,
        shape: Shape,
    ) -> Result<(Self, Vec<u8>), ParamsError> {
        let malformed = |reason: String| ParamsError::Malformed {
            path: PathBuf::from("new key"),
            circuit: circuit.to_string(),
            reason,
        };
        let bytes = serialize(&proving).map_err(malformed)?;
        let key = Self::of(circuit, origin, sha256(&bytes), proving, shape).map_err(malformed)?;
        Ok((key, bytes))
    }

    /// Puts a key together from parts that were read before; its points are not checked again.
    pub(crate) fn of(
        circuit: CircuitId,
        origin: Origin,
        sha256: String,
        proving: ProvingKey,
        shape: Shape,
    ) -> Result<Self, String> {
        let witnesses = shape.variables() - shape.inputs();
        let lengths = [
            ("a", proving.a_query.len(), shape.variables()),
            ("b in G1", proving.b_g1_query.len(), shape.variables()),
            ("b in G2", proving.b_g2_query.len(), shape.variables()),
            ("l", proving.l_query.len(), witnesses),
            // The file's hash does not cover what the manifest says of it, but a key for another reduction has fewer.
            ("h", proving.h_query.len(), shape.domain()),
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
        let (beta_g1, delta_g1) = (proving.beta_g1, proving.delta_g1);
        let head = KeyHead { circuit, origin, sha256, beta_g1, delta_g1, prepared, words, shape };
        Ok(Self { head: Arc::new(head), proving })
    }

    /// The key without its points, which may then be dropped.
    pub fn head(&self) -> Arc<KeyHead> {
        Arc::clone(&self.head)
    }

    /// The proving key.
    pub fn proving(&self) -> &ProvingKey {
        &self.proving
    }
}

impl Deref for Key {
    type Target = KeyHead;

    fn deref(&self) -> &KeyHead {
        &self.head
    }
}

impl KeyHead {
    /// What is recorded of the key in a manifest.
    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }

    /// The circuit.
    pub fn circuit(&self) -> CircuitId {
        self.circuit
    }

    /// Where the key comes from.
    pub fn ceremony(&self) -> Ceremony {
        self.origin.ceremony
    }

    /// Contributions to the ceremony that made the key, if one did.
    pub fn contributions(&self) -> Option<u32> {
        self.origin.contributions
    }

    /// The QAP reduction that proofs under this key must use.
    pub fn reduction(&self) -> Reduction {
        self.origin.reduction
    }

    /// Whether one machine made the key, so that its maker could forge proofs.
    pub fn is_insecure(&self) -> bool {
        self.origin.ceremony == Ceremony::Development
    }

    /// Checks that the verifying key has no flaw ([`lint`](crate::lint())) and is a ceremony's, unless `insecure` is set.
    ///
    /// # Errors
    /// [`ParamsError::Unsound`] names the flaw.
    pub fn lint(&self, insecure: bool) -> Result<(), ParamsError> {
        lint(self.verifying(), &self.origin, insecure)
            .map_err(|flaw| ParamsError::Unsound { circuit: self.circuit.to_string(), flaw })
    }

    /// SHA-256 of the stored proving key, hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// β in the first group.
    pub fn beta_g1(&self) -> G1Affine {
        self.beta_g1
    }

    /// δ in the first group.
    pub fn delta_g1(&self) -> G1Affine {
        self.delta_g1
    }

    /// The verifying key.
    pub fn verifying(&self) -> &VerifyingKey {
        &self.prepared.vk
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

fn serialize(proving: &ProvingKey) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(proving.uncompressed_size());
    proving.serialize_uncompressed(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// The matrices of this program's circuit.
pub(crate) fn shape_of(circuit: CircuitId) -> Result<Shape, ParamsError> {
    Shape::of(Circuit::blank(circuit))
        .map_err(|source| ParamsError::Synthesis { circuit: circuit.to_string(), source })
}
