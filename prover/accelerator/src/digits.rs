//! Scalars as signed digits, and points in the order of their buckets.
//!
//! A scalar s is replaced by r − s, and the point by its negative, where that is smaller: then -1 costs what 1 does.
//! Digits of `c` bits lie in [−2^(c−1), 2^(c−1)]; a zero digit costs nothing.

use crate::kernel::{Index, NEGATIVE};
use ark_bn254::Fr;
use ark_ff::{BigInt, BigInteger, PrimeField};
use rayon::prelude::*;
use zeroize::Zeroizing;

/// Bits of the smaller of s and r − s.
const BITS: usize = 253;
/// Bits of the widest digit; it fits 16 bits with its sign.
const WIDEST: usize = 15;

/// Points of which all digits have a place in 32 bits, at the widest digits. Fewer than 2^30, as indices need.
pub(crate) const MOST_POINTS: usize = u32::MAX as usize / (BITS + 1).div_ceil(WIDEST);

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
        let width = (4..=WIDEST).min_by_key(|width| cost(*width)).unwrap_or(8);
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

    /// The digits of a scalar of at most 253 bits with their windows: those that are not 0.
    fn digits(self, scalar: &BigInt<4>, negative: bool, mut each: impl FnMut(usize, i16)) {
        let mut carry = 0;
        let half = self.buckets() as i32;
        for window in 0..self.count() {
            let digit = bits(scalar, window * self.width, self.width) as i32 + carry;
            carry = i32::from(digit > half);
            let digit = digit - carry * 2 * half;
            if digit != 0 {
                each(window, if negative { -digit } else { digit } as i16);
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
    pub(crate) windows: Windows,
    pub(crate) order: Zeroizing<Vec<Index>>,
    pub(crate) starts: Zeroizing<Vec<u32>>,
}

/// Scalars whose digits are cut together.
const PART: usize = 4096;

/// Sorts the points of scalars (canonical integers) into buckets.
pub(crate) fn sort(windows: Windows, scalars: &[BigInt<4>]) -> Buckets {
    // Of each part the digits of its first window, then of its second, …
    let parts: Vec<Zeroizing<Vec<i16>>> =
        scalars.par_chunks(PART).map(|part| cut(windows, part)).collect();
    let sorted: Vec<Buckets> =
        (0..windows.count()).into_par_iter().map(|w| sort_window(windows, w, &parts)).collect();

    let total = sorted.iter().map(|window| window.order.len()).sum();
    let mut order = Zeroizing::new(Vec::with_capacity(total));
    let mut starts = Zeroizing::new(Vec::with_capacity(windows.count() * windows.buckets() + 1));
    for window in &sorted {
        let first = order.len() as u32;
        starts.extend(window.starts.iter().map(|start| first + start));
        order.extend_from_slice(&window.order);
    }
    starts.push(total as u32);
    Buckets { windows, order, starts }
}

/// The digits of a part.
fn cut(windows: Windows, scalars: &[BigInt<4>]) -> Zeroizing<Vec<i16>> {
    let mut digits = Zeroizing::new(vec![0; windows.count() * scalars.len()]);
    for (index, scalar) in scalars.iter().enumerate() {
        let (scalar, negative) = smaller(scalar);
        windows.digits(&scalar, negative, |window, digit| {
            digits[window * scalars.len() + index] = digit;
        });
    }
    digits
}

/// The buckets of one window.
fn sort_window(windows: Windows, window: usize, parts: &[Zeroizing<Vec<i16>>]) -> Buckets {
    let of = |part: &'_ Zeroizing<Vec<i16>>| {
        let length = part.len() / windows.count();
        window * length..(window + 1) * length
    };
    let mut next = Zeroizing::new(vec![0u32; windows.buckets() + 1]);
    for part in parts {
        for digit in &part[of(part)] {
            next[usize::from(digit.unsigned_abs())] += 1;
        }
    }
    next[0] = 0;
    let mut total = 0;
    for count in next.iter_mut() {
        total += std::mem::replace(count, total);
    }
    // Of magnitude m, `next[m]` is where its bucket begins.
    let starts = Zeroizing::new(next[1..].to_vec());
    let mut order = Zeroizing::new(vec![0; total as usize]);
    for (index, part) in parts.iter().enumerate() {
        for (place, digit) in part[of(part)].iter().enumerate().filter(|(_, digit)| **digit != 0) {
            let sign = if *digit < 0 { NEGATIVE } else { 0 };
            let next = &mut next[usize::from(digit.unsigned_abs())];
            order[*next as usize] = (index * PART + place) as Index | sign;
            *next += 1;
        }
    }
    Buckets { windows, order, starts }
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
        for width in 4..=WIDEST {
            let windows = Windows { width };
            for scalar in &scalars {
                let mut sum = Fr::zero();
                let (magnitude, negative) = smaller(&scalar.into_bigint());
                assert!(magnitude.num_bits() as usize <= BITS);
                windows.digits(&magnitude, negative, |window, digit| {
                    let size = usize::from(digit.unsigned_abs());
                    assert!((1..=windows.buckets()).contains(&size) && window < windows.count());
                    sum += Fr::from(2u64).pow([(window * width) as u64]) * Fr::from(digit);
                });
                assert_eq!(sum, *scalar);
            }
        }
    }

    #[test]
    fn every_digit_of_the_largest_key_has_a_place() {
        let windows = Windows { width: WIDEST }.count();
        assert_eq!(Windows::best(MOST_POINTS).width, WIDEST);
        assert!(u32::try_from(MOST_POINTS * windows).is_ok() && MOST_POINTS < 1 << 30);
        const { assert!(MOST_POINTS > crate::MOST_DOMAIN) };
    }

    #[test]
    fn minus_one_has_one_digit() {
        let mut digits = Vec::new();
        let (magnitude, negative) = smaller(&(-Fr::from(1u64)).into_bigint());
        Windows { width: 8 }.digits(&magnitude, negative, |w, d| digits.push((w, d)));
        assert_eq!(digits, [(0, -1)]);
    }
}
