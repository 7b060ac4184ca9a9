//! `ergon device`: who operates a device, and whether it is suspended.

use crate::acting::{Actor, Done};
use crate::cli::{DeviceAction, Role};
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
    };
    actor.print(done)
}
