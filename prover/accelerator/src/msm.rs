//! Σ sᵢ·Pᵢ for fixed points P: signed windows, buckets summed in pairs, and their weights in two halves. With multiples of the
//! points in memory several windows share their buckets.

use crate::buckets::{Sums, sum};
use crate::digits::{Buckets, Windows, sort};
use crate::kernel::{Index, Kernel, is_negative};
use ark_ec::AffineRepr;
use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ff::{AdditiveGroup, BigInt, Zero};
use rayon::prelude::*;
use zeroize::Zeroizing;

/// Fixed points in a kernel's layout.
pub(crate) struct Bases<K: Kernel> {
    kernel: K,
    /// Which scalars belong to the points: those at infinity are left out.
    places: Vec<u32>,
    windows: Windows,
    /// The points, and after them layer by layer their multiples.
    rows: Vec<K::Row>,
}

/// Points that are doubled together: they stay in the second-level cache.
const PART: usize = 1024;

impl<K: Kernel> Bases<K> {
    /// Lays out points, given in two parts.
    pub(crate) fn new(kernel: K, [left, right]: [&[Affine<K::Config>]; 2]) -> Self {
        let at = |place: u32| match left.get(place as usize) {
            Some(point) => point,
            None => &right[place as usize - left.len()],
        };
        let all = (left.len() + right.len()) as u32;
        let places: Vec<u32> =
            (0..all).into_par_iter().filter(|place| !at(*place).is_zero()).collect();
        let rows: Vec<_> = places.par_iter().map(|place| kernel.row(at(*place))).collect();
        let windows = Windows::best(rows.len(), 1);
        Self { kernel, places, windows, rows }
    }

    /// Bytes of the points in memory, without multiples.
    pub(crate) fn bytes(&self) -> u64 {
        (self.places.len() * size_of::<K::Row>()) as u64
    }

    /// Adds multiples of the points, so that there are up to `layers` of each. If one point's double is at infinity, as that of
    /// none on the curve is, the whole list is left without.
    pub(crate) fn with_layers(mut self, layers: usize) -> Self {
        let points = self.places.len();
        let windows = Windows::best(points, layers);
        let doublings = windows.width * windows.sets;
        self.rows.reserve_exact((windows.layers() - 1) * points);
        for layer in 1..windows.layers() {
            let before = &self.rows[(layer - 1) * points..];
            let double = |part: &[K::Row]| {
                (0..doublings).try_fold(part.to_vec(), |rows, _| self.kernel.doubles(&rows))
            };
            let next: Option<Vec<_>> = before.par_chunks(PART).map(double).collect();
            let Some(next) = next else {
                self.rows.truncate(points);
                self.rows.shrink_to_fit();
                return self;
            };
            next.iter().for_each(|part| self.rows.extend_from_slice(part));
        }
        self.windows = windows;
        self
    }

    /// Whether what another list has sorted is sorted for this one too: points at the same places, in the same layers.
    pub(crate) fn is_sorted_as<L: Kernel>(&self, other: &Bases<L>) -> bool {
        self.places == other.places && self.windows == other.windows
    }

    /// Σ sᵢ·Pᵢ, for the scalar of every point given as a canonical integer.
    pub(crate) fn msm(&self, scalars: &[BigInt<4>]) -> Projective<K::Config> {
        self.sum(&self.sort(scalars))
    }

    /// The points by the digits of their scalars.
    pub(crate) fn sort(&self, scalars: &[BigInt<4>]) -> Buckets {
        let own = |place: &u32| scalars[*place as usize];
        let scalars = Zeroizing::new(self.places.par_iter().map(own).collect::<Vec<_>>());
        sort(self.windows, &scalars)
    }

    /// Σ sᵢ·Pᵢ, for sorted points: of these, or of others that [are sorted alike](Self::is_sorted_as).
    pub(crate) fn sum(&self, buckets: &Buckets) -> Projective<K::Config> {
        let windows = buckets.windows;
        let sums = sum(&self.kernel, &self.rows, &buckets.order, &buckets.starts);
        let weighted = self.weigh(windows, &sums);
        weighted.into_iter().rev().fold(Projective::zero(), |total, set| {
            (0..windows.width).fold(total, |total, _| total.double()) + set
        })
    }

    /// Σ (b + 1)·Sᵦ of each set. With b + 1 = high·2^k + low that is 2^k·Σ high·(Σ S) + Σ low·(Σ S): bucket sums
    /// again, over far fewer buckets.
    fn weigh(&self, windows: Windows, sums: &Sums<K::Row>) -> Vec<Projective<K::Config>> {
        let k = windows.width / 2;
        let (lows, highs) = (1 << k, (windows.buckets() >> k) + 1);
        let halves = lows + highs;
        let mut keys = Zeroizing::new(Vec::with_capacity(sums.rows.len()));
        let mut starts = Zeroizing::new(vec![0u32; windows.sets * halves + 1]);
        for bucket in sums.buckets.iter() {
            let (set, digit) =
                (*bucket as usize / windows.buckets(), *bucket as usize % windows.buckets());
            let (high, low) = ((digit + 1) >> k, (digit + 1) & (lows - 1));
            // Key 0 is of a weight 0, which no bucket has.
            let low = if low == 0 { 0 } else { set * halves + low };
            let high = if high == 0 { 0 } else { set * halves + lows + high };
            keys.push([low, high]);
            for key in [low, high].into_iter().filter(|key| *key != 0) {
                starts[key] += 1;
            }
        }
        let mut total = 0;
        for count in starts.iter_mut() {
            total += std::mem::replace(count, total);
        }
        let mut next = starts.clone();
        let mut order = Zeroizing::new(vec![0; total as usize]);
        for (index, keys) in keys.iter().enumerate() {
            for key in keys.iter().filter(|key| **key != 0) {
                order[next[*key] as usize] = index as Index | sums.signs[index];
                next[*key] += 1;
            }
        }
        let halved = sum(&self.kernel, &sums.rows, &order, &starts);

        let mut points = vec![Projective::<K::Config>::zero(); windows.sets * halves];
        for ((key, row), sign) in halved.buckets.iter().zip(&halved.rows).zip(halved.signs.iter()) {
            let point = self.kernel.point(row);
            points[*key as usize] += if is_negative(*sign) { -point } else { point };
        }
        points
            .par_chunks(halves)
            .map(|set| {
                let (low, high) = set.split_at(lows);
                (0..k).fold(running(high), |sum, _| sum.double()) + running(low)
            })
            .collect()
    }
}

