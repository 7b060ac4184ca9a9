//! The quotient of Groth16 in circom's reduction: values at the odd powers of ω of a·b − c, for a and b given at the even
//! ones, where c = a·b.
//!
//! Let ω generate the domain of 2n points. Of degree below 2n, a·b − c vanishes on the even powers of ω, so its values
//! on the odd ones determine it, and the key holds the Lagrange polynomials of those. Source: `joinABC` in
//! <https://github.com/iden3/snarkjs/blob/master/src/groth16_prove.js>.

use crate::prime::Scalar;
use crate::residue::Residue;
use crate::roots::{Direction, Roots};
use ark_bn254::Fr;
use ark_ff::{BigInt, Field};
use rayon::prelude::*;
use zeroize::Zeroizing;

/// Computes quotients on a domain.
pub(crate) trait Quotient: Send + Sync {
    /// The values of a·b − c as canonical integers, for a and b at all points of the domain.
    fn values(&self, a: &[Fr], b: &[Fr]) -> Zeroizing<Vec<BigInt<4>>>;
}

/// Elements whose steps one worker does alone: they stay in the second-level cache.
const CHUNK: usize = 8192;

type Element = Residue<Scalar>;

/// In words, on any processor. As in lanes, coefficients are left in bit-reversed order, so that nothing is reordered.
pub(crate) struct Portable {
    /// Of each step with a span of 2^i elements: the powers of the root of order 2^(i+1), and of its inverse.
    steps: Vec<[Vec<Element>; 2]>,
    /// What coefficients are multiplied by, in the order that they are in.
    coset: Vec<Element>,
}

impl Portable {
    /// For a domain of this size, a power of two; `None` where the field has no domain of twice that size.
    pub(crate) fn new(size: usize) -> Option<Self> {
        let roots = Roots::new(size)?;
        let elements = |powers: Vec<Fr>| powers.into_iter().map(Element::new).collect();
        let step = |step| roots.step(1usize << step).map(elements);
        let coset = elements(roots.coset(Fr::ONE));
        Some(Self { steps: (0..size.trailing_zeros()).map(step).collect(), coset })
    }

    /// Values at even powers to values at odd ones.
    fn to_odd(&self, values: &mut [Element]) {
        self.steps(values, Direction::Inverse);
        let parts = values.par_chunks_mut(CHUNK).zip(self.coset.par_chunks(CHUNK));
        parts.for_each(|(values, coset)| {
            for (value, shift) in values.iter_mut().zip(coset) {
                *value = *value * *shift;
            }
        });
        self.steps(values, Direction::Forward);
    }

    /// All steps of a transform: each half for itself, and before or after that between the halves.
    fn steps(&self, values: &mut [Element], direction: Direction) {
        if values.len() <= CHUNK {
            return self.inside(values, direction);
        }
        let half = values.len() / 2;
        let roots = &self.steps[half.trailing_zeros() as usize][direction as usize];
        let (low, high) = values.split_at_mut(half);
        let between = |low: &mut [Element], high: &mut [Element]| {
            let parts = low.par_chunks_mut(CHUNK).zip(high.par_chunks_mut(CHUNK));
            parts.zip(roots.par_chunks(CHUNK)).for_each(|((low, high), roots)| {
                butterflies(low, high, roots, direction);
            });
        };
        if direction == Direction::Inverse {
            between(low, high);
        }
        rayon::join(|| self.steps(low, direction), || self.steps(high, direction));
        if direction == Direction::Forward {
            between(low, high);
        }
    }

    /// All steps of a chunk.
    fn inside(&self, values: &mut [Element], direction: Direction) {
        let steps = &self.steps[..values.len().trailing_zeros() as usize];
        let sweep = |step: &[Vec<Element>; 2]| {
            let roots = &step[direction as usize];
            for values in values.chunks_exact_mut(2 * roots.len()) {
                let (low, high) = values.split_at_mut(roots.len());
                // The first root is 1: no product, which saves as many as two of the steps have.
                (low[0], high[0]) = (low[0] + high[0], low[0] - high[0]);
                butterflies(&mut low[1..], &mut high[1..], &roots[1..], direction);
            }
        };
        match direction {
            Direction::Inverse => steps.iter().rev().for_each(sweep),
            Direction::Forward => steps.iter().for_each(sweep),
        }
    }
}

/// Butterflies between two equally long lists.
#[inline(always)]
fn butterflies(low: &mut [Element], high: &mut [Element], roots: &[Element], way: Direction) {
    for ((low, high), root) in low.iter_mut().zip(high).zip(roots) {
        let (a, b) = (*low, *high);
        (*low, *high) = match way {
            Direction::Inverse => (a + b, (a - b) * *root),
            Direction::Forward => {
                let product = b * *root;
                (a + product, a - product)
            }
        };
    }
}

impl Quotient for Portable {
    fn values(&self, a: &[Fr], b: &[Fr]) -> Zeroizing<Vec<BigInt<4>>> {
        let elements = |values: &[Fr]| -> Zeroizing<Vec<Element>> {
            Zeroizing::new(values.par_iter().map(|value| Element::new(*value)).collect())
        };
        let (mut a, mut b) = (elements(a), elements(b));
        let product = a.par_iter().zip(b.par_iter()).map(|(a, b)| *a * *b);
        let mut c = Zeroizing::new(product.collect::<Vec<_>>());
        for values in [&mut a, &mut b, &mut c] {
            self.to_odd(values);
        }
        let values = a.par_iter().zip(b.par_iter()).zip(c.par_iter());
        Zeroizing::new(values.map(|((a, b), c)| (*a * *b - *c).integer()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use ark_ff::UniformRand;
    use ark_std::test_rng;

    #[test]
    fn quotients_are_arkworks_on_one_chunk_and_on_several() {
        let mut rng = test_rng();
        for size in [1, 2, 4, 64, CHUNK, 2 * CHUNK, 8 * CHUNK] {
            let mut random = || (0..size).map(|_| Fr::rand(&mut rng)).collect::<Vec<_>>();
            let (a, b, largest) = (random(), random(), vec![-Fr::ONE; size]);
            let portable = Portable::new(size).unwrap();
            for (a, b) in [(&a, &b), (&largest, &largest), (&a, &largest)] {
                assert_eq!(*portable.values(a, b), reference::quotient(a, b).unwrap(), "{size}");
            }
        }
    }
}
