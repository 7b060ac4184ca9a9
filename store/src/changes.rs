//! Changes by the operator: cohorts, members, seals, states. Each is one transaction under the
//! same lock as admissions, and the directory follows the commit before the lock is given back.

use crate::cohort::{Terms, TermsError};
use crate::error::StoreError;
use crate::sealing::{self, Closing, SealError};
use crate::store::Inner;
use crate::{seals, terms};
use ergon_types::{Bundle, Fr, Member, Schema, SecretKey, State};
use sqlx::{Connection, SqliteConnection};

impl Inner {
    pub(crate) async fn put_cohort(&self, from_epoch: u64, terms: Terms) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().await;
        let connection = writer.as_mut().ok_or(StoreError::Closed)?;
        self.put_terms(connection, from_epoch, terms).await
    }

    pub(crate) async fn enrol(
        &self,
        cohort: u32,
        index: usize,
        member: Member,
        from_epoch: u64,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().await;
        let connection = writer.as_mut().ok_or(StoreError::Closed)?;
        let latest = self.directory().latest(cohort).map(|(_, terms)| Terms::clone(terms));
        let mut terms = latest.ok_or(TermsError::UnknownCohort(cohort))?;
        let size = terms.size();
        let place = terms.membership.members.get_mut(index);
        let place = place.ok_or(TermsError::NoPlace { cohort, index, size })?;
        if let Some(held) = place.filter(|held| held.device != member.device) {
            return Err(TermsError::Occupied { cohort, index, device: held.device }.into());
        }
        *place = Some(member);
        self.put_terms(connection, from_epoch, terms).await
    }

    pub(crate) async fn seal(
        &self,
        cohort: u32,
        epoch: u64,
        attestor: &SecretKey,
        salt: Fr,
        now: u64,
    ) -> Result<Bundle, StoreError> {
        let mut writer = self.writer.lock().await;
        let connection = writer.as_mut().ok_or(StoreError::Closed)?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(bundle) = seals::bundle(&mut transaction, cohort, epoch).await? {
            return Ok(bundle);
        }
        let timing = &self.timing;
        let opens = sealing::opens(&timing.calendar, epoch, timing.grace, timing.seal_delay);
        if now < opens {
            return Err(SealError::TooEarly { cohort, epoch, opens }.into());
        }
        let (terms, witnesses) = {
            let directory = self.directory();
            let terms = directory.terms(cohort, epoch).cloned();
            let terms = terms.ok_or(SealError::NoTerms { cohort, epoch })?;
            let witnesses = terms.witness_cohort.and_then(|id| directory.terms(id, epoch).cloned());
            (terms, witnesses)
        };
        if terms.schema == Schema::Witness {
            return Err(SealError::Witnesses(cohort).into());
        }
        let closing = Closing {
            network: self.identity.network,
            epoch,
            terms: &terms,
            witnesses: witnesses.as_deref(),
            state: None,
            attestor,
            salt,
        };
        let bundle = seals::close(&mut transaction, closing, now).await?;
        transaction.commit().await?;
        Ok(bundle)
    }

    pub(crate) async fn put_state(
        &self,
        cohort: u32,
        epoch: u64,
        state: State,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().await;
        let connection = writer.as_mut().ok_or(StoreError::Closed)?;
        let terms = self.directory().terms(cohort, epoch).cloned();
        let terms = terms.ok_or(TermsError::UnknownCohort(cohort))?;
        let expected = if terms.schema == Schema::Energy { terms.size() } else { 0 };
        let found = state.0.len();
        if found != expected {
            return Err(SealError::State { cohort, found, expected }.into());
        }
        seals::put_state(connection, cohort, epoch, &state).await
    }

    async fn put_terms(
        &self,
        connection: &mut SqliteConnection,
        from_epoch: u64,
        terms: Terms,
    ) -> Result<(), StoreError> {
        if i64::try_from(from_epoch).is_err() {
            return Err(StoreError::Epoch(from_epoch));
        }
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let earliest = terms::earliest_change(&mut transaction, terms.cohort()).await?;
        self.directory().check(&terms, from_epoch, earliest)?;
        terms::put(&mut transaction, from_epoch, &terms).await?;
        transaction.commit().await?;
        self.directory_mut().insert(from_epoch, terms);
        Ok(())
    }
}
