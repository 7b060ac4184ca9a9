//! Additions in lanes: affine, four independent chains of eight, one inversion for a chunk.

use super::coordinate::{Coordinate, invert};
use super::{Index, Kernel, at, is_negative, operands};
use crate::field::{Base, Lanes};
use crate::simd::{LANES, Simd, Task};
use ark_ec::short_weierstrass::Affine;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::Field;
use std::array::from_fn;
use std::marker::PhantomData;

/// Chains of products that do not wait for each other.
const CHAINS: usize = 4;
/// Additions that share an inversion: their denominators and prefixes stay in the second-level cache.
const CHUNK: usize = 1024;

/// Additions in the lanes of `S`.
#[derive(Debug)]
pub(crate) struct Vector<S, C: Coordinate> {
    s: S,
    sixteenth: C::Ark,
    group: PhantomData<C>,
}

impl<S: Simd, C: Coordinate> Vector<S, C> {
    pub(crate) fn new(s: S) -> Self {
        let sixteen = C::Ark::from(16u64);
        Self { s, sixteenth: sixteen.inverse().unwrap_or(sixteen), group: PhantomData }
    }

    /// Adds the pairs of a chunk one by one; complete.
    fn add_exceptional(
        &self,
        bases: &[C::Row],
        sums: &mut [C::Row],
        first: usize,
        pairs: &[[Index; 2]],
        infinite: &mut Vec<Index>,
    ) {
        for (i, pair) in pairs.iter().enumerate() {
            let [left, right] = operands(self, bases, sums, pair);
            let sum = (left.into_group() + right).into_affine();
            if sum.is_zero() {
                infinite.push((first + i) as Index);
            } else {
                sums[first + i] = self.row(&sum);
            }
        }
    }
}

impl<S: Simd, C: Coordinate> Kernel for Vector<S, C> {
    type Config = C::Config;
    type Row = C::Row;

    fn row(&self, point: &Affine<C::Config>) -> C::Row {
        let mut row = C::blank();
        let words = [C::pack(&point.x), C::pack(&point.y)].into_iter().flatten().flatten();
        let places = row.as_mut().iter_mut().flatten();
        places.zip(words).for_each(|(place, word)| *place = word);
        row
    }

    fn point(&self, row: &C::Row) -> Affine<C::Config> {
        let words = row.as_ref().as_flattened();
        let (x, y) = words.split_at(words.len() / 2);
        let [x, y] = [x, y].map(|words| C::sixteenfold_of(words) * self.sixteenth);
        Affine::new_unchecked(x, y)
    }

    fn add_pairs(
        &self,
        bases: &[C::Row],
        sums: &mut Vec<C::Row>,
        pairs: &[[Index; 2]],
    ) -> Vec<Index> {
        let mut infinite = Vec::new();
        for chunk in pairs.chunks(CHUNK) {
            let first = sums.len();
            sums.resize(first + chunk.len(), C::blank());
            let task = Chunk::<C> { bases, sums, first, pairs: chunk };
            if !self.s.run(task) {
                self.add_exceptional(bases, sums, first, chunk, &mut infinite);
            }
        }
        infinite
    }
}

/// A chunk of pairs; `false` if one of them has equal x and the formula does not hold.
struct Chunk<'a, C: Coordinate> {
    bases: &'a [C::Row],
    sums: &'a mut [C::Row],
    first: usize,
    pairs: &'a [[Index; 2]],
}

/// Eight pairs on their way.
struct Step<S: Simd, C: Coordinate> {
    /// x₂ − x₁
    run: C::E<S>,
    /// Product of the chain's earlier runs.
    prefix: C::E<S>,
    left: [C::E<S>; 2],
    right: [C::E<S>; 2],
}

