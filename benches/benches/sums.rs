//! What proofs are made of, by size and on all cores: sums of points in both groups, and the quotient with its six
//! transforms. Ours are measured through keys whose other points are at infinity, beside arkworks.
#![allow(missing_docs)]

use ark_bn254::{Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::{AffineRepr, ScalarMul, VariableBaseMSM};
use ark_ff::UniformRand;
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};
use ark_std::test_rng;
use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use ergon_accelerator::{Accelerator, Cpu, Evaluated, Queries};
use std::hint::black_box;

/// Powers of two.
const SIZES: [u32; 5] = [10, 12, 14, 16, 18];

fn scalars(count: usize) -> Vec<Fr> {
    let mut rng = test_rng();
    (0..count).map(|_| Fr::rand(&mut rng)).collect()
}

/// Random points: those that follow from each other would meet in sums.
fn points<G>(count: usize) -> Vec<G::MulBase>
where
    G: ScalarMul + ark_ec::PrimeGroup<ScalarField = Fr>,
{
    G::generator().batch_mul(&scalars(count))
}

fn group<'a>(c: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = c.benchmark_group(name);
    group.sample_size(10);
    group
}

/// Measures `sums` of a key on every path of this processor. A domain of two points has hardly a quotient.
fn ours(group: &mut BenchmarkGroup<'_, WallTime>, size: u32, queries: &Queries<'_>, domain: usize) {
    let (assignment, values) = (scalars(queries.a.len()), scalars(domain));
    let witness = Evaluated { assignment: &assignment, a: &values, b: &values };
    for cpu in Cpu::all() {
        match cpu.load(queries) {
            Ok(loaded) => {
                group.bench_function(BenchmarkId::new(cpu.name(), format!("2^{size}")), |b| {
                    b.iter(|| loaded.sums(black_box(&[witness])));
                });
            }
            Err(error) => eprintln!("{}: {error}", cpu.name()),
        }
    }
}

fn sums(c: &mut Criterion) {
    for size in SIZES {
        let count = 1 << size;
        let scalars = scalars(count);
        let (no_g1, no_g2) = (vec![G1Affine::zero(); count], vec![G2Affine::zero(); count]);
        let none = Queries {
            inputs: 1,
            a: &no_g1,
            b_g1: &no_g1,
            b_g2: &no_g2,
            l: &no_g1[1..],
            h: &[G1Affine::zero(); 2],
        };

        let mut group = group(c, "sum in G1");
        group.throughput(Throughput::Elements(count as u64));
        let g1 = points::<G1Projective>(count);
        group.bench_function(BenchmarkId::new("arkworks", format!("2^{size}")), |b| {
            b.iter(|| G1Projective::msm(black_box(&g1), &scalars));
        });
        ours(&mut group, size, &Queries { a: &g1, ..none }, 2);
        group.finish();

        let mut group = self::group(c, "sum in G2");
        group.throughput(Throughput::Elements(count as u64));
        let g2 = points::<G2Projective>(count);
        group.bench_function(BenchmarkId::new("arkworks", format!("2^{size}")), |b| {
            b.iter(|| G2Projective::msm(black_box(&g2), &scalars));
        });
        ours(&mut group, size, &Queries { b_g2: &g2, ..none }, 2);
        group.finish();
    }
}

fn quotients(c: &mut Criterion) {
    for size in SIZES {
        let count = 1 << size;
        let no_h = vec![G1Affine::zero(); count];
        let (one_g1, one_g2) = ([G1Affine::zero()], [G2Affine::zero()]);
        let queries =
            Queries { inputs: 1, a: &one_g1, b_g1: &one_g1, b_g2: &one_g2, l: &[], h: &no_h };
        let mut group = group(c, "quotient");
        group.throughput(Throughput::Elements(count as u64));
        ours(&mut group, size, &queries, count);
        if let Some(domain) = Radix2EvaluationDomain::<Fr>::new(count) {
            let values = scalars(count);
            let name = BenchmarkId::new("one transform of arkworks", format!("2^{size}"));
            group.bench_function(name, |b| b.iter(|| domain.fft(black_box(&values))));
        }
        group.finish();
    }
}

criterion_group!(benches, sums, quotients);
criterion_main!(benches);
