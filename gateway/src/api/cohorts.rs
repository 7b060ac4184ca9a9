//! What the operator sets up: cohorts and the devices in their places.

use crate::extract::{Admin, Json, Params};
use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::messages::{Cohort, CohortTerms, Done, Enrolment, ErrorBody};
use axum::extract::State;
use ergon_store::{Terms, TermsError};
use std::sync::Arc;

/// Create or change a cohort
///
/// The terms hold from `from_epoch` on, which may have no records or seal yet. Size, schema and
/// region of a cohort stay.
#[utoipa::path(
    post,
    path = "/v1/cohorts",
    tag = "operator",
    security(("admin" = [])),
    request_body = CohortTerms,
    responses(
        (status = 200, description = "kept", body = Done),
        (status = "4XX", description = "refused, see the code", body = ErrorBody),
    )
)]
pub(crate) async fn create(
    _: Admin,
    State(gateway): State<Arc<Gateway>>,
    Json(CohortTerms { from_epoch, terms }): Json<CohortTerms>,
) -> Result<axum::Json<Done>, Failure> {
    gateway.store().put_cohort(from_epoch, terms).await?;
    Ok(axum::Json(Done { ok: true }))
}

/// Enrol a device
///
/// Puts it into an empty place of a cohort from `from_epoch` on, or changes its key, owner or
/// attribute in the place that it has.
#[utoipa::path(
    post,
    path = "/v1/devices",
    tag = "operator",
    security(("admin" = [])),
    request_body = Enrolment,
    responses(
        (status = 200, description = "enrolled", body = Done),
        (status = "4XX", description = "refused, see the code", body = ErrorBody),
    )
)]
pub(crate) async fn enrol(
    _: Admin,
    State(gateway): State<Arc<Gateway>>,
    Json(enrolment): Json<Enrolment>,
) -> Result<axum::Json<Done>, Failure> {
    let Enrolment { cohort, index, from_epoch, member } = enrolment;
    gateway.store().enrol(cohort, index, member, from_epoch).await?;
    Ok(axum::Json(Done { ok: true }))
}

/// Read a cohort
#[utoipa::path(
    get,
    path = "/v1/cohorts/{cohort}",
    tag = "public",
    params(("cohort" = u32, Path, description = "the cohort")),
    responses(
        (status = 200, description = "its latest terms", body = Cohort),
        (status = 404, description = "unknown", body = ErrorBody),
    )
)]
pub(crate) async fn read(
    State(gateway): State<Arc<Gateway>>,
    Params(cohort): Params<u32>,
) -> Result<axum::Json<Cohort>, Failure> {
    let latest = gateway.store().directory().latest(cohort).map(|(e, t)| (e, Terms::clone(t)));
    let unknown = || ergon_store::StoreError::Terms(TermsError::UnknownCohort(cohort));
    let (from_epoch, terms) = latest.ok_or_else(unknown)?;
    let membership_root = terms.membership.root(&gateway.config().network).to_string();
    Ok(axum::Json(Cohort { from_epoch, terms, membership_root }))
}
