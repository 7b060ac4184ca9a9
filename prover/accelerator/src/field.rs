//! Prime fields of 254 bits in eight lanes: five limbs of 52 bits, Montgomery form with R = 2^260.
//!
//! Values need not be reduced. *Stored* values are below 4p, *factors* below 8p: a product of factors is below
//! 64p²/R + p < 2p, since p < 2^253.6. Limbs are always normalised to 52 bits (the highest one to what is left).

use crate::prime::Prime;
use crate::residue::Residue;
use crate::simd::{LANES, MASK, Simd};
use ark_ff::{BigInt, BigInteger, Field, PrimeField};
use std::marker::PhantomData;

/// Limbs of an element.
pub(crate) const LIMBS: usize = 5;

/// An element in 64-bit limbs, as it lies in memory: of R = 2^260 and below 4p.
pub(crate) type Packed = [u64; 4];

/// `k`·p in limbs of 52 bits, for k ≤ 8.
fn multiple<P: Prime>(k: u64) -> [u64; LIMBS] {
    let mut carry = 0;
    unpack(&P::Ark::MODULUS.0).map(|limb| {
        let limb = limb * k + carry;
        carry = limb >> 52;
        limb & MASK
    })
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
    p4: [S::V; LIMBS],
    p8: [S::V; LIMBS],
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
            p4: splat(s, &multiple::<P>(4)),
            p8: splat(s, &multiple::<P>(8)),
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
    fn carry(&self, mut x: Fe<S>) -> Fe<S> {
        let s = self.s;
        for i in 0..LIMBS - 1 {
            let carry = s.sar::<52>(x[i]);
            x[i] = s.and(x[i], self.mask);
            x[i + 1] = s.add(x[i + 1], carry);
        }
        x
    }

    /// `a·b/R`, below 2p for factors.
    #[inline(always)]
    pub(crate) fn mul(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        let (s, p, zero) = (self.s, &self.p, self.s.splat(0));
        let mut t = [zero; LIMBS];
        for b in b {
            // Row a·bᵢ: low halves stay in their column, high halves go to the next.
            let mut low = [zero; LIMBS];
            let mut high = [zero; LIMBS];
            for j in 0..LIMBS {
                low[j] = s.madd_lo(t[j], a[j], *b);
            }
            let m = s.madd_lo(zero, low[0], self.negative_inverse);
            for j in 0..LIMBS {
                high[j] = s.madd_hi(zero, a[j], *b);
            }
            // Row p·m makes the lowest column divisible by 2^52; it is then shifted out.
            for j in 0..LIMBS {
                low[j] = s.madd_lo(low[j], m, p[j]);
            }
            for j in 0..LIMBS {
                high[j] = s.madd_hi(high[j], m, p[j]);
            }
            let carry = s.shr::<52>(low[0]);
            t[0] = s.add(s.add(low[1], high[0]), carry);
            for j in 1..LIMBS - 1 {
                t[j] = s.add(low[j + 1], high[j]);
            }
            t[LIMBS - 1] = high[LIMBS - 1];
        }
        self.carry(t)
    }

    /// `a + b`, not reduced.
    #[inline(always)]
    pub(crate) fn add_loose(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        let mut sum = *a;
        for i in 0..LIMBS {
            sum[i] = self.s.add(a[i], b[i]);
        }
        self.carry(sum)
    }

    /// `a − b` for stored values, a factor.
    #[inline(always)]
    pub(crate) fn sub_loose(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        let (s, mut difference) = (self.s, *a);
        for i in 0..LIMBS {
            difference[i] = s.sub(s.add(a[i], self.p4[i]), b[i]);
        }
        self.carry(difference)
    }

    /// `a + b` for stored values, stored.
    #[inline(always)]
    pub(crate) fn add(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        self.reduce(self.add_loose(a, b), &self.p4)
    }

    /// `a − b` for stored values, stored.
    #[inline(always)]
    pub(crate) fn sub(&self, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        self.reduce(self.sub_loose(a, b), &self.p4)
    }

    /// `a − b − c` for stored values, stored.
    #[inline(always)]
    pub(crate) fn sub_two(&self, a: &Fe<S>, b: &Fe<S>, c: &Fe<S>) -> Fe<S> {
        let (s, mut difference) = (self.s, *a);
        for i in 0..LIMBS {
            difference[i] = s.sub(s.sub(s.add(a[i], self.p8[i]), b[i]), c[i]);
        }
        let difference = self.carry(difference);
        self.reduce(self.reduce(difference, &self.p8), &self.p4)
    }

    /// `−a` in the lanes whose bit is set, for stored values other than 0.
    #[inline(always)]
    pub(crate) fn negate(&self, bits: u8, a: &Fe<S>) -> Fe<S> {
        let (s, mut negated) = (self.s, *a);
        for i in 0..LIMBS {
            negated[i] = s.sub(self.p4[i], a[i]);
        }
        self.blend(bits, a, &self.carry(negated))
    }

    /// `b` in the lanes whose bit is set, else `a`.
    #[inline(always)]
    pub(crate) fn blend(&self, bits: u8, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        let mut chosen = *a;
        for i in 0..LIMBS {
            chosen[i] = self.s.blend(bits, a[i], b[i]);
        }
        chosen
    }

    /// `x − k·p` where that is not negative, else `x`.
    #[inline(always)]
    pub(crate) fn reduce(&self, x: Fe<S>, kp: &Fe<S>) -> Fe<S> {
        let (s, mut less) = (self.s, x);
        for i in 0..LIMBS {
            less[i] = s.sub(x[i], kp[i]);
        }
        let less = self.carry(less);
        self.blend(s.signs(less[LIMBS - 1]), &less, &x)
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
        let mut lanes = self.splat(&[0; LIMBS]);
        for i in 0..LIMBS {
            lanes[i] = self.s.load(&limbs.map(|limbs| limbs[i]));
        }
        lanes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prime::{Base, Scalar};
    use crate::simd::Emulated;
    use ark_ff::UniformRand;
    use ark_std::test_rng;

    /// Canonical, small, and as large as a stored value can be.
    fn samples<P: Prime>() -> Vec<[u64; LIMBS]> {
        let mut rng = test_rng();
        let mut values = vec![[0; LIMBS], [1, 0, 0, 0, 0], multiple::<P>(1), multiple::<P>(3)];
        let mut largest = multiple::<P>(4);
        largest[0] -= 1;
        values.push(largest);
        values.extend((0..27).map(|_| unpack(&P::integer(P::Ark::rand(&mut rng)).0)));
        values
    }

    fn value<P: Prime>(x: &[u64; LIMBS]) -> P::Ark {
        P::raw(canonical::<P>(x))
    }

    fn check<S: Simd, P: Prime>(s: S) {
        let f = Lanes::<S, P>::new(s);
        // raw elements are a·2^-256, products here a·b·2^-260: a sixteenth of arkworks' product.
        let sixteen = P::Ark::from(16u64);
        let samples = samples::<P>();
        for a in &samples {
            for b in &samples {
                let (va, vb) = (f.splat(a), f.splat(b));
                let lane = |x: &Fe<S>| -> [u64; LIMBS] { x.map(|limb| s.store(limb)[3]) };
                let below = |x: &[u64; LIMBS], k: u64| {
                    assert!(x[..4].iter().all(|limb| *limb <= MASK));
                    assert!(x.iter().rev().lt(multiple::<P>(k).iter().rev()), "not below {k}p");
                };
                let product = lane(&f.mul(&va, &vb));
                below(&product, 2);
                assert_eq!(value::<P>(&product) * sixteen, value::<P>(a) * value::<P>(b));
                for (found, expected, bound) in [
                    (f.add(&va, &vb), value::<P>(a) + value::<P>(b), 4),
                    (f.sub(&va, &vb), value::<P>(a) - value::<P>(b), 4),
                    (f.sub_loose(&va, &vb), value::<P>(a) - value::<P>(b), 8),
                    (f.sub_two(&va, &vb, &vb), value::<P>(a) - value::<P>(b) - value::<P>(b), 4),
                ] {
                    below(&lane(&found), bound);
                    assert_eq!(value::<P>(&lane(&found)), expected);
                }
                let factor = f.sub_loose(&va, &vb);
                let square = lane(&f.mul(&factor, &factor));
                below(&square, 2);
                let difference = value::<P>(a) - value::<P>(b);
                assert_eq!(value::<P>(&square) * sixteen, difference.square());
                assert_eq!(lane(&f.unpack(&f.pack(&va))), *a);
            }
        }
    }

    #[test]
    fn both_fields_agree_with_arkworks_in_plain_integers() {
        check::<_, Base>(Emulated);
        check::<_, Scalar>(Emulated);
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn both_fields_agree_with_arkworks_on_the_processors_lanes() {
        if let Some(ifma) = crate::simd::processor() {
            check::<_, Base>(ifma);
            check::<_, Scalar>(ifma);
        }
    }
}
