//! Killing the gateway under load loses nothing that was acknowledged, counts nothing twice, and
//! never brings out a second seal.
//!
//! The test starts itself again as the gateway, kills that process by SIGKILL twenty times while
//! clients submit or an operator seals, and compares the database with what they were answered.
#![allow(clippy::unwrap_used)]

mod child;
mod clients;
mod sealing;

use clients::{DEVICES, Fleet};
use ergon_gateway::messages::CohortTerms;
use ergon_types::{Membership, Policy, Schema};
use libtest_mimic::{Arguments, Failed, Trial};
use std::time::Duration;

const KILLS: u32 = 20;
const COHORT: u32 = 1;

fn main() {
    if child::is_child() {
        return child::run();
    }
    let name = "twenty_kills_under_load_lose_no_acknowledged_packet";
    let packets = Trial::test(name, || tokio::runtime::Runtime::new()?.block_on(twenty_kills()));
    let name = "twenty_kills_while_sealing_leave_one_seal_of_each_epoch";
    let seals = Trial::test(name, || tokio::runtime::Runtime::new()?.block_on(sealing::kills()));
    libtest_mimic::run(&Arguments::from_args(), vec![packets, seals]).exit();
}

/// An operator's terms of one cohort of meters.
async fn put_cohort(gateway: &child::Process) -> Result<(), Failed> {
    let operator = clients::client(&gateway.url(), Some(child::TOKEN.into()));
    let members = (1..=DEVICES).map(|device| Some(clients::member(device))).collect();
    let terms = ergon_store::Terms {
        schema: Schema::Energy,
        membership: Membership { cohort: COHORT, region: 0, members },
        policy: Some(Policy::standard(Schema::Energy.kind())),
        witness_cohort: None,
    };
    operator.put_cohort(&CohortTerms { from_epoch: 0, terms }).await?;
    Ok(())
}

async fn twenty_kills() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let fleet = Fleet::default();
    let mut gateway = child::Process::start(folder.path());
    fleet.point_to(gateway.url());
    put_cohort(&gateway).await?;
    let devices: Vec<_> = (1..=DEVICES).map(|device| fleet.start(device)).collect();
    for kill in 0..KILLS {
        fleet.more_acknowledged(20).await;
        tokio::time::sleep(Duration::from_millis(u64::from(kill * 37 % 150))).await;
        gateway.kill();
        gateway = child::Process::start(folder.path());
        fleet.point_to(gateway.url());
    }
    fleet.stop();

    let operator = clients::client(&gateway.url(), Some(child::TOKEN.into()));
    let (mut acknowledged, mut repeated) = (0, 0);
    for device in devices {
        let ledger = device.await?;
        repeated += ledger.repeated;
        for (epoch, packets) in ledger.acknowledged {
            let device = packets[0].record.header.device;
            let stored = operator.record(device, Schema::Energy, epoch).await?;
            let count = packets.len();
            acknowledged += count;
            let last = packets.last().unwrap();
            let kept = stored.packet.unwrap();
            if kept != *last || stored.counter != count as u64 || stored.contradicted {
                return Err(format!("device {device}, epoch {epoch}: lost or counted twice").into());
            }
            assert_eq!(kept.record.slots().count() as usize, count);
            for earlier in &packets[..count - 1] {
                kept.record.extends(&earlier.record)?;
            }
        }
    }
    println!("{KILLS} kills, {acknowledged} packets acknowledged, {repeated} repeated: none lost");
    Ok(())
}
