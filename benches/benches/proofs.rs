//! Witnesses and proofs of the trial circuits and of uptime by the number of members, on all cores. A proof is witness,
//! satisfaction check, proof and its verification.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ergon_circuits::{Circuit, CircuitId};
use ergon_params::Params;
use ergon_prover::{Engine, ProverError, prove_circuit};
use ergon_types::Kind;

/// The trial circuits, then other numbers of members.
fn circuits() -> impl Iterator<Item = CircuitId> {
    let uptime = |members| CircuitId::of(Kind::Uptime, members);
    CircuitId::TRIAL.into_iter().chain([2, 4, 16].map(uptime))
}

fn witnesses(c: &mut Criterion) {
    let mut group = c.benchmark_group("witness");
    for circuit in circuits() {
        // An empty cohort costs what a full one does: the constraints are the same.
        let blank = Circuit::blank(circuit);
        group.throughput(Throughput::Elements(blank.assignment(0).len() as u64));
        group.bench_function(circuit.to_string(), |b| b.iter(|| blank.assignment(0)));
    }
    group.finish();
}

fn proofs(c: &mut Criterion) {
    let mut group = c.benchmark_group("prove");
    group.sample_size(10);
    for circuit in circuits() {
        let mut engine = None;
        group.bench_function(circuit.to_string(), |b| {
            // Only for what the command line's filter asks for: keys take their time.
            match engine.get_or_insert_with(|| load(circuit)) {
                Ok(engine) => {
                    let blank = Circuit::blank(circuit);
                    b.iter(|| prove_circuit(engine, &blank));
                }
                Err(error) => {
                    eprintln!("{circuit}: {error}");
                    b.iter(|| ());
                }
            }
        });
    }
    group.finish();
}

fn load(circuit: CircuitId) -> Result<Engine, ProverError> {
    let params = Params::resolve(None)?;
    params.generate(&[circuit], |progress| eprintln!("{progress}"))?;
    Engine::new(&params.load(circuit)?)
}

criterion_group!(benches, witnesses, proofs);
criterion_main!(benches);
