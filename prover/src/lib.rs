//! From a witness bundle to a proof that the chain accepts: plan, prove on all cores, verify, write.
//!
//! Every proof is verified before it leaves this crate. Readings stay here: a [`Submission`] holds only what the
//! chain sees; the new energy state and witnesses for other provers, which are private, go to files of their own.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod batch;
mod blinding;
pub mod challenge;
mod check;
mod engine;
mod error;
mod estimate;
mod groth16;
mod prove;
pub mod snarkjs;
mod state;
mod submission;
mod tally;
mod text;
mod verify;
mod witness;
mod workers;

pub use check::{Claimed, invalid_proofs};
pub use engine::Engine;
pub use error::{ProverError, VerifyError};
pub use estimate::Estimate;
pub use groth16::{
    Proof, proof_words, prove_assignment, prove_circuit, prove_circuits, verify_proof,
};
pub use prove::{Proved, prove, prove_bundle, route_of};
pub use state::write_state;
pub use submission::{Submission, VERSION};
pub use tally::{Tally, Work};
pub use witness::{Witness, try_key};
pub use workers::Workers;
