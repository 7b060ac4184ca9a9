//! Linear forms over variables, with the value they carry; and the value alone, where nobody asks for constraints.

use super::Terms;
use ark_ff::Zero;
use ergon_types::field::Fr;

/// What a wire is: with its terms ([`Wire`]) or without ([`Value`]).
pub trait Form: Clone {
    /// A constant: a multiple of variable 0, which is one.
    fn constant(value: Fr) -> Self;
    /// One variable.
    fn variable(index: usize, value: Fr) -> Self;
    /// `Σ coefficient · wire`.
    fn linear(parts: &[(Fr, &Self)]) -> Self;
    /// The value carried.
    fn value(&self) -> Fr;
    /// The value, if the form has no variables.
    fn as_constant(&self) -> Option<Fr>;
    /// The terms, if they are kept.
    fn kept_terms(&self) -> Option<&Terms>;
}

/// A linear form.
#[derive(Clone, Debug)]
pub struct Wire {
    value: Fr,
    terms: Terms,
}

impl Wire {
    /// The value carried.
    pub fn value(&self) -> Fr {
        self.value
    }

    /// The terms, sorted by variable, without zero coefficients.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }
}

impl Form for Wire {
    fn constant(value: Fr) -> Self {
        let terms = if value.is_zero() { Vec::new() } else { vec![(0, value)] };
        Self { value, terms }
    }

    fn variable(index: usize, value: Fr) -> Self {
        Self { value, terms: vec![(index, Fr::from(1u64))] }
    }

    fn value(&self) -> Fr {
        self.value
    }

    fn as_constant(&self) -> Option<Fr> {
        self.terms.iter().all(|(variable, _)| *variable == 0).then_some(self.value)
    }

    fn kept_terms(&self) -> Option<&Terms> {
        Some(&self.terms)
    }

    /// Terms of equal variables are merged.
    fn linear(parts: &[(Fr, &Self)]) -> Self {
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

/// The value of a linear form, and whether it has variables.
#[derive(Clone, Copy, Debug)]
pub struct Value {
    value: Fr,
    constant: bool,
}

impl Form for Value {
    fn constant(value: Fr) -> Self {
        Self { value, constant: true }
    }

    fn variable(_index: usize, value: Fr) -> Self {
        Self { value, constant: false }
    }

    fn linear(parts: &[(Fr, &Self)]) -> Self {
        let value = parts.iter().map(|(coefficient, wire)| wire.value * coefficient).sum();
        Self { value, constant: parts.iter().all(|(_, wire)| wire.constant) }
    }

    fn value(&self) -> Fr {
        self.value
    }

    fn as_constant(&self) -> Option<Fr> {
        self.constant.then_some(self.value)
    }

    fn kept_terms(&self) -> Option<&Terms> {
        None
    }
}
