//! Proving and verifying keys: made, kept in a folder with a manifest of hashes, and checked before they are used.
//!
//! A key is used only if the bytes hash to what the manifest says and the manifest's digest of the constraint
//! matrices is that of the circuit in this program. Keys made here are *development* keys: whoever made them could
//! have kept the secrets of the setup and forge proofs. Keys of a ceremony are imported from snarkjs's `.zkey` files.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bytes;
mod error;
mod file;
mod folder;
mod iden3;
mod key;
mod lint;
mod manifest;
mod matrix;
mod pinned;
mod points;
mod reduction;
mod setup;
mod shape;
mod snarkjs;
mod words;

pub use error::ParamsError;
pub use file::{Access, sha256, write_atomically};
pub use folder::{ENVIRONMENT, Params, Progress};
pub use iden3::error::ZkeyError;
pub use iden3::r1cs::r1cs_file;
pub use iden3::wtns::wtns_file;
pub use key::{Key, KeyHead};
pub use lint::{KeyFlaw, lint};
pub use manifest::{Ceremony, Entry, FileHash, Manifest, Origin};
pub use matrix::SparseMatrix;
pub use reduction::{CircomReduction, Reduction};
pub use setup::development_setup;
pub use shape::Shape;
pub use snarkjs::VerifyingKeyJson;
pub use words::{VERIFYING_KEY_WORDS, verifying_key_words};

/// Groth16 over BN254. Which QAP reduction it is for, its [`Key`] knows.
pub type ProvingKey = ark_groth16::ProvingKey<ark_bn254::Bn254>;
/// The verifying half of a key.
pub type VerifyingKey = ark_groth16::VerifyingKey<ark_bn254::Bn254>;
