//! The processor: AVX-512 IFMA where it has it, plain field arithmetic elsewhere.

#[cfg(target_arch = "x86_64")]
use crate::kernel::{G1, G2, Vector};
use crate::kernel::{Kernel, Portable};
use crate::msm::Bases;
use crate::prime::Base;
use crate::quotient::{self, Quotient};
use crate::residue::{Quadratic, Residue};
#[cfg(target_arch = "x86_64")]
use crate::simd::ifma::Ifma;
#[cfg(target_arch = "x86_64")]
use crate::transform::Transform;
use crate::{Accelerator, Evaluated, Fault, LoadError, Loaded, MOST_DOMAIN, Queries, Sums};
use ark_bn254::{g1, g2};
use ark_ff::{BigInt, PrimeField};
use rayon::prelude::*;
use zeroize::Zeroizing;

/// A way to compute on this processor.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    path: Path,
    table_memory: u64,
}

/// Multiples of a point that can be of use: as many as a scalar has digits, at most.
const MOST_LAYERS: u64 = 64;

#[derive(Clone, Copy, Debug)]
enum Path {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Ifma(Ifma),
}

impl Cpu {
    /// The fastest way that this processor has.
    pub fn fastest() -> Self {
        Self::ifma().unwrap_or(Self::portable())
    }

    /// The way that every processor has.
    pub fn portable() -> Self {
        Self::on(Path::Portable)
    }

    fn on(path: Path) -> Self {
        Self { path, table_memory: 0 }
    }

    /// Takes up to so many bytes more for each key that it loads, for multiples of the key's points. They save additions in every
    /// proof and take up to 254 doublings of each point to make. Less than what the points themselves take has no effect.
    pub fn with_tables(self, bytes: u64) -> Self {
        Self { table_memory: bytes, ..self }
    }

    /// Bytes for multiples of a key's points, at most.
    pub fn table_memory(self) -> u64 {
        self.table_memory
    }

    /// AVX-512 IFMA, if this processor has it.
    pub fn ifma() -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        return Ifma::detect().map(|ifma| Self::on(Path::Ifma(ifma)));
        #[cfg(not(target_arch = "x86_64"))]
        None
    }

    /// Every way that this processor has.
    pub fn all() -> Vec<Self> {
        [Some(Self::portable()), Self::ifma()].into_iter().flatten().collect()
    }
}

impl Accelerator for Cpu {
    fn name(&self) -> &str {
        match (self.path, self.table_memory) {
            (Path::Portable, 0) => "cpu-portable",
            (Path::Portable, _) => "cpu-portable-tables",
            #[cfg(target_arch = "x86_64")]
            (Path::Ifma(_), 0) => "cpu-ifma",
            #[cfg(target_arch = "x86_64")]
            (Path::Ifma(_), _) => "cpu-ifma-tables",
        }
    }

    fn load(&self, queries: &Queries<'_>) -> Result<Box<dyn Loaded>, LoadError> {
        queries.check()?;
        let size = queries.h.len();
        let too_large = || LoadError::TooLarge { what: "h", found: size, most: MOST_DOMAIN };
        let portable = || -> Result<Box<dyn Quotient>, LoadError> {
            Ok(Box::new(quotient::Portable::new(size).ok_or_else(too_large)?))
        };
        Ok(match self.path {
            Path::Portable => {
                let (g1, g2) = (Portable::<Residue<Base>>::new, Portable::<Quadratic>::new);
                Box::new(Ready::new(g1, g2, portable, queries, self.table_memory)?)
            }
            #[cfg(target_arch = "x86_64")]
            Path::Ifma(s) => {
                let quotient = || -> Result<Box<dyn Quotient>, LoadError> {
                    match Transform::new(s, size) {
                        Some(transform) => Ok(Box::new(transform)),
                        None => portable(),
                    }
                };
                let (g1, g2) = (|| Vector::<_, G1>::new(s), || Vector::<_, G2>::new(s));
                Box::new(Ready::new(g1, g2, quotient, queries, self.table_memory)?)
            }
        })
    }
}

/// A key in the layouts of its kernels.
struct Ready<K1: Kernel, K2: Kernel> {
    inputs: usize,
    variables: usize,
    domain: usize,
    a: Bases<K1>,
    b_g1: Bases<K1>,
    b_g2: Bases<K2>,
    /// L and H: both end in C.
    c: Bases<K1>,
    quotient: Box<dyn Quotient>,
}

