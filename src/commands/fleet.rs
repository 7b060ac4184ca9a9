//! `ergon fleet`: recorded or simulated devices, listed, written as packets, or sent to a gateway.

mod send;

use crate::cli;
use crate::plan::{self, CohortPlan};
use crate::senders::Numbers;
use crate::stage::Stages;
use ergon_fleet::{DeviceDay, Fleet, Sender};
use ergon_gateway::Client;
use ergon_types::{Address, Network, PublicKey};
use eyre::WrapErr;
use serde::Serialize;
use std::io::{BufWriter, Write};
use std::path::Path;

#[derive(Serialize)]
struct Line<'a> {
    kind: String,
    role: &'static str,
    name: &'a str,
    source: &'a str,
    day: &'a str,
    measured: u64,
    packets: usize,
}

/// One packet of `--out`.
#[derive(Serialize)]
struct PacketLine<'a> {
    device: u64,
    name: &'a str,
    at_seconds: u32,
    packet: String,
}

pub(crate) async fn run(command: cli::Fleet) -> eyre::Result<()> {
    let (fleet, out) = match command {
        cli::Fleet::Replay(arguments) => {
            (Fleet::replay(&arguments.folder, arguments.strict)?, arguments.out)
        }
        cli::Fleet::Simulate(arguments) => {
            let seed = arguments.out.seed;
            (Fleet::simulate(seed, &arguments.kinds, arguments.devices), arguments.out)
        }
    };
    let stages = Stages::new(1);
    stages.begin("fleet");
    fleet.notes.iter().for_each(|note| stages.note(note));
    let plans = plan::cohorts(&fleet, &stages);
    list(&plans, out.json)?;
    if let Some(path) = &out.out {
        write(path, &plans, &out)?;
    }
    if let (Some(url), Some(attestor)) = (&out.gateway, &out.attestor) {
        let attestor = PublicKey::from_hex(attestor).wrap_err("--attestor is no public key")?;
        let client = Client::new(url, attestor, out.token.clone())?;
        send::run(&client, out.seed, plans, &stages).await?;
    }
    Ok(())
}

fn days(plan: &CohortPlan) -> impl Iterator<Item = (&'static str, &DeviceDay)> {
    let devices = plan.devices.iter().map(|day| ("device", day));
    devices.chain(plan.witnesses.iter().map(|day| ("witness", day)))
}

fn list(plans: &[CohortPlan], json: bool) -> eyre::Result<()> {
    let lines: Vec<Line<'_>> = plans
        .iter()
        .flat_map(|plan| days(plan).map(|(role, day)| (plan.kind, role, day)))
        .map(|(kind, role, day)| Line {
            kind: kind.to_string(),
            role,
            name: &day.name,
            source: &day.source,
            day: &day.day,
            measured: day.measured,
            packets: day.steps.len(),
        })
        .collect();
    if json {
        println!("{}", serde_json::to_string_pretty(&lines)?);
        return Ok(());
    }
    for line in lines {
        let Line { kind, role, name, day, measured, packets, .. } = line;
        println!("{kind:<9} {role:<8} {day:<10} {measured:>9} {packets:>5} packets  {name}");
    }
    Ok(())
}

/// Writes every packet as a device would send it that never hears an acknowledgement.
fn write(path: &Path, plans: &[CohortPlan], out: &cli::FleetOut) -> eyre::Result<()> {
    let file = std::fs::File::create(path)
        .wrap_err_with(|| format!("cannot create {}", path.display()))?;
    let mut file = BufWriter::new(file);
    let zero = Address::default();
    let network =
        Network { chain_id: ergon_chain::DEVELOPMENT_CHAIN_ID, settlement: zero, registry: zero };
    let mut numbers = Numbers::new(out.seed);
    let mut device = 0;
    for (cohort, plan) in (1u32..).zip(plans) {
        for (_, day) in days(plan) {
            device += 1;
            let (key, _) = numbers.take();
            let mut sender = Sender::new(key, &day.asset, network.id(), device, out.epoch, cohort);
            for step in &day.steps {
                let packet = hex::encode(sender.send(&step.reading)?.to_bytes());
                let line =
                    PacketLine { device, name: &day.name, at_seconds: step.at_seconds, packet };
                serde_json::to_writer(&mut file, &line)?;
                writeln!(file)?;
            }
        }
    }
    Ok(file.flush()?)
}
