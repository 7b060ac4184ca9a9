//! Who signs on P-256 in tests: issuers, and the secure elements of devices.

use ergon_chain::{B256, P256Key, P256Signature, U256};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};

/// A signer on P-256.
pub(crate) struct Signer(SigningKey);

impl Signer {
    pub(crate) fn new(seed: u8) -> Self {
        Self(SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    pub(crate) fn key(&self) -> P256Key {
        let point = self.0.verifying_key().to_encoded_point(false);
        let word = |bytes: &[u8]| U256::from_be_slice(bytes);
        P256Key { x: word(point.x().unwrap()), y: word(point.y().unwrap()) }
    }

    pub(crate) fn sign(&self, digest: B256) -> P256Signature {
        let signature: Signature = self.0.sign_prehash(digest.as_slice()).unwrap();
        let signature = signature.normalize_s().unwrap_or(signature);
        let (r, s) = signature.split_bytes();
        P256Signature { r: U256::from_be_slice(&r), s: U256::from_be_slice(&s) }
    }
}
