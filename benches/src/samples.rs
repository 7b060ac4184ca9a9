//! A made-up report for tests.

use crate::machine::{Machine, Program};
use crate::{Measured, Report, Spread};

/// A report of a circuit with four provers, the first of which takes this many seconds.
pub(crate) fn report(circuit: &str, constraints: usize, seconds: f64) -> Report {
    let spread = |median: f64| Spread::of([median * 0.9, median, median * 1.2]);
    let prover = |(prover, speedup, process): (&str, f64, bool)| Measured {
        prover: prover.to_owned(),
        process,
        wall: spread(seconds / speedup),
        cpu: spread(seconds / speedup * 1.9),
        speedup: spread(speedup),
        proofs_per_second: speedup / seconds,
        peak_bytes: Some((200.0 * f64::from(1 << 20) / speedup) as u64),
    };
    let provers = [
        ("ark-groth16 0.6", 1.0, false),
        ("taceo-groth16 0.2.2", 1.3, false),
        ("ergon cpu-ifma", 5.0, false),
        ("a < b & c", 0.15, true),
    ];
    Report {
        version: Report::VERSION,
        started: "2026-01-02T03:04:05Z".to_owned(),
        program: Program::this(),
        machine: Machine::this(),
        threads: 2,
        rounds: 3,
        batch: 1,
        circuit: circuit.parse().unwrap(),
        constraints,
        domain: (constraints + 4).next_power_of_two(),
        key_sha256: "00".repeat(32),
        witness: spread(0.04),
        provers: provers.map(prover).to_vec(),
    }
}
