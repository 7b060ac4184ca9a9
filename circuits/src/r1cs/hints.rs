//! The inverses that a chain of additions needs, by two inversions for all: one each would be most of a witness's time.
//!
//! They are only hints: a slope takes one if it fits, and divides otherwise.

use super::curve::MONTGOMERY_A;
use ark_ff::{Field, One, serial_batch_inversion_and_mul};
use ergon_types::curve::EdwardsProjective;
use ergon_types::field::Fr;

/// An accumulator before each step, and the point that is added to it then, in Montgomery coordinates.
#[derive(Default)]
pub(super) struct Chain {
    before: Vec<EdwardsProjective>,
    added: Vec<(Fr, Fr)>,
}

impl Chain {
    pub(super) fn push(&mut self, before: EdwardsProjective, added: (Fr, Fr)) {
        self.before.push(before);
        self.added.push(added);
    }

    /// Accumulators in Montgomery coordinates u = (1 + y)/(1 − y) and v = u/x, with the points added; zeros where there are none.
    fn steps(&self) -> impl Iterator<Item = [(Fr, Fr); 2]> {
        let below: Vec<Fr> =
            self.before.iter().map(|point| (point.z - point.y) * point.x).collect();
        let inverses = inverses(below);
        let affine = |(point, inverse): (&EdwardsProjective, Fr)| {
            let above = (point.z + point.y) * inverse;
            (above * point.x, above * point.z)
        };
        let affine = self.before.iter().zip(inverses).map(affine);
        affine.zip(&self.added).map(|(before, added)| [before, *added])
    }

    /// The inverse of the run of each `acc + q`.
    pub(super) fn of_additions(&self) -> Vec<Fr> {
        inverses(self.steps().map(|[before, added]| added.0 - before.0).collect())
    }

    /// The inverses of both runs of each `(acc + q) + acc`.
    ///
    /// With d = x_q − x_p and r = y_q − y_p the second run is D/d² for D = d²·(2x_p + x_q + A) − r². Source: Eisenträger,
    /// Lauter, Montgomery, <https://arxiv.org/abs/math/0208038>, in which y of p + q is left out.
    pub(super) fn of_doubled_additions(&self) -> Vec<[Fr; 2]> {
        let runs = |[p, q]: [(Fr, Fr); 2]| {
            let (d, r) = (q.0 - p.0, q.1 - p.1);
            (d, d.square() * (p.0 + p.0 + q.0 + Fr::from(MONTGOMERY_A)) - r.square())
        };
        let runs: Vec<(Fr, Fr)> = self.steps().map(runs).collect();
        let inverses = inverses(runs.iter().map(|(d, both)| *d * both).collect());
        let each = runs.iter().zip(inverses);
        each.map(|((d, both), inverse)| [inverse * both, inverse * d.square() * d]).collect()
    }
}

/// Zeros stay zeros.
fn inverses(mut values: Vec<Fr>) -> Vec<Fr> {
    serial_batch_inversion_and_mul(&mut values, &Fr::one());
    values
}

#[cfg(test)]
mod tests {
    use super::super::curve::montgomery;
    use super::*;
    use ark_ec::{AffineRepr, CurveGroup};
    use ark_ff::Zero;
    use ergon_types::curve::EdwardsAffine;

    #[test]
    fn a_chains_inverses_are_those_of_its_runs_and_zero_where_there_is_none() {
        let base: EdwardsProjective = EdwardsAffine::generator().into();
        let added = montgomery(&(base + base + base).into_affine());
        let (mut chain, mut before) = (Chain::default(), base);
        for _ in 0..5 {
            chain.push(before, added);
            before += base;
        }
        let (singles, doubled) = (chain.of_additions(), chain.of_doubled_additions());
        let mut before = base;
        for (step, (single, [first, second])) in singles.into_iter().zip(doubled).enumerate() {
            let x = montgomery(&before.into_affine()).0;
            let third: EdwardsProjective = base + base + base;
            let sum = montgomery(&(before + third).into_affine()).0;
            // The third step adds a point to itself.
            let is_there = step != 2;
            assert_eq!((added.0 - x) * single, Fr::from(is_there), "step {step}");
            assert_eq!((added.0 - x) * first, Fr::from(is_there), "step {step}");
            assert_eq!(!second.is_zero() && (x - sum) * second == Fr::one(), is_there);
            before += base;
        }
    }
}
