//! What a run came to, for people and for programs.

use super::progress::Progress;
use crate::memory;
use ergon_circuits::CircuitId;
use ergon_params::Params;
use ergon_prover::batch::{Job, Status, read_bundle};
use ergon_prover::{Estimate, ProverError, Tally, Workers};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A run's result.
#[derive(Serialize)]
pub(super) struct Report {
    bundles: Vec<Line>,
    summary: Summary,
}

#[derive(Serialize)]
struct Line {
    bundle: String,
    submission: Option<String>,
    status: &'static str,
    error: Option<String>,
}

#[derive(Serialize)]
struct Summary {
    proven: usize,
    kept: usize,
    failed: usize,
    left: usize,
    seconds: f64,
    proofs_per_second: f64,
    peak_memory_bytes: u64,
    #[serde(flatten)]
    tally: Tally,
}

impl Report {
    pub(super) fn of(jobs: &[Job], progress: &Progress, tally: Tally) -> Self {
        let bundles: Vec<Line> = jobs.iter().map(Line::of).collect();
        let count = |status| bundles.iter().filter(|line| line.status == status).count();
        let summary = Summary {
            proven: count("proven"),
            kept: count("kept"),
            failed: count("failed"),
            left: count("left"),
            seconds: progress.seconds(),
            proofs_per_second: progress.rate(),
            peak_memory_bytes: memory::peak(),
            tally,
        };
        Self { bundles, summary }
    }

    pub(super) fn print(&self, json: bool) -> eyre::Result<()> {
        if json {
            println!("{}", serde_json::to_string_pretty(self)?);
            return Ok(());
        }
        for line in &self.bundles {
            let what = line.submission.as_ref().or(line.error.as_ref());
            println!("{:<7} {}: {}", line.status, line.bundle, what.map_or("", String::as_str));
        }
        let Summary { proven, kept, failed, left, seconds, .. } = self.summary;
        let (rate, peak) = (self.summary.proofs_per_second, self.summary.peak_memory_bytes >> 20);
        eprintln!(
            "{proven} proven, {kept} kept, {failed} failed, {left} left in {seconds:.1} s ({rate:.2} proofs/s, {peak} MiB peak)"
        );
        for (name, work) in &self.summary.tally.accelerators {
            let faults: u64 = work.faults.values().sum();
            eprintln!(
                "{name}: {} proofs, {} rejected, {faults} faults{}",
                work.proofs,
                work.rejected,
                work.quarantined
                    .as_ref()
                    .map(|why| format!(", left alone: {why}"))
                    .unwrap_or_default()
            );
        }
        Ok(())
    }
}

impl Line {
    fn of(job: &Job) -> Self {
        let bundle = job.bundle.display().to_string();
        match &job.result {
            Ok((path, status)) => {
                let status = match status {
                    Status::Proven => "proven",
                    Status::Kept => "kept",
                };
                Self { bundle, submission: Some(path.display().to_string()), status, error: None }
            }
            Err(error) => {
                let status = if matches!(error, ProverError::Stopped) { "left" } else { "failed" };
                Self { bundle, submission: None, status, error: Some(error.to_string()) }
            }
        }
    }
}

/// What proving some bundles takes.
#[derive(Serialize)]
struct Estimated {
    circuit: CircuitId,
    bundles: usize,
    #[serde(flatten)]
    estimate: Estimate,
    /// Proofs in the making at the same time.
    together: usize,
    peak: u64,
    free: u64,
    fits: bool,
}

/// Says what proving these bundles takes: how many of which circuit, and how much memory.
pub(super) fn estimate(
    params: &Params,
    bundles: &[PathBuf],
    free: u64,
    tables: u64,
    json: bool,
) -> eyre::Result<()> {
    let mut circuits: BTreeMap<CircuitId, usize> = BTreeMap::new();
    for path in bundles {
        let bundle = read_bundle(path)?;
        *circuits
            .entry(CircuitId::of(bundle.kind, bundle.membership.members.len()))
            .or_default() += 1;
    }
    let mut estimates = Vec::new();
    for (circuit, bundles) in circuits {
        let estimate = Estimate::of(&params.entry(circuit)?, tables);
        let together = estimate.together(Workers::processor_lanes(), free);
        let (fits, together) = (together.is_some(), together.unwrap_or(1));
        let peak = estimate.peak(together);
        estimates.push(Estimated { circuit, bundles, estimate, together, peak, free, fits });
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&estimates)?);
        return Ok(());
    }
    for of in &estimates {
        println!(
            "{}: {} bundles, up to {} MiB of memory ({} MiB for the key{}, {} MiB for each of {} proofs at a time), {} MiB free{}",
            of.circuit,
            of.bundles,
            of.peak >> 20,
            of.estimate.key >> 20,
            match of.estimate.tables >> 20 {
                0 => String::new(),
                tables => format!(", {tables} of them tables"),
            },
            of.estimate.proof >> 20,
            of.together,
            of.free >> 20,
            if of.fits { "" } else { ": does not fit" }
        );
    }
    Ok(())
}
