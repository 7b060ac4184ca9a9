//! `ergon evidence`: proves a fault and has the bond slashed for it.

use crate::acting::{Actor, Done, proven};
use crate::cli::{EvidenceAction, Keys, Role, Showing};
use crate::convert::{self, from_chain, tokens};
use crate::exit::Unusable;
use ergon_chain::{Address, FaultProof, Missing, Outcome, Shown, U256};
use ergon_circuits::{Contradiction, Omission, SecondSeal, Statement};
use ergon_prover::batch::read_bundle;
use ergon_types::{Ack, Bundle, Packet};
use serde::Deserialize;
use serde_json::json;
use std::path::Path;

/// What a gateway answers about a record, or what a device kept of it.
#[derive(Deserialize)]
struct Kept {
    ack: Option<Ack>,
    packet: Option<Packet>,
    evidence: Option<[Packet; 2]>,
}

pub(crate) async fn run(arguments: Role<EvidenceAction>) -> eyre::Result<()> {
    let actor = Actor::of(arguments.acting).await?;
    let done = match arguments.action {
        EvidenceAction::Contradiction { record, showing } => {
            contradiction(&actor, &record, showing).await?
        }
        EvidenceAction::Strike { record, keys } => strike(&actor, &record, keys).await?,
        EvidenceAction::SecondSeal { first, second, showing } => {
            second_seal(&actor, [&first, &second], showing).await?
        }
        EvidenceAction::Omission { bundle, record, showing } => {
            omission(&actor, &bundle, &record, showing).await?
        }
        EvidenceAction::Punish { attestor, cohort, epoch, device } => {
            let what = Missing { attestor, cohort, epoch, device };
            let (network, economy) = (&actor.network, actor.economy()?);
            let punished = network.punish_omission(actor.account, economy, &what).await?;
            slashed(&punished, punished.value, format!("attestor {attestor}"))
        }
    };
    actor.print(done)
}

/// Which device contradicted itself in which epoch, and the proof of it.
struct Contradicted {
    device: u64,
    epoch: u64,
    proof: FaultProof,
}

async fn contradicted(
    actor: &Actor,
    path: &Path,
    reporter: Address,
    keys: Keys,
) -> eyre::Result<Contradicted> {
    let packets = read(path)?.evidence.ok_or_else(|| {
        let reason = "expected `evidence`: two packets that contradict each other".to_owned();
        Unusable::new(path, reason)
    })?;
    let header = &packets[0].record.header;
    let (device, epoch) = (header.device, header.epoch);
    let key = convert::public_key(actor.network.key_at(device, epoch).await?)
        .ok_or_else(|| eyre::eyre!("device {device}: the registry's key is none"))?;
    let reporter = from_chain(reporter);
    let evidence = Contradiction::new(actor.proven_network(), key, reporter, packets)
        .map_err(|error| Unusable::new(path, error.to_string()))?;
    let proof = fault(&Statement::contradiction(evidence), keys)?;
    Ok(Contradicted { device, epoch, proof })
}

async fn contradiction(actor: &Actor, path: &Path, showing: Showing) -> eyre::Result<Done> {
    let (network, economy) = (&actor.network, actor.economy()?);
    let (reporter, keys) = of(actor, showing);
    let Contradicted { device, epoch, proof } = contradicted(actor, path, reporter, keys).await?;
    let shown =
        network.show_contradiction(actor.account, economy, device, epoch, reporter, &proof).await?;
    Ok(slashed(&shown, shown.value, format!("device {device}")))
}

async fn strike(actor: &Actor, path: &Path, keys: Keys) -> eyre::Result<Done> {
    let (network, economy, from) = (&actor.network, actor.economy()?, actor.account);
    let Contradicted { device, epoch, proof } = contradicted(actor, path, from, keys).await?;
    let established =
        network.establish_contradiction(from, economy, device, epoch, from, &proof).await?;
    let struck = network.strike(from, device, epoch).await?.following(&established);
    let says = format!("struck the reward of device {device} for epoch {epoch}");
    Ok(Done::sent(&struck, says, json!({ "device": device, "epoch": epoch })))
}

