//! `ergon evidence`: proves a fault and has the bond slashed for it.

use crate::acting::{Actor, Done, proven};
use crate::cli::{EvidenceAction, KeyFolder, Role, Showing};
use crate::convert::{self, from_chain, tokens, word};
use crate::exit::Unusable;
use crate::submissions::read_json;
use ergon_chain::{Address, FaultProof, Missing, Outcome, Shown, U256};
use ergon_circuits::{Answer, Contradiction, Lack, Omission, OmissionError, SecondSeal, Statement};
use ergon_prover::batch::read_bundle;
use ergon_types::{Ack, Bundle, Fr, Member, Packet};
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
        EvidenceAction::Answer { bundle, device, keys } => {
            answer(&actor, &bundle, device, keys).await?
        }
        EvidenceAction::Collect { bundle, device, counter } => {
            let Sealed { what, head, .. } = Sealed::read(&actor, &bundle, device).await?;
            let (network, economy, from) = (&actor.network, actor.economy()?, actor.account);
            let head = word(&head);
            let collected = network.collect_deposit(from, economy, &what, head, counter).await?;
            let says = "the deposit is the attestor's operator's".to_owned();
            Done::sent(&collected, says, json!({ "device": device, "counter": counter }))
        }
        EvidenceAction::Punish { bundle, device, counter } => {
            let Sealed { what, head, .. } = Sealed::read(&actor, &bundle, device).await?;
            let (network, economy, from) = (&actor.network, actor.economy()?, actor.account);
            let head = word(&head);
            let punished = network.punish_omission(from, economy, &what, head, counter).await?;
            slashed(&punished, punished.value, format!("attestor {}", what.attestor))
        }
    };
    actor.print(done)
}

/// The packets of a file, and whose and of which epoch they are.
fn contradicting(path: &Path) -> Result<([Packet; 2], (u64, u64)), Unusable> {
    let packets = read(path)?.evidence.ok_or_else(|| {
        let reason = "expected `evidence`: two packets that contradict each other".to_owned();
        Unusable::new(path, reason)
    })?;
    let header = &packets[0].record.header;
    let of = (header.device, header.epoch);
    Ok((packets, of))
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
    keys: KeyFolder,
) -> eyre::Result<Contradicted> {
    let (packets, (device, epoch)) = contradicting(path)?;
    let key = convert::public_key(actor.network.key_at(device, epoch).await?).ok_or_else(|| {
        Unusable::new(format!("device {device}"), "the registry's key is none".to_owned())
    })?;
    let reporter = from_chain(reporter);
    let evidence = Contradiction::new(actor.proven_network(), key, reporter, packets)
        .map_err(|error| Unusable::new(path, error.to_string()))?;
    let proof = fault(&Statement::contradiction(evidence), keys)?;
    Ok(Contradicted { device, epoch, proof })
}

async fn contradiction(actor: &Actor, path: &Path, showing: Showing) -> eyre::Result<Done> {
    let (network, economy) = (&actor.network, actor.economy()?);
    let (reporter, keys) = reporter_and_keys(actor, showing);
    let Contradicted { device, epoch, proof } = contradicted(actor, path, reporter, keys).await?;
    let shown =
        network.show_contradiction(actor.account, economy, device, epoch, reporter, &proof).await?;
    Ok(slashed(&shown, shown.value, format!("device {device}")))
}

async fn strike(actor: &Actor, path: &Path, keys: KeyFolder) -> eyre::Result<Done> {
    let (network, economy, from) = (&actor.network, actor.economy()?, actor.account);
    let (device, epoch) = contradicting(path)?.1;
    let mut gas = 0;
    if !network.is_established(economy, device, epoch).await? {
        let Contradicted { proof, .. } = contradicted(actor, path, from, keys).await?;
        gas = network
            .establish_contradiction(from, economy, device, epoch, from, &proof)
            .await?
            .gas_used;
    }
    let (cohort, index) = network.position_of(device).await?;
    if network.is_claimed(cohort, epoch, index).await? {
        let struck = network.is_struck(cohort, epoch, index).await?;
        let what = if struck { "struck" } else { "claimed" };
        let reason = format!(
            "the contradiction is established, but the reward of device {device} for epoch {epoch} is {what} already"
        );
        return Err(Unusable::new(path, reason).into());
    }
    let struck = network.strike(from, device, epoch).await?;
    let says = format!("struck the reward of device {device} for epoch {epoch}");
    let values = json!({ "device": device, "epoch": epoch, "established_gas": gas });
    Ok(Done::sent(&struck, says, values))
}