impl<K1, K2> Ready<K1, K2>
where
    K1: Kernel<Config = g1::Config>,
    K2: Kernel<Config = g2::Config>,
{
    fn new(
        g1: impl Fn() -> K1,
        g2: impl Fn() -> K2,
        quotient: impl FnOnce() -> Result<Box<dyn Quotient>, LoadError> + Send,
        queries: &Queries<'_>,
        table_memory: u64,
    ) -> Result<Self, LoadError> {
        let &Queries { inputs, a, b_g1, b_g2, l, h } = queries;
        let (variables, domain) = (a.len(), h.len());
        let kernels = (g1(), g1(), g2(), g1());
        // Tables of powers and points: neither waits for the other.
        let (quotient, (a, b_g1, b_g2, c)) = rayon::join(quotient, || {
            let a = Bases::new(kernels.0, [a, &[]]);
            let b_g1 = Bases::new(kernels.1, [b_g1, &[]]);
            let b_g2 = Bases::new(kernels.2, [b_g2, &[]]);
            let c = Bases::new(kernels.3, [l, h]);
            // As many multiples of every point: what they save depends on the witnesses.
            let layer = a.bytes() + b_g1.bytes() + b_g2.bytes() + c.bytes();
            let layers = (table_memory / layer.max(1)).saturating_add(1).min(MOST_LAYERS) as usize;
            (
                a.with_layers(layers),
                b_g1.with_layers(layers),
                b_g2.with_layers(layers),
                c.with_layers(layers),
            )
        });
        Ok(Self { inputs, variables, domain, a, b_g1, b_g2, c, quotient: quotient? })
    }
}

