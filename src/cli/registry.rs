//! Words of `ergon registry`.

use super::keys::{HardwareKey, Key};
use clap::{Args, Subcommand};
use ergon_chain::Address;
use std::path::PathBuf;

/// What the registry's owner does, and who commits memberships.
#[derive(Subcommand)]
pub(crate) enum RegistryAction {
    /// Register an attestor; the owner only
    Attestor {
        operator: Address,
        /// The key it seals with: 64 hexadecimal digits
        key: Key,
    },
    /// Create a cohort; the owner only
    Cohort {
        kind: CohortKind,
        /// Places: a power of two up to 128, of witnesses 4
        size: u32,
        /// Number of the attestor that serves it; witnesses have none
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        attestor: u32,
        /// Coverage: H3 index of the region, decimal
        #[arg(long, value_name = "H3", default_value_t = 0)]
        region: u64,
        /// Coverage: number of the witness cohort
        #[arg(long, value_name = "COHORT", default_value_t = 0)]
        witnesses: u32,
    },
    /// Enrol a device on the owner's word; the owner only
    Enrol {
        cohort: u32,
        operator: Address,
        /// The key that signs its records: 64 hexadecimal digits
        key: Key,
        /// Energy: nameplate in watts; coverage: the position; else 0
        #[arg(default_value_t = 0)]
        attribute: u64,
    },
    /// Add an issuer, on whose word anyone enrols devices in open cohorts; the owner only
    AddIssuer {
        /// x and y of its P-256 key: 128 hexadecimal digits
        key: HardwareKey,
    },
    /// Revoke an issuer; the owner only
    RevokeIssuer { issuer: u32 },
    /// Open a cohort for certified devices; the owner only
    Open { cohort: u32 },
    /// Close a cohort for certified devices; the owner only
    Close { cohort: u32 },
    /// Grant another key that a device's operator asked for; the owner only
    Grant {
        device: u64,
        /// 64 hexadecimal digits
        key: Key,
    },
    /// Print a cohort's next membership, as a gateway takes it
    Members { cohort: u32 },
    /// Prove a changed membership and commit it; anyone can
    Commit {
        cohort: u32,
        #[command(flatten)]
        keys: KeyFolder,
    },
}

impl RegistryAction {
    /// Whether only the registry's owner can do it.
    pub(crate) fn is_owners(&self) -> bool {
        !matches!(self, Self::Members { .. } | Self::Commit { .. })
    }
}

/// Which devices a cohort is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CohortKind {
    /// Witnesses
    Witness = 0,
    /// Slots alive
    Uptime = 1,
    /// Cells covered
    Coverage = 2,
    /// Watt-hours delivered
    Energy = 3,
}

/// Where proving keys are.
#[derive(Args)]
pub(crate) struct KeyFolder {
    /// Folder of proving keys [default: the user's cache folder]
    #[arg(long, value_name = "DIR", env = "ERGON_PARAMS")]
    pub(crate) params: Option<PathBuf>,
}
