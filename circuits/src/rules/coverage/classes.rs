//! Signal classes: what the policy gives for each, chosen by nested bits "at least class 1, 2, 3" (§ 6.4).

use crate::gadgets::Gadgets;
use ark_ff::One;
use ergon_types::field::Fr;
use ergon_types::policy::CLASSES;

const WEIGHT_BITS: usize = 8;
/// Bits of a reach in the policy's word. The contract refuses reaches from 2^20 on; under such a policy some could
/// not be proven.
const REACH_BITS: usize = 24;

/// Bits "at least class 1, 2, 3".
pub(super) type Nested<W> = [W; CLASSES - 1];

/// Weight and reach of each class.
pub(super) struct Classes<W> {
    weights: [W; CLASSES],
    reaches: [W; CLASSES],
}

/// The paid cells of a member.
pub(super) struct Paid<W> {
    /// How many there are.
    pub(super) cells: W,
    /// How many are of at least class 1, 2, 3.
    pub(super) of_class: Nested<W>,
}

impl<W: Clone> Classes<W> {
    /// Unpacks the policy's classes word (§ 5.4).
    pub(super) fn unpack<G: Gadgets<Wire = W>>(g: &mut G, word: &W) -> Self {
        let width = WEIGHT_BITS + REACH_BITS;
        let bits = g.bits("classes fit their word", word, width * CLASSES);
        Self {
            weights: std::array::from_fn(|i| g.pack(&bits[width * i..][..WEIGHT_BITS], 1)),
            reaches: std::array::from_fn(|i| {
                g.pack(&bits[width * i + WEIGHT_BITS..][..REACH_BITS], 1)
            }),
        }
    }

    /// Reach of a class.
    pub(super) fn reach<G: Gadgets<Wire = W>>(&self, g: &mut G, class: &Nested<W>) -> W {
        steps(g, "reach of the class", &self.reaches, &g.one(), class)
    }

    /// Σ weights of the paid cells.
    pub(super) fn weight<G: Gadgets<Wire = W>>(&self, g: &mut G, paid: &Paid<W>) -> W {
        steps(g, "weight of the cells", &self.weights, &paid.cells, &paid.of_class)
    }
}

/// `v₀·all + Σ (vᵢ − vᵢ₋₁)·nestedᵢ`.
fn steps<G: Gadgets>(
    g: &mut G,
    label: &'static str,
    values: &[G::Wire; CLASSES],
    all: &G::Wire,
    nested: &Nested<G::Wire>,
) -> G::Wire {
    let mut sum = g.mul(label, &values[0], all);
    for (pair, count) in values.windows(2).zip(nested) {
        let step = g.sub(&pair[1], &pair[0]);
        let step = g.mul(label, &step, count);
        sum = g.linear(&[(Fr::one(), &sum), (Fr::one(), &step)]);
    }
    sum
}
