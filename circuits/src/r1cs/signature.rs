//! EdDSA-Poseidon: `S·Base8 = R + 8h·A` for A of prime order (§ 2.3).
//!
//! - `8h·A` by signed digits on the Montgomery form, 6 constraints a bit: a digit's sign is the sign of the witnessed
//!   y with y² = y_A², which is booleanity and conditional negation at once; one product at the end ties the digits
//!   to h. Digits represent h or h + r, at most one more bit of freedom. The exceptional additions need a prefix of
//!   the digits to be ±1 or ±½ modulo L; the digits are a hash's, so that finding one costs about 2^248 hashes.
//! - `S·Base8` by 84 signed odd windows of 3 bits, 7 constraints each, digits free: S is existential, so signatures are
//!   malleable. The accumulator starts at a point whose discrete logarithm nobody knows; an exceptional addition
//!   would reveal it.
//! - R is on the curve; a small-order part of R cannot cancel, since both other terms have prime order.

use super::curve::{
    add, double, double_and_add, edwards, edwards_add, montgomery, on_curve, to_edwards,
    to_montgomery,
};
use super::hints::Chain;
use super::{Form, R1cs};
use crate::gadgets::{Gadgets, Point};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, Field, One, PrimeField, Zero};
use ergon_types::curve::{EdwardsAffine, EdwardsProjective, Scalar};
use ergon_types::field::{self, Fr};
use ergon_types::key::Signature;
use num_bigint::{BigInt, BigUint};
use std::sync::OnceLock;

/// Signed digits of the variable-base multiplication.
const DIGITS: usize = 254;
/// Windows of the fixed-base multiplication.
const WINDOWS: usize = 84;

/// Asserts the signature; 2,470 constraints.
pub(super) fn verify<F: Form>(g: &mut R1cs<F>, key: &Point<F>, message: &F, signature: &Signature) {
    let r = Point { x: g.allocate(signature.r.x), y: g.allocate(signature.r.y) };
    on_curve(g, &r);
    let (kx, ky) = (key.x.clone(), key.y.clone());
    let challenge = g.poseidon(&[r.x.clone(), r.y.clone(), kx, ky, message.clone()]);
    let key = to_montgomery(g, key);
    let twice = double(g, &key);
    let fourfold = double(g, &twice);
    let product = twice_times(g, &fourfold, &challenge);
    let product = to_edwards(g, &product);
    let response = start_plus_base_times(g, &signature.s);
    let response = to_edwards(g, &response);
    let start = start();
    let start = Point { x: g.constant(start.x), y: g.constant(start.y) };
    let sum = edwards_add(g, &r, &product);
    let sum = edwards_add(g, &sum, &start);
    g.equal("signature", &sum.x, &response.x);
    g.equal("signature", &sum.y, &response.y);
}

/// `2h·P` for P of prime order.
///
/// With K = h − ½ − 2^254 (mod L, the ½ and the start 3P absorbed), Σ sᵢ·2^i = 2K − (2^254 − 1) has one solution
/// in signs sᵢ = ±1, and (acc + sᵢP) + acc runs through it from acc = 3P.
fn twice_times<F: Form>(g: &mut R1cs<F>, p: &Point<F>, h: &F) -> Point<F> {
    let order: BigUint = Scalar::MODULUS.into();
    let two_n = BigUint::one() << DIGITS;
    let half = (&order + 1u32) / 2u32;
    let shift = (&order + &order - (&half % &order) - (&two_n % &order)) % &order;
    let honest = BigUint::from(h.value().into_bigint()) + &shift;

    let twice = double(g, p);
    let mut acc = add(g, &twice, p, Fr::zero());
    let squared = g.mul("digit y²", &p.y, &p.y);
    let mut digits = Vec::with_capacity(DIGITS);
    let positive = |i: usize| honest.bit(i as u64);
    let hints = product_hints((p.x.value(), p.y.value()), positive);
    for (i, hints) in (0..DIGITS).rev().zip(hints) {
        let y = if positive(i) { p.y.value() } else { -p.y.value() };
        let y = g.allocate(y);
        g.enforce("digit sign", &y, &y, &squared);
        acc = double_and_add(g, &acc, &Point { x: p.x.clone(), y: y.clone() }, hints);
        digits.push((field::power_of_two(i), y));
    }
    let terms: Vec<_> = digits.iter().map(|(power, y)| (*power, y)).collect();
    let digits = g.linear(&terms);
    let constant = Fr::from(&shift + &shift) - Fr::from(&two_n - 1u32);
    let value = g.linear(&[(Fr::from(2u64), h), (constant, &g.one())]);
    g.enforce("digits are the challenge", &value, &p.y, &digits);
    acc
}

