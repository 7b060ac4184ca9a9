//! What a circuit costs, counted exactly: constraints in all and by gadget.

use crate::circuit::Circuit;
use crate::id::CircuitId;
use std::collections::BTreeMap;

/// The size of a circuit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Constraints.
    pub constraints: usize,
    /// Variables: one, the public inputs, the private ones.
    pub variables: usize,
    /// Nonzero coefficients of the three matrices.
    pub nonzeros: usize,
    /// Constraints of each gadget: a signature is one with all of its parts, a hash too; everything else goes by
    /// the label of its assertion.
    pub gadgets: BTreeMap<&'static str, usize>,
}

impl Counts {
    /// Counts a circuit.
    pub fn of(id: CircuitId) -> Self {
        let system = Circuit::blank(id).synthesize();
        let mut gadgets = BTreeMap::new();
        let mut nonzeros = 0;
        for row in system.rows() {
            *gadgets.entry(row.gadget).or_default() += 1;
            nonzeros += row.a.len() + row.b.len() + row.c.len();
        }
        let (constraints, variables) = (system.rows().len(), system.assignment().len());
        Self { constraints, variables, nonzeros, gadgets }
    }
}
