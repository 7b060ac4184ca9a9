//! BabyJubJub arithmetic: Montgomery form inside scalar multiplications, Edwards form at their ends.
//!
//! Montgomery additions are incomplete: λ is free when both operands have the same x. Callers keep that case out
//! of reach (see `signature`). Source of the forms: RFC 7748 and Sapling's specification, section A.3.3.

use super::{Form, R1cs, quotient};
use crate::gadgets::{Gadgets, Point};
use ark_ff::{One, Zero};
use ergon_types::curve::EdwardsAffine;
use ergon_types::field::Fr;

/// Montgomery coefficient A; B is 1.
pub(super) const MONTGOMERY_A: u64 = 168_698;
const EDWARDS_A: u64 = 168_700;
const EDWARDS_D: u64 = 168_696;

/// Montgomery coordinates of a constant point of odd order, not the identity.
pub(super) fn montgomery(point: &EdwardsAffine) -> (Fr, Fr) {
    let u = quotient(Fr::one() + point.y, Fr::one() - point.y);
    (u, quotient(u, point.x))
}

/// The point of Montgomery coordinates, if there is one.
pub(super) fn edwards((u, v): (Fr, Fr)) -> EdwardsAffine {
    EdwardsAffine::new_unchecked(quotient(u, v), quotient(u - Fr::one(), u + Fr::one()))
}

/// Edwards → Montgomery: u·(1 − y) = 1 + y, v·x = u. Unique for x ≠ 0.
pub(super) fn to_montgomery<F: Form>(g: &mut R1cs<F>, point: &Point<F>) -> Point<F> {
    let one = g.one();
    let (above, below) = (g.add(&one, &point.y), g.sub(&one, &point.y));
    let u = g.allocate(quotient(above.value(), below.value()));
    g.enforce("montgomery u", &u, &below, &above);
    let v = g.allocate(quotient(u.value(), point.x.value()));
    g.enforce("montgomery v", &v, &point.x, &u);
    Point { x: u, y: v }
}

/// Montgomery → Edwards: x·v = u, y·(u + 1) = u − 1. Unique for v ≠ 0 and u ≠ −1.
pub(super) fn to_edwards<F: Form>(g: &mut R1cs<F>, point: &Point<F>) -> Point<F> {
    let x = g.allocate(quotient(point.x.value(), point.y.value()));
    g.enforce("edwards x", &x, &point.y, &point.x);
    let one = g.one();
    let (above, below) = (g.sub(&point.x, &one), g.add(&point.x, &one));
    let y = g.allocate(quotient(above.value(), below.value()));
    g.enforce("edwards y", &y, &below, &above);
    Point { x, y }
}

/// The third point of the chord or tangent with slope λ through (x1, y1) and a point with x2.
fn chord<F: Form>(g: &mut R1cs<F>, slope: &F, p: &Point<F>, x2: &F) -> Point<F> {
    let a = g.constant(Fr::from(MONTGOMERY_A));
    let known = g.sum(&[p.x.clone(), x2.clone(), a]);
    let x = g.allocate(slope.value() * slope.value() - known.value());
    let squared = g.add(&x, &known);
    g.enforce("montgomery chord x", slope, slope, &squared);
    let run = g.sub(&p.x, &x);
    let y = g.allocate(slope.value() * run.value() - p.y.value());
    let rise = g.add(&y, &p.y);
    g.enforce("montgomery chord y", slope, &run, &rise);
    Point { x, y }
}

/// rise/run, with a guess of the inverse of the run.
fn slope<F: Form>(g: &mut R1cs<F>, label: &'static str, rise: &F, run: &F, inverse: Fr) -> F {
    let guessed = inverse * run.value() == Fr::one();
    let value = if guessed { rise.value() * inverse } else { quotient(rise.value(), run.value()) };
    let slope = g.allocate(value);
    g.enforce(label, &slope, run, rise);
    slope
}

