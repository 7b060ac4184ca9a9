//! All cohorts and devices in memory: which place a device holds in an epoch, under which terms.

use crate::cohort::{Terms, TermsError};
use ergon_types::{Member, Schema};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Where a device stands in an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its cohort.
    pub cohort: u32,
    /// Its index in the cohort.
    pub index: usize,
    /// What it signs.
    pub schema: Schema,
    /// Its key, owner and attribute.
    pub member: Member,
}

/// Cohorts by identifier and first epoch, devices by identifier.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    cohorts: BTreeMap<u32, BTreeMap<u64, Arc<Terms>>>,
    homes: HashMap<u64, BTreeSet<u32>>,
}

impl Directory {
    /// Adds or replaces terms that have been checked.
    pub fn insert(&mut self, from_epoch: u64, terms: Terms) {
        for member in terms.devices() {
            self.homes.entry(member.device).or_default().insert(terms.cohort());
        }
        self.cohorts.entry(terms.cohort()).or_default().insert(from_epoch, Arc::new(terms));
    }

    /// The terms in force in an epoch.
    pub fn terms(&self, cohort: u32, epoch: u64) -> Option<&Arc<Terms>> {
        self.cohorts.get(&cohort)?.range(..=epoch).next_back().map(|(_, terms)| terms)
    }

    /// The latest terms of a cohort and the epoch from which they hold.
    pub fn latest(&self, cohort: u32) -> Option<(u64, &Arc<Terms>)> {
        self.cohorts.get(&cohort)?.last_key_value().map(|(epoch, terms)| (*epoch, terms))
    }

    /// The cohorts in ascending order.
    pub fn cohorts(&self) -> impl Iterator<Item = u32> + '_ {
        self.cohorts.keys().copied()
    }

    /// The place of a device in an epoch.
    pub fn place(&self, device: u64, epoch: u64) -> Option<Place> {
        self.homes.get(&device)?.iter().find_map(|cohort| {
            let terms = self.terms(*cohort, epoch)?;
            let (index, member) = terms.place_of(device)?;
            Some(Place { cohort: *cohort, index, schema: terms.schema, member: *member })
        })
    }

    /// Whether new terms of a cohort may begin with an epoch; `earliest` is the first epoch of the
    /// cohort that has neither records nor a seal.
    ///
    /// # Errors
    /// Names the rule that does not hold and the cohort or device it is about.
    pub fn check(&self, terms: &Terms, from_epoch: u64, earliest: u64) -> Result<(), TermsError> {
        terms.check()?;
        let cohort = terms.cohort();
        let mut earliest = earliest;
        if let Some((begun, before)) = self.latest(cohort) {
            earliest = earliest.max(begun);
            let fixed = |terms: &Terms| (terms.schema, terms.size(), terms.membership.region);
            if fixed(terms) != fixed(before) {
                let what = "another schema, size or region than before".into();
                let expected = "a new cohort for those";
                return Err(TermsError::Invalid { cohort, what, expected });
            }
        }
        if from_epoch < earliest {
            return Err(TermsError::TooLate { cohort, epoch: from_epoch, earliest });
        }
        if let Some(witnesses) = terms.witness_cohort {
            let found = self.terms(witnesses, from_epoch);
            if found.is_none_or(|found| found.schema != Schema::Witness) {
                return Err(TermsError::NoWitnesses { cohort, witnesses });
            }
        }
        match terms.devices().find_map(|member| self.elsewhere(member.device, cohort, from_epoch)) {
            Some(taken) => Err(taken),
            None => Ok(()),
        }
    }

    /// Another cohort that holds the device in some epoch from `from_epoch` on.
    fn elsewhere(&self, device: u64, cohort: u32, from_epoch: u64) -> Option<TermsError> {
        let others = self.homes.get(&device)?.iter().filter(|home| **home != cohort);
        let holds = |terms: &Arc<Terms>| terms.place_of(device).is_some();
        others
            .copied()
            .find(|other| {
                self.terms(*other, from_epoch).is_some_and(holds)
                    || self.cohorts[other].range(from_epoch..).any(|(_, terms)| holds(terms))
            })
            .map(|other| TermsError::Taken { device, cohort: other })
    }
}