async fn second_seal(actor: &Actor, paths: [&Path; 2], showing: Showing) -> eyre::Result<Done> {
    let (network, economy) = (&actor.network, actor.economy()?);
    let [first, second] = [read_bundle(paths[0])?, read_bundle(paths[1])?];
    let (cohort, epoch) = (first.seal.cohort, first.seal.epoch);
    let attestor = attestor_of(actor, paths[0], &first).await?;
    let (reporter, keys) = of(actor, showing);
    let seals = [&first, &second].map(|bundle| (bundle.seal.content(), bundle.seal_signature));
    let (key, named) = (first.seal.attestor, from_chain(reporter));
    let evidence = SecondSeal::new(actor.proven_network(), key, named, epoch, cohort, seals)
        .map_err(|error| Unusable::new(paths[1], error.to_string()))?;
    let proof = fault(&Statement::second_seal(evidence), keys)?;
    let shown = network
        .show_second_seal(actor.account, economy, attestor, cohort, epoch, reporter, &proof)
        .await?;
    Ok(slashed(&shown, shown.value, format!("attestor {attestor}")))
}

async fn omission(
    actor: &Actor,
    bundle_path: &Path,
    path: &Path,
    showing: Showing,
) -> eyre::Result<Done> {
    let (network, economy) = (&actor.network, actor.economy()?);
    let bundle = read_bundle(bundle_path)?;
    let Kept { ack: Some(ack), packet: Some(packet), .. } = read(path)? else {
        let reason = "expected `ack` and `packet`: what was acknowledged".to_owned();
        return Err(Unusable::new(path, reason).into());
    };
    let attestor = attestor_of(actor, bundle_path, &bundle).await?;
    let (reporter, keys) = of(actor, showing);
    let evidence = Omission::new(&bundle, ack, &packet.record, from_chain(reporter))
        .map_err(|error| Unusable::new(path, error.to_string()))?;
    let everything = evidence.is_of_everything();
    let what = Missing {
        attestor,
        cohort: bundle.seal.cohort,
        epoch: bundle.seal.epoch,
        device: ack.device,
    };
    let proof = fault(&Statement::omission(evidence), keys)?;
    let shown =
        network.show_omission(actor.account, economy, &what, everything, reporter, &proof).await?;
    Ok(match shown.value {
        Shown::Slashed(amount) => slashed(&shown, amount, format!("attestor {attestor}")),
        Shown::Waits { due } => {
            let says = format!(
                "it waits for an answer until {due} (seconds since 1970); then `ergon evidence … punish {attestor} {} {} {}`",
                what.cohort, what.epoch, what.device
            );
            Done::sent(&shown, says, json!({ "due": due }))
        }
    })
}

fn slashed<T>(outcome: &Outcome<T>, amount: U256, whose: String) -> Done {
    let says = format!("slashed {} of the bond of {whose}", tokens(amount));
    Done::sent(outcome, says, json!({ "slashed": amount.to_string() }))
}

/// Who is rewarded, and where keys are.
fn of(actor: &Actor, showing: Showing) -> (Address, Keys) {
    (showing.reporter.unwrap_or(actor.account), showing.keys)
}

fn fault(statement: &Statement, keys: Keys) -> eyre::Result<FaultProof> {
    let (route, c, proof) = proven(statement, keys)?;
    Ok(FaultProof { route, c, proof })
}

fn read(path: &Path) -> Result<Kept, Unusable> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Unusable::new(path, format!("cannot be read: {error}")))?;
    serde_json::from_str(&text).map_err(|error| {
        Unusable::new(path, format!("expected a gateway's answer about a record: {error}"))
    })
}

/// The number of the attestor that sealed a bundle of this network: its cohort's.
async fn attestor_of(actor: &Actor, path: &Path, bundle: &Bundle) -> eyre::Result<u32> {
    let network = &actor.network;
    if bundle.network != actor.proven_network() {
        let reason = "it is of another network than the address book".to_owned();
        return Err(Unusable::new(path, reason).into());
    }
    let number = network.cohort(bundle.seal.cohort).await?.attestor;
    let attestor = network.attestor(number).await?;
    if convert::public_key([attestor.keyX, attestor.keyY]) != Some(bundle.seal.attestor) {
        let reason = format!("it is not sealed by attestor {number}, the cohort's");
        return Err(Unusable::new(path, reason).into());
    }
    Ok(number)
}
