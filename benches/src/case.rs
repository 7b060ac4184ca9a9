//! What is proven: a circuit's key, and the witness of an empty cohort, which costs what a full one does.

use ergon_circuits::{Circuit, CircuitId};
use ergon_params::Key;
use ergon_types::Fr;
use std::path::PathBuf;

/// A key and a witness.
#[derive(Debug)]
pub struct Case {
    pub(crate) key: Key,
    pub(crate) circuit: Circuit,
    pub(crate) assignment: Vec<Fr>,
    /// The key's file, if it was imported from one.
    pub(crate) zkey: Option<PathBuf>,
}

impl Case {
    /// For a key; `zkey` is the file that it was read from, for provers outside of this program.
    pub fn new(key: Key, zkey: Option<PathBuf>) -> Self {
        let circuit = Circuit::blank(key.circuit());
        let assignment = circuit.assignment(key.shape().variables());
        Self { key, circuit, assignment, zkey }
    }

    /// The circuit.
    pub fn circuit(&self) -> CircuitId {
        self.key.circuit()
    }

    /// The public inputs.
    pub(crate) fn inputs(&self) -> &[Fr] {
        &self.assignment[1..self.key.shape().inputs()]
    }
}
