//! Additions on any processor: affine, with one inversion for many.

use super::{Index, Kernel, at, is_negative, operands};
use crate::residue::Coordinate;
use ark_ec::short_weierstrass::Affine;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, Field, Zero};
use std::marker::PhantomData;

/// Additions that share an inversion: their operands stay in the second-level cache.
const CHUNK: usize = 2048;

/// Additions in words.
#[derive(Debug)]
pub(crate) struct Portable<C>(PhantomData<C>);

impl<C> Portable<C> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

/// A point, in a cache line or two.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(crate) struct Row<C>([C; 2]);

/// The operands of an addition, without their signs.
type Step<C> = [Row<C>; 2];

impl<C: Coordinate> Kernel for Portable<C> {
    type Config = C::Config;
    type Row = Row<C>;

    fn row(&self, point: &Affine<C::Config>) -> Row<C> {
        Row([C::of(point.x), C::of(point.y)])
    }

    fn point(&self, row: &Row<C>) -> Affine<C::Config> {
        Affine::new_unchecked(row.0[0].ark(), row.0[1].ark())
    }

    fn add_pairs(
        &self,
        bases: &[Row<C>],
        sums: &mut Vec<Row<C>>,
        pairs: &[[Index; 2]],
    ) -> Vec<Index> {
        let mut infinite = Vec::new();
        let (mut steps, mut prefixes) = (Vec::with_capacity(CHUNK), Vec::with_capacity(CHUNK));
        for chunk in pairs.chunks(CHUNK) {
            // Nothing but loads, so that the processor waits for many points at a time.
            steps.clear();
            steps.extend(chunk.iter().map(|pair| pair.map(|index| *at(bases, sums, index))));
            let first = sums.len();
            if !add::<C, false>(&steps, chunk, &mut prefixes, sums) {
                let exceptional = self.add_exceptional(bases, sums, chunk, &mut steps);
                add::<C, false>(&steps, chunk, &mut prefixes, sums);
                for (place, sum) in exceptional {
                    if sum.is_zero() {
                        infinite.push((first + place) as Index);
                    }
                    sums[first + place] = self.row(&sum);
                }
            }
        }
        infinite
    }

    fn doubles(&self, rows: &[Row<C>]) -> Option<Vec<Row<C>>> {
        let (mut sums, mut prefixes) = (Vec::with_capacity(rows.len()), Vec::with_capacity(CHUNK));
        for chunk in rows.chunks(CHUNK) {
            let steps: Vec<Step<C>> = chunk.iter().map(|row| [*row; 2]).collect();
            let unsigned = [[0; 2]; CHUNK];
            if !add::<C, true>(&steps, &unsigned, &mut prefixes, &mut sums) {
                return None;
            }
        }
        Some(sums)
    }
}

impl<C: Coordinate> Portable<C> {
    /// The sums of pairs with equal x, one by one. Their steps are replaced by one that has a sum.
    fn add_exceptional(
        &self,
        bases: &[Row<C>],
        sums: &[Row<C>],
        pairs: &[[Index; 2]],
        steps: &mut [Step<C>],
    ) -> Vec<(usize, Affine<C::Config>)> {
        let (zero, one) = (C::of(C::Ark::ZERO), C::of(C::Ark::ONE));
        let mut exceptional = Vec::new();
        for (place, step) in steps.iter_mut().enumerate() {
            let [left, right] = step.map(|row| row.0[0]);
            if (right - left).ark().is_zero() {
                let [left, right] = operands(self, bases, sums, &pairs[place]);
                exceptional.push((place, (left.into_group() + right).into_affine()));
                *step = [Row([zero; 2]), Row([one; 2])];
            }
        }
        exceptional
    }
}

/// Appends the sums of a chunk; `false` if a pair has equal x, where the formula does not hold. With `TANGENT` both points of
/// each step are the same, and the line through them is the tangent.
fn add<C: Coordinate, const TANGENT: bool>(
    steps: &[Step<C>],
    pairs: &[[Index; 2]],
    prefixes: &mut Vec<C>,
    sums: &mut Vec<Row<C>>,
) -> bool {
    let run = |[left, right]: &Step<C>| {
        if TANGENT { left.0[1] + left.0[1] } else { right.0[0] - left.0[0] }
    };
    prefixes.clear();
    let mut product = C::of(C::Ark::ONE);
    for step in steps {
        prefixes.push(product);
        product = product * run(step);
    }
    let Some(inverse) = product.ark().inverse() else { return false };
    let mut inverse = C::of(inverse);
    let first = sums.len();
    sums.resize(first + steps.len(), steps[0][0]);
    let backward = steps.iter().zip(pairs).zip(prefixes).zip(&mut sums[first..]).rev();
    for (((step, pair), prefix), sum) in backward {
        let [Row([x1, y1]), Row([x2, y2])] = step;
        let rise = if TANGENT {
            let square = x1.square();
            square + square + square
        } else {
            y2.negate(is_negative(pair[0] ^ pair[1])) - *y1
        };
        let slope = inverse * *prefix * rise;
        inverse = inverse * run(step);
        let x = slope.square() - *x1 - *x2;
        *sum = Row([x, slope * (*x1 - x) - *y1]);
    }
    true
}
