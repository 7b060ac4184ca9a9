//! Prime fields of 254 bits in four words: arkworks' Montgomery form (R = 2^256) without its branches.
//!
//! Values are below 2p and need not be reduced: a product of two is below 4p²/R + p < 2p, since p < 0.19·R. Sums and
//! differences subtract or add 2p by a mask, where arkworks compares and jumps; on random values every second jump goes
//! the way that the processor did not expect.

use crate::prime::{Base, Prime};
use ark_bn254::{Fq, Fq2, Fr, g1, g2};
use ark_ec::short_weierstrass::SWCurveConfig;
use ark_ff::{BigInt, BigInteger, Field, PrimeField};
use std::marker::PhantomData;
use std::ops::{Add, Mul, Sub};
use zeroize::Zeroize;

/// Words of an element.
const WORDS: usize = 4;

/// An element of a prime field.
#[derive(Debug)]
pub(crate) struct Residue<P>([u64; WORDS], PhantomData<P>);

impl<P> Clone for Residue<P> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Residue<P> {}

impl<P> Zeroize for Residue<P> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// 2x, without the last carry.
const fn twice(x: [u64; WORDS]) -> [u64; WORDS] {
    [x[0] << 1, x[1] << 1 | x[0] >> 63, x[2] << 1 | x[1] >> 63, x[3] << 1 | x[2] >> 63]
}

/// −1/x modulo 2^64, for odd x. Newton's iteration doubles the correct bits: 3, 6, …, 96.
const fn negative_inverse(x: u64) -> u64 {
    let mut inverse = x.wrapping_mul(3) ^ 2;
    let mut round = 0;
    while round < 5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(x.wrapping_mul(inverse)));
        round += 1;
    }
    inverse.wrapping_neg()
}

/// All bits set, or none.
#[inline(always)]
fn mask(bit: bool) -> u64 {
    u64::from(bit).wrapping_neg()
}

/// x + y, without the last carry.
#[inline(always)]
fn plus(x: &[u64; WORDS], y: &[u64; WORDS]) -> [u64; WORDS] {
    let (mut sum, mut carry) = ([0; WORDS], false);
    for i in 0..WORDS {
        (sum[i], carry) = x[i].carrying_add(y[i], carry);
    }
    sum
}

/// x − y, and whether it is negative: then it is 2^(64·N) too large.
#[inline(always)]
fn minus<const N: usize>(x: &[u64; N], y: &[u64; N]) -> ([u64; N], bool) {
    let (mut difference, mut borrow) = ([0; N], false);
    for i in 0..N {
        (difference[i], borrow) = x[i].borrowing_sub(y[i], borrow);
    }
    (difference, borrow)
}

/// `x` if so told, else `y`.
#[inline(always)]
fn choose(first: bool, x: &[u64; WORDS], y: &[u64; WORDS]) -> [u64; WORDS] {
    let mut chosen = *x;
    for i in 0..WORDS {
        chosen[i] ^= (x[i] ^ y[i]) & mask(!first);
    }
    chosen
}

impl<P: Prime> Residue<P> {
    const P: [u64; WORDS] = P::Ark::MODULUS.0;
    const TWICE: [u64; WORDS] = twice(Self::P);
    const NEGATIVE_INVERSE: u64 = negative_inverse(Self::P[0]);

    /// The element 0.
    pub(crate) const ZERO: Self = Self([0; WORDS], PhantomData);

    #[inline(always)]
    pub(crate) fn new(element: P::Ark) -> Self {
        Self(P::integer(element).0, PhantomData)
    }

    /// The integer in memory of 16x, below 2p. A product takes three times as long.
    #[cfg(any(target_arch = "x86_64", test))]
    #[inline(always)]
    pub(crate) fn sixteenfold(self) -> [u64; WORDS] {
        // How often p is in 16x, from the highest bits of both: exact, or one too little.
        let scale = (1 << 62) / ((Self::P[3] >> 32) + 1);
        let times = ((self.0[3] >> 32) * scale) >> 58;
        let (mut multiple, mut carry) = (Self::P, 0);
        for word in &mut multiple {
            (*word, carry) = word.carrying_mul(times, carry);
        }
        minus(&twice(twice(twice(twice(self.0)))), &multiple).0
    }

    /// The integer in memory, reduced.
    #[inline(always)]
    fn reduced(self) -> BigInt<WORDS> {
        let mut integer = BigInt(self.0);
        if integer >= P::Ark::MODULUS {
            integer.sub_with_borrow(&P::Ark::MODULUS);
        }
        integer
    }

