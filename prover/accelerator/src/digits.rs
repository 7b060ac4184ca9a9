//! Scalars as signed digits, and points in the order of their buckets.
//!
//! A scalar s is replaced by r − s, and the point by its negative, where that is smaller: then -1 costs what 1 does.
//! Digits of `c` bits lie in [−2^(c−1), 2^(c−1)]; a zero digit costs nothing.

use crate::kernel::{Index, NEGATIVE};
use ark_bn254::Fr;
use ark_ff::{BigInt, BigInteger, PrimeField};
use rayon::prelude::*;
use zeroize::{Zeroize, Zeroizing};

/// Bits of the smaller of s and r − s.
const BITS: usize = 253;

/// How scalars are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Windows {
    /// Bits of a digit.
    pub(crate) width: usize,
}

impl Windows {
    /// The width with the fewest additions for so many digits other than 0, if a scalar has `full` bits throughout: each
    /// point in each window, and two for each bucket to sum them up.
    pub(crate) fn best(points: usize) -> Self {
        let cost = |width: usize| {
            let windows = Self { width }.count();
            windows * (points + 2 * Self { width }.buckets() + 400)
        };
        let width = (4..=16).min_by_key(|width| cost(*width)).unwrap_or(8);
        Self { width }
    }

    /// Digits of a scalar; one more bit for the last carry.
    pub(crate) fn count(self) -> usize {
        (BITS + 1).div_ceil(self.width)
    }

    /// Digits other than 0, up to the sign.
    pub(crate) fn buckets(self) -> usize {
        1 << (self.width - 1)
    }

    /// The digits of a scalar of at most 253 bits: (window, magnitude − 1, whether negative) of those that are not 0.
    fn digits(self, scalar: &BigInt<4>, negative: bool, mut each: impl FnMut(usize, usize, bool)) {
        let mut carry = 0;
        let half = self.buckets() as u64;
        for window in 0..self.count() {
            let digit = bits(scalar, window * self.width, self.width) + carry;
            carry = u64::from(digit > half);
            let magnitude = if carry == 1 { 2 * half - digit } else { digit };
            if magnitude != 0 {
                each(window, magnitude as usize - 1, negative != (carry == 1));
            }
        }
    }
}

/// `count` bits (at most 16) from bit `from` on.
fn bits(scalar: &BigInt<4>, from: usize, count: usize) -> u64 {
    let (limb, shift) = (from / 64, from % 64);
    let word = |i: usize| scalar.0.get(i).copied().unwrap_or(0);
    let mut value = word(limb) >> shift;
    if shift + count > 64 {
        value |= word(limb + 1) << (64 - shift);
    }
    value & ((1 << count) - 1)
}

/// The smaller of s and r − s, and whether it is the latter.
fn smaller(scalar: &BigInt<4>) -> (BigInt<4>, bool) {
    let mut other = Fr::MODULUS;
    other.sub_with_borrow(scalar);
    if *scalar > other { (other, true) } else { (*scalar, false) }
}

/// Points by bucket: those of bucket `k` are `order[starts[k]..starts[k + 1]]`. Windows follow each other.
pub(crate) struct Buckets {
    pub(crate) order: Zeroizing<Vec<Index>>,
    pub(crate) starts: Zeroizing<Vec<u32>>,
}

/// Sorts the points of scalars (canonical integers) into buckets.
pub(crate) fn sort(windows: Windows, scalars: &[BigInt<4>]) -> Buckets {
    let buckets = windows.count() * windows.buckets();
    let parts = rayon::current_num_threads().min(scalars.len() / 4096).max(1);
    let length = scalars.len().div_ceil(parts).max(1);
    let each = |part: usize, found: &mut dyn FnMut(usize, Index)| {
        let first = (part * length).min(scalars.len());
        let end = (first + length).min(scalars.len());
        for (index, scalar) in (first..).zip(&scalars[first..end]) {
            let (scalar, negative) = smaller(scalar);
            windows.digits(&scalar, negative, |window, digit, negative| {
                let index = index as Index | if negative { NEGATIVE } else { 0 };
                found(window * windows.buckets() + digit, index);
            });
        }
    };
    let mut counts: Vec<Vec<u32>> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let mut counts = vec![0; buckets];
            each(part, &mut |bucket, _| counts[bucket] += 1);
            counts
        })
        .collect();
    // Where each part writes its points of each bucket.
    let mut starts = Zeroizing::new(Vec::with_capacity(buckets + 1));
    let mut total = 0;
    for bucket in 0..buckets {
        starts.push(total);
        for counts in &mut counts {
            total += std::mem::replace(&mut counts[bucket], total);
        }
    }
    starts.push(total);

    let places: Vec<Zeroizing<Vec<(u32, Index)>>> = counts
        .into_par_iter()
        .enumerate()
        .map(|(part, mut next)| {
            let mut places = Zeroizing::new(Vec::new());
            each(part, &mut |bucket, index| {
                places.push((next[bucket], index));
                next[bucket] += 1;
            });
            next.zeroize();
            places
        })
        .collect();
    let mut order = Zeroizing::new(vec![0; total as usize]);
    for part in &places {
        for (place, index) in part.iter() {
            order[*place as usize] = *index;
        }
    }
    Buckets { order, starts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::{Field, UniformRand, Zero};
    use ark_std::test_rng;

    #[test]
    fn signed_digits_add_up_to_the_scalar() {
        let mut rng = test_rng();
        let mut scalars = vec![Fr::zero(), Fr::from(1u64), -Fr::from(1u64), -Fr::from(2u64)];
        let half = Fr::from(2u64).inverse().unwrap();
        scalars.extend([half, -half, half + Fr::from(1u64)]);
        scalars.extend((0..200).map(|_| Fr::rand(&mut rng)));
        for width in 4..=16 {
            let windows = Windows { width };
            for scalar in &scalars {
                let mut sum = Fr::zero();
                let (magnitude, negative) = smaller(&scalar.into_bigint());
                assert!(magnitude.num_bits() as usize <= BITS);
                windows.digits(&magnitude, negative, |window, digit, negative| {
                    assert!(digit < windows.buckets() && window < windows.count());
                    let term =
                        Fr::from(2u64).pow([(window * width) as u64]) * Fr::from(digit as u64 + 1);
                    sum += if negative { -term } else { term };
                });
                assert_eq!(sum, *scalar);
            }
        }
    }

    #[test]
    fn minus_one_has_one_digit() {
        let mut digits = Vec::new();
        let (magnitude, negative) = smaller(&(-Fr::from(1u64)).into_bigint());
        Windows { width: 8 }.digits(&magnitude, negative, |w, d, n| digits.push((w, d, n)));
        assert_eq!(digits, [(0, 0, true)]);
    }
}
