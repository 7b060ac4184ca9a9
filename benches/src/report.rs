//! What a comparison found: JSON for programs, text for people.

use crate::machine::{Machine, Program};
use crate::{BenchError, Spread};
use ergon_circuits::CircuitId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One circuit's comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`Report::VERSION`].
    pub version: u32,
    /// When it began.
    pub started: String,
    /// Which program.
    pub program: Program,
    /// Where it ran.
    pub machine: Machine,
    /// Threads of provers in this process.
    pub threads: usize,
    /// Turns of each prover that count.
    pub rounds: usize,
    /// Proofs of a turn. Above 1 each proof's time includes its witness's.
    pub batch: usize,
    /// The circuit.
    pub circuit: CircuitId,
    /// Its constraints.
    pub constraints: usize,
    /// Points of its evaluation domain.
    pub domain: usize,
    /// SHA-256 of the key.
    pub key_sha256: String,
    /// Seconds of computing a witness on its own.
    pub witness: Spread,
    /// The provers, in the order of their turns. Speed is relative to the first one.
    pub provers: Vec<Measured>,
}

/// One prover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Its name.
    pub prover: String,
    /// Whether it is a process of its own: then starting it and reading its files count.
    pub process: bool,
    /// Wall-clock seconds of a proof.
    pub wall: Spread,
    /// Processor seconds of a proof, all cores together.
    pub cpu: Spread,
    /// How many times as fast as the first prover, by wall-clock time and turn by turn.
    pub speedup: Spread,
    /// One over the median of wall-clock time.
    pub proofs_per_second: f64,
    /// The most bytes of memory that a process with this prover alone held, its reading of the key included.
    pub peak_bytes: Option<u64>,
}

impl Report {
    /// Version of the JSON form.
    pub const VERSION: u32 = 2;

    /// Reports as JSON.
    ///
    /// # Errors
    /// None that is known.
    pub fn json(reports: &[Self]) -> Result<String, BenchError> {
        serde_json::to_string_pretty(reports).map_err(BenchError::Encode)
    }
}

/// Bytes as MiB.
pub(crate) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { circuit, constraints, domain, threads, rounds, batch, .. } = self;
        let witness = self.witness.median;
        write!(f, "{circuit}: {constraints} constraints, domain of {domain}, {threads} threads, ")?;
        write!(f, "{rounds} rounds")?;
        match batch {
            1 => writeln!(f, "; witness in {witness:.3} s")?,
            _ => writeln!(f, " of {batch} proofs with their witnesses")?,
        }
        writeln!(
            f,
            "  {:<26} {:>7} {:>7} {:>7} {:>7} {:>7} {:>8} {:>9}",
            "prover", "wall s", "min", "max", "cpu s", "speed", "proofs/s", "peak MiB"
        )?;
        for prover in &self.provers {
            let mark = if prover.process { "*" } else { " " };
            let peak = prover.peak_bytes.map(mebibytes);
            writeln!(
                f,
                "  {:<25}{mark} {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>6.2}x {:>8.2} {:>9}",
                prover.prover,
                prover.wall.median,
                prover.wall.min,
                prover.wall.max,
                prover.cpu.median,
                prover.speedup.median,
                prover.proofs_per_second,
                peak.map_or("?".to_owned(), |peak| format!("{peak:.0}")),
            )?;
        }
        if self.provers.iter().any(|prover| prover.process) {
            writeln!(f, "  * a process of its own: its start and its files count")?;
        }
        Ok(())
    }
}
