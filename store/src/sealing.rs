//! Sealing: what the attestor signs of a cohort's epoch and the bundle it is proven from (§ 4).
//! Pure: the records come from the caller, time as a number.

use crate::calendar::Calendar;
use crate::cohort::Terms;
use ergon_types::record::slots::Slots;
use ergon_types::{Bundle, Fr, Kind, Network, Packet, Schema, Seal, SecretKey, State, bundle};

/// Why an epoch is not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Packets may still arrive.
    #[error(
        "epoch {epoch} of cohort {cohort} cannot be sealed yet; seal it from unix time {opens} on"
    )]
    TooEarly {
        /// The cohort.
        cohort: u32,
        /// The epoch.
        epoch: u64,
        /// Unix time from which it can be sealed.
        opens: u64,
    },
    /// The cohort had no terms in that epoch.
    #[error(
        "cohort {cohort} has no members in epoch {epoch}; expected an epoch from its first terms on"
    )]
    NoTerms {
        /// The cohort.
        cohort: u32,
        /// The epoch.
        epoch: u64,
    },
    /// Witnesses are sealed with the cohort that they cover.
    #[error("cohort {0} holds witnesses; seal the coverage cohorts that they witness for")]
    Witnesses(u32),
    /// There is no seal to read.
    #[error("epoch {epoch} of cohort {cohort} is not sealed; seal it first")]
    NotSealed {
        /// The cohort.
        cohort: u32,
        /// The epoch.
        epoch: u64,
    },
    /// The state is for another kind or size of cohort.
    #[error(
        "a state with {found} meters does not fit cohort {cohort}; expected an energy cohort's {expected}"
    )]
    State {
        /// The cohort.
        cohort: u32,
        /// Meters in the state.
        found: usize,
        /// Meters of the cohort, 0 when it is no energy cohort.
        expected: usize,
    },
}

/// When an epoch can be sealed: nothing that is still admitted live may come later.
pub fn opens(calendar: &Calendar, epoch: u64, grace: u64, delay: u64) -> u64 {
    calendar.end(epoch).saturating_add(grace.max(delay))
}

/// A record as it will be sealed.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Its last packet.
    pub packet: Packet,
    /// The slots that arrived in time.
    pub arrivals: Slots,
}

/// Everything that a seal depends on.
#[derive(Debug)]
pub struct Closing<'a> {
    /// Chain and contracts.
    pub network: Network,
    /// The epoch that ends.
    pub epoch: u64,
    /// The cohort's terms in that epoch.
    pub terms: &'a Terms,
    /// The witnesses' terms in that epoch; coverage only.
    pub witnesses: Option<&'a Terms>,
    /// The state before; energy only.
    pub state: Option<State>,
    /// The attestor's secret key.
    pub attestor: &'a SecretKey,
    /// 248 secret bits.
    pub salt: Fr,
}

impl Closing<'_> {
    /// Signs the seal. `record` gives a device's record, and none for a device whose records
    /// contradict: such a member is sealed as 0.
    pub fn bundle(self, record: impl Fn(u64, Schema) -> Option<Admitted>) -> Bundle {
        let kind = self.terms.schema.kind();
        let records = |terms: &Terms| -> Vec<Option<Admitted>> {
            let devices = terms.membership.members.iter();
            devices.map(|m| m.as_ref().and_then(|m| record(m.device, terms.schema))).collect()
        };
        let members = records(self.terms);
        let witnesses = self.witnesses.map(records).unwrap_or_default();
        let root = |terms: &Terms| terms.membership.root(&self.network);
        let head = |admitted: &Option<Admitted>| {
            admitted.as_ref().map_or(Fr::from(0u64), |admitted| admitted.packet.record.message())
        };
        let arrived = |admitted: &Option<Admitted>| {
            admitted.as_ref().map_or_else(Slots::default, |admitted| {
                admitted.arrivals.intersection(&admitted.packet.record.slots())
            })
        };
        let seal = Seal {
            kind,
            network: self.network.id(),
            epoch: self.epoch,
            cohort: self.terms.cohort(),
            membership_root: root(self.terms),
            witness_root: self.witnesses.map_or(Fr::from(0u64), root),
            attestor: self.attestor.public(),
            salt: self.salt,
            heads: members.iter().map(head).collect(),
            arrivals: match kind {
                Kind::Uptime => members.iter().map(arrived).collect(),
                Kind::Coverage | Kind::Energy => Vec::new(),
            },
            witness_heads: witnesses.iter().map(head).collect(),
        };
        let packets = |records: Vec<Option<Admitted>>| -> Vec<Option<Packet>> {
            records.into_iter().map(|admitted| Some(admitted?.packet)).collect()
        };
        Bundle {
            version: bundle::VERSION,
            kind,
            network: self.network,
            epoch: self.epoch,
            membership: self.terms.membership.clone(),
            witnesses: self.witnesses.map(|terms| terms.membership.clone()),
            policy: self
                .terms
                .policy
                .clone()
                .unwrap_or_else(|| ergon_types::Policy::standard(kind)),
            packets: packets(members),
            witness_packets: packets(witnesses),
            state: self.state,
            seal_signature: self.attestor.sign(&seal.message()),
            seal,
        }
    }
}
