//! Rows of records and contradictions: reading and writing them, nothing decided here.

use crate::admission::{Last, Verified};
use crate::error::StoreError;
use crate::sealing::Admitted;
use ergon_types::record::slots::{SLOTS, Slots};
use ergon_types::{Fr, Packet, Schema, field};
use sqlx::sqlite::SqliteRow;
use sqlx::{Executor, Row, Sqlite, SqliteConnection};

/// What an acknowledgement says of an admitted packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The record's message.
    pub head: Fr,
    /// The arrival slot.
    pub slot: u32,
    /// What the next packet must contain.
    pub nonce: Fr,
}

/// Two packets of one record that contradict each other, both signed by the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The record's last admitted packet.
    pub first: Packet,
    /// The packet that was refused.
    pub second: Packet,
}

/// A record as it is stored.
#[derive(Clone, Debug)]
pub struct StoredRecord {
    /// The last admitted packet.
    pub packet: Packet,
    /// The slots that arrived in time.
    pub arrivals: Slots,
    /// What was acknowledged.
    pub receipt: Receipt,
    /// Proof of a contradiction, if there is one.
    pub evidence: Option<Evidence>,
}

/// A record's identity: device, schema, epoch.
pub(crate) type Key = (u64, Schema, u64);

/// What the admission rules ask about a record, in one query.
pub(crate) struct Found {
    pub(crate) last: Option<(Last, u32)>,
    pub(crate) contradicted: bool,
    pub(crate) sealed: bool,
}

/// The record, and whether `paid` (the cohort that it counts for) is sealed.
pub(crate) async fn find(
    connection: &mut SqliteConnection,
    (device, schema, epoch): Key,
    paid: u32,
) -> Result<Found, StoreError> {
    let row = sqlx::query(
        "SELECT r.packet, r.slot, r.nonce, r.arrivals,
                EXISTS (SELECT 1 FROM contradictions WHERE device = ?1 AND schema = ?2 AND epoch = ?3),
                EXISTS (SELECT 1 FROM seals WHERE cohort = ?4 AND epoch = ?3)
         FROM (SELECT 1) LEFT JOIN records r ON r.device = ?1 AND r.schema = ?2 AND r.epoch = ?3",
    )
    .bind(device.cast_signed())
    .bind(schema as i64)
    .bind(epoch.cast_signed())
    .bind(i64::from(paid))
    .fetch_one(connection)
    .await?;
    let last = match row.try_get::<Option<Vec<u8>>, _>(0)? {
        None => None,
        Some(bytes) => {
            let packet = packet(&bytes)?;
            let last = Last { packet, nonce: entry(&row, 2)?, arrivals: slots(&row, 3)? };
            Some((last, row.try_get(1)?))
        }
    };
    Ok(Found { last, contradicted: row.try_get(4)?, sealed: row.try_get(5)? })
}

