//! Rows of cohorts and the network that the database belongs to.

use crate::cohort::Terms;
use crate::directory::Directory;
use crate::error::StoreError;
use sqlx::{Row, SqliteConnection};

/// Remembers the network on first use; the stored text otherwise.
pub(crate) async fn bind_network(
    connection: &mut SqliteConnection,
    terms: &str,
) -> Result<String, StoreError> {
    sqlx::query("INSERT OR IGNORE INTO network (id, terms) VALUES (1, ?)")
        .bind(terms)
        .execute(&mut *connection)
        .await?;
    Ok(sqlx::query("SELECT terms FROM network").fetch_one(connection).await?.try_get(0)?)
}

/// All cohorts.
pub(crate) async fn load(connection: &mut SqliteConnection) -> Result<Directory, StoreError> {
    let rows = sqlx::query("SELECT from_epoch, terms FROM cohorts").fetch_all(connection).await?;
    let mut directory = Directory::default();
    for row in rows {
        let from_epoch: i64 = row.try_get(0)?;
        let terms: Terms = serde_json::from_str(row.try_get(1)?)
            .map_err(|error| StoreError::Damaged { what: "cohort", reason: error.to_string() })?;
        directory.insert(from_epoch.cast_unsigned(), terms);
    }
    Ok(directory)
}

/// Writes the terms of a cohort from an epoch on.
pub(crate) async fn put(
    connection: &mut SqliteConnection,
    from_epoch: u64,
    terms: &Terms,
) -> Result<(), StoreError> {
    let json = serde_json::to_string(terms)
        .map_err(|error| StoreError::Damaged { what: "cohort", reason: error.to_string() })?;
    sqlx::query("INSERT OR REPLACE INTO cohorts (cohort, from_epoch, terms) VALUES (?, ?, ?)")
        .bind(i64::from(terms.cohort()))
        .bind(from_epoch.cast_signed())
        .bind(json)
        .execute(connection)
        .await?;
    Ok(())
}

/// The first epoch of a cohort after all that have records or a seal.
pub(crate) async fn earliest_change(
    connection: &mut SqliteConnection,
    cohort: u32,
) -> Result<u64, StoreError> {
    let row = sqlx::query(
        "SELECT max(epoch) FROM (
            SELECT max(epoch) AS epoch FROM records WHERE cohort = ?1
            UNION ALL SELECT max(epoch) FROM seals WHERE cohort = ?1)",
    )
    .bind(i64::from(cohort))
    .fetch_one(connection)
    .await?;
    let used: Option<i64> = row.try_get(0)?;
    Ok(used.map_or(0, |epoch| epoch.cast_unsigned().saturating_add(1)))
}
