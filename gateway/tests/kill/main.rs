//! Killing the gateway under load loses nothing that was acknowledged and counts nothing twice.
//!
//! The test starts itself again as the gateway, kills that process by SIGKILL twenty times while
//! clients submit, and compares the database with what the clients saw acknowledged.
#![allow(clippy::unwrap_used)]

mod child;
mod clients;

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
    let trial = Trial::test(name, || tokio::runtime::Runtime::new()?.block_on(twenty_kills()));
    libtest_mimic::run(&Arguments::from_args(), vec![trial]).exit();
}

async fn twenty_kills() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let fleet = Fleet::default();
    let mut gateway = child::Process::start(folder.path());
    fleet.point_to(gateway.url());
    let operator = clients::client(&gateway.url(), Some(child::TOKEN.into()));
    let members = (1..=DEVICES).map(|device| Some(clients::member(device))).collect();
    let terms = ergon_store::Terms {
        schema: Schema::Energy,
        membership: Membership { cohort: COHORT, region: 0, members },
        policy: Some(Policy::standard(Schema::Energy.kind())),
        witness_cohort: None,
    };
    operator.put_cohort(&CohortTerms { from_epoch: 0, terms }).await?;

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
