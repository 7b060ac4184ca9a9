//! The multiplication of field elements in lanes on its own, for benches. No part of the interface.

use ark_bn254::{Fq, Fr};

/// Factors that chains of products begin with: four chains, as many as additions of points have at once.
pub const STARTS: [u64; 4] = [2, 3, 5, 7];

/// Products of one round.
pub const PRODUCTS: usize = STARTS.len() * 8;

/// The sum of the ends of chains of products `start·factor^rounds` in the base field, each in eight lanes; `None` where the
/// processor has no lanes.
#[cfg(target_arch = "x86_64")]
pub fn base(factor: Fq, rounds: usize) -> Option<Fq> {
    lanes::run::<crate::prime::Base>(factor, rounds)
}

/// As [`base`], in the scalar field.
#[cfg(target_arch = "x86_64")]
pub fn scalar(factor: Fr, rounds: usize) -> Option<Fr> {
    lanes::run::<crate::prime::Scalar>(factor, rounds)
}

/// Other processors have no lanes.
#[cfg(not(target_arch = "x86_64"))]
pub fn base(_: Fq, _: usize) -> Option<Fq> {
    None
}

/// Other processors have no lanes.
#[cfg(not(target_arch = "x86_64"))]
pub fn scalar(_: Fr, _: usize) -> Option<Fr> {
    None
}

#[cfg(target_arch = "x86_64")]
mod lanes {
    use super::STARTS;
    use crate::field::{Lanes, pack, unpack};
    use crate::prime::Prime;
    use crate::simd::ifma::Ifma;
    use crate::simd::{Simd, Task};
    use ark_ff::{AdditiveGroup, Field};

    struct Chains<P: Prime> {
        factor: P::Ark,
        rounds: usize,
    }

    impl<P: Prime> Task for Chains<P> {
        type Output = P::Ark;

        #[inline(always)]
        fn run<S: Simd>(self, s: S) -> P::Ark {
            let f = Lanes::<S, P>::new(s);
            let factor = f.splat(&unpack(&pack::<P>(self.factor)));
            let mut chains = STARTS.map(|start| f.splat(&unpack(&pack::<P>(start.into()))));
            for _ in 0..self.rounds {
                for chain in &mut chains {
                    *chain = f.mul(chain, &factor);
                }
            }
            let mut sum = P::Ark::ZERO;
            for chain in &chains {
                sum += f.sixteenfold(chain).iter().sum::<P::Ark>();
            }
            sum
        }
    }

    pub(super) fn run<P: Prime>(factor: P::Ark, rounds: usize) -> Option<P::Ark> {
        let sixteenth = P::Ark::from(16u64).inverse()?;
        Ifma::detect().map(|ifma| ifma.run(Chains::<P> { factor, rounds }) * sixteenth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::Field;

    #[test]
    fn chains_end_where_arkworks_does() {
        fn expected<F: Field + From<u64>>(factor: F) -> F {
            F::from(8 * STARTS.iter().sum::<u64>()) * factor.pow([1000u64])
        }
        for factor in [3u64, 0x1234_5678_9abc_def0] {
            if let (Some(base), Some(scalar)) =
                (base(factor.into(), 1000), scalar(factor.into(), 1000))
            {
                assert_eq!(base, expected(Fq::from(factor)));
                assert_eq!(scalar, expected(Fr::from(factor)));
            }
        }
    }
}
