//! Cohorts and devices on chain, and the proofs of their memberships.

use super::network::{Keys, World};
use crate::convert::{from_chain, key_proof, to_chain, word, words};
use crate::plan::{CohortPlan, MEMBERS};
use crate::senders::{Device, Numbers};
use crate::stage::Stages;
use ergon_chain::{B256, NewCohort};
use ergon_circuits::{Statement, WITNESSES};
use ergon_fleet::{Asset, DeviceDay};
use ergon_prover::prove;
use ergon_types::{Kind, Member, Membership};

/// A cohort with its members and their keys.
pub(crate) struct Cohort {
    pub(crate) kind: Kind,
    pub(crate) source: String,
    pub(crate) membership: Membership,
    pub(crate) devices: Vec<Device>,
    pub(crate) witnesses: Option<(Membership, Vec<Device>)>,
}

/// Enrols everybody and commits every membership.
pub(crate) async fn all(
    world: &mut World,
    keys: &Keys,
    plans: Vec<CohortPlan>,
    seed: u64,
    stages: &Stages,
) -> eyre::Result<Vec<Cohort>> {
    let proof = key_proof(&world.attestor.public());
    let registered = world.chain.register_attestor(world.attestor_operator, proof).await?;
    world.spent("register attestor", registered.gas_used);
    let attestor = registered.value;
    let mut numbers = Numbers::new(seed);
    let mut cohorts = Vec::new();
    for plan in plans {
        let witnesses = if plan.kind == Kind::Coverage {
            let new = NewCohort {
                kind: 0,
                size: WITNESSES as u32,
                region: 0,
                witness_cohort: 0,
                attestor: 0,
            };
            Some(enrol(world, keys, new, plan.witnesses, &mut numbers).await?)
        } else {
            None
        };
        let new = NewCohort {
            kind: plan.kind as u8,
            size: MEMBERS as u32,
            region: plan.region,
            witness_cohort: witnesses.as_ref().map_or(0, |(cohort, _)| cohort.cohort),
            attestor,
        };
        let (membership, devices) = enrol(world, keys, new, plan.devices, &mut numbers).await?;
        stages.note(format_args!(
            "cohort {}: {} {} devices enrolled, membership proven",
            membership.cohort,
            devices.len(),
            plan.kind
        ));
        cohorts.push(Cohort {
            kind: plan.kind,
            source: plan.source,
            membership,
            devices,
            witnesses,
        });
    }
    Ok(cohorts)
}

async fn enrol(
    world: &mut World,
    keys: &Keys,
    new: NewCohort,
    days: Vec<DeviceDay>,
    numbers: &mut Numbers,
) -> eyre::Result<(Membership, Vec<Device>)> {
    let created = world.chain.create_cohort(new).await?;
    let cohort = created.value;
    world.spent(format!("create cohort {cohort}"), created.gas_used);
    let mut members = vec![None; new.size as usize];
    let mut devices = Vec::new();
    for day in days {
        let (key, operator) = numbers.take();
        let public = key.public();
        // The registry certifies a new meter's generation itself (§ 5.3).
        let attribute = match day.asset {
            Asset::Meter { nameplate_w, .. } => u64::from(nameplate_w),
            _ => day
                .asset
                .attribute()
                .ok_or_else(|| eyre::eyre!("{}: position is too far from its region", day.name))?,
        };
        let enrolled =
            world.chain.enrol(cohort, to_chain(operator), key_proof(&public), attribute).await?;
        let (id, index) = (enrolled.value.device, enrolled.value.index);
        world.spent(format!("enrol device {id}"), enrolled.gas_used);
        let registered = world.chain.member(cohort, index).await?;
        let operator = from_chain(registered.operator);
        members[index as usize] =
            Some(Member { device: id, key: public, operator, attribute: registered.attribute });
        devices.push(Device { id, index, key, operator, day });
    }
    let membership = Membership { cohort, region: new.region, members };
    commit(world, keys, &membership).await?;
    Ok((membership, devices))
}

/// Proves the membership's root and stores it (§ 5.3, § 7.1).
async fn commit(world: &mut World, keys: &Keys, membership: &Membership) -> eyre::Result<()> {
    let statement = Statement::membership(&world.network, membership);
    let proven = tokio::task::block_in_place(|| {
        prove(&statement, keys.of(statement.id())?).map_err(eyre::Report::from)
    })?;
    let proof = words(&ergon_prover::proof_words(&proven.proof));
    let route = B256::from(proven.route);
    let c = word(&statement.commitment());
    let committed =
        world.chain.commit_membership(world.prover, membership.cohort, route, c, proof).await?;
    world.spent(format!("commit membership of cohort {}", membership.cohort), committed.gas_used);
    Ok(())
}
