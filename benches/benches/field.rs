//! Products of field elements: arkworks', and those in eight lanes of this processor.
#![allow(missing_docs)]

use ark_ff::Field;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ergon_accelerator::bench::{PRODUCTS, STARTS, base, scalar};
use std::hint::black_box;

/// Products of each chain: enough to hide what comes before and after.
const ROUNDS: usize = 10_000;

fn products(c: &mut Criterion) {
    field(c, "multiplication, Fq", base);
    field(c, "multiplication, Fr", scalar);
}

/// One core. Throughput is in products.
fn field<F: Field + From<u64>>(c: &mut Criterion, name: &str, lanes: fn(F, usize) -> Option<F>) {
    let factor = F::from(0x1234_5678_9abc_def0u64).square();
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Elements((STARTS.len() * ROUNDS) as u64));
    group.bench_function("arkworks", |b| {
        b.iter(|| {
            let factor = black_box(factor);
            let mut chains = STARTS.map(F::from);
            for _ in 0..ROUNDS {
                chains.iter_mut().for_each(|chain| *chain *= factor);
            }
            chains
        });
    });
    if lanes(factor, 0).is_some() {
        group.throughput(Throughput::Elements((PRODUCTS * ROUNDS) as u64));
        group.bench_function("lanes", |b| b.iter(|| lanes(black_box(factor), ROUNDS)));
    }
    group.finish();
}

criterion_group!(benches, products);
criterion_main!(benches);
