//! What differs between the two groups: a coordinate is an element of the base field or of its quadratic extension.

use crate::field::{Fe, Lanes, canonical, pack, unpack};
use crate::prime::{Base, Prime};
use crate::simd::{LANES, Simd};
use ark_bn254::{Fq, Fq2, Fr};
use ark_ec::short_weierstrass::SWCurveConfig;
use ark_ff::{Field, Zero};

/// A point in packed coordinates, one cache line or two.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(crate) struct Row<const LINES: usize>(pub(crate) [[u64; LANES]; LINES]);

/// A group whose points are added in lanes.
pub(crate) trait Coordinate: Copy + Send + Sync + 'static {
    /// The curve.
    type Config: SWCurveConfig<ScalarField = Fr, BaseField = Self::Ark>;
    /// A coordinate.
    type Ark: Field;
    /// A point in memory.
    type Row: AsRef<[[u64; LANES]]> + AsMut<[[u64; LANES]]> + Copy + Send + Sync;
    /// One coordinate in each lane.
    type E<S: Simd>: Copy;

    /// A row without meaning.
    fn blank() -> Self::Row;
    /// Writes the packed elements of a coordinate.
    fn pack(x: &Self::Ark, words: &mut [u64]);
    /// 16 times the coordinate of packed elements.
    fn sixteenfold_of(words: &[u64]) -> Self::Ark;

    /// Both coordinates of eight rows, transposed: `words[i]` is the i-th word of each.
    fn split<S: Simd>(f: &Lanes<S, Base>, words: &[[S::V; LANES]]) -> [Self::E<S>; 2];
    /// The inverse of `split`.
    fn join<S: Simd>(f: &Lanes<S, Base>, point: &[Self::E<S>; 2], words: &mut [[S::V; LANES]]);

    fn one<S: Simd>(f: &Lanes<S, Base>) -> Self::E<S>;
    /// A factor times a stored value.
    fn mul<S: Simd>(f: &Lanes<S, Base>, a: &Self::E<S>, b: &Self::E<S>) -> Self::E<S>;
    /// `a·b − c`, for a factor and stored values.
    fn mul_less<S: Simd>(
        f: &Lanes<S, Base>,
        a: &Self::E<S>,
        b: &Self::E<S>,
        c: &Self::E<S>,
    ) -> Self::E<S>;
    /// `a² − b − c`, for products and stored values.
    fn square_less<S: Simd>(
        f: &Lanes<S, Base>,
        a: &Self::E<S>,
        b: &Self::E<S>,
        c: &Self::E<S>,
    ) -> Self::E<S>;
    /// `a − b`, for use as a factor only.
    fn sub<S: Simd>(f: &Lanes<S, Base>, a: &Self::E<S>, b: &Self::E<S>) -> Self::E<S>;
    /// `±a − b`, minus in the lanes whose bit is set; for use as a factor only.
    fn sub_signed<S: Simd>(
        f: &Lanes<S, Base>,
        bits: u8,
        a: &Self::E<S>,
        b: &Self::E<S>,
    ) -> Self::E<S>;
    /// `2a`, for use as a factor only.
    fn twice<S: Simd>(f: &Lanes<S, Base>, a: &Self::E<S>) -> Self::E<S>;
    /// `3a²`, for use as a factor only.
    fn three_squares<S: Simd>(f: &Lanes<S, Base>, a: &Self::E<S>) -> Self::E<S>;
    fn sixteenfold<S: Simd>(f: &Lanes<S, Base>, a: &Self::E<S>) -> [Self::Ark; LANES];
    fn of_sixteenfold<S: Simd>(f: &Lanes<S, Base>, a: &[Self::Ark; LANES]) -> Self::E<S>;
}

impl<const LINES: usize> AsRef<[[u64; LANES]]> for Row<LINES> {
    #[inline(always)]
    fn as_ref(&self) -> &[[u64; LANES]] {
        &self.0
    }
}

impl<const LINES: usize> AsMut<[[u64; LANES]]> for Row<LINES> {
    #[inline(always)]
    fn as_mut(&mut self) -> &mut [[u64; LANES]] {
        &mut self.0
    }
}

/// Of the first group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct G1;

impl Coordinate for G1 {
    type Config = ark_bn254::g1::Config;
    type Ark = Fq;
    type Row = Row<1>;
    type E<S: Simd> = Fe<S>;

    fn blank() -> Row<1> {
        Row([[0; LANES]])
    }
    fn pack(x: &Fq, words: &mut [u64]) {
        words.copy_from_slice(&pack::<Base>(*x));
    }
    fn sixteenfold_of(words: &[u64]) -> Fq {
        Base::raw(canonical::<Base>(&unpack(&[words[0], words[1], words[2], words[3]])))
    }

