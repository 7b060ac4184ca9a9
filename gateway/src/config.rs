//! What an operator decides: network, clock, keys, folder, tolerances.

use crate::failure::StartError;
use ergon_store::{Calendar, Identity, Timing};
use ergon_types::{Network, SecretKey};
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// Shortest token that is accepted.
pub const SHORTEST_TOKEN: usize = 16;

/// The operator's bearer token. Only its hash is kept.
#[derive(Clone, Copy)]
pub struct AdminToken([u8; 32]);

impl AdminToken {
    /// Takes a token of at least 16 characters.
    ///
    /// # Errors
    /// When it is shorter.
    pub fn new(token: &str) -> Result<Self, StartError> {
        if token.len() < SHORTEST_TOKEN {
            return Err(StartError::Token);
        }
        Ok(Self(Sha256::digest(token).into()))
    }

    /// Whether this is the token; comparing hashes tells nothing about it by its timing.
    pub fn is(&self, token: &str) -> bool {
        self.0 == <[u8; 32]>::from(Sha256::digest(token))
    }
}

impl std::fmt::Debug for AdminToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AdminToken(…)")
    }
}

/// A gateway's configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Chain and contracts.
    pub network: Network,
    /// Unix time at which epoch 0 begins.
    pub genesis: u64,
    /// Seconds of an epoch.
    pub epoch_seconds: u64,
    /// Signs acknowledgements and seals.
    pub attestor: SecretKey,
    /// Holds `gateway.sqlite` and `bundles/`; created private if missing.
    pub folder: PathBuf,
    /// Seconds by which clocks of devices may differ.
    pub grace_seconds: u64,
    /// Seconds after an epoch's end before which it is not sealed.
    pub seal_delay_seconds: u64,
    /// What the operator's requests must carry.
    pub admin_token: AdminToken,
}

impl Config {
    /// Seconds of a day, the usual epoch.
    pub const DAY: u64 = 86_400;
    /// Usual grace.
    pub const GRACE_SECONDS: u64 = 30;
    /// Usual delay: an hour in which meters and witnesses can catch up.
    pub const SEAL_DELAY_SECONDS: u64 = 3_600;

    /// The clock of the network.
    pub fn timing(&self) -> Timing {
        Timing {
            calendar: Calendar { genesis: self.genesis, length: self.epoch_seconds },
            grace: self.grace_seconds,
            seal_delay: self.seal_delay_seconds,
        }
    }

    /// What the database belongs to.
    pub fn identity(&self) -> Identity {
        Identity { network: self.network, attestor: self.attestor.public() }
    }
}
