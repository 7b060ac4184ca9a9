//! Additions on any processor: affine, with one inversion for many.

use super::{Index, Kernel, at, is_negative, operands};
use ark_bn254::Fr;
use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{Field, One, Zero};
use std::marker::PhantomData;

/// Additions that share an inversion.
const CHUNK: usize = 2048;

/// arkworks' field arithmetic.
#[derive(Debug)]
pub(crate) struct Portable<C>(PhantomData<C>);

impl<C> Portable<C> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

/// Coordinates of a point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<F>(F, F);

impl<C: SWCurveConfig<ScalarField = Fr>> Kernel for Portable<C> {
    type Config = C;
    type Row = Row<C::BaseField>;

    fn row(&self, point: &Affine<C>) -> Self::Row {
        Row(point.x, point.y)
    }

    fn point(&self, row: &Self::Row) -> Affine<C> {
        Affine::new_unchecked(row.0, row.1)
    }

    fn add_pairs(
        &self,
        bases: &[Self::Row],
        sums: &mut Vec<Self::Row>,
        pairs: &[[Index; 2]],
    ) -> Vec<Index> {
        let mut infinite = Vec::new();
        let mut prefixes = Vec::with_capacity(CHUNK);
        for chunk in pairs.chunks(CHUNK) {
            prefixes.clear();
            let mut product = C::BaseField::one();
            for [left, right] in chunk {
                prefixes.push(product);
                product *= at(bases, sums, *right).0 - at(bases, sums, *left).0;
            }
            let first = sums.len();
            let Some(mut inverse) = product.inverse() else {
                for pair in chunk {
                    let [left, right] = operands(self, bases, sums, pair);
                    let sum = (left.into_group() + right).into_affine();
                    if sum.is_zero() {
                        infinite.push(sums.len() as Index);
                    }
                    sums.push(Row(sum.x, sum.y));
                }
                continue;
            };
            sums.resize(first + chunk.len(), Row(C::BaseField::zero(), C::BaseField::zero()));
            for (i, pair) in chunk.iter().enumerate().rev() {
                let [(x1, y1), (x2, y2)] = pair.map(|index| {
                    let Row(x, y) = *at(bases, sums, index);
                    (x, if is_negative(index) { -y } else { y })
                });
                let slope = (y2 - y1) * inverse * prefixes[i];
                inverse *= x2 - x1;
                let x = slope.square() - x1 - x2;
                sums[first + i] = Row(x, slope * (x1 - x) - y1);
            }
        }
        infinite
    }
}
