//! Σ sᵢ·Pᵢ on the device for many lists of scalars at once; one sum of each window is left to put together here.

use crate::device::{Argument, Device, Memory};
use crate::threads::spread;
use ark_bn254::{Fq, Fq2, Fr, g1, g2};
use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ff::{AdditiveGroup, BigInt, Field, Fp, FpConfig, Zero};
use ergon_accelerator::Fault;

/// Bits of the smaller of s and r − s, and one for the last carry.
const BITS: usize = 254;
/// As in `sort.cl`.
const TASK: usize = 64;
const RUN: usize = 256;
const PARTS: usize = 256;
/// Buckets, or folds of them, that one work-item puts together.
const FOLD: usize = 8;

/// The limbs of an element in Montgomery form: arkworks' and the kernels' are the same.
pub(crate) fn limbs<P: FpConfig<4>>(element: &Fp<P, 4>) -> [u64; 4] {
    element.0.0
}

/// A coordinate as limbs.
pub(crate) trait Coordinate: Field {
    /// How many.
    const LIMBS: usize;
    fn write(&self, out: &mut Vec<u64>);
    fn read(limbs: &[u64]) -> Self;
}

impl Coordinate for Fq {
    const LIMBS: usize = 4;

    fn write(&self, out: &mut Vec<u64>) {
        out.extend(limbs(self));
    }

    fn read(limbs: &[u64]) -> Self {
        let mut words = [0; 4];
        words.copy_from_slice(limbs);
        Fp::new_unchecked(BigInt(words))
    }
}

impl Coordinate for Fq2 {
    const LIMBS: usize = 8;

    fn write(&self, out: &mut Vec<u64>) {
        self.c0.write(out);
        self.c1.write(out);
    }

    fn read(limbs: &[u64]) -> Self {
        let (c0, c1) = limbs.split_at(4);
        Self::new(Fq::read(c0), Fq::read(c1))
    }
}

/// A group whose points the kernels add.
pub(crate) trait Group: SWCurveConfig<ScalarField = Fr, BaseField: Coordinate> {
    const ACCUMULATE: &'static str;
    const HALVE: &'static str;
    const FOLD: &'static str;
    const JOIN: &'static str;
    /// Bytes of a point in affine coordinates; a sum has twice as many.
    const POINT: usize = 2 * 8 * <Self::BaseField as Coordinate>::LIMBS;
}

impl Group for g1::Config {
    const ACCUMULATE: &'static str = "G1_accumulate";
    const HALVE: &'static str = "G1_halve";
    const FOLD: &'static str = "G1_fold";
    const JOIN: &'static str = "G1_join";
}

impl Group for g2::Config {
    const ACCUMULATE: &'static str = "G2_accumulate";
    const HALVE: &'static str = "G2_halve";
    const FOLD: &'static str = "G2_fold";
    const JOIN: &'static str = "G2_join";
}

/// How scalars are cut, for so many points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Windows {
    width: usize,
}

impl Windows {
    /// Fewest additions: each point in each window, and about three for each bucket.
    pub(crate) fn best(points: usize) -> Self {
        let cost = |width: &usize| BITS.div_ceil(*width) * (points + (3 << (width - 1)));
        Self { width: (6..=16).min_by_key(cost).unwrap_or(8) }
    }

    fn count(self) -> usize {
        BITS.div_ceil(self.width)
    }

    fn buckets(self) -> usize {
        1 << (self.width - 1)
    }
}

/// Upper bound of the bytes that sums of so many points take, the points themselves left out, and of the largest buffer.
pub(crate) fn work_bytes<G: Group>(points: usize, proofs: usize) -> (u64, u64) {
    let windows = Windows::best(points);
    let (keys, entries) =
        (proofs * windows.count() * windows.buckets(), proofs * windows.count() * points);
    let tasks = entries / TASK + keys.min(entries);
    let parts = 2 * G::POINT * tasks;
    let folded = 4 * G::POINT * keys.div_ceil(FOLD);
    let joined = folded.div_ceil(FOLD);
    let rest = 4 * (3 * keys + 1) + 8 * keys.div_ceil(RUN) + 4 * entries + 16 * tasks;
    ((rest + parts + folded + joined) as u64, parts.max(4 * entries).max(folded) as u64)
}

/// Some points of a query and the places of their scalars.
pub(crate) struct Part<G: Group> {
    places: Vec<u32>,
    points: Vec<Affine<G>>,
    /// On the device, if they stay there.
    resident: Option<(Memory<u32>, Memory<u64>)>,
}

impl<G: Group> Part<G> {
    pub(crate) fn new(places: Vec<u32>, points: Vec<Affine<G>>) -> Self {
        Self { places, points, resident: None }
    }

    /// Leaves the points on the device.
    pub(crate) fn settle(&mut self, device: &Device) -> Result<(), Fault> {
        self.resident = Some(self.upload(device)?);
        self.places.clear();
        self.points = Vec::new();
        Ok(())
    }

    fn upload(&self, device: &Device) -> Result<(Memory<u32>, Memory<u64>), Fault> {
        let mut rows = Vec::with_capacity(self.points.len() * G::POINT / 8);
        for point in &self.points {
            point.x.write(&mut rows);
            point.y.write(&mut rows);
        }
        Ok((device.upload(&self.places)?, device.upload(&rows)?))
    }

