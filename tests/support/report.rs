//! The demo's report as its readers know it, and what must hold of every report.
// Each test program uses its part of this.
#![allow(dead_code)]

use serde::Deserialize;

/// One token in its smallest unit.
pub(crate) const TOKEN: u128 = 1_000_000_000_000_000_000;

/// `ergon demo --json`; more fields than these may be there.
#[derive(Debug, Deserialize)]
pub(crate) struct Report {
    pub(crate) kinds: Vec<KindReport>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct KindReport {
    pub(crate) kind: String,
    pub(crate) members: usize,
    pub(crate) constraints: u64,
    pub(crate) proof_ok: bool,
    pub(crate) prove_seconds: f64,
    pub(crate) settle_gas: u64,
    pub(crate) claim_gas: u64,
    pub(crate) cohorts: Vec<serde_json::Value>,
    pub(crate) devices: Vec<DeviceReport>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeviceReport {
    pub(crate) id: u64,
    pub(crate) source: String,
    pub(crate) day: String,
    pub(crate) name: String,
    pub(crate) claimed: u64,
    pub(crate) measured: u64,
    pub(crate) work_units: u64,
    pub(crate) reward: f64,
    pub(crate) reward_wei: String,
}

/// A kind's pool for members: what is emitted for an epoch, less the provers' two per cent.
pub(crate) fn pool(kind: &str) -> u128 {
    let tokens = match kind {
        "uptime" => 98,
        "coverage" => 490,
        "energy" => 980,
        _ => panic!("{kind} is no kind"),
    };
    tokens * TOKEN
}

impl Report {
    pub(crate) fn read(json: &str) -> Self {
        serde_json::from_str(json).unwrap()
    }

    pub(crate) fn kind(&self, name: &str) -> &KindReport {
        self.kinds.iter().find(|kind| kind.kind == name).unwrap()
    }

    /// Whatever was measured: proofs hold, rewards are pro rata to the work and within the pool.
    pub(crate) fn check(&self) {
        for kind in &self.kinds {
            assert!(kind.proof_ok, "{}", kind.kind);
            assert_eq!(kind.members, 8);
            assert!(kind.constraints > 10_000 && kind.prove_seconds > 0.0);
            // A pairing alone costs 181,000.
            assert!(kind.settle_gas > 200_000 * kind.cohorts.len() as u64);
            assert!(!kind.cohorts.is_empty() && !kind.devices.is_empty());
            let units: u128 = kind.devices.iter().map(|d| u128::from(d.work_units)).sum();
            let mut paid = 0;
            for device in &kind.devices {
                assert!(device.measured <= device.claimed && !device.name.is_empty());
                assert!(device.id > 0 && !device.source.is_empty() && !device.day.is_empty());
                let reward: u128 = device.reward_wei.parse().unwrap();
                let share = (pool(&kind.kind) * u128::from(device.work_units)).checked_div(units);
                assert_eq!(reward, share.unwrap_or(0), "{} {}", kind.kind, device.id);
                assert!((device.reward - reward as f64 / TOKEN as f64).abs() < 1e-9);
                assert_eq!(device.work_units == 0, reward == 0);
                paid += reward;
            }
            assert!(paid <= pool(&kind.kind));
            assert_eq!(kind.claim_gas > 0, paid > 0);
            // Rounding down keeps less than one smallest unit of each device.
            if units > 0 {
                assert!(paid + kind.devices.len() as u128 > pool(&kind.kind));
            }
        }
    }
}
