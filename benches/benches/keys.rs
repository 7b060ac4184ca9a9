//! How long a key takes until it can prove: read, hashed and parsed, then laid out for each path of this processor. Measures
//! the keys that there are: `ergon params generate energy-128` makes one of production's size.
#![allow(missing_docs)]

use criterion::{BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main};
use ergon_accelerator::{Accelerator, Cpu};
use ergon_params::Params;
use ergon_prover::Engine;

fn keys(c: &mut Criterion) {
    let params = Params::resolve(None).expect("a folder of keys");
    let entries = match params.manifest() {
        Ok(manifest) => manifest.keys,
        Err(error) => return eprintln!("{error}"),
    };
    let mut group = c.benchmark_group("key");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for name in entries.into_iter().map(|entry| entry.circuit) {
        let Ok(circuit) = name.parse() else { continue };
        group.bench_function(BenchmarkId::new("read", &name), |b| b.iter(|| params.load(circuit)));
        let key = params.load(circuit).expect("the key that was just read");
        // Half a gibibyte of multiples: nearly as many as are of use to a trial circuit.
        let tables = Cpu::all().into_iter().map(|cpu| cpu.with_tables(1 << 29));
        for cpu in Cpu::all().into_iter().chain(tables) {
            let id = BenchmarkId::new(format!("laid out for {}", cpu.name()), &name);
            group.bench_function(id, |b| b.iter(|| Engine::on(&cpu, &key)));
        }
    }
    group.finish();
}

criterion_group!(benches, keys);
criterion_main!(benches);