impl<C: Coordinate> Chunk<'_, C> {
    /// Which pair is in a lane; after the last one the last one again.
    #[inline(always)]
    fn pair(&self, step: usize, lane: usize) -> &[Index; 2] {
        &self.pairs[(step * LANES + lane).min(self.pairs.len() - 1)]
    }

    #[inline(always)]
    fn operand<S: Simd>(&self, f: &Lanes<S, Base>, step: usize, side: usize) -> [C::E<S>; 2] {
        let indices: [Index; LANES] = from_fn(|lane| self.pair(step, lane)[side]);
        let rows: [&C::Row; LANES] = indices.map(|index| at(self.bases, self.sums, index));
        let mut words = [[f.s.splat(0); LANES]; 2];
        for (line, words) in words.iter_mut().enumerate().take(rows[0].as_ref().len()) {
            *words = f.s.transpose(rows.map(|row| f.s.load(&row.as_ref()[line])));
        }
        let [x, y] = C::split(f, &words);
        let bits = (0..LANES).fold(0, |bits, i| bits | u8::from(is_negative(indices[i])) << i);
        [x, if bits == 0 { y } else { C::negate(f, bits, &y) }]
    }

    #[inline(always)]
    fn write<S: Simd>(&mut self, f: &Lanes<S, Base>, step: usize, point: &[C::E<S>; 2]) {
        let mut words = [[f.s.splat(0); LANES]; 2];
        C::join(f, point, &mut words);
        let lines = C::blank().as_ref().len();
        let lanes = LANES.min(self.pairs.len().saturating_sub(step * LANES));
        for (line, words) in words.into_iter().enumerate().take(lines) {
            let rows = f.s.transpose(words);
            for (lane, row) in rows.into_iter().enumerate().take(lanes) {
                let place = self.first + step * LANES + lane;
                self.sums[place].as_mut()[line] = f.s.store(row);
            }
        }
    }
}

impl<C: Coordinate> Task for Chunk<'_, C> {
    type Output = bool;

    #[inline(always)]
    fn run<S: Simd>(mut self, s: S) -> bool {
        let f = Lanes::<S, Base>::new(s);
        let steps = self.pairs.len().div_ceil(LANES * CHAINS) * CHAINS;
        let mut prepared: Vec<Step<S, C>> = Vec::with_capacity(steps);
        let mut products = [C::one(&f); CHAINS];
        for group in 0..steps / CHAINS {
            for (chain, product) in products.iter_mut().enumerate() {
                let step = group * CHAINS + chain;
                let [left, right] = [0, 1].map(|side| self.operand(&f, step, side));
                let run = C::factor(&f, &right[0], &left[0]);
                let prefix = *product;
                *product = C::mul(&f, product, &run);
                prepared.push(Step { run, prefix, left, right });
            }
        }

        // The inverse of each chain's product, from the inverse of all.
        let mut before = [products[0]; CHAINS];
        for chain in 1..CHAINS {
            before[chain] = C::mul(&f, &before[chain - 1], &products[chain]);
        }
        let Some(mut inverse) = invert::<S, C>(&f, &before[CHAINS - 1]) else { return false };
        let mut inverses = products;
        for chain in (1..CHAINS).rev() {
            inverses[chain] = C::mul(&f, &inverse, &before[chain - 1]);
            inverse = C::mul(&f, &inverse, &products[chain]);
        }
        inverses[0] = inverse;

        for group in (0..steps / CHAINS).rev() {
            let prepared = &prepared[group * CHAINS..(group + 1) * CHAINS];
            let mut slopes = inverses;
            for (chain, slope) in slopes.iter_mut().enumerate() {
                let Step { run, prefix, left, right } = &prepared[chain];
                let rise = C::factor(&f, &right[1], &left[1]);
                *slope = C::mul(&f, &C::mul(&f, &inverses[chain], prefix), &rise);
                inverses[chain] = C::mul(&f, &inverses[chain], run);
            }
            for (chain, slope) in slopes.iter().enumerate() {
                let Step { left, right, .. } = &prepared[chain];
                let x = C::sub_two(&f, &C::square(&f, slope), &left[0], &right[0]);
                let y = C::mul(&f, slope, &C::factor(&f, &left[0], &x));
                let y = C::sub(&f, &y, &left[1]);
                self.write(&f, group * CHAINS + chain, &[x, y]);
            }
        }
        true
    }
}
