//! An earlier result, of this version's form or an older one's, to compare with.

use crate::{BenchError, Report};
use ergon_circuits::CircuitId;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// Results of one run.
#[derive(Clone, Debug)]
pub struct Earlier(Vec<Before>);

/// What all forms have in common.
#[derive(Clone, Debug, Deserialize)]
struct Before {
    machine: Machine,
    threads: usize,
    /// Version 1 has none: its turns are of one proof.
    #[serde(default = "one")]
    batch: usize,
    circuit: CircuitId,
    key_sha256: String,
    provers: Vec<Prover>,
}

fn one() -> usize {
    1
}

#[derive(Clone, Debug, Deserialize)]
struct Machine {
    processor: String,
    cores: usize,
}

#[derive(Clone, Debug, Deserialize)]
struct Prover {
    prover: String,
    wall: Wall,
}

#[derive(Clone, Debug, Deserialize)]
struct Wall {
    median: f64,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// A result beside an earlier one of the same circuit.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How many times as fast each prover is now, by name.
    pub times: Vec<(String, f64)>,
    /// What else is different, and so may be the reason.
    pub differences: Vec<&'static str>,
}

impl Earlier {
    /// Reads results that were written as JSON.
    ///
    /// # Errors
    /// When the file cannot be read, is of a later version or holds something else.
    pub fn read(path: &Path) -> Result<Self, BenchError> {
        let text = fs::read(path).map_err(BenchError::io(path, "read"))?;
        Self::parse(&text).map_err(|reason| BenchError::Report { path: path.to_owned(), reason })
    }

    fn parse(text: &[u8]) -> Result<Self, String> {
        let versions: Vec<Version> =
            serde_json::from_slice(text).map_err(|error| error.to_string())?;
        match versions.iter().find(|found| !(1..=Report::VERSION).contains(&found.version)) {
            Some(Version { version }) => Err(format!(
                "its version is {version}; this program reads 1 to {}",
                Report::VERSION
            )),
            None => serde_json::from_slice(text).map(Self).map_err(|error| error.to_string()),
        }
    }

    /// Compares with a new result; `None` if this one lacks its circuit.
    pub fn compare(&self, now: &Report) -> Option<Comparison> {
        let before = self.0.iter().find(|before| before.circuit == now.circuit)?;
        let ratio = |now: &crate::Measured| {
            let before = before.provers.iter().find(|other| other.prover == now.prover)?;
            Some((now.prover.clone(), before.wall.median / now.wall.median))
        };
        let differences = [
            ("processor", before.machine.processor != now.machine.processor),
            ("cores", before.machine.cores != now.machine.cores),
            ("threads", before.threads != now.threads),
            ("batch", before.batch != now.batch),
            ("key", before.key_sha256 != now.key_sha256),
        ];
        let differ = |(what, differs): (&'static str, bool)| differs.then_some(what);
        Some(Comparison {
            times: now.provers.iter().filter_map(ratio).collect(),
            differences: differences.into_iter().filter_map(differ).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::report;

    #[test]
    fn results_of_this_form_and_the_first_one_are_compared() {
        let now = report("uptime-8", 35_340, 1.0);
        let mut before = now.clone();
        before.provers[0].wall.median = 3.0;
        let written = Report::json(&[before]).unwrap();
        let same = Earlier::parse(written.as_bytes()).unwrap().compare(&now).unwrap();
        assert_eq!(
            same.times[0],
            (now.provers[0].prover.clone(), 3.0 / now.provers[0].wall.median)
        );
        assert!(same.differences.is_empty());

        let first = include_bytes!("../results/trial-circuits.json");
        let first = Earlier::parse(first).unwrap().compare(&now).unwrap();
        assert!(first.times.iter().any(|(prover, _)| prover == "ark-groth16 0.6"));
        assert!(first.differences.contains(&"key") && !first.differences.contains(&"batch"));
    }

    #[test]
    fn a_later_form_is_refused_by_its_version() {
        let error = Earlier::parse(br#"[{ "version": 9, "anything": true }]"#).unwrap_err();
        assert!(error.contains('9') && error.contains("1 to 2"), "{error}");
        assert!(Earlier::parse(b"{}").is_err());
    }
}
