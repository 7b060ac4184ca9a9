//! The command as a user runs it: every exit code by a real invocation, every output that others read, and the path
//! through separate processes.
#![allow(clippy::unwrap_used)]

mod child;
mod codes;
mod input;
#[path = "../support/keys.rs"]
mod keys;
mod keys_of;
mod outputs;
mod process;
mod prove;
#[path = "../support/run.rs"]
mod run;
// Not every part is used here.
#[allow(dead_code)]
#[path = "../../prover/tests/prover/bundle.rs"]
mod sealed;
mod small;
