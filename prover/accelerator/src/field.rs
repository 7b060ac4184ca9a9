//! Prime fields of 254 bits in eight lanes: five limbs of 52 bits, Montgomery form with R = 2^260.
//!
//! Values need not be reduced. *Stored* values are below 7p/3, *factors* below 8p. Since 64p < R, a product of factors is below
//! 64p²/R + p < 2p, and so is the sum of two products of a factor and something below 3p. Limbs are always normalised to
//! 52 bits (the highest one to what is left), except where a function's name says `open`: there they are signed numbers.

use crate::prime::Prime;
use crate::residue::Residue;
use crate::simd::{LANES, MASK, Simd};
use ark_ff::{BigInt, BigInteger, Field, PrimeField};
use std::marker::PhantomData;

/// Limbs of an element.
pub(crate) const LIMBS: usize = 5;

/// An element in 64-bit limbs, as it lies in memory: of R = 2^260 and below 7p/3.
pub(crate) type Packed = [u64; 4];

/// `k`·p in limbs of 52 bits, for k ≤ 10.
fn multiple<P: Prime>(k: u64) -> [u64; LIMBS] {
    let mut carry = 0;
    unpack(&P::Ark::MODULUS.0).map(|limb| {
        let limb = limb * k + carry;
        carry = limb >> 52;
        limb & MASK
    })
}

/// Where a value is looked at to see how large it is: in units of 2^254 = 1.32p.
const TOP: u32 = 254 - 4 * 52;

/// In lane q the largest multiple of p that is at most q·2^254: 0, 1, 2, 3, 5, 6, 7 and 9 times p.
fn multiples<P: Prime>() -> [[u64; LANES]; LIMBS] {
    // p / 2^238, rounded up: the quotients are not near a whole number.
    let p = (P::Ark::MODULUS.0[3] >> 46) + 1;
    let lanes: [_; LANES] = std::array::from_fn(|q| multiple::<P>(((q as u64) << 16) / p));
    std::array::from_fn(|limb| lanes.map(|multiple| multiple[limb]))
}

/// 64-bit limbs as 52-bit limbs.
pub(crate) fn unpack(x: &Packed) -> [u64; LIMBS] {
    [
        x[0] & MASK,
        (x[0] >> 52 | x[1] << 12) & MASK,
        (x[1] >> 40 | x[2] << 24) & MASK,
        (x[2] >> 28 | x[3] << 36) & MASK,
        x[3] >> 16,
    ]
}

/// The canonical integer of a value below 8p < 2^257: `high` is bit 256.
pub(crate) fn canonical<P: Prime>(x: &[u64; LIMBS]) -> BigInt<4> {
    let high = x[4] >> 48 != 0;
    let mut value = BigInt([
        x[0] | x[1] << 52,
        x[1] >> 12 | x[2] << 40,
        x[2] >> 24 | x[3] << 28,
        x[3] >> 36 | x[4] << 16,
    ]);
    let mut high = high;
    while high || value >= P::Ark::MODULUS {
        let borrow = value.sub_with_borrow(&P::Ark::MODULUS);
        high &= !borrow;
    }
    value
}

/// An element of R = 2^260 from arkworks' form: 16 times as much.
pub(crate) fn pack<P: Prime>(element: P::Ark) -> Packed {
    Residue::<P>::new(element).sixteenfold()
}

/// The operations, with their constants.
#[derive(Clone, Copy)]
pub(crate) struct Lanes<S: Simd, P: Prime> {
    pub(crate) s: S,
    p: [S::V; LIMBS],
    p3: [S::V; LIMBS],
    p5: [S::V; LIMBS],
    multiples: [S::V; LIMBS],
    negative_inverse: S::V,
    mask: S::V,
    prime: PhantomData<P>,
}

/// One element in each lane.
pub(crate) type Fe<S> = [<S as Simd>::V; LIMBS];

