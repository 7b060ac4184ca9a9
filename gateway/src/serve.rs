//! Serving the gateway on a socket until it is told to stop.

use crate::failure::StartError;
use crate::gateway::Gateway;
use axum::serve::ListenerExt;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serves until `shutdown` is ready, finishes the requests that are under way, closes the store.
///
/// # Errors
/// When the socket fails or the database does not close cleanly.
pub async fn serve(
    gateway: Arc<Gateway>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StartError> {
    // Answers are small; waiting to fill a segment would only delay them.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
    });
    axum::serve(listener, gateway.router()).with_graceful_shutdown(shutdown).await?;
    gateway.close().await
}
