//! Linear forms over variables, with the value they carry.

use super::Terms;
use ark_ff::Zero;
use ergon_types::field::Fr;

/// A linear form.
#[derive(Clone, Debug)]
pub struct Wire {
    value: Fr,
    terms: Terms,
}

impl Wire {
    /// A constant: a multiple of variable 0, which is one.
    pub(crate) fn constant(value: Fr) -> Self {
        let terms = if value.is_zero() { Vec::new() } else { vec![(0, value)] };
        Self { value, terms }
    }

    /// One variable.
    pub(crate) fn variable(index: usize, value: Fr) -> Self {
        Self { value, terms: vec![(index, Fr::from(1u64))] }
    }

    /// The value carried.
    pub fn value(&self) -> Fr {
        self.value
    }

    /// The value, if the form has no variables.
    pub(crate) fn as_constant(&self) -> Option<Fr> {
        self.terms.iter().all(|(variable, _)| *variable == 0).then_some(self.value)
    }

    /// The terms, sorted by variable, without zero coefficients.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// `Σ coefficient · wire`, terms of equal variables merged.
    pub(crate) fn linear(parts: &[(Fr, &Self)]) -> Self {
        let value = parts.iter().map(|(coefficient, wire)| *coefficient * wire.value).sum();
        let mut all: Terms = Vec::with_capacity(parts.iter().map(|(_, w)| w.terms.len()).sum());
        for (coefficient, wire) in parts {
            all.extend(wire.terms.iter().map(|(index, factor)| (*index, *factor * coefficient)));
        }
        all.sort_by_key(|(index, _)| *index);
        let mut terms: Terms = Vec::with_capacity(all.len());
        for (index, factor) in all {
            match terms.last_mut() {
                Some((last, sum)) if *last == index => *sum += factor,
                _ => terms.push((index, factor)),
            }
        }
        terms.retain(|(_, factor)| !factor.is_zero());
        Self { value, terms }
    }
}
