//! Scalars as signed digits, and points in the order of their buckets.
//!
//! A scalar s is replaced by r − s, and the point by its negative, where that is smaller: then -1 costs what 1 does.
//! Digits of `c` bits lie in [−2^(c−1), 2^(c−1)); a zero digit costs nothing.
//!
//! Windows that are a whole number of *sets* apart may share their buckets, if there are multiples of the points for them: of the
//! windows w, w + sets, w + 2·sets, … each adds points of its own *layer*, the 2^(c·sets)-fold of those of the layer before.

use crate::kernel::{Index, NEGATIVE};
use ark_bn254::Fr;
use ark_ff::{BigInt, BigInteger, PrimeField};
use rayon::prelude::*;
use std::ops::Range;
use zeroize::Zeroizing;

/// Bits of the smaller of s and r − s.
const BITS: usize = 253;
/// Bits of the widest digit, which fits 16 bits with its sign.
const WIDEST: usize = 16;

/// Points of which all digits have a place in 32 bits, at the widest digits. Fewer than 2^30, as indices need.
pub(crate) const MOST_POINTS: usize = u32::MAX as usize / (BITS + 1).div_ceil(WIDEST);

/// How scalars are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Windows {
    /// Bits of a digit.
    pub(crate) width: usize,
    /// Sets of buckets; without multiples of the points as many as windows.
    pub(crate) sets: usize,
}

impl Windows {
    /// The windows with the fewest additions for so many points, of which there are up to `layers` multiples (themselves included), if scalars are
    /// of full width: each point in each window, and two for each bucket to sum them up.
    pub(crate) fn best(points: usize, layers: usize) -> Self {
        let layers = layers.min(((1 << 30) - 1) / points.max(1)).max(1);
        let of_width = |width: usize| {
            let count = (BITS + 1).div_ceil(width);
            (1..=count).map(move |sets| Self { width, sets })
        };
        let cost = |windows: &Self| {
            windows.count() * points + windows.sets * (2 * windows.buckets() + 400)
        };
        (4..=WIDEST)
            .flat_map(of_width)
            .filter(|windows| windows.layers() <= layers)
            .min_by_key(cost)
            .unwrap_or(Self { width: 8, sets: (BITS + 1).div_ceil(8) })
    }

    /// Digits of a scalar; one more bit for the last carry.
    pub(crate) fn count(self) -> usize {
        (BITS + 1).div_ceil(self.width)
    }

    /// Windows that share a set of buckets, at most.
    pub(crate) fn layers(self) -> usize {
        self.count().div_ceil(self.sets)
    }

    /// Digits other than 0, up to the sign.
    pub(crate) fn buckets(self) -> usize {
        1 << (self.width - 1)
    }