async fn second_seal(actor: &Actor, paths: [&Path; 2], showing: Showing) -> eyre::Result<Done> {
    let (network, economy) = (&actor.network, actor.economy()?);
    let [first, second] = [read_bundle(paths[0])?, read_bundle(paths[1])?];
    let (cohort, epoch) = (first.seal.cohort, first.seal.epoch);
    if (second.seal.cohort, second.seal.epoch) != (cohort, epoch) {
        let (found, of) = (second.seal.cohort, second.seal.epoch);
        let reason =
            format!("expected cohort {cohort}, epoch {epoch} as the other's, found {found}, {of}");
        return Err(Unusable::new(paths[1], reason).into());
    }
    let attestor = attestor_of(actor, paths[0], &first).await?;
    attestor_of(actor, paths[1], &second).await?;
    let (reporter, keys) = reporter_and_keys(actor, showing);
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
    let (reporter, keys) = reporter_and_keys(actor, showing);
    let evidence = Omission::new(&bundle, ack, &packet.record, from_chain(reporter));
    let evidence = evidence.map_err(|error| {
        let of_bundle = matches!(error, OmissionError::Shape(_) | OmissionError::Seal);
        Unusable::new(if of_bundle { bundle_path } else { path }, error.to_string())
    })?;
    let (cohort, epoch, device) = (bundle.seal.cohort, bundle.seal.epoch, ack.device);
    let what = Missing { attestor, cohort, epoch, device };
    let lack = ergon_chain::Lack {
        head: word(&evidence.head()),
        counter: evidence.counter(),
        arrival: evidence.lack() == Lack::Arrival,
    };
    let proof = fault(&Statement::omission(evidence), keys)?;
    let shown =
        network.show_omission(actor.account, economy, &what, &lack, reporter, &proof).await?;
    Ok(match shown.value {
        Shown::Slashed(amount) => slashed(&shown, amount, format!("attestor {attestor}")),
        Shown::Waits { due } => {
            let says = format!(
                "it waits for an answer until {due} (seconds since 1970); then `ergon evidence … punish {} {device} {}`",
                bundle_path.display(),
                lack.counter
            );
            Done::sent(&shown, says, json!({ "due": due, "counter": lack.counter }))
        }
    })
}

/// What a bundle seals for a device.
struct Sealed {
    what: Missing,
    head: Fr,
    packet: Option<Packet>,
}

impl Sealed {
    async fn read(actor: &Actor, path: &Path, device: u64) -> eyre::Result<Self> {
        let bundle = read_bundle(path)?;
        let attestor = attestor_of(actor, path, &bundle).await?;
        let (cohort, epoch) = (bundle.seal.cohort, bundle.seal.epoch);
        let what = Missing { attestor, cohort, epoch, device };
        let members = (&bundle.membership, &bundle.seal.heads, bundle.packets);
        let witnesses = bundle
            .witnesses
            .as_ref()
            .map(|cohort| (cohort, &bundle.seal.witness_heads, bundle.witness_packets));
        for (cohort, heads, mut packets) in std::iter::once(members).chain(witnesses) {
            let mut places = cohort.members.iter().zip(heads).zip(&mut packets);
            let own = |member: &Option<Member>| member.is_some_and(|m| m.device == device);
            if let Some(((_, head), packet)) = places.find(|((member, _), _)| own(member)) {
                return Ok(Self { what, head: *head, packet: packet.take() });
            }
        }
        let reason = format!("device {device} is not in the sealed membership");
        Err(Unusable::new(path, reason).into())
    }
}

async fn answer(actor: &Actor, path: &Path, device: u64, keys: KeyFolder) -> eyre::Result<Done> {
    let (network, economy, from) = (&actor.network, actor.economy()?, actor.account);
    let Sealed { what, head, packet } = Sealed::read(actor, path, device).await?;
    let unusable = |reason: String| Unusable::new(path, reason);
    if head == Fr::from(0u64) {
        let reason = "it seals the device as 0: show that the device contradicts itself (`contradiction`), then `collect`";
        return Err(unusable(reason.to_owned()).into());
    }
    let packet = packet
        .ok_or_else(|| unusable(format!("it does not have the packet of device {device}")))?;
    let key = convert::public_key(network.key_at(device, what.epoch).await?)
        .ok_or_else(|| unusable("the registry's key is none".to_owned()))?;
    // For all that the sealed record replaced.
    let counter = packet.record.header.counter.saturating_sub(1);
    let answer = Answer::new(actor.proven_network(), key, counter, packet)
        .map_err(|error| unusable(error.to_string()))?;
    let proof = fault(&Statement::answer(answer), keys)?;
    let done = network.answer_omission(from, economy, &what, word(&head), counter, &proof).await?;
    let says = format!("answered for device {device}, up to counter {counter}");
    let values = json!({ "device": device, "epoch": what.epoch, "counter": counter });
    Ok(Done::sent(&done, says, values))
}

fn slashed<T>(outcome: &Outcome<T>, amount: U256, whose: String) -> Done {
    let says = format!("slashed {} of the bond of {whose}", tokens(amount));
    Done::sent(outcome, says, json!({ "slashed": amount.to_string() }))
}

/// Who is rewarded, and where keys are.
fn reporter_and_keys(actor: &Actor, showing: Showing) -> (Address, KeyFolder) {
    (showing.reporter.unwrap_or(actor.account), showing.keys)
}

fn fault(statement: &Statement, keys: KeyFolder) -> eyre::Result<FaultProof> {
    let (route, c, proof) = proven(statement, keys)?;
    Ok(FaultProof { route, c, proof })
}

fn read(path: &Path) -> Result<Kept, Unusable> {
    read_json(path, "a gateway's answer about a record")
}

/// The number of the attestor that sealed a bundle of this network: its cohort's.
async fn attestor_of(actor: &Actor, path: &Path, bundle: &Bundle) -> eyre::Result<u32> {
    let network = &actor.network;
    if bundle.network != actor.proven_network() {
        let reason = "it is of another network than the address book".to_owned();
        return Err(Unusable::new(path, reason).into());
    }
    let cohort = network.cohort(bundle.seal.cohort).await?;
    if cohort.size == 0 {
        let reason = format!("the registry has no cohort {}", bundle.seal.cohort);
        return Err(Unusable::new(path, reason).into());
    }
    let number = cohort.attestor;
    let attestor = network.attestor(number).await?;
    if convert::public_key([attestor.keyX, attestor.keyY]) != Some(bundle.seal.attestor) {
        let reason = format!("it is not sealed by attestor {number}, the cohort's");
        return Err(Unusable::new(path, reason).into());
    }
    Ok(number)
}
