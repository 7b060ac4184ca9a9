//! Sums of buckets: in rounds, each of which adds the points of every bucket in pairs.

use crate::kernel::{Index, Kernel, NEGATIVE, SUM, at, sum_of};
use rayon::prelude::*;
use zeroize::Zeroizing;

/// Points whose sums one worker holds at a time: in the second-level cache.
const BLOCK: usize = 16384;

/// Buckets that are not empty, in ascending order, with their sums; a bucket may come twice in a row.
pub(crate) struct Sums<R> {
    pub(crate) buckets: Zeroizing<Vec<u32>>,
    /// [`NEGATIVE`] where the row is that of the negative.
    pub(crate) signs: Zeroizing<Vec<Index>>,
    pub(crate) rows: Vec<R>,
}

/// Adds up the points of each bucket; `order` and `starts` as in [`Buckets`](crate::digits::Buckets).
pub(crate) fn sum<K: Kernel>(
    kernel: &K,
    bases: &[K::Row],
    order: &[Index],
    starts: &[u32],
) -> Sums<K::Row> {
    let blocks: Vec<Sums<K::Row>> = (0..order.len().div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let range = block * BLOCK..((block + 1) * BLOCK).min(order.len());
            sum_block(kernel, bases, order, starts, range)
        })
        .collect();
    let count = blocks.iter().map(|block| block.rows.len()).sum();
    let mut buckets = Zeroizing::new(Vec::with_capacity(count));
    let mut signs = Zeroizing::new(Vec::with_capacity(count));
    let mut rows = Vec::with_capacity(count);
    for block in blocks {
        buckets.extend_from_slice(&block.buckets);
        signs.extend_from_slice(&block.signs);
        rows.extend(block.rows);
    }
    Sums { buckets, signs, rows }
}

/// Adds up the points at these places of the order: buckets may begin before or end after them.
fn sum_block<K: Kernel>(
    kernel: &K,
    bases: &[K::Row],
    order: &[Index],
    starts: &[u32],
    range: std::ops::Range<usize>,
) -> Sums<K::Row> {
    // The points of each bucket that are still to be added up, bucket after bucket.
    let mut points: Zeroizing<Vec<Index>> = Zeroizing::new(order[range.clone()].to_vec());
    let mut lengths: Zeroizing<Vec<(u32, u32)>> = Zeroizing::new(Vec::with_capacity(range.len()));
    let mut place = range.start;
    let mut bucket = starts.partition_point(|start| *start as usize <= place) - 1;
    while place < range.end {
        let end = (starts[bucket + 1] as usize).min(range.end);
        if end > place {
            lengths.push((bucket as u32, (end - place) as u32));
        }
        place = end;
        bucket += 1;
    }

    let mut sums = Vec::with_capacity(range.len());
    let mut pairs: Zeroizing<Vec<[Index; 2]>> = Zeroizing::new(Vec::with_capacity(range.len() / 2));
    while lengths.iter().any(|(_, length)| *length > 1) {
        pairs.clear();
        let mut next = Zeroizing::new(Vec::with_capacity(points.len() / 2 + lengths.len()));
        let mut first = 0;
        for (_, length) in lengths.iter_mut() {
            let all = &points[first..first + *length as usize];
            first += *length as usize;
            let (couples, odd) = all.as_chunks::<2>();
            let place = (sums.len() + pairs.len()) as Index;
            next.extend(couples.iter().zip(place..).map(|(pair, place)| sum_of(pair, place)));
            pairs.extend_from_slice(couples);
            next.extend(odd);
            *length = (couples.len() + odd.len()) as u32;
        }
        let infinite = kernel.add_pairs(bases, &mut sums, &pairs);
        if !infinite.is_empty() {
            drop_infinite(&mut next, &mut lengths, &infinite);
        }
        points = next;
    }

    lengths.retain(|(_, length)| *length == 1);
    Sums {
        rows: points.iter().map(|index| *at(bases, &sums, *index)).collect(),
        signs: Zeroizing::new(points.iter().map(|index| index & NEGATIVE).collect()),
        buckets: Zeroizing::new(lengths.iter().map(|(bucket, _)| *bucket).collect()),
    }
}

/// Takes sums at infinity out of their buckets.
fn drop_infinite(points: &mut Vec<Index>, lengths: &mut [(u32, u32)], infinite: &[Index]) {
    let gone = |index: &Index| {
        *index & SUM != 0 && infinite.binary_search(&(*index & !(SUM | NEGATIVE))).is_ok()
    };
    let mut first = 0;
    for (_, length) in lengths {
        let all = &points[first..first + *length as usize];
        first += *length as usize;
        *length -= all.iter().filter(|index| gone(index)).count() as u32;
    }
    points.retain(|index| !gone(index));
}
