//! What anyone may ask: whether the gateway is up, whose it is, what time it has.

use crate::gateway::Gateway;
use crate::messages::{Done, Status};
use axum::Json;
use axum::extract::State;
use std::sync::Arc;

/// Whether the gateway is up
#[utoipa::path(
    get,
    path = "/health",
    tag = "public",
    responses((status = 200, description = "up", body = Done))
)]
pub(crate) async fn health() -> Json<Done> {
    Json(Done { ok: true })
}

/// Network, clock and counts of this gateway
#[utoipa::path(
    get,
    path = "/v1/status",
    tag = "public",
    responses((status = 200, description = "the status", body = Status))
)]
pub(crate) async fn status(State(gateway): State<Arc<Gateway>>) -> Json<Status> {
    let config = gateway.config();
    let now = gateway.now();
    let counts = gateway.counts();
    let cohorts = gateway.store().directory().cohorts().collect();
    Json(Status {
        version: env!("CARGO_PKG_VERSION").into(),
        network: config.network,
        network_id: config.network.id().to_string(),
        attestor: gateway.store().identity().attestor,
        genesis: config.genesis,
        epoch_seconds: config.epoch_seconds,
        grace_seconds: config.grace_seconds,
        now,
        epoch: config.timing().calendar.epoch(now),
        cohorts,
        admitted: counts.admitted,
        duplicates: counts.duplicates,
        refused: counts.refused.into_iter().map(|(code, n)| (code.into(), n)).collect(),
    })
}