/// Makes a packet its record's head.
pub(crate) async fn put(
    connection: &mut SqliteConnection,
    verified: &Verified,
    receipt: &Receipt,
    arrivals: &Slots,
) -> Result<(), StoreError> {
    let record = &verified.packet().record;
    sqlx::query(
        "INSERT INTO records (device, schema, epoch, cohort, packet, slot, nonce, arrivals)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (device, schema, epoch) DO UPDATE SET
            packet = excluded.packet, slot = excluded.slot,
            nonce = excluded.nonce, arrivals = excluded.arrivals",
    )
    .bind(record.header.device.cast_signed())
    .bind(record.body.schema() as i64)
    .bind(record.header.epoch.cast_signed())
    .bind(i64::from(verified.place().cohort))
    .bind(verified.packet().to_bytes())
    .bind(i64::from(receipt.slot))
    .bind(field::to_le_bytes(&receipt.nonce).to_vec())
    .bind(slot_bytes(arrivals))
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps both packets of a contradiction.
pub(crate) async fn put_contradiction(
    connection: &mut SqliteConnection,
    first: &Packet,
    second: &Packet,
    now: u64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO contradictions (device, schema, epoch, first, second, found_at)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(second.record.header.device.cast_signed())
    .bind(second.record.body.schema() as i64)
    .bind(second.record.header.epoch.cast_signed())
    .bind(first.to_bytes())
    .bind(second.to_bytes())
    .bind(now.cast_signed())
    .execute(connection)
    .await?;
    Ok(())
}

/// A record with its evidence.
pub(crate) async fn stored<'c>(
    executor: impl Executor<'c, Database = Sqlite>,
    (device, schema, epoch): Key,
) -> Result<Option<StoredRecord>, StoreError> {
    let row = sqlx::query(
        "SELECT r.packet, r.slot, r.nonce, r.arrivals, c.first, c.second
         FROM records r LEFT JOIN contradictions c USING (device, schema, epoch)
         WHERE r.device = ? AND r.schema = ? AND r.epoch = ?",
    )
    .bind(device.cast_signed())
    .bind(schema as i64)
    .bind(epoch.cast_signed())
    .fetch_optional(executor)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let packet = packet(row.try_get(0)?)?;
    let receipt =
        Receipt { head: packet.record.message(), slot: row.try_get(1)?, nonce: entry(&row, 2)? };
    let evidence = match (row.try_get::<Option<&[u8]>, _>(4)?, row.try_get::<Option<&[u8]>, _>(5)?)
    {
        (Some(first), Some(second)) => {
            Some(Evidence { first: self::packet(first)?, second: self::packet(second)? })
        }
        _ => None,
    };
    Ok(Some(StoredRecord { packet, arrivals: slots(&row, 3)?, receipt, evidence }))
}

/// The records of a cohort's epoch that do not contradict, by device.
pub(crate) async fn of_cohort(
    connection: &mut SqliteConnection,
    cohort: u32,
    epoch: u64,
) -> Result<Vec<(u64, Admitted)>, StoreError> {
    let rows = sqlx::query(
        "SELECT r.packet, r.arrivals FROM records r
         LEFT JOIN contradictions c USING (device, schema, epoch)
         WHERE r.cohort = ? AND r.epoch = ? AND c.device IS NULL",
    )
    .bind(i64::from(cohort))
    .bind(epoch.cast_signed())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let packet = packet(row.try_get(0)?)?;
            Ok((packet.record.header.device, Admitted { packet, arrivals: slots(row, 1)? }))
        })
        .collect()
}

fn damaged(what: &'static str, reason: impl ToString) -> StoreError {
    StoreError::Damaged { what, reason: reason.to_string() }
}

fn packet(bytes: &[u8]) -> Result<Packet, StoreError> {
    Packet::from_bytes(bytes).map_err(|reason| damaged("packet", reason))
}

fn entry(row: &SqliteRow, column: usize) -> Result<Fr, StoreError> {
    let bytes: &[u8] = row.try_get(column)?;
    let entry = bytes.try_into().ok().and_then(field::from_le_bytes);
    entry.ok_or_else(|| damaged("nonce", "it is not below the field's order"))
}

fn slots(row: &SqliteRow, column: usize) -> Result<Slots, StoreError> {
    let bytes: &[u8] = row.try_get(column)?;
    if bytes.len() != SLOT_BYTES {
        return Err(damaged("set of arrivals", format!("it has {} bytes", bytes.len())));
    }
    Ok((0..SLOTS).filter(|slot| (bytes[*slot as usize / 8] >> (slot % 8)) & 1 == 1).collect())
}

const SLOT_BYTES: usize = SLOTS as usize / 8;

fn slot_bytes(slots: &Slots) -> Vec<u8> {
    let mut bytes = vec![0u8; SLOT_BYTES];
    for slot in slots.iter() {
        bytes[slot as usize / 8] |= 1 << (slot % 8);
    }
    bytes
}
