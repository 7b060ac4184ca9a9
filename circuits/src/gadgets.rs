//! The interface over which every rule is written once.
//!
//! A backend supplies allocation, linear combinations, one multiplicative assertion, Poseidon and the signature
//! check; bits, comparisons and selections follow from these. Each assertion has a label that names it in errors.

use ark_ff::{Field, One, Zero};
use ergon_types::field::{self, Fr};
use ergon_types::key::Signature;
use ergon_types::poseidon;
use ergon_types::tag::Tag;
use std::fmt;

/// Whom an assertion is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The batch as a whole.
    Cohort,
    /// One member.
    Member(usize),
    /// One witness.
    Witness(usize),
    /// One of two records that are compared.
    Record(usize),
    /// One of two seals.
    Seal(usize),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cohort => f.write_str("the whole cohort"),
            Self::Member(index) => write!(f, "member {index}"),
            Self::Witness(index) => write!(f, "witness {index}"),
            Self::Record(index) => write!(f, "record {index}"),
            Self::Seal(index) => write!(f, "seal {index}"),
        }
    }
}

/// A point as two wires.
#[derive(Clone, Debug)]
pub struct Point<W> {
    /// x coordinate.
    pub x: W,
    /// y coordinate.
    pub y: W,
}

/// A proof system's view of the rules: wires are linear forms over allocated variables.
pub trait Gadgets {
    /// A linear form.
    type Wire: Clone;

    /// Says whom the following assertions are about.
    fn enter(&mut self, scope: Scope);

    /// A constant.
    fn constant(&self, value: Fr) -> Self::Wire;

    /// A new private variable with its honest value.
    fn allocate(&mut self, value: Fr) -> Self::Wire;

    /// The value that a wire carries.
    fn value(&self, wire: &Self::Wire) -> Fr;

    /// `Σ coefficient · wire`.
    fn linear(&self, terms: &[(Fr, &Self::Wire)]) -> Self::Wire;

    /// Asserts `a · b = c`.
    fn enforce(&mut self, label: &'static str, a: &Self::Wire, b: &Self::Wire, c: &Self::Wire);

    /// Poseidon of 1 to 16 wires.
    fn poseidon(&mut self, inputs: &[Self::Wire]) -> Self::Wire;

    /// Asserts that `signature` is a signature of `message` under `key`, a point of prime order (§ 2.3).
    fn verify_signature(
        &mut self,
        key: &Point<Self::Wire>,
        message: &Self::Wire,
        signature: &Signature,
    );

    /// The constant 0.
    fn zero(&self) -> Self::Wire {
        self.constant(Fr::zero())
    }

    /// The constant 1.
    fn one(&self) -> Self::Wire {
        self.constant(Fr::one())
    }

    /// `a + b`.
    fn add(&self, a: &Self::Wire, b: &Self::Wire) -> Self::Wire {
        self.linear(&[(Fr::one(), a), (Fr::one(), b)])
    }

    /// `a − b`.
    fn sub(&self, a: &Self::Wire, b: &Self::Wire) -> Self::Wire {
        self.linear(&[(Fr::one(), a), (-Fr::one(), b)])
    }

    /// `1 − a`.
    fn not(&self, a: &Self::Wire) -> Self::Wire {
        self.sub(&self.one(), a)
    }

    /// The sum of wires.
    fn sum(&self, wires: &[Self::Wire]) -> Self::Wire {
        let terms: Vec<_> = wires.iter().map(|wire| (Fr::one(), wire)).collect();
        self.linear(&terms)
    }

    /// `Σ wireᵢ · 2^(width·i)`: packs fields, the first in the lowest bits.
    fn pack(&self, wires: &[Self::Wire], width: usize) -> Self::Wire {
        let terms: Vec<_> = wires
            .iter()
            .enumerate()
            .map(|(i, wire)| (field::power_of_two(width * i), wire))
            .collect();
        self.linear(&terms)
    }

    /// Asserts `a = b`.
    fn equal(&mut self, label: &'static str, a: &Self::Wire, b: &Self::Wire) {
        let difference = self.sub(a, b);
        self.enforce(label, &difference, &self.one(), &self.zero());
    }

    /// `a · b`.
    fn mul(&mut self, label: &'static str, a: &Self::Wire, b: &Self::Wire) -> Self::Wire {
        let product = self.allocate(self.value(a) * self.value(b));
        self.enforce(label, a, b, &product);
        product
    }

    /// A new bit.
    fn bit(&mut self, label: &'static str, value: bool) -> Self::Wire {
        let bit = self.allocate(Fr::from(value));
        self.enforce(label, &bit, &bit, &bit);
        bit
    }

    /// The `width` bits of a wire, lowest first; asserts that it is below 2^`width` (`width` ≤ 253).
    fn bits(&mut self, label: &'static str, wire: &Self::Wire, width: usize) -> Vec<Self::Wire> {
        let value = self.value(wire);
        let bits: Vec<_> = (0..width).map(|i| self.bit(label, field::bit(&value, i))).collect();
        let packed = self.pack(&bits, 1);
        self.equal(label, &packed, wire);
        bits
    }

    /// `choice ? a : b` for a bit `choice`.
    fn select(
        &mut self,
        label: &'static str,
        choice: &Self::Wire,
        a: &Self::Wire,
        b: &Self::Wire,
    ) -> Self::Wire {
        let difference = self.sub(a, b);
        let step = self.mul(label, choice, &difference);
        self.add(&step, b)
    }

    /// 1 if the wire is 0, else 0.
    fn is_zero(&mut self, label: &'static str, wire: &Self::Wire) -> Self::Wire {
        let value = self.value(wire);
        let inverse = self.allocate(value.inverse().unwrap_or_default());
        let zero = self.allocate(Fr::from(value.is_zero()));
        let nonzero = self.not(&zero);
        self.enforce(label, wire, &inverse, &nonzero);
        self.enforce(label, wire, &zero, &self.zero());
        zero
    }

    /// 1 if `a ≥ b`, else 0; both must be below 2^`width`.
    fn at_least(
        &mut self,
        label: &'static str,
        a: &Self::Wire,
        b: &Self::Wire,
        width: usize,
    ) -> Self::Wire {
        let offset = self.constant(field::power_of_two(width));
        let shifted = self.add(&self.sub(a, b), &offset);
        let bits = self.bits(label, &shifted, width + 1);
        bits[width].clone()
    }

    /// The tagged hash of a vector (§ 2.1).
    fn hash_vector(&mut self, tag: Tag, entries: &[Self::Wire]) -> Self::Wire {
        let zero = self.zero();
        let mut h = self.constant(tag.with_length(entries.len()));
        for chunk in poseidon::chunks(entries, &zero) {
            let mut inputs = vec![h];
            inputs.extend(chunk);
            h = self.poseidon(&inputs);
        }
        h
    }
}
