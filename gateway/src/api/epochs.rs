//! What the operator does at the end of an epoch: seal it, fetch its bundle, note its state.

use crate::extract::{Admin, Json, Params};
use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::messages::{Done, ErrorBody, SealSummary, SettledState};
use axum::extract::State;
use ergon_types::Bundle;
use std::sync::Arc;

/// Seal an epoch
///
/// Signs the one seal of a cohort's epoch and writes the witness bundle. Repeating it returns the
/// same seal and writes the bundle again, with the state before it as it is known now.
#[utoipa::path(
    post,
    path = "/v1/cohorts/{cohort}/epochs/{epoch}/seal",
    tag = "operator",
    security(("admin" = [])),
    params(
        ("cohort" = u32, Path, description = "the cohort"),
        ("epoch" = u64, Path, description = "the epoch, which has ended"),
    ),
    responses(
        (status = 200, description = "sealed", body = SealSummary),
        (status = 425, description = "not yet", body = ErrorBody),
        (status = 422, description = "not this cohort", body = ErrorBody),
    )
)]
pub(crate) async fn seal(
    _: Admin,
    State(gateway): State<Arc<Gateway>>,
    Params((cohort, epoch)): Params<(u32, u64)>,
) -> Result<axum::Json<SealSummary>, Failure> {
    gateway.seal(cohort, epoch).await.map(axum::Json)
}

/// Fetch a bundle
///
/// The witness bundle of a sealed epoch: readings of all members, private.
#[utoipa::path(
    get,
    path = "/v1/cohorts/{cohort}/epochs/{epoch}/bundle",
    tag = "operator",
    security(("admin" = [])),
    params(
        ("cohort" = u32, Path, description = "the cohort"),
        ("epoch" = u64, Path, description = "the sealed epoch"),
    ),
    responses(
        (status = 200, description = "the bundle, version 1", body = Object),
        (status = 404, description = "not sealed", body = ErrorBody),
    )
)]
pub(crate) async fn bundle(
    _: Admin,
    State(gateway): State<Arc<Gateway>>,
    Params((cohort, epoch)): Params<(u32, u64)>,
) -> Result<axum::Json<Bundle>, Failure> {
    Ok(axum::Json(gateway.store().bundle(cohort, epoch).await?))
}

/// Note the state after a settled epoch
///
/// Bundles of later epochs of this energy cohort begin with it (§ 5.5).
#[utoipa::path(
    put,
    path = "/v1/cohorts/{cohort}/state",
    tag = "operator",
    security(("admin" = [])),
    params(("cohort" = u32, Path, description = "the energy cohort")),
    request_body = SettledState,
    responses(
        (status = 200, description = "kept", body = Done),
        (status = 422, description = "does not fit the cohort", body = ErrorBody),
    )
)]
pub(crate) async fn put_state(
    _: Admin,
    State(gateway): State<Arc<Gateway>>,
    Params(cohort): Params<u32>,
    Json(SettledState { epoch, state }): Json<SettledState>,
) -> Result<axum::Json<Done>, Failure> {
    gateway.store().put_state(cohort, epoch, state).await?;
    Ok(axum::Json(Done { ok: true }))
}
