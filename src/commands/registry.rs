//! `ergon registry`: attestors, cohorts, issuers, devices on the owner's word, and memberships.

use crate::acting::{Actor, Done, proven};
use crate::cli::{RegistryAction, Role};
use crate::convert::{self, key_proof};
use crate::exit::{NotOwner, Unusable};
use ergon_chain::NewCohort;
use ergon_circuits::Statement;
use ergon_types::Membership;
use serde_json::json;

pub(crate) async fn run(arguments: Role<RegistryAction>) -> eyre::Result<()> {
    let actor = Actor::of(arguments.acting).await?;
    // It may have been handed on since it was deployed.
    let network = actor.network.owned_by(actor.account);
    if arguments.action.is_owners() {
        let (owner, account) = (network.registry_owner().await?, actor.account);
        if owner != account {
            return Err(NotOwner { owner, account }.into());
        }
    }
    let done = match arguments.action {
        RegistryAction::Attestor { operator, key } => {
            let registered = network.register_attestor(operator, key_proof(&key.0)).await?;
            let number = registered.value;
            Done::sent(&registered, format!("attestor {number}"), json!({ "attestor": number }))
        }
        RegistryAction::Cohort { kind, size, attestor, region, witnesses } => {
            let kind = kind as u8;
            let new = NewCohort { kind, size, region, witness_cohort: witnesses, attestor };
            let created = network.create_cohort(new).await?;
            let number = created.value;
            Done::sent(&created, format!("cohort {number}"), json!({ "cohort": number }))
        }
        RegistryAction::Enrol { cohort, operator, key, attribute } => {
            let key = key_proof(&key.0);
            let enrolled = network.enrol(cohort, operator, key, attribute).await?;
            let (device, index) = (enrolled.value.device, enrolled.value.index);
            let says = format!("device {device}, place {index} of cohort {cohort}");
            Done::sent(&enrolled, says, json!({ "device": device, "index": index }))
        }
        RegistryAction::AddIssuer { key } => {
            let added = network.add_issuer(key.0).await?;
            Done::sent(&added, format!("issuer {}", added.value), json!({ "issuer": added.value }))
        }
        RegistryAction::RevokeIssuer { issuer } => {
            let revoked = network.revoke_issuer(issuer).await?;
            Done::sent(&revoked, format!("issuer {issuer} is revoked"), json!({}))
        }
        RegistryAction::Open { cohort } => {
            let opened = network.set_open(cohort, true).await?;
            Done::sent(&opened, format!("cohort {cohort} is open"), json!({}))
        }
        RegistryAction::Close { cohort } => {
            let closed = network.set_open(cohort, false).await?;
            Done::sent(&closed, format!("cohort {cohort} is closed"), json!({}))
        }
        RegistryAction::Grant { device, key } => {
            let granted = network.rotate_key(device, key_proof(&key.0)).await?;
            let epoch = granted.value;
            let says = format!("device {device} signs with it from epoch {epoch} on");
            Done::sent(&granted, says, json!({ "from_epoch": epoch }))
        }
        RegistryAction::Members { cohort } => {
            let membership = serde_json::to_value(members(&actor, cohort).await?)?;
            Done::seen(serde_json::to_string_pretty(&membership)?, membership)
        }
        RegistryAction::Commit { cohort, keys } => {
            let membership = members(&actor, cohort).await?;
            let statement = Statement::membership(&actor.proven_network(), &membership);
            let (route, c, proof) = proven(&statement, keys)?;
            let committed =
                network.commit_membership(actor.account, cohort, route, c, proof).await?;
            let epoch = committed.value.from_epoch;
            let says = format!("cohort {cohort}: this membership holds from epoch {epoch} on");
            Done::sent(&committed, says, json!({ "from_epoch": epoch }))
        }
    };
    actor.print(done)
}

/// A cohort's next membership.
async fn members(actor: &Actor, cohort: u32) -> eyre::Result<Membership> {
    let words = actor.network.membership_words(cohort).await?;
    let reason = || "the registry's words are no membership".to_owned();
    Ok(convert::membership(&words)
        .ok_or_else(|| Unusable::new(format!("cohort {cohort}"), reason()))?)
}
