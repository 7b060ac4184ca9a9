//! `ergon device`: how a device is enrolled, who operates it, with which key, and whether it is suspended.

mod certified;

use crate::acting::{Actor, Done};
use crate::cli::{DeviceAction, Role};
use crate::convert::key_proof;
use certified::Certified;
use serde_json::json;

pub(crate) async fn run(arguments: Role<DeviceAction>) -> eyre::Result<()> {
    let actor = Actor::of(arguments.acting).await?;
    let (network, from) = (&actor.network, actor.account);
    let done = match arguments.action {
        DeviceAction::Show { device } => {
            let (cohort, index) = network.position_of(device).await?;
            let member = network.member(cohort, index).await?;
            let epoch = network.next_epoch().await?;
            let host = network.host_at(cohort, index, epoch).await?;
            let mut says = format!(
                "device {device}: operated by {}, place {index} of cohort {cohort}",
                member.operator
            );
            if member.suspended {
                says += ", suspended";
            }
            if let Some((host, bps)) = host {
                says += &format!("; {}.{:02} % of its rewards go to {host}", bps / 100, bps % 100);
            }
            let values = json!({
                "operator": member.operator.to_string(),
                "cohort": cohort,
                "index": index,
                "suspended": member.suspended,
                "host": host.map(|(host, bps)| json!({ "address": host.to_string(), "bps": bps })),
            });
            Done::seen(says, values)
        }
        DeviceAction::Offer { device, to } => {
            let offered = network.offer_device(from, device, to).await?;
            Done::sent(&offered, format!("offered device {device} to {to}"), json!({}))
        }
        DeviceAction::Accept { device } => {
            let accepted = network.accept_device(from, device).await?;
            let epoch = accepted.value;
            let says = format!("device {device} is operated by {from} from epoch {epoch} on");
            Done::sent(&accepted, says, json!({ "from_epoch": epoch }))
        }
        DeviceAction::Host { device, host, bps, epochs } => {
            let set = network.set_host(from, device, host, bps, epochs).await?;
            let until = set.value;
            let says = format!("device {device}: promised until epoch {until}");
            Done::sent(&set, says, json!({ "until_epoch": until }))
        }
        DeviceAction::Suspend { device } => {
            let done = network.suspend(from, device).await?;
            Done::sent(&done, format!("device {device} is suspended"), json!({}))
        }
        DeviceAction::Resume { device } => {
            let done = network.resume(from, device).await?;
            Done::sent(&done, format!("device {device} is resumed"), json!({}))
        }
        DeviceAction::Digest { key, rotation, operator } => {
            let operator = operator.unwrap_or(from);
            let nonce = network.enrolment_nonce(operator).await?;
            let key = key_proof(&key.0);
            let digest = if rotation {
                network.rotation_digest(operator, &key, nonce)
            } else {
                network.enrolment_digest(operator, &key, nonce)
            };
            let says = format!("{digest} for {operator} and nonce {nonce}");
            let values = json!({ "digest": digest.to_string(), "nonce": nonce.to_string() });
            Done::seen(says, values)
        }
        DeviceAction::Enrol { cohort, file } => {
            let (certificate, attestation, key) = Certified::read(&file)?.signed()?;
            let enrolled = network
                .enrol_attested(from, cohort, certificate, attestation, key_proof(&key))
                .await?;
            let (device, index) = (enrolled.value.device, enrolled.value.index);
            let says = format!("device {device}, place {index} of cohort {cohort}");
            Done::sent(&enrolled, says, json!({ "device": device, "index": index }))
        }
        DeviceAction::RequestKey { device, key } => {
            let asked = network.request_key(from, device, &key_proof(&key.0)).await?;
            Done::sent(&asked, "asked; the registry's owner grants it".to_owned(), json!({}))
        }
        DeviceAction::Rotate { device, key, hardware, signature } => {
            let key = key_proof(&key.0);
            let rotated =
                network.rotate_key_attested(from, device, key, hardware.0, signature.0).await?;
            let epoch = rotated.value;
            let says = format!("device {device} signs with it from epoch {epoch} on");
            Done::sent(&rotated, says, json!({ "from_epoch": epoch }))
        }
    };
    actor.print(done)
}
