//! The quotient's transforms in lanes.
//!
//! Decimation in frequency takes values in their natural order to coefficients in bit-reversed order, one multiplication
//! by a table takes these to the coset, and decimation in time takes them back to values in natural order: nothing is
//! ever reordered. Eight neighbours share a vector; the steps inside of a vector run on transposed groups of eight.

use crate::field::{Fe, LIMBS, Lanes, Packed, canonical, pack, unpack};
use crate::prime::{Prime, Scalar};
use crate::quotient::Quotient;
use crate::roots::{Direction, Roots};
use crate::simd::{LANES, Simd, Task};
use ark_bn254::Fr;
use ark_ff::BigInt;
use rayon::prelude::*;
use zeroize::{Zeroize, Zeroizing};

/// Vectors of a group that is transposed.
const GROUP: usize = LANES;
/// Vectors whose steps one worker does alone: they stay in the second-level cache.
const CHUNK: usize = 2048;

/// Eight elements, limb by limb.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Block([[u64; LANES]; LIMBS]);

impl Zeroize for Block {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl Block {
    const ZERO: Self = Self([[0; LANES]; LIMBS]);

    fn of(elements: impl IntoIterator<Item = Packed>) -> Self {
        let mut block = Self::ZERO;
        for (lane, element) in elements.into_iter().enumerate() {
            for (limb, value) in unpack(&element).into_iter().enumerate() {
                block.0[limb][lane] = value;
            }
        }
        block
    }

    fn elements(&self) -> [[u64; LIMBS]; LANES] {
        let mut elements = [[0; LIMBS]; LANES];
        for (limb, lanes) in self.0.iter().enumerate() {
            for (lane, value) in lanes.iter().enumerate() {
                elements[lane][limb] = *value;
            }
        }
        elements
    }
}

/// Transforms of one size, with their tables.
pub(crate) struct Transform<S> {
    s: S,
    /// Of each step with a span of 8·2^i elements: the powers of its root, and of that root's inverse.
    steps: Vec<[Vec<Block>; 2]>,
    /// The same of the steps with spans 1, 2 and 4, one element for each power.
    inner: [Vec<[[u64; LIMBS]; 2]>; 3],
    /// What coefficients are multiplied by, in the order that the middle has them.
    coset: Vec<Block>,
}

impl<S: Simd> Transform<S> {
    /// For a domain of this size, a power of two from 64 on.
    pub(crate) fn new(s: S, size: usize) -> Option<Self> {
        if size < GROUP * LANES {
            return None;
        }
        let roots = Roots::new(size)?;
        let blocks = |powers: Vec<Fr>| -> Vec<Block> {
            let block = |chunk: &[Fr]| Block::of(chunk.iter().map(|power| pack::<Scalar>(*power)));
            powers.par_chunks(LANES).map(block).collect()
        };
        let spans = std::iter::successors(Some(LANES), |span| Some(2 * span));
        let steps = spans
            .take_while(|span| *span < size)
            .map(|span| roots.step(span).map(blocks))
            .collect();
        let inner = [1, 2, 4].map(|span| {
            let [forward, backward] = roots.step(span);
            let pairs = forward.into_iter().zip(backward);
            pairs.map(|(f, b)| [f, b].map(|x| unpack(&pack::<Scalar>(x)))).collect()
        });

        // Arkworks' integers are 2^-4 of ours: the table makes up for it.
        let shift = roots.coset(Fr::from(16u64));
        let at = |place: usize| pack::<Scalar>(shift[place]);
        let coset = (0..size / LANES)
            .into_par_iter()
            .map(|block| {
                let (group, vector) = (block / GROUP * GROUP * LANES, block % GROUP);
                Block::of((0..LANES).map(|lane| at(group + lane * LANES + vector)))
            })
            .collect();
        Some(Self { s, steps, inner, coset })
    }

    /// Values at even powers to values at odd ones. Limbs are of arkworks' form before and of ours afterwards.
    fn to_odd(&self, blocks: &mut [Block]) {
        let wide = |vectors: usize| self.steps.len().min(vectors.trailing_zeros() as usize);
        let outer = wide(CHUNK)..self.steps.len();
        for step in outer.clone().rev() {
            self.step(blocks, step, Direction::Inverse);
        }
        let chunk = CHUNK.min(blocks.len());
        blocks.par_chunks_mut(chunk).enumerate().for_each(|(index, blocks)| {
            let coset = &self.coset[index * chunk..];
            self.s.run(Inside { transform: self, blocks, coset });
        });
        for step in outer {
            self.step(blocks, step, Direction::Forward);
        }
    }

