//! Additions in lanes: affine, four independent chains of eight, one inversion for a chunk.

use super::coordinate::{Coordinate, invert};
use super::{Index, Kernel, at, is_negative, operands};
use crate::field::Lanes;
use crate::prime::Base;
use crate::simd::{LANES, Simd, Task};
use ark_ec::short_weierstrass::Affine;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::Field;
use std::marker::PhantomData;

/// Chains of products that do not wait for each other.
const CHAINS: usize = 4;
/// Groups of steps between asking for points and reading them.
const AHEAD: usize = 1;
/// Additions that share an inversion: their denominators and prefixes stay in the second-level cache.
const CHUNK: usize = 2048;

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

    /// Whether both points of a pair have the same x.
    fn is_exceptional(&self, bases: &[C::Row], sums: &[C::Row], pair: &[Index; 2]) -> bool {
        let [left, right] = pair.map(|index| {
            let words = at(bases, sums, index).as_ref().as_flattened();
            C::sixteenfold_of(&words[..words.len() / 2])
        });
        left == right
    }

    /// Adds the pairs of a chunk of which some are exceptional: those one by one, the others again in lanes.
    fn add_exceptional(
        &self,
        bases: &[C::Row],
        sums: &mut [C::Row],
        first: usize,
        pairs: &[[Index; 2]],
        infinite: &mut Vec<Index>,
    ) {
        let exceptional: Vec<bool> =
            pairs.iter().map(|pair| self.is_exceptional(bases, sums, pair)).collect();
        if let Some(usual) = exceptional.iter().position(|exceptional| !exceptional) {
            let usual: Vec<_> = pairs
                .iter()
                .zip(&exceptional)
                .map(|(pair, exceptional)| if *exceptional { pairs[usual] } else { *pair })
                .collect();
            self.s.run(Pairs::<C, false> { bases, sums, first, pairs: &usual });
        }
        for (i, pair) in pairs.iter().enumerate().filter(|(i, _)| exceptional[*i]) {
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
        let words = row.as_mut().as_flattened_mut();
        let (x, y) = words.split_at_mut(words.len() / 2);
        C::pack(&point.x, x);
        C::pack(&point.y, y);
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
        let first = sums.len();
        sums.resize(first + pairs.len(), C::blank());
        let mut infinite = Vec::new();
        for chunk in self.s.run(Pairs::<C, false> { bases, sums, first, pairs }) {
            let pairs = &pairs[chunk..(chunk + CHUNK).min(pairs.len())];
            self.add_exceptional(bases, sums, first + chunk, pairs, &mut infinite);
        }
        infinite
    }

    fn doubles(&self, rows: &[C::Row]) -> Option<Vec<C::Row>> {
        let pairs: Vec<[Index; 2]> = (0..rows.len() as Index).map(|place| [place; 2]).collect();
        let mut sums = vec![C::blank(); rows.len()];
        let tangents = Pairs::<C, true> { bases: rows, sums: &mut sums, first: 0, pairs: &pairs };
        self.s.run(tangents).is_empty().then_some(sums)
    }
}

/// Pairs to add; the result is the chunks of which one has equal x, where the formula does not hold. With
/// `TANGENT` both points of each pair are the same, and the line through them is the tangent.
struct Pairs<'a, C: Coordinate, const TANGENT: bool> {
    bases: &'a [C::Row],
    sums: &'a mut [C::Row],
    first: usize,
    pairs: &'a [[Index; 2]],
}

/// Eight pairs on their way.
#[derive(Clone, Copy)]
struct Step<S: Simd, C: Coordinate> {
    /// x₂ − x₁, or 2·y₁ of a tangent
    run: C::E<S>,
    /// Product of the chain's earlier runs.
    prefix: C::E<S>,
    left: [C::E<S>; 2],
    /// x₂
    right: C::E<S>,
    /// ±y₂ − y₁, or 3·x₁² of a tangent
    rise: C::E<S>,
}

/// Pairs of one chunk.
type Chunk<'a> = &'a [[Index; 2]];

/// Which pair is in a lane; after the last one the last one again.
#[inline(always)]
fn pair(chunk: Chunk<'_>, step: usize, lane: usize) -> &[Index; 2] {
    &chunk[(step * LANES + lane).min(chunk.len() - 1)]
}