    /// The canonical integer: a product with the integer 1 takes R away.
    #[inline(always)]
    pub(crate) fn integer(self) -> BigInt<WORDS> {
        (self * Self([1, 0, 0, 0], PhantomData)).reduced()
    }
}

impl<P: Prime> Add for Residue<P> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        let sum = plus(&self.0, &other.0);
        let (less, negative) = minus(&sum, &Self::TWICE);
        Self(choose(negative, &sum, &less), PhantomData)
    }
}

impl<P: Prime> Sub for Residue<P> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        let (difference, negative) = minus(&self.0, &other.0);
        let more = Self::TWICE.map(|word| word & mask(negative));
        Self(plus(&difference, &more), PhantomData)
    }
}

/// `a·b/R`. Source: Koç, Acar, Kaliski, "Analyzing and comparing Montgomery multiplication algorithms" (IEEE Micro 1996), the
/// coarsely integrated operand scanning. Sums on the way are below 3p < R, so that there is no word above the four.
impl<P: Prime> Mul for Residue<P> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        let (a, p) = (&self.0, &Self::P);
        let mut t = [0u64; WORDS];
        for b in other.0 {
            let (low, mut high) = a[0].carrying_mul(b, t[0]);
            let m = low.wrapping_mul(Self::NEGATIVE_INVERSE);
            let (_, mut carry) = m.carrying_mul(p[0], low);
            for j in 1..WORDS {
                let sum;
                (sum, high) = a[j].carrying_mul_add(b, t[j], high);
                (t[j - 1], carry) = m.carrying_mul_add(p[j], sum, carry);
            }
            t[WORDS - 1] = high + carry;
        }
        Self(t, PhantomData)
    }
}

/// A coordinate of points: what their additions need.
pub(crate) trait Coordinate:
    Copy + Send + Sync + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + 'static
{
    /// The curve.
    type Config: SWCurveConfig<ScalarField = Fr, BaseField = Self::Ark>;
    /// A coordinate in arkworks.
    type Ark: Field;

    fn of(element: Self::Ark) -> Self;
    fn ark(self) -> Self::Ark;
    fn square(self) -> Self;
    /// The negative, if so told.
    fn negate(self, negative: bool) -> Self;
}

impl Coordinate for Residue<Base> {
    type Config = g1::Config;
    type Ark = Fq;

    #[inline(always)]
    fn of(element: Fq) -> Self {
        Self::new(element)
    }
    fn ark(self) -> Fq {
        Base::raw(self.reduced())
    }
    #[inline(always)]
    fn square(self) -> Self {
        self * self
    }
    #[inline(always)]
    fn negate(self, negative: bool) -> Self {
        Self(choose(negative, &(Self::ZERO - self).0, &self.0), PhantomData)
    }
}

/// c0 + c1·u with u² = −1: a coordinate of the second group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quadratic([Residue<Base>; 2]);

impl Add for Quadratic {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self([self.0[0] + other.0[0], self.0[1] + other.0[1]])
    }
}

impl Sub for Quadratic {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self([self.0[0] - other.0[0], self.0[1] - other.0[1]])
    }
}

/// Words of a product before its reduction.
type Wide = [u64; 2 * WORDS];

/// x·y of any words.
#[inline(always)]
fn product(x: &[u64; WORDS], y: &[u64; WORDS]) -> Wide {
    let mut t = [0; 2 * WORDS];
    for i in 0..WORDS {
        let mut carry = 0;
        for j in 0..WORDS {
            (t[i + j], carry) = x[j].carrying_mul_add(y[i], t[i + j], carry);
        }
        t[i + WORDS] = carry;
    }
    t
}

/// x/R, up to a multiple of R: for x below 8p² below 8p²/R + p < 3p.
#[inline(always)]
fn reduce<P: Prime>(x: &Wide) -> [u64; WORDS] {
    let (mut t, mut above) = (*x, false);
    for i in 0..WORDS {
        let m = t[i].wrapping_mul(Residue::<P>::NEGATIVE_INVERSE);
        let mut carry = 0;
        for j in 0..WORDS {
            (t[i + j], carry) = m.carrying_mul_add(Residue::<P>::P[j], t[i + j], carry);
        }
        (t[i + WORDS], above) = t[i + WORDS].carrying_add(carry, above);
    }
    [t[4], t[5], t[6], t[7]]
}

/// (x − y)/R, for two products of values.
#[inline(always)]
fn difference<P: Prime>(x: &Wide, y: &Wide) -> Residue<P> {
    // Within ±4p², and reduced within −p and 2p, up to a multiple of R: what is below 0 gets p.
    let (difference, negative) = minus(x, y);
    let more = Residue::<P>::P.map(|word| word & mask(negative));
    Residue(plus(&reduce::<P>(&difference), &more), PhantomData)
}

