//! A typed client: what devices and operators ask of a gateway, every acknowledgement checked.

mod error;

use crate::messages::{
    Cohort, CohortTerms, Done, Enrolment, ErrorBody, Record, SealSummary, SettledState, Status,
};
use ergon_types::{Ack, Body, Bundle, Packet, PublicKey, Schema};
pub use error::{ClientError, Rejection};
use reqwest::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A connection to one gateway; clones share its sockets.
#[derive(Clone)]
pub struct Client {
    url: String,
    attestor: PublicKey,
    token: Option<String>,
    http: reqwest::Client,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Client {
    /// A client of the gateway at `url` (`http://host:port`), whose acknowledgements must be
    /// signed by `attestor`. The operator's requests need the `token`.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(url: &str, attestor: PublicKey, token: Option<String>) -> Result<Self, ClientError> {
        let url = url.trim_end_matches('/').to_string();
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .build()
            .map_err(|source| ClientError::Unreachable { url: url.clone(), source })?;
        Ok(Self { url, attestor, token, http })
    }

    /// Submits a packet's bytes; repeating it after a failure is safe.
    ///
    /// # Errors
    /// When it is refused, the gateway cannot be reached, or the acknowledgement is not the
    /// attestor's word about this packet.
    pub async fn submit(&self, packet: &[u8]) -> Result<Ack, ClientError> {
        let request = self.request(Method::POST, "/v1/packets").body(packet.to_vec());
        let ack: Ack = self.send(request).await?;
        self.check(&ack)?;
        let about = Packet::from_bytes(packet).is_ok_and(|packet| {
            let header = packet.record.header;
            ack.device == header.device
                && ack.epoch == header.epoch
                && ack.network == header.network
                && ack.schema == packet.record.body.schema()
                && ack.head == packet.record.message()
                // Of what arrives slot by slot the slot is owed (§ 6.8): it must be one that was sent.
                && match packet.record.body {
                    Body::Uptime(slots) | Body::Coverage(slots) => slots.get(ack.slot),
                    Body::Energy(_) | Body::Witness(_) => true,
                }
        });
        if about {
            Ok(ack)
        } else {
            Err(self.untrusted("its acknowledgement is of another packet"))
        }
    }

    /// How far a record is, to go on from; with the token also the last packet.
    ///
    /// # Errors
    /// As [`Self::submit`].
    pub async fn record(
        &self,
        device: u64,
        schema: Schema,
        epoch: u64,
    ) -> Result<Record, ClientError> {
        let path = format!("/v1/devices/{device}/records/{schema}/{epoch}");
        let record: Record = self.send(self.request(Method::GET, &path)).await?;
        self.check(&record.ack)?;
        Ok(record)
    }

    /// The gateway's network, clock and counts.
    ///
    /// # Errors
    /// When the gateway cannot be reached.
    pub async fn status(&self) -> Result<Status, ClientError> {
        self.send(self.request(Method::GET, "/v1/status")).await
    }

    /// A cohort's latest terms.
    ///
    /// # Errors
    /// When it is unknown or the gateway cannot be reached.
    pub async fn cohort(&self, cohort: u32) -> Result<Cohort, ClientError> {
        self.send(self.request(Method::GET, &format!("/v1/cohorts/{cohort}"))).await
    }

    /// Creates or changes a cohort (operator).
    ///
    /// # Errors
    /// When it is refused or the gateway cannot be reached.
    pub async fn put_cohort(&self, terms: &CohortTerms) -> Result<(), ClientError> {
        self.put(Method::POST, "/v1/cohorts", terms).await
    }

    /// Enrols a device (operator).
    ///
    /// # Errors
    /// When it is refused or the gateway cannot be reached.
    pub async fn enrol(&self, enrolment: &Enrolment) -> Result<(), ClientError> {
        self.put(Method::POST, "/v1/devices", enrolment).await
    }

    /// Seals an epoch (operator).
    ///
    /// # Errors
    /// When it is refused or the gateway cannot be reached.
    pub async fn seal(&self, cohort: u32, epoch: u64) -> Result<SealSummary, ClientError> {
        let path = format!("/v1/cohorts/{cohort}/epochs/{epoch}/seal");
        self.send(self.request(Method::POST, &path)).await
    }

    /// The bundle of a sealed epoch (operator).
    ///
    /// # Errors
    /// When it is not sealed or the gateway cannot be reached.
    pub async fn bundle(&self, cohort: u32, epoch: u64) -> Result<Bundle, ClientError> {
        let path = format!("/v1/cohorts/{cohort}/epochs/{epoch}/bundle");
        self.send(self.request(Method::GET, &path)).await
    }

    /// Notes the state after a settled epoch (operator).
    ///
    /// # Errors
    /// When it does not fit or the gateway cannot be reached.
    pub async fn put_state(&self, cohort: u32, state: &SettledState) -> Result<(), ClientError> {
        self.put(Method::PUT, &format!("/v1/cohorts/{cohort}/state"), state).await
    }

    async fn put(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<(), ClientError> {
        let _: Done = self.send(self.request(method, path).json(body)).await?;
        Ok(())
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ClientError> {
        let unreachable = |source| ClientError::Unreachable { url: self.url.clone(), source };
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(unreachable)?;
        let unexpected = |error: serde_json::Error| ClientError::Unexpected {
            url: self.url.clone(),
            status: status.as_u16(),
            reason: error.to_string(),
        };
        if status.is_success() {
            return serde_json::from_slice(&bytes).map_err(unexpected);
        }
        let ErrorBody { code, message, expected } =
            serde_json::from_slice(&bytes).map_err(unexpected)?;
        Err(Rejection { status: status.as_u16(), code, message, expected }.into())
    }

    fn check(&self, ack: &Ack) -> Result<(), ClientError> {
        if ack.is_signed_by(&self.attestor) {
            Ok(())
        } else {
            Err(self.untrusted("its acknowledgement is not signed by the expected attestor"))
        }
    }

    fn untrusted(&self, what: &'static str) -> ClientError {
        ClientError::Untrusted { url: self.url.clone(), what, attestor: self.attestor.to_hex() }
    }
}