// Loops and no closures: only what is certainly inlined is compiled to the lanes' instructions.
#[allow(clippy::needless_range_loop)]
impl<C: Coordinate, const TANGENT: bool> Pairs<'_, C, TANGENT> {
    #[inline(always)]
    fn operand<S: Simd>(
        &self,
        f: &Lanes<S, Base>,
        chunk: Chunk<'_>,
        step: usize,
        side: usize,
    ) -> [C::E<S>; 2] {
        let mut words = [[f.s.splat(0); LANES]; 2];
        for lane in 0..LANES {
            let row = at(self.bases, self.sums, pair(chunk, step, lane)[side]).as_ref();
            for line in 0..row.len() {
                words[line][lane] = f.s.load(&row[line]);
            }
        }
        for words in &mut words[..C::blank().as_ref().len()] {
            *words = f.s.transpose(*words);
        }
        C::split(f, &words)
    }

    /// A bit for each lane whose points have different signs.
    #[inline(always)]
    fn signs(chunk: Chunk<'_>, step: usize) -> u8 {
        let mut bits = 0;
        for lane in 0..LANES {
            let [left, right] = pair(chunk, step, lane);
            bits |= u8::from(is_negative(left ^ right)) << lane;
        }
        bits
    }

    /// Asks for the points of one group's pairs, from pair `first` of the chunk on.
    #[inline(always)]
    fn prefetch<S: Simd>(&self, f: &Lanes<S, Base>, chunk: Chunk<'_>, first: usize) {
        let end = (first + CHAINS * LANES).min(chunk.len());
        for pair in &chunk[first.min(end)..end] {
            for index in pair {
                for line in at(self.bases, self.sums, *index).as_ref() {
                    f.s.prefetch(line);
                }
            }
        }
    }

    /// Writes the sums of a step from place `first` on, `lanes` of them.
    #[inline(always)]
    fn write<S: Simd>(
        &mut self,
        f: &Lanes<S, Base>,
        first: usize,
        lanes: usize,
        point: &[C::E<S>; 2],
    ) {
        let mut words = [[f.s.splat(0); LANES]; 2];
        C::join(f, point, &mut words);
        for line in 0..C::blank().as_ref().len() {
            let rows = f.s.transpose(words[line]);
            for lane in 0..lanes {
                self.sums[first + lane].as_mut()[line] = f.s.store(rows[lane]);
            }
        }
    }

    /// Adds a chunk; `false` if a pair has equal x.
    #[inline(always)]
    fn add<S: Simd>(
        &mut self,
        f: &Lanes<S, Base>,
        first: usize,
        chunk: Chunk<'_>,
        steps: &mut [Step<S, C>],
    ) -> bool {
        let groups = chunk.len().div_ceil(LANES * CHAINS);
        let mut products = [C::one(f); CHAINS];
        for group in 0..groups {
            self.prefetch(f, chunk, (group + AHEAD) * CHAINS * LANES);
            for chain in 0..CHAINS {
                let index = group * CHAINS + chain;
                let step = &mut steps[index];
                let (left, right) =
                    (self.operand(f, chunk, index, 0), self.operand(f, chunk, index, 1));
                (step.run, step.rise) = if TANGENT {
                    (C::twice(f, &left[1]), C::three_squares(f, &left[0]))
                } else {
                    let bits = Self::signs(chunk, index);
                    (C::sub(f, &right[0], &left[0]), C::sub_signed(f, bits, &right[1], &left[1]))
                };
                (step.left, step.right) = (left, right[0]);
            }
            for chain in 0..CHAINS {
                let step = &mut steps[group * CHAINS + chain];
                step.prefix = products[chain];
                products[chain] = C::mul(f, &step.run, &products[chain]);
            }
        }

        // The inverse of each chain's product, from the inverse of all.
        let mut before = [products[0]; CHAINS];
        for chain in 1..CHAINS {
            before[chain] = C::mul(f, &before[chain - 1], &products[chain]);
        }
        let Some(mut inverse) = invert::<S, C>(f, &before[CHAINS - 1]) else { return false };
        let mut inverses = products;
        for chain in (1..CHAINS).rev() {
            inverses[chain] = C::mul(f, &inverse, &before[chain - 1]);
            inverse = C::mul(f, &inverse, &products[chain]);
        }
        inverses[0] = inverse;

        for group in (0..groups).rev() {
            let mut slopes = inverses;
            for chain in 0..CHAINS {
                let step = &steps[group * CHAINS + chain];
                slopes[chain] = C::mul(f, &inverses[chain], &step.prefix);
                inverses[chain] = C::mul(f, &step.run, &inverses[chain]);
            }
            for chain in 0..CHAINS {
                let rise = &steps[group * CHAINS + chain].rise;
                slopes[chain] = C::mul(f, rise, &slopes[chain]);
            }
            for chain in 0..CHAINS {
                let index = group * CHAINS + chain;
                let Step { left, right, .. } = &steps[index];
                let slope = &slopes[chain];
                let x = C::square_less(f, slope, &left[0], right);
                let y = C::mul_less(f, &C::sub(f, &left[0], &x), slope, &left[1]);
                let lanes = LANES.min(chunk.len().saturating_sub(index * LANES));
                self.write(f, first + index * LANES, lanes, &[x, y]);
            }
        }
        true
    }
}

impl<C: Coordinate, const TANGENT: bool> Task for Pairs<'_, C, TANGENT> {
    type Output = Vec<usize>;

    #[inline(always)]
    fn run<S: Simd>(mut self, s: S) -> Vec<usize> {
        let f = Lanes::<S, Base>::new(s);
        let one = C::one(&f);
        let step = Step { run: one, prefix: one, left: [one; 2], right: one, rise: one };
        let most = CHUNK.min(self.pairs.len()).div_ceil(LANES * CHAINS) * CHAINS;
        let mut steps: Vec<Step<S, C>> = vec![step; most];
        let mut exceptional = Vec::new();
        for (index, chunk) in self.pairs.chunks(CHUNK).enumerate() {
            if !self.add(&f, self.first + index * CHUNK, chunk, &mut steps) {
                exceptional.push(index * CHUNK);
            }
        }
        exceptional
    }
}