    #[inline(always)]
    fn split<S: Simd>(f: &Lanes<S, Base>, words: &[[S::V; LANES]]) -> [Fe<S>; 2] {
        [f.unpack(&words[0][..4]), f.unpack(&words[0][4..])]
    }
    #[inline(always)]
    fn join<S: Simd>(f: &Lanes<S, Base>, point: &[Fe<S>; 2], words: &mut [[S::V; LANES]]) {
        words[0][..4].copy_from_slice(&f.pack(&point[0]));
        words[0][4..].copy_from_slice(&f.pack(&point[1]));
    }
    #[inline(always)]
    fn one<S: Simd>(f: &Lanes<S, Base>) -> Fe<S> {
        f.one()
    }
    #[inline(always)]
    fn mul<S: Simd>(f: &Lanes<S, Base>, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        f.mul(a, b)
    }
    #[inline(always)]
    fn mul_less<S: Simd>(f: &Lanes<S, Base>, a: &Fe<S>, b: &Fe<S>, c: &Fe<S>) -> Fe<S> {
        f.less(f.mul_open(a, b), c)
    }
    #[inline(always)]
    fn square_less<S: Simd>(f: &Lanes<S, Base>, a: &Fe<S>, b: &Fe<S>, c: &Fe<S>) -> Fe<S> {
        f.less_two(f.mul_open(a, a), b, c)
    }
    #[inline(always)]
    fn sub<S: Simd>(f: &Lanes<S, Base>, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        f.sub_loose(a, b)
    }
    #[inline(always)]
    fn sub_signed<S: Simd>(f: &Lanes<S, Base>, bits: u8, a: &Fe<S>, b: &Fe<S>) -> Fe<S> {
        f.sub_signed_loose(bits, a, b)
    }
    #[inline(always)]
    fn twice<S: Simd>(f: &Lanes<S, Base>, a: &Fe<S>) -> Fe<S> {
        f.add_loose(a, a)
    }
    /// A product is below 2p: three of it are a factor.
    #[inline(always)]
    fn three_squares<S: Simd>(f: &Lanes<S, Base>, a: &Fe<S>) -> Fe<S> {
        let square = f.mul(a, a);
        f.add_loose(&f.add_loose(&square, &square), &square)
    }
    #[inline(always)]
    fn sixteenfold<S: Simd>(f: &Lanes<S, Base>, a: &Fe<S>) -> [Fq; LANES] {
        f.sixteenfold(a)
    }
    #[inline(always)]
    fn of_sixteenfold<S: Simd>(f: &Lanes<S, Base>, a: &[Fq; LANES]) -> Fe<S> {
        f.of_sixteenfold(a)
    }
}

/// Of the second group: c0 + c1·u with u² = −1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct G2;

impl Coordinate for G2 {
    type Config = ark_bn254::g2::Config;
    type Ark = Fq2;
    type Row = Row<2>;
    type E<S: Simd> = [Fe<S>; 2];

    fn blank() -> Row<2> {
        Row([[0; LANES]; 2])
    }
    fn pack(x: &Fq2, words: &mut [u64]) {
        let (c0, c1) = words.split_at_mut(words.len() / 2);
        c0.copy_from_slice(&pack::<Base>(x.c0));
        c1.copy_from_slice(&pack::<Base>(x.c1));
    }
    fn sixteenfold_of(words: &[u64]) -> Fq2 {
        Fq2::new(G1::sixteenfold_of(&words[..4]), G1::sixteenfold_of(&words[4..]))
    }

