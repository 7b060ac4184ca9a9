//! Where the variables of a statement are, found by the labels of the rows that they occur in.
//!
//! Rows do not depend on the witness (tested in `statements`), so one blank system locates for all inputs.

use crate::fixture::MEMBERS;
use ark_ff::One;
use ergon_circuits::r1cs::{R1cs, Row};
use ergon_circuits::{Circuit, CircuitId, Scope};
use ergon_types::{Fr, Kind};
use std::sync::OnceLock;

/// The rows of a kind's statement.
pub(crate) struct Places(R1cs);

impl Places {
    pub(crate) fn of(kind: Kind) -> &'static Self {
        static ALL: [OnceLock<Places>; 3] = [const { OnceLock::new() }; 3];
        ALL[kind as usize - 1]
            .get_or_init(|| Self(Circuit::blank(CircuitId::of(kind, MEMBERS)).synthesize()))
    }

    pub(crate) fn rows(&self, label: &str, scope: Scope) -> impl Iterator<Item = &Row> {
        self.0.rows().iter().filter(move |row| row.label == label && row.scope == scope)
    }

    /// Variables that stand alone as a row's left factor: bits of all sorts, and coordinates chosen by sign.
    pub(crate) fn alone(&self, label: &str, scope: Scope) -> Vec<usize> {
        self.rows(label, scope).filter_map(|row| single(&row.a)).collect()
    }

    /// Variables that a row ties to their bits: Σ 2^i·bit − variable = 0.
    pub(crate) fn ranged(&self, label: &str, scope: Scope) -> Vec<usize> {
        let minus = -Fr::one();
        self.rows(label, scope)
            .filter(|row| row.b == [(0, Fr::one())] && row.c.is_empty())
            .filter_map(|row| row.a.iter().find(|(_, factor)| *factor == minus))
            .map(|(variable, _)| *variable)
            .collect()
    }
}

/// The variable of a form that is one variable.
fn single(terms: &[(usize, Fr)]) -> Option<usize> {
    match terms {
        [(variable, factor)] if factor.is_one() => Some(*variable),
        _ => None,
    }
}
