//! Rows of seals and states, and the transaction that seals an epoch once and for all.

use crate::cohort::Terms;
use crate::error::StoreError;
use crate::records;
use crate::sealing::{Admitted, Closing};
use ergon_types::record::Body;
use ergon_types::{Bundle, Schema, State};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{Executor, Row, Sqlite, SqliteConnection};
use std::collections::HashMap;

/// The bundle of a sealed epoch, with the state before it as it is known now: a seal does not
/// contain the state, which may be settled after the seal is signed.
pub(crate) async fn bundle(
    connection: &mut SqliteConnection,
    cohort: u32,
    epoch: u64,
) -> Result<Option<Bundle>, StoreError> {
    let row = sqlx::query("SELECT bundle FROM seals WHERE cohort = ? AND epoch = ?")
        .bind(i64::from(cohort))
        .bind(epoch.cast_signed())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut bundle: Bundle = read("bundle", row.try_get(0)?)?;
    if bundle.state.is_some() {
        let size = bundle.membership.members.len();
        bundle.state = Some(state_before(connection, cohort, epoch, size).await?);
    }
    Ok(Some(bundle))
}

/// Seals from the records as they are inside the caller's transaction.
pub(crate) async fn close(
    connection: &mut SqliteConnection,
    mut closing: Closing<'_>,
    now: u64,
) -> Result<Bundle, StoreError> {
    let (cohort, epoch) = (closing.terms.cohort(), closing.epoch);
    if closing.terms.schema == Schema::Energy {
        let size = closing.terms.size();
        closing.state = Some(state_before(connection, cohort, epoch, size).await?);
    }
    let mut admitted: HashMap<u64, Admitted> = HashMap::new();
    admitted.extend(records::of_cohort(connection, cohort, epoch).await?);
    if let Some(witnesses) = closing.witnesses.map(Terms::cohort) {
        let heard = records::of_cohort(connection, witnesses, epoch).await?;
        let here = |body: &Body| matches!(body, Body::Witness(h) if h.cohort == cohort);
        admitted.extend(heard.into_iter().filter(|(_, a)| here(&a.packet.record.body)));
    }
    let bundle = closing.bundle(|device, schema| {
        admitted.get(&device).filter(|a| a.packet.record.body.schema() == schema).cloned()
    });
    sqlx::query("INSERT INTO seals (cohort, epoch, bundle, sealed_at) VALUES (?, ?, ?, ?)")
        .bind(i64::from(cohort))
        .bind(epoch.cast_signed())
        .bind(write("bundle", &bundle)?)
        .bind(now.cast_signed())
        .execute(connection)
        .await?;
    Ok(bundle)
}

/// Keeps the state after a settled epoch; a later batch under the same seal may replace it.
pub(crate) async fn put_state<'c>(
    executor: impl Executor<'c, Database = Sqlite>,
    cohort: u32,
    epoch: u64,
    state: &State,
) -> Result<(), StoreError> {
    sqlx::query("INSERT OR REPLACE INTO states (cohort, epoch, state) VALUES (?, ?, ?)")
        .bind(i64::from(cohort))
        .bind(epoch.cast_signed())
        .bind(write("state", state)?)
        .execute(executor)
        .await?;
    Ok(())
}

async fn state_before(
    connection: &mut SqliteConnection,
    cohort: u32,
    epoch: u64,
    size: usize,
) -> Result<State, StoreError> {
    let row = sqlx::query(
        "SELECT state FROM states WHERE cohort = ? AND epoch < ? ORDER BY epoch DESC LIMIT 1",
    )
    .bind(i64::from(cohort))
    .bind(epoch.cast_signed())
    .fetch_optional(connection)
    .await?;
    match row {
        Some(row) => read("state", row.try_get(0)?),
        None => Ok(State::genesis(size)),
    }
}

fn read<T: DeserializeOwned>(what: &'static str, json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Damaged { what, reason: error.to_string() })
}

fn write<T: Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Damaged { what, reason: error.to_string() })
}
