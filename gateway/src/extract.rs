//! Reading requests: every malformed one becomes a failure with a code.

use crate::failure::Failure;
use crate::gateway::Gateway;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Values from the path.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Gateway>> for Params<T> {
    type Rejection = Failure;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<Gateway>,
    ) -> Result<Self, Self::Rejection> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(values)| Self(values)).map_err(|rejection| {
            let expected = "numbers and names as in /openapi.json";
            Failure::new("malformed_request", rejection.body_text(), expected)
        })
    }
}

/// The body's bytes.
pub(crate) struct Raw(pub(crate) Bytes);

impl FromRequest<Arc<Gateway>> for Raw {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Arc<Gateway>) -> Result<Self, Self::Rejection> {
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                let expected = "one packet or one JSON document as in /openapi.json";
                Failure::new("body_too_large", "the body is too large", expected)
            } else {
                let message = rejection.body_text();
                Failure::new("malformed_request", message, "a complete body")
            }
        })
    }
}

/// The body as JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<Gateway>> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Arc<Gateway>) -> Result<Self, Self::Rejection> {
        let Raw(bytes) = Raw::from_request(request, state).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let expected = "the JSON described in /openapi.json";
            Failure::new("malformed_request", format!("the body is malformed: {error}"), expected)
        })
    }
}

/// Proof that the request carries the operator's token.
pub(crate) struct Admin;

impl FromRequestParts<Arc<Gateway>> for Admin {
    type Rejection = Failure;

    async fn from_request_parts(
        parts: &mut Parts,
        gateway: &Arc<Gateway>,
    ) -> Result<Self, Self::Rejection> {
        if is_admin(parts, gateway) {
            return Ok(Self);
        }
        let expected = "the header `Authorization: Bearer <admin token>`";
        Err(Failure::new("unauthorized", "this request is the operator's", expected))
    }
}

/// Whether the request carries the operator's token.
pub(crate) struct IsAdmin(pub(crate) bool);

impl FromRequestParts<Arc<Gateway>> for IsAdmin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        gateway: &Arc<Gateway>,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self(is_admin(parts, gateway)))
    }
}

fn is_admin(parts: &Parts, gateway: &Gateway) -> bool {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    header
        .and_then(|value| value.strip_prefix("Bearer "))
        .is_some_and(|token| gateway.config().admin_token.is(token))
}