/// The same limbs in every lane.
#[inline(always)]
fn splat<S: Simd>(s: S, x: &[u64; LIMBS]) -> Fe<S> {
    let mut lanes = [s.splat(0); LIMBS];
    for (lane, limb) in lanes.iter_mut().zip(x) {
        *lane = s.splat(*limb);
    }
    lanes
}

/// Limbs of eight elements.
#[inline(always)]
fn load<S: Simd>(s: S, limbs: &[[u64; LANES]; LIMBS]) -> Fe<S> {
    let mut lanes = [s.splat(0); LIMBS];
    for (lane, limb) in lanes.iter_mut().zip(limbs) {
        *lane = s.load(limb);
    }
    lanes
}

// Loops and no closures: only what is certainly inlined is compiled to the lanes' instructions.
#[allow(clippy::needless_range_loop)]
impl<S: Simd, P: Prime> Lanes<S, P> {
    #[inline(always)]
    pub(crate) fn new(s: S) -> Self {
        let p = multiple::<P>(1);
        // Newton's iteration doubles the correct bits: 3, 6, …, 96.
        let inverse = (0..5).fold(p[0].wrapping_mul(3) ^ 2, |x, _| {
            x.wrapping_mul(2u64.wrapping_sub(p[0].wrapping_mul(x)))
        });
        Self {
            s,
            p: splat(s, &p),
            p3: splat(s, &multiple::<P>(3)),
            p5: splat(s, &multiple::<P>(5)),
            multiples: load(s, &multiples::<P>()),
            negative_inverse: s.splat(inverse.wrapping_neg() & MASK),
            mask: s.splat(MASK),
            prime: PhantomData,
        }
    }

    /// The element in every lane.
    #[inline(always)]
    pub(crate) fn splat(&self, x: &[u64; LIMBS]) -> Fe<S> {
        splat(self.s, x)
    }

    /// The element 1.
    #[inline(always)]
    pub(crate) fn one(&self) -> Fe<S> {
        self.splat(&unpack(&pack::<P>(P::Ark::ONE)))
    }

    /// Carries limbs that are signed numbers; the value must not be negative.
    #[inline(always)]
    pub(crate) fn carry(&self, mut x: Fe<S>) -> Fe<S> {
        let s = self.s;
        for i in 0..LIMBS - 1 {
            let carry = s.sar::<52>(x[i]);
            x[i] = s.and(x[i], self.mask);
            x[i + 1] = s.add(x[i + 1], carry);
        }
        x
    }

    /// A stored value from open limbs. The value is below 10p; it is above p/8, or no limb is negative.
    ///
    /// The highest limb says, up to a few units of 2^208, how many times 2^254 the value holds. What is left after the multiple
    /// of p for it is below 2^254 + p < 7p/3 (p is more than three quarters of 2^254), and not negative, since no multiple of 2^254 but 0 is near one of p.
    #[inline(always)]
    pub(crate) fn settle(&self, mut open: Fe<S>) -> Fe<S> {
        let times = self.s.shr::<TOP>(open[LIMBS - 1]);
        for i in 0..LIMBS {
            open[i] = self.s.sub(open[i], self.s.lookup(self.multiples[i], times));
        }
        self.carry(open)
    }

    /// `a·b/R`, below 2p for factors.
    #[inline(always)]
    pub(crate) fn mul(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        self.carry(self.mul_open(a, b))
    }

    /// As [`mul`](Self::mul).
    #[inline(always)]
    pub(crate) fn mul_open(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        let zero = self.s.splat(0);
        let mut t = [zero; LIMBS];
        for i in 0..LIMBS {
            let (mut low, mut high) = (t, [zero; LIMBS]);
            self.row(&mut low, &mut high, a, b[i]);
            t = self.reduce_row(low, high);
        }
        t
    }

    /// `(a·b + c·d)/R` with one reduction.
    #[inline(always)]
    pub(crate) fn mul_two_open(&self, a: &Fe<S>, b: &Fe<S>, c: &Fe<S>, d: &Fe<S>) -> Fe<S> {
        let zero = self.s.splat(0);
        let mut t = [zero; LIMBS];
        for i in 0..LIMBS {
            let (mut low, mut high) = (t, [zero; LIMBS]);
            self.row(&mut low, &mut high, a, b[i]);
            self.row(&mut low, &mut high, c, d[i]);
            t = self.reduce_row(low, high);
        }
        t
    }

