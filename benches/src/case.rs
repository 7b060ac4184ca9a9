//! What is proven: the witness of an empty cohort, which costs what a full one does.

use ergon_circuits::{Circuit, CircuitId};
use ergon_types::Fr;
use std::path::PathBuf;

/// A circuit and a witness of it.
#[derive(Debug)]
pub struct Case {
    pub(crate) circuit: Circuit,
    pub(crate) assignment: Vec<Fr>,
    /// The key's file, if it was imported from one.
    pub(crate) zkey: Option<PathBuf>,
}

impl Case {
    /// Of a circuit; `zkey` is the file that its key was read from, for provers outside of this program.
    pub fn new(circuit: CircuitId, zkey: Option<PathBuf>) -> Self {
        let circuit = Circuit::blank(circuit);
        let assignment = circuit.assignment(0);
        Self { circuit, assignment, zkey }
    }

    /// The circuit.
    pub fn circuit(&self) -> CircuitId {
        self.circuit.id()
    }
}
