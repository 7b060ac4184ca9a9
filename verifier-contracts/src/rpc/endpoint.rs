//! The HTTP connection, and what its failures mean.

use std::{error::Error, time::Duration};

use alloy::{
    providers::{Provider, ProviderBuilder, RootProvider},
    transports::{RpcError, TransportError, http::reqwest},
};

use crate::{ChainError, revert};

/// How long one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How often a node on this machine is asked for a receipt.
const LOCAL_POLL: Duration = Duration::from_millis(20);

/// A JSON-RPC endpoint.
#[derive(Debug)]
pub(super) struct Endpoint {
    /// Its address without user, password, path and query: those may hold a provider's key.
    name: String,
    provider: RootProvider,
}

impl Endpoint {
    pub(super) fn new(text: &str) -> Result<Self, ChainError> {
        let bad = |reason: String| ChainError::BadUrl { url: text.to_owned(), reason };
        let url: reqwest::Url =
            text.parse().map_err(|error| bad(format!("not an address ({error})")))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(bad("it must begin with http:// or https://".to_owned()));
        }
        let client = reqwest::Client::builder()
            .timeout(REQUEST_TIMEOUT)
            .build()
            .map_err(|error| bad(error.to_string()))?;
        let name = url.origin().ascii_serialization();
        let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let provider =
            ProviderBuilder::new().disable_recommended_fillers().connect_reqwest(client, url);
        if local {
            provider.client().set_poll_interval(LOCAL_POLL);
        }
        Ok(Self { name, provider })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn provider(&self) -> &RootProvider {
        &self.provider
    }

    pub(super) fn down(&self, reason: String) -> ChainError {
        ChainError::EndpointDown { url: self.name.clone(), reason }
    }

    /// What a failed request means for the operation it was part of.
    pub(super) fn error(&self, action: &'static str, error: TransportError) -> ChainError {
        let refused =
            |reason: String| ChainError::EndpointRefused { url: self.name.clone(), action, reason };
        match error {
            RpcError::ErrorResp(payload) => match payload.as_revert_data() {
                Some(data) => ChainError::Reverted { action, error: revert::decode(&data) },
                None => refused(payload.message.to_string()),
            },
            RpcError::Transport(kind) => self.down(root(&kind)),
            RpcError::DeserError { .. } => self.down("the answer is not JSON-RPC".to_owned()),
            other => refused(other.to_string()),
        }
    }
}

/// The innermost message: "connection refused" rather than "error sending request".
fn root(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
