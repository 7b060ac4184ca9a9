//! A gateway on loopback: packets in the order of the day, then a seal for every cohort.

use super::EPOCH;
use super::enrol::Cohort;
use super::network::{DAY, World};
use crate::senders::{Senders, Tally};
use crate::stage::Stages;
use ergon_gateway::messages::CohortTerms;
use ergon_gateway::{AdminToken, Client, Config, Gateway, SettableClock, serve};
use ergon_store::Terms;
use ergon_types::{Bundle, Membership, Policy, Schema};
use rand::distr::{Alphanumeric, SampleString};
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Runs the epoch through a gateway and returns the sealed bundles, in the order of the cohorts.
pub(crate) async fn all(
    world: &World,
    cohorts: &[Cohort],
    folder: &Path,
    stages: &Stages,
) -> eyre::Result<Vec<Bundle>> {
    let begin = world.chain.begin_of(EPOCH);
    let clock = Arc::new(SettableClock::at(begin));
    let token = Alphanumeric.sample_string(&mut rand::rng(), 32);
    let config = Config {
        network: world.network,
        genesis: world.chain.book().genesis,
        epoch_seconds: DAY,
        attestor: world.attestor.clone(),
        folder: folder.join("gateway"),
        grace_seconds: Config::GRACE_SECONDS,
        seal_delay_seconds: Config::SEAL_DELAY_SECONDS,
        admin_token: AdminToken::new(&token)?,
    };
    let gateway = Gateway::open(config, clock.clone()).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let service = tokio::spawn(serve(gateway, listener, async move {
        // A dropped sender stops the service as well.
        let _ = stopped.await;
    }));
    let client = Client::new(&url, world.attestor.public(), Some(token))?;

    for cohort in cohorts {
        put_terms(&client, cohort).await?;
    }
    let mut senders = gather(world, cohorts);
    let (total, started) = (senders.packets(), std::time::Instant::now());
    let mut tally = Tally::default();
    for (slot, second) in senders.slots() {
        clock.set(begin + second);
        senders.send(slot, &client, &mut tally).await?;
    }
    let seconds = started.elapsed().as_secs_f64();
    stages.note(format_args!(
        "{} of {total} packets signed, admitted and acknowledged in {seconds:.1} s",
        tally.acknowledged
    ));
    for (code, count) in &tally.refused {
        stages.note(format_args!("{count} packets refused: {code}"));
    }

    clock.set(world.chain.end_of(EPOCH) + Config::SEAL_DELAY_SECONDS + Config::GRACE_SECONDS);
    let mut bundles = Vec::new();
    for cohort in cohorts {
        let number = cohort.membership.cohort;
        let seal = client.seal(number, EPOCH).await?;
        stages.note(format_args!("cohort {number}: {} records sealed", seal.sealed.len()));
        bundles.push(client.bundle(number, EPOCH).await?);
    }
    drop(stop);
    service.await??;
    Ok(bundles)
}

async fn put_terms(client: &Client, cohort: &Cohort) -> eyre::Result<()> {
    if let Some((membership, _)) = &cohort.witnesses {
        client.put_cohort(&terms(Schema::Witness, membership, None, None)).await?;
    }
    let witness_cohort = cohort.witnesses.as_ref().map(|(membership, _)| membership.cohort);
    let policy = Some(Policy::standard(cohort.kind));
    let terms = terms(cohort.kind.schema(), &cohort.membership, policy, witness_cohort);
    Ok(client.put_cohort(&terms).await?)
}

fn terms(
    schema: Schema,
    membership: &Membership,
    policy: Option<Policy>,
    witness_cohort: Option<u32>,
) -> CohortTerms {
    let terms = Terms { schema, membership: membership.clone(), policy, witness_cohort };
    CohortTerms { from_epoch: EPOCH, terms }
}

fn gather(world: &World, cohorts: &[Cohort]) -> Senders {
    let network = world.network.id();
    let mut senders = Senders::new();
    for cohort in cohorts {
        let witnesses = cohort.witnesses.iter().flat_map(|(_, devices)| devices);
        for device in cohort.devices.iter().chain(witnesses) {
            senders.add(device, network, EPOCH, cohort.membership.cohort);
        }
    }
    senders
}
