//! Why a request to a gateway did not succeed.

/// The gateway's refusal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the gateway refused with {status} {code}: {message}; expected {expected}")]
pub struct Rejection {
    /// HTTP status.
    pub status: u16,
    /// Stable code, listed in the guide for gateway operators.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What was expected, or what to do.
    pub expected: String,
}

/// Why a request did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The gateway said no.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// Nobody answered.
    #[error(
        "no answer from the gateway at {url}: {source}; check that it runs (GET {url}/health) and repeat the request"
    )]
    Unreachable {
        /// The gateway.
        url: String,
        /// What the connection said.
        source: reqwest::Error,
    },
    /// Something answered that is not this version of the gateway.
    #[error(
        "the gateway at {url} answered {status} with something else than expected: {reason}; check that the URL is a gateway's and of this version"
    )]
    Unexpected {
        /// The gateway.
        url: String,
        /// HTTP status.
        status: u16,
        /// Why the answer cannot be read.
        reason: String,
    },
    /// The acknowledgement is not the attestor's.
    #[error("do not trust the gateway at {url}: {what}; expected attestor {attestor}")]
    Untrusted {
        /// The gateway.
        url: String,
        /// What is wrong.
        what: &'static str,
        /// Whose signature was expected.
        attestor: String,
    },
}

impl ClientError {
    /// The gateway's reason, if it gave one.
    pub fn rejection(&self) -> Option<&Rejection> {
        match self {
            Self::Rejected(rejection) => Some(rejection),
            _ => None,
        }
    }
}
