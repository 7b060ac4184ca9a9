//! Bundles become proofs that are verified, files that are complete, and errors that name the bundle.
#![allow(clippy::unwrap_used)]

mod batch;
mod bundle;
mod ceremony;
mod check;
mod devices;
mod faulty;
mod proofs;
mod submission;
#[path = "../../../params/tests/support/zkey.rs"]
mod zkey;

use ergon_circuits::CircuitId;
use ergon_params::Params;
use ergon_prover::Engine;
use ergon_types::Kind;
use std::sync::OnceLock;
use tempfile::TempDir;

const MEMBERSHIP: CircuitId = CircuitId::membership(1);
const UPTIME: CircuitId = CircuitId::of(Kind::Uptime, 1);
const ENERGY: CircuitId = CircuitId::of(Kind::Energy, 1);

/// Keys of three small circuits, made once.
fn params() -> Params {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let made = tempfile::tempdir().unwrap();
        Params::new(made.path()).generate(&[MEMBERSHIP, UPTIME, ENERGY], |_| ()).unwrap();
        made
    });
    Params::new(made.path())
}

fn key(circuit: CircuitId) -> Engine {
    Engine::new(&params().load(circuit).unwrap()).unwrap()
}
