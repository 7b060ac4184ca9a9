//! The one operation that multi-scalar multiplication spends its time in: many independent additions of points.

#[cfg(any(target_arch = "x86_64", test))]
mod coordinate;
mod portable;
#[cfg(any(target_arch = "x86_64", test))]
mod vector;

use ark_bn254::Fr;
use ark_ec::short_weierstrass::{Affine, SWCurveConfig};

#[cfg(any(target_arch = "x86_64", test))]
pub(crate) use coordinate::{G1, G2};
pub(crate) use portable::Portable;
#[cfg(any(target_arch = "x86_64", test))]
pub(crate) use vector::Vector;

/// Which point of a list, and whether its negative: the highest bit. The next one says that it is of the second list.
pub(crate) type Index = u32;

/// Marks the negative of a point.
pub(crate) const NEGATIVE: Index = 1 << 31;
/// Marks a point of the second list.
pub(crate) const SUM: Index = 1 << 30;

/// Adds points of one group, in a layout of its own.
pub(crate) trait Kernel: Send + Sync {
    /// The curve.
    type Config: SWCurveConfig<ScalarField = Fr>;
    /// A point other than infinity.
    type Row: Copy + Send + Sync;

    /// A row of a point other than infinity.
    fn row(&self, point: &Affine<Self::Config>) -> Self::Row;

    /// The point of a row.
    fn point(&self, row: &Self::Row) -> Affine<Self::Config>;

    /// Appends the sum of each pair to `sums`, or its negative where the first point is one: see [`sum_of`]. Indices refer to
    /// `bases`, or with [`SUM`] to `sums` as given. Returns the positions in `sums` of pairs that add up to infinity; their
    /// rows have no meaning.
    fn add_pairs(
        &self,
        bases: &[Self::Row],
        sums: &mut Vec<Self::Row>,
        pairs: &[[Index; 2]],
    ) -> Vec<Index>;

    /// The double of each row; `None` if one is at infinity. The orders of both curves are odd: it is so of no point on them.
    fn doubles(&self, rows: &[Self::Row]) -> Option<Vec<Self::Row>>;
}

/// The row that an index refers to.
#[inline(always)]
pub(crate) fn at<'a, R>(bases: &'a [R], sums: &'a [R], index: Index) -> &'a R {
    let place = (index & !(NEGATIVE | SUM)) as usize;
    if index & SUM == 0 { &bases[place] } else { &sums[place] }
}

/// Whether an index is of a negative.
#[inline(always)]
pub(crate) fn is_negative(index: Index) -> bool {
    index & NEGATIVE != 0
}

/// The index of a pair's sum at a place of the second list. The sum is kept with the sign of the first point: then only the
/// difference of both signs is looked at when points are added.
#[inline(always)]
pub(crate) fn sum_of(pair: &[Index; 2], place: Index) -> Index {
    place | SUM | pair[0] & NEGATIVE
}

/// A pair as points, both with the sign of the first.
fn operands<K: Kernel>(
    kernel: &K,
    bases: &[K::Row],
    sums: &[K::Row],
    pair: &[Index; 2],
) -> [Affine<K::Config>; 2] {
    let [left, right] = pair.map(|index| kernel.point(at(bases, sums, index)));
    [left, if is_negative(pair[0] ^ pair[1]) { -right } else { right }]
}
