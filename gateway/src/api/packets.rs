//! What devices ask: to take a packet, and how far their record is.

use crate::documents;
use crate::extract::{IsAdmin, Params, Raw};
use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::messages::{ErrorBody, Record};
use axum::Json;
use axum::extract::State;
use ergon_types::{Ack, Schema};
use std::sync::Arc;

/// Submit a packet
///
/// The body is the packet's bytes (§ 3.5). The acknowledgement comes after the packet is on disk.
/// Repeating the last packet of a record returns its acknowledgement again.
#[utoipa::path(
    post,
    path = "/v1/packets",
    tag = "devices",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "on disk", body = documents::Ack),
        (status = "4XX", description = "not admitted, see the code", body = ErrorBody),
        (status = 503, description = "repeat the same packet", body = ErrorBody),
    )
)]
pub(crate) async fn submit(
    State(gateway): State<Arc<Gateway>>,
    Raw(bytes): Raw,
) -> Result<Json<Ack>, Failure> {
    gateway.submit(&bytes).await.map(Json)
}

/// Read how far a record is
///
/// What a device needs to go on after it lost its last acknowledgement. With the operator's token
/// also the packet itself, and both packets of a contradiction.
#[utoipa::path(
    get,
    path = "/v1/devices/{device}/records/{schema}/{epoch}",
    tag = "devices",
    params(
        ("device" = u64, Path, description = "the device"),
        ("schema" = String, Path, description = "uptime, coverage, energy or witness"),
        ("epoch" = u64, Path, description = "the record's epoch"),
    ),
    responses(
        (status = 200, description = "the record", body = Record),
        (status = 404, description = "nothing admitted", body = ErrorBody),
    )
)]
pub(crate) async fn record(
    State(gateway): State<Arc<Gateway>>,
    IsAdmin(admin): IsAdmin,
    Params((device, schema, epoch)): Params<(u64, Schema, u64)>,
) -> Result<Json<Record>, Failure> {
    let stored = gateway.store().record(device, schema, epoch).await?;
    let stored = stored.ok_or_else(|| {
        let message = format!("no {schema} record of device {device} in epoch {epoch}");
        Failure::new("no_record", message, "a first packet, with nonce 0")
    })?;
    let network = stored.packet.record.header.network;
    let ack = gateway.sign_ack(network, (device, schema, epoch), stored.receipt).await?;
    Ok(Json(Record {
        ack,
        counter: stored.packet.record.header.counter,
        contradicted: stored.evidence.is_some(),
        packet: admin.then_some(stored.packet),
        evidence: stored.evidence.filter(|_| admin).map(|both| [both.first, both.second]),
    }))
}