/// x/R, for two products of values together: below 8p².
#[inline(always)]
fn reduced<P: Prime>(x: &Wide) -> Residue<P> {
    Residue(reduce::<P>(x), PhantomData) + Residue::ZERO
}

/// Karatsuba: three products and two reductions. Sums of two values are below 4p < R and need no carry.
impl Mul for Quadratic {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        let ([a0, a1], [b0, b1]) = (self.0, other.0);
        let low = product(&a0.0, &b0.0);
        let high = product(&a1.0, &b1.0);
        let crossed = product(&plus(&a0.0, &a1.0), &plus(&b0.0, &b1.0));
        // a0·b1 + a1·b0.
        let both = minus(&minus(&crossed, &low).0, &high).0;
        Self([difference(&low, &high), reduced(&both)])
    }
}

impl Coordinate for Quadratic {
    type Config = g2::Config;
    type Ark = Fq2;

    #[inline(always)]
    fn of(element: Fq2) -> Self {
        Self([Residue::new(element.c0), Residue::new(element.c1)])
    }
    fn ark(self) -> Fq2 {
        Fq2::new(self.0[0].ark(), self.0[1].ark())
    }
    /// `(c0 + c1)(c0 − c1) + 2·c0·c1·u`.
    #[inline(always)]
    fn square(self) -> Self {
        let [c0, c1] = self.0;
        Self([(c0 + c1) * (c0 - c1), (c0 + c0) * c1])
    }
    #[inline(always)]
    fn negate(self, negative: bool) -> Self {
        Self(self.0.map(|c| c.negate(negative)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prime::Scalar;
    use ark_ff::{AdditiveGroup, UniformRand};
    use ark_std::test_rng;

    /// Small, next to p and 2p, and random.
    fn samples<P: Prime>() -> Vec<Residue<P>> {
        let mut rng = test_rng();
        let beside = |x: &[u64; WORDS], less: u64| minus(x, &[less, 0, 0, 0]).0;
        let (p, twice) = (Residue::<P>::P, Residue::<P>::TWICE);
        let mut words = vec![[0; WORDS], [1, 0, 0, 0], beside(&p, 1), p, plus(&p, &[1, 0, 0, 0])];
        words.extend([beside(&twice, 1), beside(&twice, 2)]);
        words.extend((0..20).map(|_| P::integer(P::Ark::rand(&mut rng)).0));
        words.extend((0..20).map(|_| plus(&P::integer(P::Ark::rand(&mut rng)).0, &p)));
        words.into_iter().map(|words| Residue(words, PhantomData)).collect()
    }

    fn value<P: Prime>(x: Residue<P>) -> P::Ark {
        let negative = minus(&x.0, &Residue::<P>::TWICE).1;
        assert!(negative, "not below 2p");
        P::raw(x.reduced())
    }

    fn check<P: Prime>() {
        let samples = samples::<P>();
        for a in &samples {
            assert_eq!(a.integer(), value(*a).into_bigint());
            let sixteenfold = Residue::<P>(a.sixteenfold(), PhantomData);
            assert_eq!(value(sixteenfold), value(*a) * P::Ark::from(16u64));
            for b in &samples {
                assert_eq!(value(*a + *b), value(*a) + value(*b));
                assert_eq!(value(*a - *b), value(*a) - value(*b));
                assert_eq!(value(*a * *b), value(*a) * value(*b));
            }
        }
    }

    #[test]
    fn both_fields_agree_with_arkworks_and_stay_below_2p() {
        check::<Base>();
        check::<Scalar>();
    }

    #[test]
    fn the_quadratic_extension_agrees_with_arkworks_and_stays_below_2p() {
        let parts = samples::<Base>();
        let value = |x: Quadratic| Fq2::new(value(x.0[0]), value(x.0[1]));
        let elements: Vec<_> = (0..parts.len() * 7)
            .map(|i| Quadratic([parts[i % parts.len()], parts[i * 5 % (parts.len() - 1)]]))
            .collect();
        for a in &elements {
            assert_eq!(value(a.square()), value(*a).square());
            assert_eq!(value(a.negate(true)), -value(*a));
            assert_eq!(value(a.negate(false)), value(*a));
            for b in &elements {
                assert_eq!(value(*a + *b), value(*a) + value(*b));
                assert_eq!(value(*a - *b), value(*a) - value(*b));
                assert_eq!(value(*a * *b), value(*a) * value(*b));
            }
        }
        assert_eq!(value(Quadratic::of(Fq2::ZERO)), Fq2::ZERO);
    }
}
