//! Every way in which a request can fail: a stable code, its HTTP status, what to do about it.

use crate::messages::ErrorBody;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ergon_store::sealing::SealError;
use ergon_store::{Refusal, StoreError, TermsError};
use std::path::PathBuf;

/// Why a gateway does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The token is too short to be secret.
    #[error(
        "the admin token is too short; expected at least 16 characters, for example 32 random hexadecimal digits"
    )]
    Token,
    /// Epochs must have a length.
    #[error("an epoch of {0} seconds is too short; expected at least 288, one for each slot")]
    Epoch(u64),
    /// The data folder cannot be used.
    #[error("cannot use the data folder {path}: {source}; choose a folder that you can write")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The store does not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The service stopped.
    #[error("the gateway stopped serving: {0}")]
    Serve(#[from] std::io::Error),
}

/// Codes and statuses of refused packets and failed requests, with their meaning.
pub const REASONS: [(&str, StatusCode, &str); 41] = [
    ("malformed_packet", StatusCode::BAD_REQUEST, "the bytes are not one packet"),
    ("wrong_network", StatusCode::UNPROCESSABLE_ENTITY, "signed for another chain or contract"),
    ("unknown_device", StatusCode::NOT_FOUND, "the device has no place here in that epoch"),
    ("wrong_schema", StatusCode::UNPROCESSABLE_ENTITY, "the device's cohort signs other records"),
    ("bad_signature", StatusCode::UNAUTHORIZED, "not signed by the enrolled key"),
    ("epoch_not_open", StatusCode::TOO_EARLY, "the epoch has not begun"),
    ("epoch_closed", StatusCode::CONFLICT, "the epoch is over and presence cannot be late"),
    ("already_sealed", StatusCode::CONFLICT, "the epoch is sealed"),
    ("contradicted", StatusCode::CONFLICT, "the device contradicted itself in this epoch before"),
    ("contradiction", StatusCode::CONFLICT, "contradicts the stored record; kept as evidence"),
    ("counter_not_above", StatusCode::CONFLICT, "the record's counter does not grow"),
    ("stale_nonce", StatusCode::CONFLICT, "not the nonce of the last acknowledgement"),
    ("dropped_readings", StatusCode::CONFLICT, "readings that were acknowledged are missing"),
    ("no_new_slot", StatusCode::UNPROCESSABLE_ENTITY, "presence without a new slot"),
    ("too_many_new_slots", StatusCode::UNPROCESSABLE_ENTITY, "presence with several new slots"),
    ("slot_not_now", StatusCode::UNPROCESSABLE_ENTITY, "presence in another slot than now"),
    ("slot_in_future", StatusCode::UNPROCESSABLE_ENTITY, "a quarter hour that has not begun"),
    ("wrong_generation", StatusCode::UNPROCESSABLE_ENTITY, "not the enrolled meter generation"),
    ("above_nameplate", StatusCode::UNPROCESSABLE_ENTITY, "more than the nameplate in a slot"),
    ("wrong_cohort", StatusCode::UNPROCESSABLE_ENTITY, "no witness for the cohort it names"),
    ("unknown_member", StatusCode::UNPROCESSABLE_ENTITY, "a witness heard a member that is not"),
    ("malformed_request", StatusCode::BAD_REQUEST, "path or JSON body cannot be read"),
    ("unauthorized", StatusCode::UNAUTHORIZED, "the operator's token is missing or wrong"),
    ("not_found", StatusCode::NOT_FOUND, "no such path"),
    ("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED, "no such method on this path"),
    ("no_record", StatusCode::NOT_FOUND, "nothing admitted of this device, schema and epoch"),
    ("timeout", StatusCode::REQUEST_TIMEOUT, "the request took too long; repeat it"),
    ("body_too_large", StatusCode::PAYLOAD_TOO_LARGE, "more bytes than any valid body has"),
    ("busy", StatusCode::SERVICE_UNAVAILABLE, "too many requests wait; repeat in a second"),
    ("unknown_cohort", StatusCode::NOT_FOUND, "the cohort does not exist"),
    ("invalid_terms", StatusCode::UNPROCESSABLE_ENTITY, "a cohort's terms break a rule"),
    ("no_witnesses", StatusCode::UNPROCESSABLE_ENTITY, "the witness cohort does not exist"),
    ("device_taken", StatusCode::CONFLICT, "the device has a place in another cohort"),
    ("place_taken", StatusCode::CONFLICT, "another device has the place"),
    ("no_place", StatusCode::UNPROCESSABLE_ENTITY, "the cohort is smaller"),
    ("terms_in_use", StatusCode::CONFLICT, "the epoch has records or a seal already"),
    ("too_early", StatusCode::TOO_EARLY, "the epoch cannot be sealed yet"),
    ("not_sealable", StatusCode::UNPROCESSABLE_ENTITY, "witnesses, or no members in that epoch"),
    ("not_sealed", StatusCode::NOT_FOUND, "the epoch has no seal yet"),
    ("invalid_state", StatusCode::UNPROCESSABLE_ENTITY, "the state does not fit the cohort"),
    ("storage_failed", StatusCode::SERVICE_UNAVAILABLE, "nothing was kept; repeat the request"),
];

/// A failed request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}; expected {expected}")]
pub struct Failure {
    /// One of [`REASONS`].
    pub code: &'static str,
    /// What is wrong, naming the thing.
    pub message: String,
    /// What was expected, or what to do.
    pub expected: String,
}

impl Failure {
    /// A failure with one of the codes of [`REASONS`].
    pub fn new(
        code: &'static str,
        message: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { code, message: message.into(), expected: expected.into() }
    }

    /// The HTTP status of the code.
    pub fn status(&self) -> StatusCode {
        REASONS
            .iter()
            .find(|(code, ..)| *code == self.code)
            .map_or(StatusCode::INTERNAL_SERVER_ERROR, |(_, status, _)| *status)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(code = self.code, message = self.message, "request failed");
        }
        let Self { code, message, expected } = self;
        (status, Json(ErrorBody { code: code.into(), message, expected })).into_response()
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.code(), refusal.to_string(), refusal.expected())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Busy => "busy",
            StoreError::Epoch(_) => "invalid_terms",
            StoreError::Terms(error) => match error {
                TermsError::Invalid { .. } => "invalid_terms",
                TermsError::UnknownCohort(_) => "unknown_cohort",
                TermsError::NoWitnesses { .. } => "no_witnesses",
                TermsError::Taken { .. } => "device_taken",
                TermsError::Occupied { .. } => "place_taken",
                TermsError::NoPlace { .. } => "no_place",
                TermsError::TooLate { .. } => "terms_in_use",
            },
            StoreError::Seal(error) => match error {
                SealError::TooEarly { .. } => "too_early",
                SealError::NoTerms { .. } | SealError::Witnesses(_) => "not_sealable",
                SealError::NotSealed { .. } => "not_sealed",
                SealError::State { .. } => "invalid_state",
            },
            _ => "storage_failed",
        };
        // These messages end with what to do, after a semicolon.
        let text = error.to_string();
        let (message, expected) = text.rsplit_once("; ").unwrap_or((&text, "a valid request"));
        Self::new(code, message, expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_listed_once() {
        let codes: BTreeSet<_> = REASONS.iter().map(|(code, ..)| *code).collect();
        assert_eq!(codes.len(), REASONS.len());
    }

    #[test]
    fn every_code_is_in_the_guide_with_its_status() {
        let guide = include_str!("../../docs/gateway.md");
        for (code, status, meaning) in REASONS {
            let row = format!("| `{code}` | {} | {meaning} |", status.as_u16());
            assert!(guide.contains(&row), "docs/gateway.md lacks the row {row}");
        }
    }
}
