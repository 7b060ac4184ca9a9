//! The rules as rank-1 constraints, kept as plain rows so that they can be counted, checked and exported.

mod curve;
mod hints;
mod poseidon;
mod signature;
mod wire;

use crate::gadgets::{Gadgets, Point, Scope};
use ark_ff::{One, Zero};
use ergon_types::field::Fr;
use ergon_types::key::Signature;
use std::collections::BTreeMap;
use std::marker::PhantomData;
pub use wire::{Form, Value, Wire};

/// Instance variables: the constant one, then `c`, `z`, `y`.
pub const INSTANCE: usize = 4;

/// A linear form as (variable, coefficient), sorted by variable.
pub type Terms = Vec<(usize, Fr)>;

/// One constraint `a · b = c`.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which assertion it belongs to.
    pub label: &'static str,
    /// The gadget that it is counted with: `signature`, `poseidon`, or the assertion itself.
    pub gadget: &'static str,
    /// Whom it is about.
    pub scope: Scope,
    /// Left factor.
    pub a: Terms,
    /// Right factor.
    pub b: Terms,
    /// Product.
    pub c: Terms,
}

impl Row {
    /// Whether the row holds under an assignment.
    pub fn holds(&self, assignment: &[Fr]) -> bool {
        evaluate(&self.a, assignment) * evaluate(&self.b, assignment)
            == evaluate(&self.c, assignment)
    }
}

/// The value of a linear form.
pub fn evaluate(terms: &Terms, assignment: &[Fr]) -> Fr {
    terms.iter().map(|(variable, coefficient)| assignment[*variable] * coefficient).sum()
}

/// Constraints and the honest assignment of their variables.
///
/// Over [`Value`] only the assignment is kept: what a proof needs, without the work of building rows.
#[derive(Clone, Debug)]
pub struct R1cs<F = Wire> {
    assignment: Vec<Fr>,
    rows: Vec<Row>,
    scope: Scope,
    gadget: Option<&'static str>,
    forged: BTreeMap<usize, Fr>,
    form: PhantomData<F>,
}

impl R1cs {
    /// An empty system with the public inputs `c`, `z`, `y`.
    pub fn new(public: [Fr; INSTANCE - 1]) -> Self {
        Self::over(public)
    }

    /// A cheating prover's system: the given private variables take these values instead of the honest ones, and
    /// whatever is computed from them afterwards follows. Shows which assertions stand in the way.
    pub fn forging(public: [Fr; INSTANCE - 1], forged: BTreeMap<usize, Fr>) -> Self {
        Self { forged, ..Self::new(public) }
    }

    /// The first row that the honest assignment breaks.
    pub fn first_unsatisfied(&self) -> Option<&Row> {
        self.rows.iter().find(|row| !row.holds(&self.assignment))
    }
}

impl<F: Form> R1cs<F> {
    /// An empty system over any form.
    pub(crate) fn over(public: [Fr; INSTANCE - 1]) -> Self {
        let mut assignment = vec![Fr::one()];
        assignment.extend(public);
        Self {
            assignment,
            rows: Vec::new(),
            scope: Scope::Cohort,
            gadget: None,
            forged: BTreeMap::new(),
            form: PhantomData,
        }
    }

    /// Makes room for so many variables.
    pub(crate) fn reserve(&mut self, variables: usize) {
        self.assignment.reserve(variables.saturating_sub(self.assignment.len()));
    }

    /// Replaces the public inputs; rows built from now on see them.
    pub(crate) fn set_public(&mut self, public: [Fr; INSTANCE - 1]) {
        self.assignment[1..INSTANCE].copy_from_slice(&public);
    }

    /// The wire of public input `index` (0 is `c`, 1 is `z`, 2 is `y`).
    pub fn public(&self, index: usize) -> F {
        F::variable(index + 1, self.assignment[index + 1])
    }

    /// The constraints.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The values: one, the public inputs, the private variables.
    pub fn assignment(&self) -> &[Fr] {
        &self.assignment
    }

    /// The values, without the rest.
    pub(crate) fn into_assignment(self) -> Vec<Fr> {
        self.assignment
    }

    /// Builds rows that are counted as one gadget, the outermost.
    fn within<T>(&mut self, gadget: &'static str, build: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.gadget;
        self.gadget = outer.or(Some(gadget));
        let built = build(self);
        self.gadget = outer;
        built
    }
}

impl<F: Form> Gadgets for R1cs<F> {
    type Wire = F;

    fn enter(&mut self, scope: Scope) {
        self.scope = scope;
    }

    fn constant(&self, value: Fr) -> F {
        F::constant(value)
    }

    fn allocate(&mut self, value: Fr) -> F {
        let index = self.assignment.len();
        let value = self.forged.get(&index).copied().unwrap_or(value);
        self.assignment.push(value);
        F::variable(index, value)
    }

    fn value(&self, wire: &F) -> Fr {
        wire.value()
    }

    fn linear(&self, terms: &[(Fr, &F)]) -> F {
        F::linear(terms)
    }

    /// Multiplication by a constant is linear and costs nothing.
    fn mul(&mut self, label: &'static str, a: &F, b: &F) -> F {
        match (a.as_constant(), b.as_constant()) {
            (Some(factor), _) => F::linear(&[(factor, b)]),
            (_, Some(factor)) => F::linear(&[(factor, a)]),
            _ => {
                let product = self.allocate(a.value() * b.value());
                self.enforce(label, a, b, &product);
                product
            }
        }
    }

    fn enforce(&mut self, label: &'static str, a: &F, b: &F, c: &F) {
        let scope = self.scope;
        let gadget = self.gadget.unwrap_or(label);
        if let [Some(a), Some(b), Some(c)] = [a, b, c].map(F::kept_terms) {
            let [a, b, c] = [a, b, c].map(Terms::clone);
            self.rows.push(Row { label, gadget, scope, a, b, c });
        }
    }

    fn poseidon(&mut self, inputs: &[F]) -> F {
        self.within("poseidon", |g| poseidon::hash(g, inputs))
    }

    fn verify_signature(&mut self, key: &Point<F>, message: &F, signature: &Signature) {
        self.within("signature", |g| signature::verify(g, key, message, signature));
    }
}

/// `a / b`, and 0 where `b` is 0: the honest hint of a division that an assertion checks.
fn quotient(a: Fr, b: Fr) -> Fr {
    use ark_ff::Field;
    if b.is_zero() { Fr::zero() } else { a * b.inverse().unwrap_or_default() }
}
