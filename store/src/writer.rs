//! Group commit: packets that arrive together share one transaction and one sync to disk.
//!
//! Each is decided on what is stored at that moment, the ones before it in the group included,
//! and is answered after the commit; when that fails, none of the group is acknowledged.

use crate::admission::{Context, Decision, Last, Refusal, Verified, address, decide};
use crate::error::StoreError;
use crate::records::{self, Receipt};
use crate::store::Inner;
use ergon_types::record::Body;
use ergon_types::{Fr, Schema};
use sqlx::{Connection, SqliteConnection};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Most packets of one transaction.
const GROUP: usize = 256;

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored; the receipt is new.
    Admitted(Receipt),
    /// Stored before; the receipt is the one of then.
    Duplicate(Receipt),
    /// Not stored.
    Refused(Refusal),
}

/// A packet that waits for its group.
pub(crate) struct Arrival {
    pub(crate) verified: Verified,
    pub(crate) nonce: Fr,
    pub(crate) now: u64,
    pub(crate) answer: oneshot::Sender<Result<Outcome, StoreError>>,
}

/// Commits groups until every handle of the store is gone.
pub(crate) async fn run(inner: Arc<Inner>, mut queue: mpsc::Receiver<Arrival>) {
    let mut group = Vec::with_capacity(GROUP);
    while queue.recv_many(&mut group, GROUP).await > 0 {
        let outcomes = commit(&inner, &group).await;
        let mut outcomes = outcomes.map(Vec::into_iter);
        for arrival in group.drain(..) {
            let answer = match &mut outcomes {
                Ok(outcomes) => outcomes.next().unwrap_or(Err(StoreError::Closed)),
                Err(error) => Err(again(error)),
            };
            // A client that hung up gets the same answer when it repeats the packet.
            drop(arrival.answer.send(answer));
        }
    }
}

/// The error of a group for each of its packets; errors of the database cannot be cloned.
fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Closed => StoreError::Closed,
        StoreError::Database(error) => {
            StoreError::Database(sqlx::Error::Protocol(error.to_string()))
        }
        other => StoreError::Database(sqlx::Error::Protocol(other.to_string())),
    }
}

async fn commit(
    inner: &Inner,
    group: &[Arrival],
) -> Result<Vec<Result<Outcome, StoreError>>, StoreError> {
    let mut writer = inner.writer.lock().await;
    let connection = writer.as_mut().ok_or(StoreError::Closed)?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut outcomes = Vec::with_capacity(group.len());
    for arrival in group {
        outcomes.push(match admit(inner, &mut transaction, arrival).await {
            // Found before anything is written for this packet; the others can be admitted.
            Err(damaged @ StoreError::Damaged { .. }) => Err(damaged),
            outcome => Ok(outcome?),
        });
    }
    transaction.commit().await?;
    Ok(outcomes)
}

async fn admit(
    inner: &Inner,
    connection: &mut SqliteConnection,
    arrival: &Arrival,
) -> Result<Outcome, StoreError> {
    let verified = &arrival.verified;
    let record = &verified.packet().record;
    let (device, epoch) = (record.header.device, record.header.epoch);
    let (paid, covered, margin) = {
        let directory = inner.directory();
        // The members may have changed between the check of the signature and this transaction.
        if address(record, inner.network, &directory).as_ref() != Ok(verified.place()) {
            return Ok(Outcome::Refused(Refusal::UnknownDevice { device, epoch }));
        }
        match &record.body {
            Body::Witness(hearings) => {
                let terms = directory.terms(hearings.cohort, epoch).filter(|terms| {
                    terms.schema == Schema::Coverage
                        && terms.witness_cohort == Some(verified.place().cohort)
                });
                (hearings.cohort, terms.map(|terms| terms.size()), None)
            }
            _ => {
                let cohort = verified.place().cohort;
                let terms = directory.terms(cohort, epoch);
                (cohort, None, terms.and_then(|terms| terms.margin()))
            }
        }
    };
    let key = (device, record.body.schema(), epoch);
    let found = records::find(connection, key, paid).await?;
    let (last, slot) = found.last.unzip();
    let context = Context {
        calendar: inner.timing.calendar,
        grace: inner.timing.grace,
        now: arrival.now,
        last,
        contradicted: found.contradicted,
        sealed: found.sealed,
        covered,
        margin,
    };
    match decide(verified, &context) {
        Decision::Accept { slot, arrivals } => {
            let receipt = Receipt { head: verified.head(), slot, nonce: arrival.nonce };
            records::put(connection, verified, &receipt, &arrivals).await?;
            Ok(Outcome::Admitted(receipt))
        }
        Decision::Duplicate => {
            let nonce = context.last.map(|last| last.nonce).unwrap_or_default();
            let slot = slot.unwrap_or_default();
            Ok(Outcome::Duplicate(Receipt { head: verified.head(), slot, nonce }))
        }
        Decision::Refuse(refusal) => {
            if let (Refusal::Contradiction { .. }, Some(Last { packet, .. })) =
                (&refusal, &context.last)
            {
                let second = verified.packet();
                records::put_contradiction(connection, packet, second, arrival.now).await?;
            }
            Ok(Outcome::Refused(refusal))
        }
    }
}
