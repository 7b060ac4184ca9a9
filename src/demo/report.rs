//! What the demo tells: for each device claimed, proven and paid; the gas of each transaction.

use super::EPOCH;
use super::enrol::Cohort;
use super::network::{Keys, World};
use super::reward::Paid;
use crate::convert::tokens;
use ergon_circuits::CircuitId;
use ergon_prover::Submission;
use ergon_types::Kind;
use serde::Serialize;
use std::collections::BTreeMap;

/// The demo's result; the JSON form is described in `docs/commands.md`.
#[derive(Serialize)]
pub(crate) struct Report {
    epoch: u64,
    kinds: Vec<KindReport>,
    transactions: Vec<Gas>,
}

#[derive(Serialize)]
struct KindReport {
    kind: Kind,
    members: usize,
    constraints: usize,
    proof_ok: bool,
    prove_seconds: f64,
    settle_gas: u64,
    claim_gas: u64,
    cohorts: Vec<CohortReport>,
    devices: Vec<DeviceReport>,
}

#[derive(Serialize)]
struct CohortReport {
    id: u32,
    source: String,
    region: Option<String>,
    members: usize,
    active: usize,
    seal: String,
    proof_ok: bool,
    prove_seconds: f64,
    settle_gas: u64,
}

#[derive(Serialize)]
struct DeviceReport {
    id: u64,
    name: String,
    cohort: u32,
    index: u32,
    owner: String,
    source: String,
    day: String,
    /// What its recording contains.
    claimed: u64,
    /// The proven quantity before policy.
    measured: u64,
    work_units: u64,
    /// In tokens.
    reward: f64,
    /// In the token's smallest unit, exactly.
    reward_wei: String,
    claim_gas: u64,
}

#[derive(Serialize)]
struct Gas {
    action: String,
    gas: u64,
}

impl Report {
    /// Puts the results together; every proof is verified once more.
    pub(crate) fn new(
        world: &World,
        keys: &Keys,
        cohorts: &[Cohort],
        submissions: &[Submission],
        settle_gas: &[u64],
        paid: &BTreeMap<(u32, u32), Paid>,
    ) -> eyre::Result<Self> {
        let mut kinds = Vec::new();
        for kind in Kind::ALL {
            let of_kind = cohorts.iter().zip(submissions).zip(settle_gas);
            let mut cohort_reports = Vec::new();
            let mut devices = Vec::new();
            let mut constraints = 0;
            for ((cohort, submission), settle_gas) in of_kind.filter(|((c, _), _)| c.kind == kind) {
                let circuit = CircuitId::of(kind, cohort.membership.members.len());
                let key = keys.of(circuit)?;
                constraints = key.shape().constraints();
                let proof_ok = submission.verify(key.verifying()).is_ok();
                cohort_reports.push(cohort_report(cohort, submission, proof_ok, *settle_gas));
                devices.extend(device_reports(cohort, submission, paid));
            }
            if cohort_reports.is_empty() {
                continue;
            }
            kinds.push(KindReport {
                kind,
                members: crate::plan::MEMBERS,
                constraints,
                proof_ok: cohort_reports.iter().all(|cohort| cohort.proof_ok),
                prove_seconds: cohort_reports.iter().map(|cohort| cohort.prove_seconds).sum(),
                settle_gas: cohort_reports.iter().map(|cohort| cohort.settle_gas).sum(),
                claim_gas: devices.iter().map(|device| device.claim_gas).sum(),
                cohorts: cohort_reports,
                devices,
            });
        }
        let gas = |(action, gas): &(String, u64)| Gas { action: action.clone(), gas: *gas };
        let transactions = world.transactions.iter().map(gas).collect();
        Ok(Self { epoch: EPOCH, kinds, transactions })
    }

    /// Prints the report for people.
    pub(crate) fn print(&self) {
        for kind in &self.kinds {
            let unit = match kind.kind {
                Kind::Uptime => "slots",
                Kind::Coverage => "cells",
                Kind::Energy => "Wh",
            };
            println!(
                "\n{}: {} members a cohort, {} constraints, proofs {} in {:.1} s",
                kind.kind,
                kind.members,
                kind.constraints,
                if kind.proof_ok { "valid" } else { "INVALID" },
                kind.prove_seconds
            );
            println!(
                "  {:>6}  {:<10}  {:>9} {:>9} {unit:<5}  {:>14}  {:>18}  source",
                "device", "day", "claimed", "proven", "work units", "paid"
            );
            for d in &kind.devices {
                let paid = tokens(d.reward_wei.parse::<u128>().unwrap_or(0));
                println!(
                    "  {:>6}  {:<10}  {:>9} {:>9} {unit:<5}  {:>14}  {paid:>18}  {}",
                    d.id, d.day, d.claimed, d.measured, d.work_units, d.name
                );
            }
        }
        println!("\ngas of each transaction");
        for Gas { action, gas } in &self.transactions {
            println!("  {gas:>9}  {action}");
        }
    }
}

fn cohort_report(
    cohort: &Cohort,
    submission: &Submission,
    proof_ok: bool,
    settle_gas: u64,
) -> CohortReport {
    let region = cohort.membership.region;
    CohortReport {
        id: cohort.membership.cohort,
        source: cohort.source.clone(),
        region: (region != 0).then(|| format!("{region:x}")),
        members: cohort.membership.members.len(),
        active: cohort.devices.len(),
        seal: submission.seal.to_string(),
        proof_ok,
        prove_seconds: submission.prove_seconds,
        settle_gas,
    }
}

fn device_reports(
    cohort: &Cohort,
    submission: &Submission,
    paid: &BTreeMap<(u32, u32), Paid>,
) -> Vec<DeviceReport> {
    let number = cohort.membership.cohort;
    let report = |device: &crate::senders::Device| {
        let place = device.index as usize;
        let paid = paid.get(&(number, device.index));
        let amount = paid.map(|paid| paid.amount).unwrap_or_default();
        DeviceReport {
            id: device.id,
            name: device.day.name.clone(),
            cohort: number,
            index: device.index,
            owner: device.operator.to_string(),
            source: device.day.source.clone(),
            day: device.day.day.clone(),
            claimed: device.day.measured,
            measured: submission.measured[place],
            work_units: submission.units[place],
            reward: u128::try_from(amount).map_or(f64::NAN, |wei| wei as f64 / 1e18),
            reward_wei: amount.to_string(),
            claim_gas: paid.map_or(0, |paid| paid.gas),
        }
    };
    cohort.devices.iter().map(report).collect()
}