/// Σ i·Pᵢ.
fn running<G: AdditiveGroup>(points: &[G]) -> G {
    let (mut tail, mut total) = (G::ZERO, G::ZERO);
    for point in points[1..].iter().rev() {
        tail += point;
        total += tail;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{G1, G2, Portable, Vector};
    use crate::prime::Base;
    use crate::residue::{Quadratic, Residue};
    use crate::simd::Emulated;
    use ark_bn254::Fr;
    use ark_ec::short_weierstrass::SWCurveConfig;
    use ark_ec::{CurveGroup, PrimeGroup, VariableBaseMSM};
    use ark_ff::{Field, PrimeField, UniformRand};
    use ark_std::test_rng;

    fn points<C: SWCurveConfig<ScalarField = Fr>>(count: usize) -> Vec<Affine<C>> {
        let mut rng = test_rng();
        let points: Vec<_> = (0..count).map(|_| Projective::<C>::rand(&mut rng)).collect();
        Projective::normalize_batch(&points)
    }

    /// Points and scalars that meet every exception: infinity, equal points, negatives, doubles; 0, ±1, ±2, r/2.
    fn adversarial<C: SWCurveConfig<ScalarField = Fr>>(count: usize) -> (Vec<Affine<C>>, Vec<Fr>) {
        let base = Projective::<C>::generator();
        let few: Vec<Affine<C>> = [
            Projective::<C>::zero(),
            base,
            -base,
            base.double(),
            -base.double(),
            base + base.double(),
        ]
        .map(|point| point.into_affine())
        .to_vec();
        let half = Fr::from(2u64).inverse().unwrap();
        let scalars = [
            Fr::from(0u64),
            Fr::from(1u64),
            -Fr::from(1u64),
            Fr::from(2u64),
            -Fr::from(2u64),
            half,
            -half,
        ];
        let pick = |i: usize| (few[i * 7 % 6], scalars[(i / 6 + i) % 7]);
        (0..count).map(pick).unzip()
    }

    fn check<K: Kernel>(kernel: impl Fn() -> K, most: usize) {
        let mut rng = test_rng();
        for count in [0, 1, 2, 7, 40, most] {
            let random = points::<K::Config>(count);
            let scalars: Vec<_> = (0..count).map(|_| Fr::rand(&mut rng)).collect();
            let (few, special) = adversarial::<K::Config>(count);
            for (points, scalars) in
                [(&random, &scalars), (&few, &scalars), (&random, &special), (&few, &special)]
            {
                let integers: Vec<_> = scalars.iter().map(|s| s.into_bigint()).collect();
                let expected = Projective::<K::Config>::msm(points, scalars).unwrap();
                // Without multiples, with two of each point, and with all.
                for layers in [1, 3, 64] {
                    let bases = Bases::new(kernel(), [points, &[]]).with_layers(layers);
                    assert_eq!(bases.msm(&integers), expected, "{count} {layers}");
                }
            }
        }
    }

    #[test]
    fn points_whose_doubles_are_at_infinity_get_no_multiples() {
        fn layers<K: Kernel>(kernel: impl Fn() -> K) -> [usize; 2] {
            let mut points = points::<K::Config>(40);
            let layers = |points: &[Affine<K::Config>]| {
                Bases::new(kernel(), [points, &[]]).with_layers(64).rows.len() / 40
            };
            let usual = layers(&points);
            points[20].y = Zero::zero();
            [usual, layers(&points)]
        }
        let all = Windows::best(40, 64).layers();
        assert_eq!(layers(Portable::<Residue<Base>>::new), [all, 1]);
        assert_eq!(layers(|| Vector::<_, G2>::new(Emulated)), [all, 1]);
    }

    #[test]
    fn portable_sums_are_arkworks() {
        check(Portable::<Residue<Base>>::new, 3000);
        check(Portable::<Quadratic>::new, 1000);
    }

    #[test]
    fn emulated_lanes_give_arkworks_sums() {
        check(|| Vector::<_, G1>::new(Emulated), 300);
        check(|| Vector::<_, G2>::new(Emulated), 100);
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn the_processors_lanes_give_arkworks_sums() {
        if let Some(ifma) = crate::simd::processor() {
            check(|| Vector::<_, G1>::new(ifma), 20_000);
            check(|| Vector::<_, G2>::new(ifma), 5_000);
        }
    }
}
