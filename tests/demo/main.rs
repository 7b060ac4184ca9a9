//! The demo as a user runs it: simulated, on recordings made up here, and on the recorded data beside the repository.
//! What it says of each device is compared with a computation of the test's own.
#![allow(clippy::unwrap_used)]

mod beside;
#[path = "../support/keys.rs"]
mod keys;
mod made_up;
mod plant;
#[path = "../support/report.rs"]
mod report;
#[path = "../support/run.rs"]
mod run;
mod simulated;
mod uplinks;

use ergon_circuits::CircuitId;
use run::Run;
use std::sync::{Mutex, OnceLock};

/// Runs the demo with shared keys, one at a time: each proves on all cores.
fn demo(words: &[&str]) -> Run {
    static ALONE: Mutex<()> = Mutex::new(());
    static KEYS: OnceLock<ergon_params::Params> = OnceLock::new();
    let params = KEYS.get_or_init(|| keys::folder(&CircuitId::TRIAL));
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    run::run_with(params.folder(), &[&["demo"], words].concat())
}
