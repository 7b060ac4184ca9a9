//! The terms of a cohort: who its members are, what they sign, by which policy they are paid.

use ergon_types::cell::REACH_BITS;
use ergon_types::policy::{MINIMUM_BITS, Tier, WEIGHTS};
use ergon_types::record::witness::PADDING_MEMBER;
use ergon_types::{Member, Membership, Policy, Schema};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most places of a cohort: a witness names a member in 8 bits and 255 is padding (§ 3.3).
pub const MOST_MEMBERS: usize = PADDING_MEMBER as usize;

/// What holds of a cohort from some epoch on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What its members sign; `witness` for a cohort of witnesses.
    pub schema: Schema,
    /// Its places.
    pub membership: Membership,
    /// How its members are paid; none for witnesses.
    #[serde(default)]
    pub policy: Option<Policy>,
    /// The cohort that witnesses for this one; coverage only.
    #[serde(default)]
    pub witness_cohort: Option<u32>,
}

/// Why terms are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// The terms contradict themselves.
    #[error("terms of cohort {cohort} are not valid: {what}; expected {expected}")]
    Invalid {
        /// The cohort.
        cohort: u32,
        /// What is wrong.
        what: String,
        /// What was expected.
        expected: &'static str,
    },
    /// The cohort has no terms.
    #[error("cohort {0} is not known; create it with POST /v1/cohorts first")]
    UnknownCohort(u32),
    /// The witness cohort does not exist or does not hold witnesses.
    #[error(
        "cohort {cohort} names {witnesses} as its witnesses, which is no cohort of witnesses; create that one first"
    )]
    NoWitnesses {
        /// The covered cohort.
        cohort: u32,
        /// What it names.
        witnesses: u32,
    },
    /// A device can hold one place only.
    #[error("device {device} already has a place in cohort {cohort}; remove it there first")]
    Taken {
        /// The device.
        device: u64,
        /// Where it is.
        cohort: u32,
    },
    /// The place is held by another device.
    #[error("place {index} of cohort {cohort} is held by device {device}; choose an empty place")]
    Occupied {
        /// The cohort.
        cohort: u32,
        /// The place.
        index: usize,
        /// Who holds it.
        device: u64,
    },
    /// There is no such place.
    #[error("cohort {cohort} has no place {index}; choose one below {size}")]
    NoPlace {
        /// The cohort.
        cohort: u32,
        /// The place asked for.
        index: usize,
        /// Places of the cohort.
        size: usize,
    },
    /// Changes take effect with a later epoch than any that has records.
    #[error(
        "cohort {cohort} already has terms, records or a seal that reach into epoch {epoch}; let the change begin with epoch {earliest} or later"
    )]
    TooLate {
        /// The cohort.
        cohort: u32,
        /// The epoch asked for.
        epoch: u64,
        /// The first epoch that can still change.
        earliest: u64,
    },
}

impl Terms {
    /// The cohort's identifier.
    pub fn cohort(&self) -> u32 {
        self.membership.cohort
    }

    /// Number of places.
    pub fn size(&self) -> usize {
        self.membership.members.len()
    }

    /// The place of a device.
    pub fn place_of(&self, device: u64) -> Option<(usize, &Member)> {
        let members = self.membership.members.iter().enumerate();
        members.filter_map(|(i, m)| Some((i, m.as_ref()?))).find(|(_, m)| m.device == device)
    }

    /// The devices in their places.
    pub fn devices(&self) -> impl Iterator<Item = &Member> {
        self.membership.members.iter().flatten()
    }

    /// Percent of the nameplate up to which a slot's watt-hours are admitted; energy only.
    pub fn margin(&self) -> Option<u8> {
        match &self.policy {
            Some(Policy::Energy { margin, .. }) => Some(*margin),
            _ => None,
        }
    }

    /// Checks everything that does not depend on other cohorts.
    ///
    /// # Errors
    /// Names the first rule that does not hold.
    pub fn check(&self) -> Result<(), TermsError> {
        let cohort = self.cohort();
        let rule = |holds: bool, what: String, expected: &'static str| {
            if holds { Ok(()) } else { Err(TermsError::Invalid { cohort, what, expected }) }
        };
        let size = self.size();
        rule(cohort > 0, "cohort is 0".into(), "an identifier from 1 on")?;
        rule((1..=MOST_MEMBERS).contains(&size), format!("{size} places"), "1 to 255 places")?;
        let coverage = self.schema == Schema::Coverage;
        let region = self.membership.region;
        rule(coverage == (region != 0), format!("region {region}"), "a region for coverage only")?;
        rule(
            coverage == self.witness_cohort.is_some_and(|id| id != 0),
            format!("witness cohort {:?}", self.witness_cohort),
            "a witness cohort for coverage only",
        )?;
        let mut keys = BTreeSet::new();
        let mut devices = BTreeSet::new();
        for member in self.devices() {
            let name = || format!("device {}", member.device);
            rule(member.device != 0, name(), "devices from 1 on")?;
            rule(devices.insert(member.device), name(), "each device once")?;
            rule(keys.insert(member.key.to_bytes()), name(), "each key once")?;
            let attribute = format!("attribute {} of device {}", member.attribute, member.device);
            rule(attribute_fits(self.schema, member.attribute), attribute, "the layout of § 5.3")?;
        }
        match (&self.policy, self.schema) {
            (None, Schema::Witness) => Ok(()),
            (Some(policy), schema) if schema != Schema::Witness => {
                let found = format!("a policy for {}", policy.kind());
                rule(policy.kind() == schema.kind(), found, "a policy of the cohort's kind")?;
                check_policy(policy).map_or(Ok(()), |(what, expected)| rule(false, what, expected))
            }
            (policy, schema) => {
                let found = if policy.is_some() { "a policy" } else { "no policy" };
                rule(false, format!("{found} for {schema}"), "a policy unless it holds witnesses")
            }
        }
    }
}

fn attribute_fits(schema: Schema, attribute: u64) -> bool {
    match schema {
        Schema::Energy => attribute < 1 << 48,
        Schema::Coverage => attribute < 1 << 32,
        Schema::Uptime | Schema::Witness => attribute == 0,
    }
}

/// What keeps a policy from being packed into its words, or anything from being proven under it (§ 5.4).
fn check_policy(policy: &Policy) -> Option<(String, &'static str)> {
    let (Policy::Uptime { tiers } | Policy::Coverage { tiers, .. } | Policy::Energy { tiers, .. }) =
        policy;
    if let Some(Tier { minimum, .. }) = tiers.iter().find(|tier| tier.minimum >> MINIMUM_BITS > 0) {
        return Some((format!("a tier from {minimum} slots on"), "minimums below 512"));
    }
    match policy {
        Policy::Uptime { .. } => None,
        Policy::Coverage { witnesses, .. } if *witnesses == 0 => {
            Some(("a minimum of 0 witnesses".into(), "at least 1"))
        }
        Policy::Coverage { classes, .. } => classes
            .iter()
            .find(|class| class.reach >> REACH_BITS > 0)
            .map(|class| (format!("reach {}", class.reach), "a squared distance below 2^20")),
        Policy::Energy { weights, .. } => (weights.len() != WEIGHTS)
            .then(|| (format!("{} slot weights", weights.len()), "96 slot weights")),
    }
}