    /// Adds a·bᵢ: low halves stay in their column, high halves go to the next.
    #[inline(always)]
    fn row(&self, low: &mut Fe<S>, high: &mut Fe<S>, a: &Fe<S>, b: S::V) {
        for j in 0..LIMBS {
            low[j] = self.s.madd_lo(low[j], a[j], b);
        }
        for j in 0..LIMBS {
            high[j] = self.s.madd_hi(high[j], a[j], b);
        }
    }

    /// Adds the p·m that makes the lowest column divisible by 2^52, and shifts it out.
    #[inline(always)]
    fn reduce_row(&self, mut low: Fe<S>, mut high: Fe<S>) -> Fe<S> {
        let (s, p) = (self.s, &self.p);
        let m = s.madd_lo(s.splat(0), low[0], self.negative_inverse);
        for j in 0..LIMBS {
            low[j] = s.madd_lo(low[j], m, p[j]);
        }
        for j in 0..LIMBS {
            high[j] = s.madd_hi(high[j], m, p[j]);
        }
        let mut t = high;
        for j in 0..LIMBS - 1 {
            t[j] = s.add(low[j + 1], high[j]);
        }
        t[0] = s.add(t[0], s.shr::<52>(low[0]));
        t
    }

    /// `a + b`.
    #[inline(always)]
    fn add_open(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        let mut sum = *a;
        for i in 0..LIMBS {
            sum[i] = self.s.add(a[i], b[i]);
        }
        sum
    }

    /// `a − b`.
    #[inline(always)]
    fn sub_open(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        let mut difference = *a;
        for i in 0..LIMBS {
            difference[i] = self.s.sub(a[i], b[i]);
        }
        difference
    }

    /// `a + b`, not reduced.
    #[inline(always)]
    pub(crate) fn add_loose(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        self.carry(self.add_open(a, b))
    }

    /// `a − b` for stored values, a factor.
    #[inline(always)]
    pub(crate) fn sub_loose(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        self.carry(self.sub_open(&self.add_open(a, &self.p3), b))
    }

    /// `±a − b` for stored values, a factor: minus in the lanes whose bit is set.
    #[inline(always)]
    pub(crate) fn sub_signed_loose(&self, bits: u8, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        let less = self.sub_open(&self.p5, b);
        self.carry(self.blend(bits, &self.add_open(&less, a), &self.sub_open(&less, a)))
    }

    /// `−a` for values below 3p, at most 3p.
    #[inline(always)]
    pub(crate) fn negate_loose(&self, a: &Fe<S>) -> Fe<S> {
        self.carry(self.sub_open(&self.p3, a))
    }

    /// `a + b` for stored values, stored.
    #[inline(always)]
    pub(crate) fn add(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        self.settle(self.add_open(a, b))
    }

    /// `a − b` for stored values, stored.
    #[inline(always)]
    pub(crate) fn sub(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        self.less(*a, b)
    }

    /// `a − b` for an open value below 7p and a stored one, stored.
    #[inline(always)]
    pub(crate) fn less(&self, open: Fe<S>, b: &Fe<S>) -> Fe<S> {
        self.settle(self.sub_open(&self.add_open(&open, &self.p3), b))
    }

    /// `a − b − c` for an open value below 5p and stored ones, stored.
    #[inline(always)]
    pub(crate) fn less_two(&self, open: Fe<S>, b: &Fe<S>, c: &Fe<S>) -> Fe<S> {
        let more = self.add_open(&open, &self.p5);
        self.settle(self.sub_open(&self.sub_open(&more, b), c))
    }

    /// `b` in the lanes whose bit is set, else `a`.
    #[inline(always)]
    fn blend(&self, bits: u8, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        let mut chosen = *a;
        for i in 0..LIMBS {
            chosen[i] = self.s.blend(bits, a[i], b[i]);
        }
        chosen
    }

