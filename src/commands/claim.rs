//! `ergon claim`: pools that are due are frozen, members and provers are paid what submissions earned them, each once.

use crate::cli;
use crate::convert::tokens;
use crate::exit::{NotStanding, message};
use crate::submissions::{Failure, Given, Work, conclude};
use ergon_chain::{Due, Frozen};
use ergon_types::Kind;
use serde::Serialize;

/// What was done.
#[derive(Debug, Default, Serialize)]
struct Report {
    pools: Vec<Pool>,
    devices: Vec<Device>,
    fees: Vec<Fee>,
    failed: Vec<Failed>,
}

/// A pool that this run froze.
#[derive(Debug, Serialize)]
struct Pool {
    kind: Kind,
    epoch: u64,
    members: String,
    gas: u64,
}

/// A member with work.
#[derive(Debug, Serialize)]
struct Device {
    device: u64,
    cohort: u32,
    epoch: u64,
    index: u32,
    units: u64,
    /// In the smallest unit; null when it was paid before, or struck.
    paid: Option<String>,
    /// Whether nobody gets it: the device contradicted itself.
    struck: bool,
    operator: Option<String>,
    gas: Option<u64>,
}

/// A prover's fee that this run claimed.
#[derive(Debug, Serialize)]
struct Fee {
    kind: Kind,
    epoch: u64,
    prover: String,
    paid: String,
    gas: u64,
}

#[derive(Debug, Serialize)]
struct Failed {
    submission: std::path::PathBuf,
    error: String,
}

pub(crate) async fn run(arguments: cli::OnChain) -> eyre::Result<()> {
    let work = Work::of(&arguments).await?;
    let mut report = Report::default();
    let mut failures = Vec::new();
    let mut earned = Vec::new();
    for given in &work.given {
        match report.open(&work, given).await {
            Ok(true) => earned.push(given),
            Ok(false) => {}
            Err(error) => failures.push((given.path.clone(), error)),
        }
    }
    let paid = report.pay(&work, &earned, &mut failures).await;
    let total = work.given.len() + work.failures.len();
    failures.extend(work.failures);
    report.failed = failures
        .iter()
        .map(|(path, error)| Failed { submission: path.clone(), error: message(error) })
        .collect();
    // What was done is said before what stopped it.
    report.print(arguments.json)?;
    paid?;
    conclude("claimed", total, failures)
}

impl Report {
    /// Freezes what is due and claims the prover's fee. Whether the submission's units stand, and its members can claim.
    async fn open(&mut self, work: &Work, given: &Given) -> eyre::Result<bool> {
        let (network, from) = (&work.network, work.signer.account);
        let (kind, epoch, cohort) =
            (given.submission.kind, given.submission.epoch, given.submission.cohort);
        let units = &given.batch.units;
        let stands = network.stands(cohort, epoch, units).await?;
        if !stands {
            let mut replaced = false;
            for other in work.others(&given.batch) {
                replaced |= network.stands(cohort, epoch, other).await?;
            }
            // Its prover may have a part of the fee all the same.
            if !replaced {
                return Err(NotStanding { cohort, epoch }.into());
            }
        }
        for Frozen { epoch, members, gas, .. } in
            network.freeze_due(from, kind as u8, epoch).await?
        {
            self.pools.push(Pool { kind, epoch, members: members.to_string(), gas });
        }
        let prover = given.batch.prover;
        if let Some((paid, gas)) = network.claim_fee_once(from, kind as u8, epoch, prover).await? {
            let (prover, paid) = (prover.to_string(), paid.to_string());
            self.fees.push(Fee { kind, epoch, prover, paid, gas });
        }
        Ok(stands)
    }

    /// Claims for all members with units, those of one operator together.
    async fn pay(
        &mut self,
        work: &Work,
        earned: &[&Given],
        failures: &mut Vec<Failure>,
    ) -> eyre::Result<()> {
        let mut dues = Vec::new();
        for given in earned {
            let (cohort, epoch) = (given.batch.cohort, given.batch.epoch);
            let units = given.batch.units.as_slice();
            let members = (0..).zip(units).filter(|(_, units)| **units > 0);
            dues.extend(members.map(|(index, _)| (given, Due { cohort, epoch, index, units })));
        }
        let all: Vec<_> = dues.iter().map(|(_, due)| *due).collect();
        let done = work.network.claim_all_once(work.signer.account, &all).await?;
        for ((given, due), done) in dues.into_iter().zip(done) {
            match done {
                Ok(claim) => self.devices.push(Device {
                    device: claim.device,
                    cohort: due.cohort,
                    epoch: due.epoch,
                    index: due.index,
                    units: claim.units,
                    paid: claim.now.map(|(_, paid, _)| paid.to_string()),
                    struck: claim.struck,
                    operator: claim.now.map(|(operator, _, _)| operator.to_string()),
                    gas: claim.now.map(|(_, _, gas)| gas),
                }),
                // Once for a submission: members fail for the same reason.
                Err(_) if failures.iter().any(|(path, _)| *path == given.path) => {}
                Err(error) => failures.push((given.path.clone(), error.into())),
            }
        }
        Ok(())
    }

    fn print(&self, json: bool) -> eyre::Result<()> {
        if json {
            println!("{}", serde_json::to_string_pretty(self)?);
            return Ok(());
        }
        let amount = |text: &str| tokens(text.parse::<u128>().unwrap_or(u128::MAX));
        for Pool { kind, epoch, members, .. } in &self.pools {
            println!("pool of {kind}, epoch {epoch}: {} for members", amount(members));
        }
        for Device { device, cohort, epoch, units, paid, struck, .. } in &self.devices {
            let before = if *struck { "struck: it contradicted itself" } else { "paid before" };
            let paid = paid.as_deref().map_or_else(|| before.to_owned(), amount);
            println!(
                "device {device:>6}  cohort {cohort}, epoch {epoch}  {units:>14} units  {paid}"
            );
        }
        for Fee { kind, epoch, prover, paid, .. } in &self.fees {
            println!("fee of {kind}, epoch {epoch}, for {prover}: {}", amount(paid));
        }
        for Failed { submission, error } in &self.failed {
            println!("failed  {}: {error}", submission.display());
        }
        Ok(())
    }
}
