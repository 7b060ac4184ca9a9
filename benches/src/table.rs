//! Results as CSV, a line for each prover.

use crate::{BenchError, Measured, Report};
use serde::Serialize;
use std::path::Path;

/// A line. The names of its fields are the table's head.
#[derive(Serialize)]
struct Line<'a> {
    circuit: String,
    constraints: usize,
    domain: usize,
    threads: usize,
    rounds: usize,
    batch: usize,
    prover: &'a str,
    process: bool,
    wall_median_s: f64,
    wall_min_s: f64,
    wall_max_s: f64,
    cpu_median_s: f64,
    cpu_min_s: f64,
    cpu_max_s: f64,
    speedup_median: f64,
    speedup_min: f64,
    speedup_max: f64,
    proofs_per_second: f64,
    peak_bytes: Option<u64>,
    processor: &'a str,
    cores: usize,
    started: &'a str,
    version: &'a str,
    commit: &'a str,
    modified: bool,
    key_sha256: &'a str,
}

impl<'a> Line<'a> {
    fn new(report: &'a Report, prover: &'a Measured) -> Self {
        Self {
            circuit: report.circuit.to_string(),
            constraints: report.constraints,
            domain: report.domain,
            threads: report.threads,
            rounds: report.rounds,
            batch: report.batch,
            prover: &prover.prover,
            process: prover.process,
            wall_median_s: prover.wall.median,
            wall_min_s: prover.wall.min,
            wall_max_s: prover.wall.max,
            cpu_median_s: prover.cpu.median,
            cpu_min_s: prover.cpu.min,
            cpu_max_s: prover.cpu.max,
            speedup_median: prover.speedup.median,
            speedup_min: prover.speedup.min,
            speedup_max: prover.speedup.max,
            proofs_per_second: prover.proofs_per_second,
            peak_bytes: prover.peak_bytes,
            processor: &report.machine.processor,
            cores: report.machine.cores,
            started: &report.started,
            version: &report.program.version,
            commit: &report.program.commit,
            modified: report.program.modified,
            key_sha256: &report.key_sha256,
        }
    }
}

impl Report {
    /// Writes reports as CSV.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write_csv(reports: &[Self], path: &Path) -> Result<(), BenchError> {
        let io = |error: csv::Error| BenchError::io(path, "write")(error.into());
        let mut file = csv::Writer::from_path(path).map_err(io)?;
        for report in reports {
            for prover in &report.provers {
                file.serialize(Line::new(report, prover)).map_err(io)?;
            }
        }
        file.flush().map_err(BenchError::io(path, "write"))
    }
}
