//! Sends a fleet's day to a gateway whose clock replays: trial cohorts first, then every packet in its slot.

use crate::plan::{CohortPlan, MEMBERS};
use crate::senders::{Device, Numbers, Senders, Tally};
use crate::stage::Stages;
use ergon_circuits::WITNESSES;
use ergon_fleet::DeviceDay;
use ergon_gateway::Client;
use ergon_gateway::messages::{CohortTerms, Status};
use ergon_store::Terms;
use ergon_types::{Kind, Member, Membership, Policy, Schema};
use std::time::Duration;

/// How often the gateway's clock is read.
const POLL: Duration = Duration::from_millis(50);

pub(crate) async fn run(
    client: &Client,
    seed: u64,
    plans: Vec<CohortPlan>,
    stages: &Stages,
) -> eyre::Result<()> {
    let status = client.status().await?;
    let epoch = status.epoch.unwrap_or(0);
    let mut trial = Trial { numbers: Numbers::new(seed), devices: 0, cohorts: 0, epoch };
    let mut senders = Senders::new();
    for plan in plans {
        trial.enrol(client, &mut senders, &status, plan).await?;
    }
    let begin = status.genesis + epoch * status.epoch_seconds;
    let mut tally = Tally::default();
    for (slot, second) in senders.slots() {
        while client.status().await?.now < begin + second {
            tokio::time::sleep(POLL).await;
        }
        senders.send(slot, client, &mut tally).await?;
    }
    stages.note(format_args!("{} packets acknowledged", tally.acknowledged));
    for (code, count) in &tally.refused {
        stages.note(format_args!("{count} packets refused: {code}"));
    }
    stages.note(format_args!(
        "when the epoch is over, seal with POST /v1/cohorts/N/epochs/{epoch}/seal"
    ));
    Ok(())
}

/// Numbers of a trial network that no chain knows.
struct Trial {
    numbers: Numbers,
    devices: u64,
    cohorts: u32,
    epoch: u64,
}

impl Trial {
    async fn enrol(
        &mut self,
        client: &Client,
        senders: &mut Senders,
        status: &Status,
        plan: CohortPlan,
    ) -> eyre::Result<()> {
        let network = status.network.id();
        let coverage = plan.kind == Kind::Coverage;
        let witnesses = coverage.then(|| self.cohort(plan.witnesses, 0, WITNESSES)).transpose()?;
        let (membership, devices) = self.cohort(plan.devices, plan.region, MEMBERS)?;
        let cohort = membership.cohort;
        let mut witness_cohort = None;
        if let Some((witnesses, devices)) = witnesses {
            witness_cohort = Some(witnesses.cohort);
            self.put(client, Schema::Witness, witnesses, None, None).await?;
            for device in &devices {
                senders.add(device, network, self.epoch, cohort);
            }
        }
        let policy = Some(Policy::standard(plan.kind));
        self.put(client, plan.kind.schema(), membership, policy, witness_cohort).await?;
        for device in &devices {
            senders.add(device, network, self.epoch, cohort);
        }
        Ok(())
    }

    async fn put(
        &self,
        client: &Client,
        schema: Schema,
        membership: Membership,
        policy: Option<Policy>,
        witness_cohort: Option<u32>,
    ) -> eyre::Result<()> {
        let terms = Terms { schema, membership, policy, witness_cohort };
        Ok(client.put_cohort(&CohortTerms { from_epoch: self.epoch, terms }).await?)
    }

    fn cohort(
        &mut self,
        days: Vec<DeviceDay>,
        region: u64,
        size: usize,
    ) -> eyre::Result<(Membership, Vec<Device>)> {
        self.cohorts += 1;
        let mut members = vec![None; size];
        let mut devices = Vec::new();
        for (place, day) in members.iter_mut().zip(days) {
            self.devices += 1;
            let (key, operator) = self.numbers.take();
            let attribute = day.asset.attribute();
            let attribute = attribute
                .ok_or_else(|| eyre::eyre!("{}: position is too far from its region", day.name))?;
            *place = Some(Member { device: self.devices, key: key.public(), operator, attribute });
            let index = devices.len() as u32;
            devices.push(Device { id: self.devices, index, key, operator, day });
        }
        Ok((Membership { cohort: self.cohorts, region, members }, devices))
    }
}