    /// The digits of a scalar of at most 253 bits with their windows: those that are not 0.
    fn digits(self, scalar: &BigInt<4>, negative: bool, mut each: impl FnMut(usize, i16)) {
        let mut carry = 0;
        let half = self.buckets() as i32;
        // The largest digit before its sign is taken: −2^(c−1) is one, 2^(c−1) is none.
        let most = if negative { half } else { half - 1 };
        for window in 0..self.count() {
            let digit = bits(scalar, window * self.width, self.width) as i32 + carry;
            carry = i32::from(digit > most);
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

/// Points by bucket: those of bucket `k` are `order[starts[k]..starts[k + 1]]`. Sets follow each other. The points of each
/// layer are counted after those of the layer before.
pub(crate) struct Buckets {
    pub(crate) windows: Windows,
    pub(crate) order: Zeroizing<Vec<Index>>,
    pub(crate) starts: Zeroizing<Vec<u32>>,
}

/// Some buckets' points.
struct Sorted {
    order: Zeroizing<Vec<Index>>,
    /// Where each bucket begins.
    starts: Zeroizing<Vec<u32>>,
}

impl Sorted {
    fn place(&self, bucket: usize) -> usize {
        self.starts.get(bucket).map_or(self.order.len(), |start| *start as usize)
    }
}

/// Scalars whose digits are cut together.
const PART: usize = 4096;
/// Buckets that are gathered together, a power of two as the number of buckets is.
const RUN: usize = 1024;

/// Sorts the points of scalars (canonical integers) into buckets.
pub(crate) fn sort(windows: Windows, scalars: &[BigInt<4>]) -> Buckets {
    // Of each part the digits of its first window, then of its second, …
    let parts: Vec<Zeroizing<Vec<i16>>> =
        scalars.par_chunks(PART).map(|part| cut(windows, part)).collect();
    let points = scalars.len();
    let sorted: Vec<Sorted> = (0..windows.count())
        .into_par_iter()
        .map(|window| sort_window(windows, window, window / windows.sets * points, &parts))
        .collect();

    drop(parts);

    // Of each set its windows' points, bucket by bucket.
    let run = RUN.min(windows.buckets());
    let merged: Vec<Sorted> = (0..windows.sets * windows.buckets() / run)
        .into_par_iter()
        .map(|index| merge(windows, index * run..(index + 1) * run, &sorted))
        .collect();
    drop(sorted);
    let total = merged.iter().map(|run| run.order.len()).sum();
    let mut order = Zeroizing::new(Vec::with_capacity(total));
    let mut starts = Zeroizing::new(Vec::with_capacity(windows.sets * windows.buckets() + 1));
    for run in &merged {
        let first = order.len() as u32;
        starts.extend(run.starts.iter().map(|start| first + start));
        order.extend_from_slice(&run.order);
    }
    starts.push(total as u32);
    Buckets { windows, order, starts }
}

/// Buckets of one set: the points of all its windows.
fn merge(windows: Windows, buckets: Range<usize>, sorted: &[Sorted]) -> Sorted {
    let set = buckets.start / windows.buckets();
    let (first, end) =
        (buckets.start - set * windows.buckets(), buckets.end - set * windows.buckets());
    let of_set: Vec<&Sorted> = sorted.iter().skip(set).step_by(windows.sets).collect();
    let total: usize = of_set.iter().map(|window| window.place(end) - window.place(first)).sum();
    let mut order = Zeroizing::new(Vec::with_capacity(total));
    let mut starts = Zeroizing::new(Vec::with_capacity(end - first));
    for bucket in first..end {
        starts.push(order.len() as u32);
        for window in &of_set {
            order.extend_from_slice(&window.order[window.place(bucket)..window.place(bucket + 1)]);
        }
    }
    Sorted { order, starts }
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

/// The buckets of one window, whose points are counted from `first` on.
fn sort_window(
    windows: Windows,
    window: usize,
    first: usize,
    parts: &[Zeroizing<Vec<i16>>],
) -> Sorted {
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
            order[*next as usize] = (first + index * PART + place) as Index | sign;
            *next += 1;
        }
    }
    Sorted { order, starts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::{Field, UniformRand, Zero};
    use ark_std::test_rng;

    /// 0, ±1, −2, halves, and random ones.
    fn samples() -> Vec<Fr> {
        let mut rng = test_rng();
        let mut scalars = vec![Fr::zero(), Fr::from(1u64), -Fr::from(1u64), -Fr::from(2u64)];
        let half = Fr::from(2u64).inverse().unwrap();
        scalars.extend([half, -half, half + Fr::from(1u64)]);
        scalars.extend((0..200).map(|_| Fr::rand(&mut rng)));
        scalars
    }

    fn power(bits: usize) -> Fr {
        Fr::from(2u64).pow([bits as u64])
    }

    #[test]
    fn signed_digits_add_up_to_the_scalar() {
        for width in 4..=WIDEST {
            let windows = Windows { width, sets: 1 };
            // Every digit at the border between two signs: 2^(c−1), at both signs of the scalar.
            let border: Fr = (0..252 / width).map(|window| power(window * width + width - 1)).sum();
            for scalar in samples().iter().chain(&[border, -border]) {
                let mut sum = Fr::zero();
                let (magnitude, negative) = smaller(&scalar.into_bigint());
                assert!(magnitude.num_bits() as usize <= BITS);
                windows.digits(&magnitude, negative, |window, digit| {
                    let size = usize::from(digit.unsigned_abs());
                    assert!((1..=windows.buckets()).contains(&size) && window < windows.count());
                    sum += power(window * width) * Fr::from(digit);
                });
                assert_eq!(sum, *scalar);
            }
        }
    }

    #[test]
    fn every_layers_points_are_in_the_buckets_of_their_digits() {
        // More than are cut together.
        let samples = samples().repeat(PART / 200 + 1);
        let scalars: Vec<_> = samples.iter().map(|scalar| scalar.into_bigint()).collect();
        for (width, sets) in [(4, 64), (4, 7), (9, 1), (13, 3), (16, 1), (16, 2)] {
            let windows = Windows { width, sets };
            let buckets = sort(windows, &scalars);
            assert_eq!(buckets.starts.len(), sets * windows.buckets() + 1);
            let mut sums = vec![Fr::zero(); scalars.len()];
            for (bucket, range) in buckets.starts.windows(2).enumerate() {
                let (set, digit) = (bucket / windows.buckets(), bucket % windows.buckets() + 1);
                for index in &buckets.order[range[0] as usize..range[1] as usize] {
                    let place = (index & !NEGATIVE) as usize;
                    let (layer, place) = (place / scalars.len(), place % scalars.len());
                    assert!(layer < windows.layers());
                    let term = power(width * (set + layer * sets)) * Fr::from(digit as u64);
                    sums[place] += if index & NEGATIVE == 0 { term } else { -term };
                }
            }
            assert_eq!(sums, samples);
        }
    }

    #[test]
    fn layers_are_used_as_far_as_they_save_additions_and_indices_reach() {
        assert_eq!(Windows::best(1 << 16, 1).layers(), 1);
        let most = Windows::best(1 << 16, 64);
        assert_eq!((most.sets, most.layers()), (1, most.count()));
        for layers in 1..20 {
            assert!(Windows::best(1 << 16, layers).layers() <= layers);
        }
        let large = 1 << 27;
        assert!(large * Windows::best(large, 64).layers() < 1 << 30);
    }

    #[test]
    fn every_digit_of_the_largest_key_has_a_place() {
        let windows = Windows::best(MOST_POINTS, 1);
        assert_eq!(windows.width, WIDEST);
        assert!(u32::try_from(MOST_POINTS * windows.count()).is_ok() && MOST_POINTS < 1 << 30);
        const { assert!(MOST_POINTS > crate::MOST_DOMAIN) };
    }

    #[test]
    fn minus_one_has_one_digit() {
        let mut digits = Vec::new();
        let (magnitude, negative) = smaller(&(-Fr::from(1u64)).into_bigint());
        Windows { width: 8, sets: 1 }.digits(&magnitude, negative, |w, d| digits.push((w, d)));
        assert_eq!(digits, [(0, -1)]);
    }
}
