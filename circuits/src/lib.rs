//! What Ergon proves: each rule written once, over a small gadget interface.
//!
//! `rules` are generic over [`Gadgets`]; [`Native`] runs them on plain values (the reference, and how a batch is
//! planned), [`R1cs`] turns them into constraints. Pure: no files, no clock, no network, no randomness.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod answer;
pub mod circuit;
mod contradiction;
mod counts;
pub mod gadgets;
pub mod id;
pub mod input;
pub mod native;
mod omission;
pub mod r1cs;
mod rules;
mod second_seal;
pub mod statement;

pub use answer::{Answer, AnswerError};
pub use circuit::Circuit;
pub use contradiction::{Contradiction, ContradictionError};
pub use counts::Counts;
pub use gadgets::{Gadgets, Scope};
pub use id::{CircuitId, Evidence, StatementName, WITNESSES};
pub use input::{Input, ROWS, Row};
pub use native::{Failure, Native};
pub use omission::{Lack, Omission, OmissionError};
pub use r1cs::R1cs;
pub use second_seal::{SecondSeal, SecondSealError};
pub use statement::{MemberOutcome, Outcome, Statement, StatementError, failures};