    /// One step over all blocks.
    fn step(&self, blocks: &mut [Block], step: usize, direction: Direction) {
        let span = 1 << step;
        let roots = &self.steps[step][direction as usize];
        blocks.par_chunks_mut(2 * span).for_each(|blocks| {
            let (low, high) = blocks.split_at_mut(span);
            let parts = low.par_chunks_mut(CHUNK).zip(high.par_chunks_mut(CHUNK));
            parts.zip(roots.par_chunks(CHUNK)).for_each(|((low, high), roots)| {
                self.s.run(Butterflies { low, high, roots, direction });
            });
        });
    }
}

// Loops and no closures: only what is certainly inlined is compiled to the lanes' instructions.

#[inline(always)]
fn load<S: Simd>(s: S, block: &Block) -> Fe<S> {
    let mut x = [s.splat(0); LIMBS];
    for (x, limb) in x.iter_mut().zip(&block.0) {
        *x = s.load(limb);
    }
    x
}

#[inline(always)]
fn store<S: Simd>(s: S, block: &mut Block, x: &Fe<S>) {
    for (limb, x) in block.0.iter_mut().zip(x) {
        *limb = s.store(*x);
    }
}

#[inline(always)]
fn butterfly<S: Simd>(
    f: &Lanes<S, Scalar>,
    direction: Direction,
    a: &mut Fe<S>,
    b: &mut Fe<S>,
    root: &Fe<S>,
) {
    match direction {
        Direction::Inverse => {
            let difference = f.sub_loose(a, b);
            *a = f.add(a, b);
            *b = f.mul(&difference, root);
        }
        Direction::Forward => {
            let product = f.mul(b, root);
            *b = f.sub(a, &product);
            *a = f.add(a, &product);
        }
    }
}

/// Butterflies between two equally long lists.
struct Butterflies<'a> {
    low: &'a mut [Block],
    high: &'a mut [Block],
    roots: &'a [Block],
    direction: Direction,
}

impl Task for Butterflies<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let f = Lanes::<S, Scalar>::new(s);
        butterflies(&f, self.low, self.high, self.roots, self.direction);
    }
}

#[inline(always)]
fn butterflies<S: Simd>(
    f: &Lanes<S, Scalar>,
    low: &mut [Block],
    high: &mut [Block],
    roots: &[Block],
    direction: Direction,
) {
    for ((low, high), root) in low.iter_mut().zip(high).zip(roots) {
        let (mut a, mut b) = (load(f.s, low), load(f.s, high));
        butterfly(f, direction, &mut a, &mut b, &load(f.s, root));
        store(f.s, low, &a);
        store(f.s, high, &b);
    }
}

/// All steps inside of a chunk, to coefficients and back, with the coset in the middle.
struct Inside<'a, S> {
    transform: &'a Transform<S>,
    blocks: &'a mut [Block],
    coset: &'a [Block],
}

impl<T: Simd> Task for Inside<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, s: S) {
        let f = Lanes::<S, Scalar>::new(s);
        let steps = self.blocks.len().trailing_zeros() as usize;
        for step in (0..steps).rev() {
            self.sweep(&f, step, Direction::Inverse);
        }
        for (group, coset) in self.blocks.chunks_exact_mut(GROUP).zip(self.coset.chunks(GROUP)) {
            middle(&f, &self.transform.inner, group, coset);
        }
        for step in 0..steps {
            self.sweep(&f, step, Direction::Forward);
        }
    }
}

impl<T> Inside<'_, T> {
    #[inline(always)]
    fn sweep<S: Simd>(&mut self, f: &Lanes<S, Scalar>, step: usize, direction: Direction) {
        let span = 1 << step;
        let roots = &self.transform.steps[step][direction as usize];
        for blocks in self.blocks.chunks_exact_mut(2 * span) {
            let (low, high) = blocks.split_at_mut(span);
            butterflies(f, low, high, roots, direction);
        }
    }
}

/// The steps inside of eight vectors, both ways, and the coset between them.
#[inline(always)]
fn middle<S: Simd>(
    f: &Lanes<S, Scalar>,
    inner: &[Vec<[[u64; LIMBS]; 2]>; 3],
    group: &mut [Block],
    coset: &[Block],
) {
    let mut x = [[f.s.splat(0); LIMBS]; GROUP];
    for (x, block) in x.iter_mut().zip(group.iter()) {
        *x = load(f.s, block);
    }
    transpose(f.s, &mut x);
    for (step, roots) in inner.iter().enumerate().rev() {
        vertical(f, &mut x, step, roots, Direction::Inverse);
    }
    for (x, coset) in x.iter_mut().zip(coset) {
        *x = f.mul(x, &load(f.s, coset));
    }
    for (step, roots) in inner.iter().enumerate() {
        vertical(f, &mut x, step, roots, Direction::Forward);
    }
    transpose(f.s, &mut x);
    for (x, block) in x.iter().zip(group) {
        store(f.s, block, x);
    }
}

/// A step between eight vectors; the root is the same in all lanes.
#[inline(always)]
fn vertical<S: Simd>(
    f: &Lanes<S, Scalar>,
    x: &mut [Fe<S>; GROUP],
    step: usize,
    roots: &[[[u64; LIMBS]; 2]],
    direction: Direction,
) {
    let span = 1 << step;
    for pair in 0..GROUP / 2 {
        let (block, offset) = (pair / span, pair % span);
        let low = block * 2 * span + offset;
        let root = f.splat(&roots[offset][direction as usize]);
        let (mut a, mut b) = (x[low], x[low + span]);
        butterfly(f, direction, &mut a, &mut b, &root);
        x[low] = a;
        x[low + span] = b;
    }
}