    /// Σ sᵢ·Pᵢ for each of `proofs` lists of scalars, which begin `stride` elements apart.
    pub(crate) fn sums(
        &self,
        device: &Device,
        scalars: &Memory<u64>,
        stride: usize,
        proofs: usize,
    ) -> Result<Vec<Projective<G>>, Fault> {
        let streamed;
        let (places, rows) = match &self.resident {
            Some((places, rows)) => (places, rows),
            None => {
                streamed = self.upload(device)?;
                (&streamed.0, &streamed.1)
            }
        };
        let points = rows.count() * 8 / G::POINT;
        if points == 0 {
            return Ok(vec![Projective::zero(); proofs]);
        }
        let windows = Windows::best(points);
        let keys = proofs * windows.count() * windows.buckets();
        let mut counts = device.take::<u32>(keys)?;
        device.erase(&mut counts)?;
        let count = Argument::Count;
        let digits = |name, target: &[&Memory<u32>]| {
            let mut arguments = vec![Argument::Longs(scalars), Argument::Words(places)];
            arguments.extend(target.iter().map(|memory| Argument::Words(memory)));
            let numbers = [points, stride, windows.width, windows.count(), proofs];
            arguments.extend(numbers.map(count));
            device.run(name, points * proofs, &arguments)
        };
        digits("count_digits", &[&counts])?;

        let mut runs = device.take::<u32>(2 * keys.div_ceil(RUN))?;
        let arguments = [Argument::Words(&counts), Argument::Words(&runs), count(keys)];
        device.run("scan_runs", keys.div_ceil(RUN), &arguments)?;
        let mut starts = device.read(&runs, 2 * keys.div_ceil(RUN))?;
        let (mut entries, mut tasks) = (0u32, 0u32);
        for [entry, task] in starts.as_chunks_mut::<2>().0 {
            entries += std::mem::replace(entry, entries);
            tasks += std::mem::replace(task, tasks);
        }
        device.write(&mut runs, 0, &starts)?;
        let (entries, tasks) = (entries as usize, tasks as usize);

        let mut next = device.take::<u32>(keys)?;
        let firsts = device.take::<u32>(keys + 1)?;
        let mut list = device.take::<u32>(4 * tasks)?;
        let arguments = [&counts, &runs, &next, &firsts, &list].map(Argument::Words);
        let arguments = [&arguments[..], &[count(keys)]].concat();
        device.run("make_tasks", keys.div_ceil(RUN), &arguments)?;
        let mut order = device.take::<u32>(entries)?;
        digits("place_digits", &[&next, &order])?;

        let parts = device.take::<u64>(2 * tasks * G::POINT / 8)?;
        let arguments = [
            Argument::Longs(rows),
            Argument::Words(&order),
            Argument::Words(&list),
            Argument::Longs(&parts),
            count(tasks),
        ];
        device.run(G::ACCUMULATE, tasks, &arguments)?;
        for step in std::iter::successors(Some(PARTS / 2), |step| (*step > 1).then_some(step / 2)) {
            let arguments = [Argument::Longs(&parts), Argument::Words(&list)];
            let arguments = [&arguments[..], &[count(step), count(tasks)]].concat();
            device.run(G::HALVE, tasks, &arguments)?;
        }
        let words = fold::<G>(device, &parts, &firsts, keys, windows)?;
        for memory in [&mut counts, &mut runs, &mut next, &mut list, &mut order] {
            device.erase(memory)?;
        }
        let each = words.chunks(words.len() / proofs);
        Ok(spread(each, |words| combine::<G>(words, windows)))
    }
}

/// Puts the buckets of each window together: its weighted sum and its plain sum.
fn fold<G: Group>(
    device: &Device,
    parts: &Memory<u64>,
    firsts: &Memory<u32>,
    keys: usize,
    windows: Windows,
) -> Result<Vec<u64>, Fault> {
    let (count, words) = (Argument::Count, 4 * G::POINT / 8);
    let width = FOLD.min(windows.buckets());
    let mut folds = keys / width;
    let mut folded = device.take::<u64>(folds * words)?;
    let arguments = [Argument::Longs(parts), Argument::Words(firsts), Argument::Longs(&folded)];
    device.run(G::FOLD, folds, &[&arguments[..], &[count(width), count(folds)]].concat())?;
    let mut span = width;
    while span < windows.buckets() {
        let width = FOLD.min(windows.buckets() / span);
        folds /= width;
        let joined = device.take::<u64>(folds * words)?;
        let numbers = [width, span.trailing_zeros() as usize, folds].map(count);
        let arguments = [Argument::Longs(&folded), Argument::Longs(&joined)];
        device.run(G::JOIN, folds, &[&arguments[..], &numbers].concat())?;
        span *= width;
        folded = joined;
    }
    device.read(&folded, folds * words)
}

/// Puts the windows of a proof together.
fn combine<G: Group>(words: &[u64], windows: Windows) -> Projective<G> {
    let mut sums = words.chunks(words.len() / windows.count()).rev().map(|window| {
        let (weighted, _) = window.split_at(window.len() / 2);
        point::<G>(weighted)
    });
    let last = sums.next().unwrap_or_else(Projective::zero);
    sums.fold(last, |total, sum| {
        (0..windows.width).fold(total, |total: Projective<G>, _| total.double()) + sum
    })
}

/// A sum of the kernels: x = X/ZZ and y = Y/ZZZ, which with Z = ZZ is X·ZZ and Y·ZZZ over Z² and Z³.
fn point<G: Group>(words: &[u64]) -> Projective<G> {
    let mut coordinates = words.chunks(words.len() / 4).map(G::BaseField::read);
    let mut next = || coordinates.next().unwrap_or_default();
    let (x, y, zz, zzz) = (next(), next(), next(), next());
    if zz.is_zero() {
        return Projective::zero();
    }
    Projective::new_unchecked(x * zz, y * zzz, zz)
}
