//! The reference: the rules on plain values, collecting the assertions that do not hold.

use crate::gadgets::{Gadgets, Point, Scope};
use ergon_types::curve::EdwardsAffine;
use ergon_types::field::Fr;
use ergon_types::key::{PublicKey, Signature};
use ergon_types::poseidon;

/// An assertion that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whom it is about.
    pub scope: Scope,
    /// Which assertion.
    pub label: &'static str,
}

/// Runs rules on values.
#[derive(Debug)]
pub struct Native {
    scope: Scope,
    failures: Vec<Failure>,
}

impl Default for Native {
    fn default() -> Self {
        Self { scope: Scope::Cohort, failures: Vec::new() }
    }
}

impl Native {
    /// The assertions that did not hold, in order.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    fn check(&mut self, holds: bool, label: &'static str) {
        if !holds {
            self.failures.push(Failure { scope: self.scope, label });
        }
    }
}

impl Gadgets for Native {
    type Wire = Fr;

    fn enter(&mut self, scope: Scope) {
        self.scope = scope;
    }

    fn constant(&self, value: Fr) -> Fr {
        value
    }

    fn allocate(&mut self, value: Fr) -> Fr {
        value
    }

    fn value(&self, wire: &Fr) -> Fr {
        *wire
    }

    fn linear(&self, terms: &[(Fr, &Fr)]) -> Fr {
        terms.iter().map(|(coefficient, wire)| *coefficient * *wire).sum()
    }

    fn enforce(&mut self, label: &'static str, a: &Fr, b: &Fr, c: &Fr) {
        self.check(*a * b == *c, label);
    }

    fn poseidon(&mut self, inputs: &[Fr]) -> Fr {
        poseidon::hash(inputs)
    }

    fn verify_signature(&mut self, key: &Point<Fr>, message: &Fr, signature: &Signature) {
        let point = EdwardsAffine::new_unchecked(key.x, key.y);
        let valid = PublicKey::from_point(point).is_ok_and(|key| key.verifies(message, signature));
        self.check(valid, "signature");
    }
}