    #[inline(always)]
    fn split<S: Simd>(f: &Lanes<S, Base>, words: &[[S::V; LANES]]) -> [[Fe<S>; 2]; 2] {
        [G1::split(f, &words[..1]), G1::split(f, &words[1..])]
    }
    #[inline(always)]
    fn join<S: Simd>(f: &Lanes<S, Base>, point: &[[Fe<S>; 2]; 2], words: &mut [[S::V; LANES]]) {
        G1::join(f, &point[0], &mut words[..1]);
        G1::join(f, &point[1], &mut words[1..]);
    }
    #[inline(always)]
    fn one<S: Simd>(f: &Lanes<S, Base>) -> [Fe<S>; 2] {
        [f.one(), f.splat(&[0; 5])]
    }
    #[inline(always)]
    fn mul<S: Simd>(f: &Lanes<S, Base>, a: &[Fe<S>; 2], b: &[Fe<S>; 2]) -> [Fe<S>; 2] {
        let [real, imaginary] = mul_open(f, a, b);
        [f.carry(real), f.carry(imaginary)]
    }
    #[inline(always)]
    fn mul_less<S: Simd>(
        f: &Lanes<S, Base>,
        a: &[Fe<S>; 2],
        b: &[Fe<S>; 2],
        c: &[Fe<S>; 2],
    ) -> [Fe<S>; 2] {
        let [real, imaginary] = mul_open(f, a, b);
        [f.less(real, &c[0]), f.less(imaginary, &c[1])]
    }
    #[inline(always)]
    fn square_less<S: Simd>(
        f: &Lanes<S, Base>,
        a: &[Fe<S>; 2],
        b: &[Fe<S>; 2],
        c: &[Fe<S>; 2],
    ) -> [Fe<S>; 2] {
        let [real, imaginary] = square_open(f, a);
        [f.less_two(real, &b[0], &c[0]), f.less_two(imaginary, &b[1], &c[1])]
    }
    #[inline(always)]
    fn sub<S: Simd>(f: &Lanes<S, Base>, a: &[Fe<S>; 2], b: &[Fe<S>; 2]) -> [Fe<S>; 2] {
        [f.sub_loose(&a[0], &b[0]), f.sub_loose(&a[1], &b[1])]
    }
    #[inline(always)]
    fn sub_signed<S: Simd>(
        f: &Lanes<S, Base>,
        bits: u8,
        a: &[Fe<S>; 2],
        b: &[Fe<S>; 2],
    ) -> [Fe<S>; 2] {
        [f.sub_signed_loose(bits, &a[0], &b[0]), f.sub_signed_loose(bits, &a[1], &b[1])]
    }
    #[inline(always)]
    fn twice<S: Simd>(f: &Lanes<S, Base>, a: &[Fe<S>; 2]) -> [Fe<S>; 2] {
        [f.add_loose(&a[0], &a[0]), f.add_loose(&a[1], &a[1])]
    }
    #[inline(always)]
    fn three_squares<S: Simd>(f: &Lanes<S, Base>, a: &[Fe<S>; 2]) -> [Fe<S>; 2] {
        let square = square_open(f, a);
        let square = [f.carry(square[0]), f.carry(square[1])];
        let two = Self::twice(f, &square);
        [f.add_loose(&two[0], &square[0]), f.add_loose(&two[1], &square[1])]
    }
    #[inline(always)]
    fn sixteenfold<S: Simd>(f: &Lanes<S, Base>, a: &[Fe<S>; 2]) -> [Fq2; LANES] {
        let [c0, c1] = [f.sixteenfold(&a[0]), f.sixteenfold(&a[1])];
        std::array::from_fn(|i| Fq2::new(c0[i], c1[i]))
    }
    #[inline(always)]
    fn of_sixteenfold<S: Simd>(f: &Lanes<S, Base>, a: &[Fq2; LANES]) -> [Fe<S>; 2] {
        [f.of_sixteenfold(&a.map(|x| x.c0)), f.of_sixteenfold(&a.map(|x| x.c1))]
    }
}

/// `(a0·b0 − a1·b1) + (a0·b1 + a1·b0)·u`: four products and two reductions take as many multiply-adds as the three of each
/// that Karatsuba needs, and no differences.
#[inline(always)]
fn mul_open<S: Simd>(f: &Lanes<S, Base>, a: &[Fe<S>; 2], b: &[Fe<S>; 2]) -> [Fe<S>; 2] {
    let real = f.mul_two_open(&a[0], &b[0], &a[1], &f.negate_loose(&b[1]));
    [real, f.mul_two_open(&a[0], &b[1], &a[1], &b[0])]
}

/// `(c0 + c1)(c0 − c1) + 2·c0·c1·u`.
#[inline(always)]
fn square_open<S: Simd>(f: &Lanes<S, Base>, a: &[Fe<S>; 2]) -> [Fe<S>; 2] {
    let real = f.mul_open(&f.add_loose(&a[0], &a[1]), &f.sub_loose(&a[0], &a[1]));
    [real, f.mul_open(&f.add_loose(&a[0], &a[0]), &a[1])]
}

/// The inverse of every lane; `None` if one is zero.
#[inline(always)]
pub(crate) fn invert<S: Simd, C: Coordinate>(f: &Lanes<S, Base>, x: &C::E<S>) -> Option<C::E<S>> {
    let mut lanes = C::sixteenfold(f, x);
    if lanes.iter().any(Zero::is_zero) {
        return None;
    }
    // 16x is inverted and 16/x is wanted. The parallel inversion would hand eight lanes to other workers.
    ark_ff::serial_batch_inversion_and_mul(&mut lanes, &C::Ark::from(256u64));
    Some(C::of_sixteenfold(f, &lanes))
}
