//! The tier table: a multiplier from the number of slots (§ 5.4).

use crate::gadgets::Gadgets;
use ergon_types::policy::{MINIMUM_BITS, TIERS};

const FIELD: usize = 16;

/// Minimum and increment of each step.
pub(super) struct Tiers<W>([(W, W); TIERS]);

/// Unpacks the policy's first word.
pub(super) fn unpack<G: Gadgets>(g: &mut G, word: &G::Wire) -> Tiers<G::Wire> {
    let bits = g.bits("tiers fit their word", word, 2 * FIELD * TIERS);
    Tiers(std::array::from_fn(|step| {
        let bits = &bits[2 * FIELD * step..2 * FIELD * (step + 1)];
        (g.pack(&bits[..FIELD], 1), g.pack(&bits[FIELD..], 1))
    }))
}

/// Sum of the increments whose minimum `slots` (below 2^9) reaches, in ten-thousandths.
/// The contract refuses minimums from 2^9 on; under such a policy some could not be proven.
pub(super) fn multiplier<G: Gadgets>(
    g: &mut G,
    tiers: &Tiers<G::Wire>,
    slots: &G::Wire,
) -> G::Wire {
    let mut steps = Vec::with_capacity(TIERS);
    for (minimum, increment) in &tiers.0 {
        let reached = g.at_least("tier is reached", slots, minimum, MINIMUM_BITS);
        steps.push(g.mul("tier's increment", &reached, increment));
    }
    g.sum(&steps)
}
