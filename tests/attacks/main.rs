//! Attacks against the whole: real proofs of real circuits, sent to the real contracts on the embedded EVM.
//!
//! Each crate tests its own rules; here is only what needs circuits and contracts together, and that they agree.
//! Cohorts have two places, so that a proof takes a second. `docs/attacks.md` lists all attacks with their tests.
#![allow(clippy::unwrap_used)]

mod acknowledged;
mod agreement;
mod contradiction;
mod coverage;
mod energy;
#[path = "../support/keys.rs"]
mod keys;
mod layers;
mod membership;
mod omission;
#[path = "../support/proofs.rs"]
mod proofs;
mod second_seal;
mod table;
mod theft;
mod world;
