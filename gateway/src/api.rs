//! The routes, their OpenAPI document, and what holds of all of them.

mod cohorts;
mod epochs;
mod packets;
mod service;

use crate::failure::Failure;
use crate::gateway::Gateway;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use std::sync::Arc;
use std::time::Duration;
use tower_http::trace::TraceLayer;
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Largest packet: none has more than 730 bytes.
const PACKET_BYTES: usize = 1_024;
/// Largest JSON document: a cohort of 255 members has about 60 kB.
const JSON_BYTES: usize = 256 * 1_024;
/// Longest request.
const TIMEOUT: Duration = Duration::from_secs(20);

#[derive(OpenApi)]
#[openapi(info(
    title = "Ergon gateway",
    description = "Admits signed packets, acknowledges them, seals epochs."
))]
struct Document;

impl Gateway {
    /// All routes, with `/openapi.json` describing them.
    pub fn router(self: &Arc<Self>) -> Router {
        let (routes, mut document) = OpenApiRouter::with_openapi(Document::openapi())
            .merge(
                OpenApiRouter::new()
                    .routes(routes!(packets::submit))
                    .layer(DefaultBodyLimit::max(PACKET_BYTES)),
            )
            .merge(
                OpenApiRouter::new()
                    .routes(routes!(packets::record))
                    .routes(routes!(cohorts::create))
                    .routes(routes!(cohorts::enrol))
                    .routes(routes!(cohorts::read))
                    .routes(routes!(epochs::seal))
                    .routes(routes!(epochs::bundle))
                    .routes(routes!(epochs::put_state))
                    .routes(routes!(service::status))
                    .routes(routes!(service::health))
                    .layer(DefaultBodyLimit::max(JSON_BYTES)),
            )
            .split_for_parts();
        let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("admin", token);
        routes
            .route("/openapi.json", get(async move || Json(document)))
            .fallback(async || Failure::new("not_found", "no such path", "a path of /openapi.json"))
            .method_not_allowed_fallback(async || {
                let expected = "a method of /openapi.json";
                Failure::new("method_not_allowed", "no such method on this path", expected)
            })
            .layer(middleware::from_fn(in_time))
            .layer(TraceLayer::new_for_http())
            .with_state(Arc::clone(self))
    }
}

/// Ends slow requests. A packet may be stored all the same: repeating it gets its acknowledgement.
async fn in_time(request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(TIMEOUT, next.run(request)).await;
    answer.unwrap_or_else(|_| {
        Failure::new("timeout", "the request took too long", "repeat it").into_response()
    })
}
