//! What a gateway keeps and by which rules: admission, group commit, seals, on SQLite.
//!
//! A packet is acknowledged only after the transaction that holds it is on disk. Rules are pure
//! functions ([`admission`], [`sealing`]); time is a number that the caller passes in.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod admission;
pub mod calendar;
mod changes;
pub mod cohort;
mod database;
pub mod directory;
mod error;
mod records;
pub mod sealing;
mod seals;
mod store;
mod terms;
mod writer;

pub use admission::{Refusal, Verified};
pub use calendar::Calendar;
pub use cohort::{Terms, TermsError};
pub use directory::{Directory, Place};
pub use error::StoreError;
pub use records::{Evidence, Receipt, StoredRecord};
pub use store::{Identity, Store, Timing};
pub use writer::Outcome;
