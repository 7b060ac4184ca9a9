//! An operator that seals epoch after epoch while the gateway is killed. Every seal that was answered
//! once must be the only one ever: two seals of one epoch are evidence against the attestor (§ 6.7).

use crate::child::{Process, TOKEN};
use crate::{COHORT, KILLS, clients, put_cohort};
use ergon_gateway::Client;
use ergon_gateway::client::ClientError;
use ergon_gateway::messages::SealSummary;
use libtest_mimic::Failed;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::mpsc;

pub(crate) async fn kills() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let mut gateway = Process::start(folder.path());
    put_cohort(&gateway).await?;
    let mut answered: BTreeMap<u64, SealSummary> = BTreeMap::new();
    let mut next = 0;
    for kill in 0..KILLS {
        let (answers, mut seen) = mpsc::unbounded_channel();
        let sealing = tokio::spawn(seal_on(operator(&gateway), next, answers));
        // Right after an answer, or a little later: in the midst of the next seal.
        for _ in 0..=kill % 4 {
            let summary: SealSummary = seen.recv().await.ok_or("the gateway stopped by itself")?;
            keep(&mut answered, summary)?;
        }
        tokio::time::sleep(Duration::from_micros(u64::from(kill * 379 % 6_000))).await;
        gateway.kill();
        sealing.await?;
        while let Ok(summary) = seen.try_recv() {
            keep(&mut answered, summary)?;
        }
        gateway = Process::start(folder.path());
        let operator = operator(&gateway);
        for epoch in next..=answered.len() as u64 {
            keep(&mut answered, operator.seal(COHORT, epoch).await?)?;
        }
        next = answered.len() as u64;
    }
    let operator = operator(&gateway);
    for epoch in 0..next {
        keep(&mut answered, operator.seal(COHORT, epoch).await?)?;
    }
    println!("{KILLS} kills, {} epochs sealed: one seal of each", answered.len());
    Ok(())
}

fn operator(gateway: &Process) -> Client {
    clients::client(&gateway.url(), Some(TOKEN.into()))
}

/// Seals from an epoch on until nobody answers.
async fn seal_on(operator: Client, from: u64, answers: mpsc::UnboundedSender<SealSummary>) {
    for epoch in from.. {
        match operator.seal(COHORT, epoch).await {
            Ok(summary) => answers.send(summary).unwrap(),
            Err(ClientError::Unreachable { .. }) => return,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Seal and signature of an epoch are what they were at first.
fn keep(answered: &mut BTreeMap<u64, SealSummary>, summary: SealSummary) -> Result<(), Failed> {
    let first = answered.entry(summary.epoch).or_insert_with(|| summary.clone());
    if (&first.seal, &first.signature) != (&summary.seal, &summary.signature) {
        return Err(format!("epoch {}: a second seal", summary.epoch).into());
    }
    Ok(())
}