    /// From four vectors of 64-bit limbs.
    #[inline(always)]
    pub(crate) fn unpack(&self, x: &[S::V]) -> Fe<S> {
        let s = self.s;
        [
            s.and(x[0], self.mask),
            s.and(s.or(s.shr::<52>(x[0]), s.shl::<12>(x[1])), self.mask),
            s.and(s.or(s.shr::<40>(x[1]), s.shl::<24>(x[2])), self.mask),
            s.and(s.or(s.shr::<28>(x[2]), s.shl::<36>(x[3])), self.mask),
            s.shr::<16>(x[3]),
        ]
    }

    /// To four vectors of 64-bit limbs.
    #[inline(always)]
    pub(crate) fn pack(&self, x: &Fe<S>) -> [S::V; 4] {
        let s = self.s;
        [
            s.or(x[0], s.shl::<52>(x[1])),
            s.or(s.shr::<12>(x[1]), s.shl::<40>(x[2])),
            s.or(s.shr::<24>(x[2]), s.shl::<28>(x[3])),
            s.or(s.shr::<36>(x[3]), s.shl::<16>(x[4])),
        ]
    }

    /// The lanes as arkworks elements that are 16 times as large.
    #[inline(always)]
    pub(crate) fn sixteenfold(&self, x: &Fe<S>) -> [P::Ark; LANES] {
        let mut limbs = [[0; LANES]; LIMBS];
        for i in 0..LIMBS {
            limbs[i] = self.s.store(x[i]);
        }
        std::array::from_fn(|lane| P::raw(canonical::<P>(&std::array::from_fn(|i| limbs[i][lane]))))
    }

