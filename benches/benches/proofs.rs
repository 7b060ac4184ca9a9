//! A proof of each trial circuit on all cores: witness, satisfaction check, proof and its verification.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ergon_circuits::{Circuit, CircuitId};
use ergon_params::Params;
use ergon_prover::{Engine, ProverError, prove_circuit};

fn proofs(c: &mut Criterion) {
    if let Err(error) = prove_all(c) {
        eprintln!("{error}");
    }
}

fn prove_all(c: &mut Criterion) -> Result<(), ProverError> {
    let params = Params::resolve(None)?;
    params.generate(&CircuitId::TRIAL, |progress| eprintln!("{progress}"))?;
    let mut group = c.benchmark_group("prove");
    group.sample_size(10);
    for circuit in CircuitId::TRIAL {
        let key = Engine::new(&params.load(circuit)?)?;
        // An empty cohort costs what a full one does: the constraints are the same.
        let blank = Circuit::blank(circuit);
        group.throughput(Throughput::Elements(key.shape().constraints() as u64));
        group.bench_function(circuit.to_string(), |b| {
            b.iter(|| prove_circuit(&key, &blank));
        });
    }
    group.finish();
    Ok(())
}

criterion_group!(benches, proofs);
criterion_main!(benches);
