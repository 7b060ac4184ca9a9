//! Words of `ergon evidence`.

use super::KeyFolder;
use clap::{Args, Subcommand};
use ergon_chain::Address;
use std::path::PathBuf;

/// Who is rewarded for evidence, and where keys are.
#[derive(Args)]
pub(crate) struct Showing {
    /// Who gets the informant's part [default: the sender]
    #[arg(long, value_name = "ADDRESS", global = true)]
    pub(crate) reporter: Option<Address>,
    #[command(flatten)]
    pub(crate) keys: KeyFolder,
}

/// Which fault to prove, and have a bond slashed for.
#[derive(Subcommand)]
pub(crate) enum EvidenceAction {
    /// Of a device: two records that contradict each other
    Contradiction {
        /// A gateway's answer about the record, with its `evidence`
        #[arg(value_name = "RECORD.json")]
        record: PathBuf,
        #[command(flatten)]
        showing: Showing,
    },
    /// Of a device: two records that contradict each other; strikes its reward of the epoch instead of slashing
    Strike {
        /// A gateway's answer about the record, with its `evidence`
        #[arg(value_name = "RECORD.json")]
        record: PathBuf,
        #[command(flatten)]
        keys: KeyFolder,
    },
    /// Of an attestor: two seals of one cohort and epoch
    SecondSeal {
        /// A sealed bundle
        #[arg(value_name = "BUNDLE.json")]
        first: PathBuf,
        /// Another one
        #[arg(value_name = "BUNDLE.json")]
        second: PathBuf,
        #[command(flatten)]
        showing: Showing,
    },
    /// Of an attestor: a seal that leaves out what it acknowledged
    Omission {
        /// The sealed bundle
        #[arg(value_name = "BUNDLE.json")]
        bundle: PathBuf,
        /// A gateway's answer about the record, with its `packet`; or what a device kept, `{"ack": …, "packet": …}`
        #[arg(value_name = "RECORD.json")]
        record: PathBuf,
        #[command(flatten)]
        showing: Showing,
    },
    /// Answer for what is said to be left out of a seal: a later record is sealed
    Answer {
        /// The sealed bundle
        #[arg(value_name = "BUNDLE.json")]
        bundle: PathBuf,
        device: u64,
        #[command(flatten)]
        keys: KeyFolder,
    },
    /// Give the deposit of what is answered, or whose device contradicted itself, to the attestor's operator
    Collect {
        /// The sealed bundle
        #[arg(value_name = "BUNDLE.json")]
        bundle: PathBuf,
        device: u64,
        /// Counter of the acknowledged record
        counter: u64,
    },
    /// Slash for an omission whose answer is overdue
    Punish {
        /// The sealed bundle
        #[arg(value_name = "BUNDLE.json")]
        bundle: PathBuf,
        device: u64,
        /// Counter of the acknowledged record
        counter: u64,
    },
}