/// Transposes eight vectors, limb by limb.
#[inline(always)]
fn transpose<S: Simd>(s: S, x: &mut [Fe<S>; GROUP]) {
    for limb in 0..LIMBS {
        let mut rows = [s.splat(0); LANES];
        for (row, x) in rows.iter_mut().zip(x.iter()) {
            *row = x[limb];
        }
        let rows = s.transpose(rows);
        for (row, x) in rows.iter().zip(x.iter_mut()) {
            x[limb] = *row;
        }
    }
}

/// a·b of values in arkworks' form, in that form.
struct Product<'a> {
    a: &'a [Block],
    b: &'a [Block],
    out: &'a mut [Block],
}

impl Task for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let f = Lanes::<S, Scalar>::new(s);
        // A product of arkworks' integers is a sixteenth of what it should be.
        let sixteen = f.splat(&unpack(&pack::<Scalar>(Fr::from(16u64))));
        for ((a, b), out) in self.a.iter().zip(self.b).zip(self.out) {
            let product = f.mul(&load(s, a), &load(s, b));
            store(s, out, &f.mul(&product, &sixteen));
        }
    }
}

/// a·b − c of values in our form, as integers below 2p.
struct Difference<'a> {
    a: &'a mut [Block],
    b: &'a [Block],
    c: &'a [Block],
}

impl Task for Difference<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let f = Lanes::<S, Scalar>::new(s);
        let one = f.splat(&[1, 0, 0, 0, 0]);
        for ((a, b), c) in self.a.iter_mut().zip(self.b).zip(self.c) {
            let product = f.mul(&load(s, a), &load(s, b));
            let difference = f.sub_loose(&product, &load(s, c));
            store(s, a, &f.mul(&difference, &one));
        }
    }
}

impl<S: Simd> Quotient for Transform<S> {
    fn values(&self, a: &[Fr], b: &[Fr]) -> Zeroizing<Vec<BigInt<4>>> {
        let blocks = |values: &[Fr]| -> Zeroizing<Vec<Block>> {
            let raw = |chunk: &[Fr]| Block::of(chunk.iter().map(|value| Scalar::integer(*value).0));
            Zeroizing::new(values.par_chunks(LANES).map(raw).collect())
        };
        let (mut a, mut b) = (blocks(a), blocks(b));
        let mut c = Zeroizing::new(vec![Block::ZERO; a.len()]);
        let parts = a.par_chunks(CHUNK).zip(b.par_chunks(CHUNK)).zip(c.par_chunks_mut(CHUNK));
        parts.for_each(|((a, b), out)| self.s.run(Product { a, b, out }));
        for values in [&mut a, &mut b, &mut c] {
            self.to_odd(values);
        }
        let parts = a.par_chunks_mut(CHUNK).zip(b.par_chunks(CHUNK)).zip(c.par_chunks(CHUNK));
        parts.for_each(|((a, b), c)| self.s.run(Difference { a, b, c }));
        let mut integers = Zeroizing::new(vec![BigInt::default(); a.len() * LANES]);
        integers.par_chunks_mut(LANES).zip(a.par_iter()).for_each(|(integers, block)| {
            for (integer, limbs) in integers.iter_mut().zip(block.elements()) {
                *integer = canonical::<Scalar>(&limbs);
            }
        });
        integers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use crate::simd::Emulated;
    use ark_ff::{Field, UniformRand};
    use ark_std::test_rng;

    fn check<S: Simd>(s: S, sizes: std::ops::RangeInclusive<u32>) {
        let mut rng = test_rng();
        for size in sizes.map(|bits| 1 << bits) {
            let transform = Transform::new(s, size).unwrap();
            let mut random = || (0..size).map(|_| Fr::rand(&mut rng)).collect::<Vec<_>>();
            let (a, b) = (random(), random());
            assert_eq!(*transform.values(&a, &b), reference::quotient(&a, &b).unwrap(), "{size}");
            let (zero, largest) = (vec![Fr::from(0u64); size], vec![-Fr::ONE; size]);
            for (a, b) in [(&zero, &b), (&largest, &largest), (&a, &zero)] {
                assert_eq!(*transform.values(a, b), reference::quotient(a, b).unwrap(), "{size}");
            }
        }
    }

    #[test]
    fn emulated_lanes_give_arkworks_quotients() {
        check(Emulated, 6..=9);
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn the_processors_lanes_give_arkworks_quotients() {
        if let Some(ifma) = crate::simd::processor() {
            check(ifma, 6..=16);
        }
    }

    #[test]
    fn sizes_below_a_group_and_above_the_fields_domains_are_left_to_others() {
        assert!(Transform::new(Emulated, 32).is_none());
        assert!(Transform::new(Emulated, 1 << 28).is_none());
    }
}