/// p + q for p ≠ ±q, with a guess of the inverse of x_q − x_p: 3 constraints.
pub(super) fn add<F: Form>(g: &mut R1cs<F>, p: &Point<F>, q: &Point<F>, inverse: Fr) -> Point<F> {
    let (rise, run) = (g.sub(&q.y, &p.y), g.sub(&q.x, &p.x));
    let slope = slope(g, "montgomery slope", &rise, &run, inverse);
    chord(g, &slope, p, &q.x)
}

/// 2p for p of odd order: 4 constraints.
pub(super) fn double<F: Form>(g: &mut R1cs<F>, p: &Point<F>) -> Point<F> {
    let squared = g.mul("montgomery square", &p.x, &p.x);
    let rise = g.linear(&[
        (Fr::from(3u64), &squared),
        (Fr::from(2 * MONTGOMERY_A), &p.x),
        (Fr::one(), &g.one()),
    ]);
    let run = g.add(&p.y, &p.y);
    let slope = slope(g, "montgomery tangent", &rise, &run, Fr::zero());
    chord(g, &slope, p, &p.x)
}

/// (p + q) + p for p ≠ ±q and p + q ≠ ±p, with guesses of the inverses of both runs: 5 constraints, without the y of p + q.
pub(super) fn double_and_add<F: Form>(
    g: &mut R1cs<F>,
    p: &Point<F>,
    q: &Point<F>,
    [first_inverse, second_inverse]: [Fr; 2],
) -> Point<F> {
    let (rise, run) = (g.sub(&q.y, &p.y), g.sub(&q.x, &p.x));
    let first = slope(g, "montgomery slope", &rise, &run, first_inverse);
    let a = g.constant(Fr::from(MONTGOMERY_A));
    let known = g.sum(&[p.x.clone(), q.x.clone(), a]);
    let x = g.allocate(first.value() * first.value() - known.value());
    let squared = g.add(&x, &known);
    g.enforce("montgomery sum x", &first, &first, &squared);
    let (rise, run) = (g.add(&p.y, &p.y), g.sub(&p.x, &x));
    let both = slope(g, "montgomery second slope", &rise, &run, second_inverse);
    let second = g.sub(&both, &first);
    chord(g, &second, p, &x)
}

/// Asserts a·x² + y² = 1 + d·x²·y².
pub(super) fn on_curve<F: Form>(g: &mut R1cs<F>, point: &Point<F>) {
    let x2 = g.mul("edwards x²", &point.x, &point.x);
    let y2 = g.mul("edwards y²", &point.y, &point.y);
    let scaled = g.linear(&[(Fr::from(EDWARDS_D), &x2)]);
    let rest = g.linear(&[(Fr::from(EDWARDS_A), &x2), (Fr::one(), &y2), (-Fr::one(), &g.one())]);
    g.enforce("point is on the curve", &scaled, &y2, &rest);
}

/// p + q on the Edwards form, complete: 6 constraints.
pub(super) fn edwards_add<F: Form>(g: &mut R1cs<F>, p: &Point<F>, q: &Point<F>) -> Point<F> {
    let a = Fr::from(EDWARDS_A);
    let left = g.linear(&[(Fr::one(), &p.y), (-a, &p.x)]);
    let right = g.add(&q.x, &q.y);
    let cross = g.mul("edwards cross", &left, &right);
    let yx = g.mul("edwards y·x", &q.y, &p.x);
    let xy = g.mul("edwards x·y", &q.x, &p.y);
    let all = g.mul("edwards x·y·x·y", &yx, &xy);
    let all = g.linear(&[(Fr::from(EDWARDS_D), &all)]);
    let one = g.one();
    let (above, below) = (g.add(&yx, &xy), g.add(&one, &all));
    let x = g.allocate(quotient(above.value(), below.value()));
    g.enforce("edwards sum x", &x, &below, &above);
    let (above, below) =
        (g.linear(&[(Fr::one(), &cross), (a, &yx), (-Fr::one(), &xy)]), g.sub(&one, &all));
    let y = g.allocate(quotient(above.value(), below.value()));
    g.enforce("edwards sum y", &y, &below, &above);
    Point { x, y }
}
