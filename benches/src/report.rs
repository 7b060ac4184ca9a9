//! What a comparison found: JSON for programs, CSV for tables, text for people.

use crate::BenchError;
use ergon_circuits::CircuitId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

/// One circuit's comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// [`Report::VERSION`].
    pub version: u32,
    /// Where it ran.
    pub machine: Machine,
    /// Threads of provers in this process.
    pub threads: usize,
    /// Turns of each prover that count.
    pub rounds: usize,
    /// The circuit.
    pub circuit: CircuitId,
    /// Its constraints.
    pub constraints: usize,
    /// Points of its evaluation domain.
    pub domain: usize,
    /// SHA-256 of the key.
    pub key_sha256: String,
    /// Seconds of computing a witness; not part of the provers' times.
    pub witness: Spread,
    /// The provers, in the order of their turns. Speed is relative to the first one.
    pub provers: Vec<Measured>,
}

/// Where a comparison ran, and what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor, as the system names it.
    pub processor: String,
    /// Cores that this process may use.
    pub cores: usize,
    /// Operating system and architecture.
    pub system: String,
    /// The program's version, and its commit if the current folder is a checkout.
    pub program: String,
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
    /// How many times as fast as the first prover, by the medians of wall-clock time.
    pub speedup: f64,
}

/// Median, least and most of some seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The middle one.
    pub median: f64,
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
}

impl Spread {
    /// Of any number of values; zeros for none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or_default();
        let middle = values.len() / 2;
        let median = if values.len().is_multiple_of(2) && middle > 0 {
            (at(middle - 1) + at(middle)) / 2.0
        } else {
            at(middle)
        };
        Self { median, min: at(0), max: at(values.len().saturating_sub(1)) }
    }
}

impl Machine {
    /// This one.
    pub(crate) fn this() -> Self {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let commit = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output();
        let commit = commit.ok().filter(|output| output.status.success());
        let commit = commit.and_then(|output| String::from_utf8(output.stdout).ok());
        Self {
            processor: model.map_or("unknown", |(_, model)| model).to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            program: match commit {
                Some(commit) => format!("{} {}", env!("CARGO_PKG_VERSION"), commit.trim()),
                None => env!("CARGO_PKG_VERSION").to_owned(),
            },
        }
    }
}

impl Report {
    /// Version of the JSON form.
    pub const VERSION: u32 = 1;

    /// Reads reports that were written as JSON.
    ///
    /// # Errors
    /// When the file cannot be read or holds something else.
    pub fn read(path: &Path) -> Result<Vec<Self>, BenchError> {
        let text = fs::read(path).map_err(BenchError::io(path, "read"))?;
        let bad = |reason: String| BenchError::Report { path: path.to_owned(), reason };
        let reports: Vec<Self> =
            serde_json::from_slice(&text).map_err(|error| bad(error.to_string()))?;
        match reports.iter().find(|report| report.version != Self::VERSION) {
            Some(report) => Err(bad(format!("version {}", report.version))),
            None => Ok(reports),
        }
    }

    /// Reports as CSV, a line for each prover.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write_csv(reports: &[Self], path: &Path) -> Result<(), BenchError> {
        let io = |error: csv::Error| BenchError::io(path, "write")(error.into());
        let mut file = csv::Writer::from_path(path).map_err(io)?;
        file.write_record([
            "circuit",
            "constraints",
            "domain",
            "threads",
            "rounds",
            "prover",
            "process",
            "wall_median_s",
            "wall_min_s",
            "wall_max_s",
            "cpu_median_s",
            "speedup",
            "processor",
            "program",
            "key_sha256",
        ])
        .map_err(io)?;
        for report in reports {
            for prover in &report.provers {
                file.write_record([
                    report.circuit.to_string(),
                    report.constraints.to_string(),
                    report.domain.to_string(),
                    report.threads.to_string(),
                    report.rounds.to_string(),
                    prover.prover.clone(),
                    prover.process.to_string(),
                    prover.wall.median.to_string(),
                    prover.wall.min.to_string(),
                    prover.wall.max.to_string(),
                    prover.cpu.median.to_string(),
                    prover.speedup.to_string(),
                    report.machine.processor.clone(),
                    report.machine.program.clone(),
                    report.key_sha256.clone(),
                ])
                .map_err(io)?;
            }
        }
        file.flush().map_err(BenchError::io(path, "write"))
    }

    /// How fast each prover is now against an earlier report of the same circuit: times its median before, by name.
    pub fn against<'a>(&'a self, earlier: &'a [Self]) -> Vec<(&'a str, f64)> {
        let Some(before) = earlier.iter().find(|report| report.circuit == self.circuit) else {
            return Vec::new();
        };
        let ratio = |now: &'a Measured| {
            let before = before.provers.iter().find(|other| other.prover == now.prover)?;
            Some((now.prover.as_str(), before.wall.median / now.wall.median))
        };
        self.provers.iter().filter_map(ratio).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}: {} constraints, domain of {}, {} threads, {} rounds; witness in {:.3} s",
            self.circuit,
            self.constraints,
            self.domain,
            self.threads,
            self.rounds,
            self.witness.median
        )?;
        writeln!(f, "  prover                      wall s     min     max   cpu s  speed")?;
        for prover in &self.provers {
            let mark = if prover.process { "*" } else { " " };
            writeln!(
                f,
                "  {:<25}{mark} {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>5.2}x",
                prover.prover,
                prover.wall.median,
                prover.wall.min,
                prover.wall.max,
                prover.cpu.median,
                prover.speedup
            )?;
        }
        if self.provers.iter().any(|prover| prover.process) {
            writeln!(f, "  * a process of its own: its start and its files count")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_or_the_mean_of_the_two_in_the_middle() {
        let spread = Spread::of([3.0, 1.0, 2.0]);
        assert_eq!([spread.median, spread.min, spread.max], [2.0, 1.0, 3.0]);
        assert_eq!(Spread::of([4.0, 1.0, 2.0, 3.0]).median, 2.5);
        assert_eq!(Spread::of([]).median, 0.0);
    }
}
