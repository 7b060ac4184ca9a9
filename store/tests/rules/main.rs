//! The pure rules: which packets are admitted, which terms are accepted, what a seal contains.
#![allow(clippy::unwrap_used)]

mod counting;
mod energy;
mod fixture;
mod order;
mod presence;
mod sealing;
mod terms;
mod witness;