/// Hints for the steps of `twice_times`, from the highest digit on.
fn product_hints(p: (Fr, Fr), positive: impl Fn(usize) -> bool) -> Vec<[Fr; 2]> {
    let (point, mut chain) = (edwards(p), Chain::default());
    let mut acc = EdwardsProjective::from(point);
    acc = acc + acc + point;
    for i in (0..DIGITS).rev() {
        let (added, y) = if positive(i) { (point, p.1) } else { (-point, -p.1) };
        chain.push(acc, (p.0, y));
        acc.double_in_place();
        acc += added;
    }
    chain.of_doubled_additions()
}

/// One window's table: the odd multiples 1, 3, 5, 7 of 8^j·Base8 as (x, y) in Montgomery form, and as they are.
type Window = [((Fr, Fr), EdwardsAffine); 4];

fn windows() -> &'static [Window] {
    static TABLE: OnceLock<Vec<Window>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut base: EdwardsProjective = EdwardsAffine::generator().into();
        (0..WINDOWS)
            .map(|_| {
                let twice = base + base;
                let mut multiple = base;
                let window = std::array::from_fn(|_| {
                    let point = multiple.into_affine();
                    multiple += twice;
                    (montgomery(&point), point)
                });
                base = base + base;
                base = base + base;
                base = base + base;
                window
            })
            .collect()
    })
}

/// Where the fixed-base accumulator starts: the first y from 7 on that gives a point, cleared of its cofactor.
fn start() -> EdwardsAffine {
    static START: OnceLock<EdwardsAffine> = OnceLock::new();
    *START.get_or_init(|| {
        (7u64..)
            .filter_map(|y| EdwardsAffine::get_point_from_y_unchecked(Fr::from(y), false))
            .map(|point| point.mul_by_cofactor())
            .find(|point| !point.is_zero())
            .unwrap_or_default()
    })
}

/// `start + S·Base8`, S existential.
fn start_plus_base_times<F: Form>(g: &mut R1cs<F>, s: &Scalar) -> Point<F> {
    let digits = odd_digits(s);
    let index = |digit: i8| (digit.unsigned_abs() as usize - 1) / 2;
    let mut chain = Chain::default();
    let mut point = EdwardsProjective::from(start());
    for (window, digit) in windows().iter().zip(&digits) {
        let ((x, y), added) = window[index(*digit)];
        let (y, added) = if *digit < 0 { (-y, -added) } else { (y, added) };
        chain.push(point, (x, y));
        point += added;
    }
    let start = montgomery(&start());
    let mut acc = Point { x: g.constant(start.0), y: g.constant(start.1) };
    for ((window, digit), hint) in windows().iter().zip(digits).zip(chain.of_additions()) {
        let index = index(digit);
        let low = g.bit("window bit", index & 1 == 1);
        let high = g.bit("window bit", index & 2 == 2);
        let both = g.mul("window bits", &low, &high);
        let table = |g: &R1cs<F>, entry: &dyn Fn(usize) -> Fr| {
            let [e0, e1, e2, e3] = [0, 1, 2, 3].map(entry);
            g.linear(&[
                (e0, &g.one()),
                (e1 - e0, &low),
                (e2 - e0, &high),
                (e3 - e2 - e1 + e0, &both),
            ])
        };
        let x = table(g, &|i| window[i].0.0);
        let squared = table(g, &|i| window[i].0.1.square());
        let (_, y) = window[index].0;
        let y = g.allocate(if digit < 0 { -y } else { y });
        g.enforce("window sign", &y, &y, &squared);
        acc = add(g, &acc, &Point { x, y }, hint);
    }
    acc
}

/// S, or S + L where S is even, in 84 odd digits from −7 to 7.
fn odd_digits(s: &Scalar) -> Vec<i8> {
    let mut rest = BigInt::from(BigUint::from(s.into_bigint()));
    if !rest.bit(0) {
        rest += BigInt::from(BigUint::from(Scalar::MODULUS));
    }
    (0..WINDOWS)
        .map(|window| {
            let low = &rest & BigInt::from(15);
            let digit = if window + 1 < WINDOWS { low - 8 } else { rest.clone() };
            rest = (&rest - &digit) / 8;
            i8::try_from(digit).unwrap_or_default()
        })
        .collect()
}

#[cfg(test)]
mod tests;