    /// The inverse of [`sixteenfold`](Self::sixteenfold).
    #[inline(always)]
    pub(crate) fn of_sixteenfold(&self, x: &[P::Ark; LANES]) -> Fe<S> {
        let limbs = x.map(|element| unpack(&P::integer(element).0));
        load(self.s, &std::array::from_fn(|i| limbs.map(|limbs| limbs[i])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prime::{Base, Scalar};
    use crate::simd::Emulated;
    use ark_ff::{AdditiveGroup, UniformRand};
    use ark_std::test_rng;

    /// Canonical, small, and as large as a stored value can be.
    fn samples<P: Prime>() -> Vec<[u64; LIMBS]> {
        let mut rng = test_rng();
        let mut values = vec![[0; LIMBS], [1, 0, 0, 0, 0], multiple::<P>(1), multiple::<P>(2)];
        values.push(largest::<P>());
        values.extend((0..27).map(|_| unpack(&P::integer(P::Ark::rand(&mut rng)).0)));
        values
    }

    /// The largest stored value.
    fn largest<P: Prime>() -> [u64; LIMBS] {
        let (mut third, mut rest) = (multiple::<P>(7), 0);
        for limb in third.iter_mut().rev() {
            let value = rest << 52 | *limb;
            (*limb, rest) = (value / 3, value % 3);
        }
        third
    }

    fn value<P: Prime>(x: &[u64; LIMBS]) -> P::Ark {
        P::raw(canonical::<P>(x))
    }

    fn below(x: &[u64; LIMBS], bound: &[u64; LIMBS]) {
        assert!(x[..4].iter().all(|limb| *limb <= MASK));
        assert!(x.iter().rev().le(bound.iter().rev()), "{x:x?} > {bound:x?}");
    }

    fn lane<S: Simd>(s: S, x: &Fe<S>) -> [u64; LIMBS] {
        x.map(|limb| s.store(limb)[3])
    }

    fn check<S: Simd, P: Prime>(s: S) {
        let f = Lanes::<S, P>::new(s);
        let lane = |x: &Fe<S>| lane(s, x);
        // raw elements are a·2^-256, products here a·b·2^-260: a sixteenth of arkworks' product.
        let sixteen = P::Ark::from(16u64);
        let [stored, two, three, factor] =
            [largest::<P>(), multiple::<P>(2), multiple::<P>(3), multiple::<P>(8)];
        let samples = samples::<P>();
        for a in &samples {
            for b in &samples {
                let (va, vb) = (f.splat(a), f.splat(b));
                let (a, b) = (value::<P>(a), value::<P>(b));
                // The largest open values: they count as 0.
                let [five, seven, ten] = [5, 7, 10].map(|times| f.splat(&multiple::<P>(times)));
                for (found, expected, bound) in [
                    (f.less_two(five, &va, &vb), -a - b, stored),
                    (f.less(seven, &va), -a, stored),
                    (f.settle(ten), P::Ark::ZERO, stored),
                    (f.add(&va, &vb), a + b, stored),
                    (f.sub(&va, &vb), a - b, stored),
                    (f.less_two(va, &vb, &vb), a - b - b, stored),
                    (f.less(f.add_open(&va, &va), &vb), a + a - b, stored),
                    (f.sub_loose(&va, &vb), a - b, factor),
                    (f.sub_signed_loose(0, &va, &vb), a - b, factor),
                    (f.sub_signed_loose(1 << 3, &va, &vb), -a - b, factor),
                    (f.negate_loose(&va), -a, three),
                ] {
                    below(&lane(&found), &bound);
                    assert_eq!(value::<P>(&lane(&found)), expected);
                }
                let large = f.splat(&factor);
                let (less, more) = (f.sub_loose(&va, &vb), f.add_loose(&va, &vb));
                let minus = f.negate_loose(&va);
                for (found, expected) in [
                    (f.mul(&va, &vb), a * b),
                    (f.mul(&less, &more), (a - b) * (a + b)),
                    (f.mul(&large, &large), P::Ark::ZERO),
                    (f.carry(f.mul_two_open(&va, &vb, &less, &minus)), a * b - (a - b) * a),
                    (f.carry(f.mul_two_open(&large, &minus, &large, &vb)), P::Ark::ZERO),
                ] {
                    below(&lane(&found), &two);
                    assert_eq!(value::<P>(&lane(&found)) * sixteen, expected);
                }
                assert_eq!(lane(&f.unpack(&f.pack(&va))), lane(&va));
            }
        }
    }

    /// Open limbs at every multiple of 2^254, a little above and a little below.
    fn check_settled<S: Simd, P: Prime>(s: S) {
        let f = Lanes::<S, P>::new(s);
        let power = |bits: u64| P::Ark::from(2u64).pow([bits]);
        for times in 0..8 {
            for low in [-(1i64 << 56), -1, 0, 1, 1 << 56] {
                for high in [-1i64, 0, 1] {
                    let top = (times << TOP) + high;
                    if times == 0 && (top < 0 || low < 0) {
                        continue;
                    }
                    let open = [low, low, low, low, top];
                    let value_of_open: P::Ark = open
                        .iter()
                        .zip(0..)
                        .map(|(limb, i)| {
                            let size = P::Ark::from(limb.unsigned_abs()) * power(52 * i);
                            if *limb < 0 { -size } else { size }
                        })
                        .sum();
                    let settled = lane(s, &f.settle(f.splat(&open.map(|limb| limb as u64))));
                    below(&settled, &largest::<P>());
                    assert_eq!(value::<P>(&settled), value_of_open * power(256).inverse().unwrap());
                }
            }
        }
    }

    #[test]
    fn both_fields_agree_with_arkworks_in_plain_integers() {
        check::<_, Base>(Emulated);
        check::<_, Scalar>(Emulated);
        check_settled::<_, Base>(Emulated);
        check_settled::<_, Scalar>(Emulated);
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn both_fields_agree_with_arkworks_on_the_processors_lanes() {
        if let Some(ifma) = crate::simd::processor() {
            check::<_, Base>(ifma);
            check::<_, Scalar>(ifma);
            check_settled::<_, Base>(ifma);
            check_settled::<_, Scalar>(ifma);
        }
    }
}
