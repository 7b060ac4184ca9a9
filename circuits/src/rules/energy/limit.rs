//! A member's limit of a slot, in weights that sum to it: a value made of them is ranged and bounded at once (§ 6.3).
//!
//! The limit is Σ gᵢ·2^i + remainder for bits gᵢ, and a value is Σ bᵢ·2^i + t with bᵢ ∈ {0, gᵢ}, t ∈ {0, remainder}:
//! never above the limit, for one constraint a bit, where bits and a comparison cost two. Of the decompositions
//! that the prover may choose only those that reach every value up to the limit are of use to it.

use crate::gadgets::Gadgets;
use ark_ff::One;
use ergon_types::field::{self, Fr};
use ergon_types::policy::{LIMIT_DIVISOR, slot_limit};
use ergon_types::record::energy::DELTA_BITS;

use super::{MARGIN_BITS, NAMEPLATE_BITS};

const DELTA: &str = "delta is within the nameplate";
/// Weights besides the remainder.
const BITS: usize = DELTA_BITS - 1;

/// The weights of one member.
pub(super) struct Limit<W> {
    bits: Vec<W>,
    remainder: W,
}

impl<W: Clone> Limit<W> {
    /// Asserts 400·limit < nameplate·margin + 400, so that the limit is at most ⌈nameplate·margin / 400⌉.
    pub(super) fn of<G: Gadgets<Wire = W>>(g: &mut G, nameplate: &W, margin: &W) -> Self {
        let [watts, percent] = [nameplate, margin].map(|wire| field::bits(&g.value(wire), 0, 64));
        let limit = slot_limit(watts, percent);
        // All weights up to this one, then the remainder, reach every value from 0 to the limit.
        let full = ((limit + 1).ilog2() as usize).min(BITS);
        let remainder = limit + 1 - (1 << full);

        let bits: Vec<_> = (0..BITS).map(|i| g.bit("limit's weight is a bit", i < full)).collect();
        let remainder = g.allocate(Fr::from(remainder));
        // With 19 bits no limit reaches 2^20, whatever the nameplate: a larger delta would reach into the next slot.
        g.bits("limit's remainder has 19 bits", &remainder, BITS);
        let product = g.mul("nameplate with margin", nameplate, margin);
        let divisor = Fr::from(LIMIT_DIVISOR);
        let slack = g.linear(&[
            (Fr::one(), &product),
            (divisor - Fr::one(), &g.one()),
            (-divisor, &g.pack(&bits, 1)),
            (-divisor, &remainder),
        ]);
        g.bits("limit is within the nameplate", &slack, NAMEPLATE_BITS + MARGIN_BITS + 1);
        Self { bits, remainder }
    }

    /// A new value from 0 to the limit.
    pub(super) fn up_to<G: Gadgets<Wire = W>>(&self, g: &mut G, value: u32) -> W {
        let reached: u32 =
            (0..).zip(&self.bits).map(|(i, b)| u32::from(g.value(b) == Fr::one()) << i).sum();
        let remainder = field::bits(&g.value(&self.remainder), 0, BITS) as u32;
        // A value above the limit keeps its own bits, so that this assertion fails and no other.
        let rest = match value {
            value if value <= reached => 0,
            value if value >= remainder && value - remainder <= reached => remainder,
            value => value >> BITS << BITS,
        };
        let low = value - rest;
        let mut terms = Vec::with_capacity(DELTA_BITS);
        for (i, weight) in self.bits.iter().enumerate() {
            let bit = g.allocate(Fr::from((low >> i) & 1));
            let left = g.sub(weight, &bit);
            g.enforce(DELTA, &bit, &left, &g.zero());
            terms.push((field::power_of_two(i), bit));
        }
        let rest = g.allocate(Fr::from(rest));
        let left = g.sub(&self.remainder, &rest);
        g.enforce(DELTA, &rest, &left, &g.zero());
        terms.push((Fr::one(), rest));
        let terms: Vec<_> = terms.iter().map(|(power, wire)| (*power, wire)).collect();
        g.linear(&terms)
    }
}
