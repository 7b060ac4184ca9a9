//! What the accelerators of a run did, and where they failed.

use ergon_accelerator::Fault;
use serde::Serialize;
use std::collections::BTreeMap;

/// Counts of a run, by accelerator.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tally {
    /// What each accelerator did.
    pub accelerators: BTreeMap<String, Work>,
    /// Seconds of all lanes together for computing proofs, witnesses included.
    pub prove_seconds: f64,
    /// Seconds of all lanes together for verifying proofs before they leave.
    pub verify_seconds: f64,
}

/// What one accelerator did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Work {
    /// Proofs that verified.
    pub proofs: u64,
    /// Proofs that did not verify and were discarded.
    pub rejected: u64,
    /// Failures by reason; proofs that are rejected together are one `wrong_result`.
    pub faults: BTreeMap<&'static str, u64>,
    /// Why it is trusted no more.
    pub quarantined: Option<String>,
}

impl Tally {
    pub(crate) fn of(&mut self, accelerator: &str) -> &mut Work {
        self.accelerators.entry(accelerator.to_owned()).or_default()
    }

    pub(crate) fn fault(&mut self, accelerator: &str, fault: &Fault) {
        *self.of(accelerator).faults.entry(fault.reason()).or_default() += 1;
    }
}
