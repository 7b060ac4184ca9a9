//! Settlement, pools and claims.

use super::EPOCH;
use super::enrol::Cohort;
use super::network::World;
use crate::convert::{batch, tokens};
use crate::stage::Stages;
use ergon_chain::U256;
use ergon_prover::Submission;
use ergon_types::Kind;
use std::collections::BTreeMap;

/// What one claim paid and cost.
#[derive(Clone, Copy)]
pub(crate) struct Paid {
    pub(crate) amount: U256,
    pub(crate) gas: u64,
}

/// Settles every batch; returns the gas of each, in order.
pub(crate) async fn settle(
    world: &mut World,
    submissions: &[Submission],
    stages: &Stages,
) -> eyre::Result<Vec<u64>> {
    let mut gas = Vec::new();
    for submission in submissions {
        let opens = world.chain.opens_at(submission.kind as u8, EPOCH).await?;
        world.chain.chain().advance_to(opens).await?;
        let batch = batch(submission);
        let settled = world.chain.settle(world.prover, &batch, &[]).await?;
        let name = submission.name();
        stages.note(format_args!("{name}: {} units for {} gas", settled.value, settled.gas_used));
        world.spent(format!("settle {name}"), settled.gas_used);
        gas.push(settled.gas_used);
    }
    Ok(gas)
}

/// Freezes the pools and claims for every device with work; the result is by (cohort, place).
pub(crate) async fn pay(
    world: &mut World,
    cohorts: &[Cohort],
    submissions: &[Submission],
    stages: &Stages,
) -> eyre::Result<BTreeMap<(u32, u32), Paid>> {
    let closes = world.chain.closes_at(EPOCH).await?;
    world.chain.chain().advance_to(closes).await?;
    let mut paid = BTreeMap::new();
    for kind in Kind::ALL {
        if !submissions.iter().any(|submission| submission.kind == kind) {
            continue;
        }
        let frozen = world.chain.freeze(world.prover, kind as u8, EPOCH).await?;
        world.spent(format!("freeze the pool of {kind}"), frozen.gas_used);
        stages.note(format_args!("{kind}: pool of {} for members", tokens(frozen.value.members)));
        let earning = submissions.iter().any(|s| s.kind == kind && s.units.iter().any(|u| *u > 0));
        if earning {
            let fee = world.chain.claim_fee(world.prover, kind as u8, EPOCH, world.prover).await?;
            world.spent(format!("claim the prover's fee of {kind}"), fee.gas_used);
        }
    }
    for (cohort, submission) in cohorts.iter().zip(submissions) {
        for device in &cohort.devices {
            if submission.units[device.index as usize] == 0 {
                continue;
            }
            let number = cohort.membership.cohort;
            let claim = world
                .chain
                .claim(world.prover, number, EPOCH, device.index, &submission.units)
                .await?;
            world.spent(format!("claim for device {}", device.id), claim.gas_used);
            let amount = Paid { amount: claim.value, gas: claim.gas_used };
            paid.insert((number, device.index), amount);
        }
    }
    Ok(paid)
}
