//! Powers of roots of unity, as the steps of transforms take them.

use ark_bn254::Fr;
use ark_ff::Field;
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};
use rayon::prelude::*;

/// Which way a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To values: multiply, then add and subtract.
    Forward = 0,
    /// To coefficients: add and subtract, then multiply.
    Inverse = 1,
}

/// The roots of a domain.
pub(crate) struct Roots {
    domain: Radix2EvaluationDomain<Fr>,
    /// Of order twice the domain's size.
    omega: Fr,
}

impl Roots {
    /// Of a domain of this size, a power of two; `None` where the field has no such domain, or none of twice the size.
    pub(crate) fn new(size: usize) -> Option<Self> {
        let omega = Radix2EvaluationDomain::<Fr>::new(2 * size)?.group_gen;
        Some(Self { domain: Radix2EvaluationDomain::new(size)?, omega })
    }

    /// What a step between elements `span` apart multiplies by: the powers of a root of order 2·span, by [`Direction`].
    pub(crate) fn step(&self, span: usize) -> [Vec<Fr>; 2] {
        let root = self.domain.group_gen.pow([(self.domain.size() / (2 * span)) as u64]);
        [root, root.inverse().unwrap_or_default()]
            .map(|root| products(Fr::ONE, span, |done| root.pow([done as u64])))
    }

    /// What coefficients in bit-reversed order are multiplied by to be those on the odd powers of ω: its powers,
    /// over the domain's size, times `scale`.
    pub(crate) fn coset(&self, scale: Fr) -> Vec<Fr> {
        let size = self.domain.size();
        // The place with bit k alone has the coefficient with the bit that is as far from the other end.
        products(self.domain.size_inv * scale, size, |done| {
            self.omega.pow([(size / (2 * done)) as u64])
        })
    }
}

/// A list that begins with `first` and doubles as often as needed: `done` elements, multiplied by `factor(done)`, follow
/// themselves.
fn products(first: Fr, count: usize, factor: impl Fn(usize) -> Fr) -> Vec<Fr> {
    let mut products = Vec::with_capacity(count);
    products.push(first);
    while products.len() < count {
        let factor = factor(products.len());
        products.par_extend(products.clone().into_par_iter().map(|product| product * factor));
    }
    products
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_follow_each_other_and_those_of_the_coset_are_in_reversed_order() {
        for size in [1usize, 2, 64, 1024] {
            let roots = Roots::new(size).unwrap();
            for span in (0..size.trailing_zeros()).map(|step| 1 << step) {
                let [forward, backward] = roots.step(span);
                assert_eq!([forward.len(), backward.len()], [span; 2]);
                assert_eq!(roots.step(span)[0][span - 1].pow([2 * span as u64]), Fr::ONE);
                for (place, (forward, backward)) in forward.iter().zip(&backward).enumerate() {
                    let power = (size / (2 * span) * place) as u64;
                    assert_eq!(*forward, roots.domain.group_gen.pow([power]));
                    assert_eq!(*forward * backward, Fr::ONE);
                }
            }
            let coset = roots.coset(Fr::from(size as u64));
            let bits = size.trailing_zeros();
            for (place, factor) in coset.iter().enumerate() {
                let coefficient = if bits == 0 { 0 } else { place.reverse_bits() >> (64 - bits) };
                assert_eq!(*factor, roots.omega.pow([coefficient as u64]));
            }
        }
    }

    #[test]
    fn there_is_no_domain_whose_double_the_field_lacks() {
        assert!(Roots::new(1 << 27).is_some() && Roots::new(1 << 28).is_none());
    }
}
