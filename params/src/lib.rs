//! Proving and verifying keys: made, kept in a folder with a manifest of hashes, and checked before they are parsed.
//!
//! A key is used only if the bytes hash to what the manifest says and the manifest's digest of the constraint
//! matrices is that of the circuit in this program. Keys made here are *development* keys: whoever made them could
//! have kept the secrets of the setup and forge proofs.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod error;
mod file;
mod folder;
mod key;
mod manifest;
mod setup;
mod shape;
mod snarkjs;
mod words;

pub use error::ParamsError;
pub use file::{Access, sha256, write_atomically};
pub use folder::{ENVIRONMENT, Params, Progress};
pub use key::Key;
pub use manifest::{Ceremony, Entry, FileHash, Manifest};
pub use setup::development_setup;
pub use shape::Shape;
pub use snarkjs::VerifyingKeyJson;
pub use words::{VERIFYING_KEY_WORDS, verifying_key_words};

/// Groth16 over BN254 with the libsnark QAP reduction, the only one whose keys this program makes and uses.
pub type ProvingKey = ark_groth16::ProvingKey<ark_bn254::Bn254>;
/// The verifying half of a key.
pub type VerifyingKey = ark_groth16::VerifyingKey<ark_bn254::Bn254>;