impl<K1, K2> Loaded for Ready<K1, K2>
where
    K1: Kernel<Config = g1::Config>,
    K2: Kernel<Config = g2::Config>,
{
    /// One already uses all cores.
    fn batch(&self) -> usize {
        1
    }

    fn sums(&self, witnesses: &[Evaluated<'_>]) -> Result<Vec<Sums>, Fault> {
        Ok(witnesses.iter().map(|witness| self.sums_of(witness)).collect())
    }
}

impl<K1, K2> Ready<K1, K2>
where
    K1: Kernel<Config = g1::Config>,
    K2: Kernel<Config = g2::Config>,
{
    fn sums_of(&self, witness: &Evaluated<'_>) -> Sums {
        assert_eq!(witness.assignment.len(), self.variables, "variables");
        assert_eq!([witness.a.len(), witness.b.len()], [self.domain; 2], "points of the domain");
        let integers: Zeroizing<Vec<BigInt<4>>> = Zeroizing::new(
            witness.assignment.par_iter().map(|value| value.into_bigint()).collect(),
        );
        let of_c = || {
            let h = self.quotient.values(witness.a, witness.b);
            let scalars = Zeroizing::new([&integers[self.inputs..], &h].concat());
            self.c.msm(&scalars)
        };
        let of_b = || {
            // Both have their points at infinity at the same places, unless the key is odd.
            let sorted = self.b_g2.sort(&integers);
            let b_g1 = if self.b_g1.is_sorted_as(&self.b_g2) {
                self.b_g1.sum(&sorted)
            } else {
                self.b_g1.msm(&integers)
            };
            (b_g1, self.b_g2.sum(&sorted))
        };
        let (c, (a, (b_g1, b_g2))) =
            rayon::join(of_c, || rayon::join(|| self.a.msm(&integers), of_b));
        Sums { a, b_g1, b_g2, c }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use ark_bn254::{Fr, G1Affine, G1Projective, G2Affine, G2Projective};
    use ark_ec::{AffineRepr, CurveGroup};
    use ark_ff::UniformRand;
    use ark_std::test_rng;

    const VARIABLES: usize = 90;
    const INPUTS: usize = 4;

    struct Points {
        g1: Vec<G1Affine>,
        sparse: Vec<G1Affine>,
        g2: Vec<G2Affine>,
        h: Vec<G1Affine>,
    }

    impl Points {
        fn new(domain: usize) -> Self {
            let mut rng = test_rng();
            let mut g1 = |count| -> Vec<G1Affine> {
                (0..count).map(|_| G1Projective::rand(&mut rng).into_affine()).collect()
            };
            let (points, mut sparse, h) = (g1(VARIABLES), g1(VARIABLES), g1(domain));
            let mut g2: Vec<G2Affine> =
                (0..VARIABLES).map(|_| G2Projective::rand(&mut rng).into_affine()).collect();
            for place in (0..VARIABLES).step_by(3) {
                (sparse[place], g2[place]) = (G1Affine::zero(), G2Affine::zero());
            }
            Self { g1: points, sparse, g2, h }
        }

        fn queries(&self) -> Queries<'_> {
            Queries {
                inputs: INPUTS,
                a: &self.g1,
                b_g1: &self.sparse,
                b_g2: &self.g2,
                l: &self.g1[INPUTS..],
                h: &self.h,
            }
        }
    }

    #[test]
    fn every_way_gives_the_sums_of_arkworks_on_small_and_large_domains() {
        let mut rng = test_rng();
        for domain in [1, 32, 256] {
            let mut points = Points::new(domain);
            for odd in [false, true] {
                if odd {
                    // A key whose B is at infinity in one group only.
                    points.sparse[1] = G1Affine::zero();
                }
                let mut random = |count| (0..count).map(|_| Fr::rand(&mut rng)).collect::<Vec<_>>();
                let (w, a, b) = (random(VARIABLES), random(domain), random(domain));
                let witness = Evaluated { assignment: &w, a: &a, b: &b };
                let expected = reference::sums(&points.queries(), &witness).unwrap();
                for cpu in Cpu::all() {
                    // Without multiples, with a few, and with all.
                    for table_memory in [0, 1 << 17, u64::MAX] {
                        let cpu = cpu.with_tables(table_memory);
                        let loaded = cpu.load(&points.queries()).unwrap();
                        let name = format!("{} {domain} {table_memory}", cpu.name());
                        assert_eq!(loaded.sums(&[witness]), Ok(vec![expected]), "{name}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_point_off_the_curve_leaves_its_list_without_multiples_and_the_others_with_theirs() {
        let (mut points, values) = (Points::new(64), vec![-Fr::from(3u64); VARIABLES]);
        points.sparse[1].y = G1Affine::zero().y;
        let witness = Evaluated { assignment: &values, a: &values[..64], b: &values[..64] };
        let expected = reference::sums(&points.queries(), &witness).unwrap();
        for cpu in Cpu::all() {
            let loaded = cpu.with_tables(u64::MAX).load(&points.queries()).unwrap();
            let sums = loaded.sums(&[witness]).unwrap();
            // B in G1 means nothing with such a point.
            assert_eq!([sums[0].a, sums[0].c], [expected.a, expected.c]);
            assert_eq!(sums[0].b_g2, expected.b_g2);
        }
    }

    #[test]
    fn queries_of_different_keys_are_refused_by_name() {
        let points = Points::new(64);
        let whole = points.queries();
        let refused = |queries: Queries<'_>| match Cpu::fastest().load(&queries) {
            Err(LoadError::Length { what, .. }) => what,
            other => panic!("{:?}", other.err()),
        };
        assert_eq!(refused(Queries { b_g1: &points.sparse[1..], ..whole }), "b in G1");
        assert_eq!(refused(Queries { b_g2: &points.g2[1..], ..whole }), "b in G2");
        assert_eq!(refused(Queries { l: &points.g1, ..whole }), "l");
        // One point less: a key for another reduction.
        assert_eq!(refused(Queries { h: &points.h[1..], ..whole }), "h");
    }

    #[test]
    fn a_witness_of_other_lengths_is_refused() {
        let points = Points::new(64);
        let (w, v) = (vec![Fr::from(1u64); VARIABLES + 1], vec![Fr::from(1u64); 64]);
        for cpu in Cpu::all() {
            let loaded = cpu.load(&points.queries()).unwrap();
            let sums = |assignment: &[Fr], a: &[Fr], b: &[Fr]| {
                let sums = || loaded.sums(&[Evaluated { assignment, a, b }]);
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(sums)).is_ok()
            };
            assert!(sums(&w[1..], &v, &v));
            assert!(!sums(&w, &v, &v) && !sums(&w[2..], &v, &v));
            assert!(!sums(&w[1..], &v[1..], &v) && !sums(&w[1..], &v, &v[..32]));
        }
    }
}
