//! Words of what makes proofs and measures it: `prove`, `witness`, `state`, `bench`, `doctor`.

use super::ParamsFolder;
use crate::devices::Gpu;
use clap::{Args, ValueEnum};
use ergon_benches::External;
use ergon_circuits::CircuitId;
use ergon_types::Address;
use ergon_types::field::{Fr, parse_decimal};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Options of `prove`.
#[derive(Args)]
pub(crate) struct Prove {
    /// Bundles written by a gateway, or folders of them
    #[arg(required_unless_present = "resume", value_name = "BUNDLE")]
    pub(crate) bundles: Vec<PathBuf>,
    /// Address that the fee is paid to; bound into the proof
    #[arg(long, required_unless_present = "resume")]
    pub(crate) prover: Option<Address>,
    /// Folder for submissions, proofs and states
    #[arg(long, default_value = "submissions")]
    pub(crate) out: PathBuf,
    /// Go on with the run that left off in the output folder: its bundles, its prover
    #[arg(long, conflicts_with_all = ["bundles", "prover"])]
    pub(crate) resume: bool,
    /// Prove new bundles of the folders as they come, until stopped
    #[arg(long, conflicts_with = "estimate")]
    pub(crate) watch: bool,
    /// Say what would be proven and how much memory it takes, and prove nothing
    #[arg(long)]
    pub(crate) estimate: bool,
    /// Most memory to use, in MiB [default: what is free]
    #[arg(long, value_name = "MIB", value_parser = mib())]
    pub(crate) memory: Option<u64>,
    /// Memory for multiples of each key's points on the processor, in MiB: they take seconds to make and save additions in every
    /// proof
    #[arg(long, default_value_t = 0, value_name = "MIB", value_parser = mib())]
    pub(crate) table_memory: u64,
    /// Whether devices prove
    #[arg(long, value_enum, default_value_t = Gpu::Auto)]
    pub(crate) gpu: Gpu,
    /// Serve counters for Prometheus at this address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<SocketAddr>,
    #[command(flatten)]
    pub(crate) folder: ParamsFolder,
}

/// Options of `witness`.
#[derive(Args)]
pub(crate) struct Witness {
    /// Bundles written by a gateway
    #[arg(required = true, value_name = "BUNDLE")]
    pub(crate) bundles: Vec<PathBuf>,
    /// Address that the fee is paid to; bound into the proof
    #[arg(long)]
    pub(crate) prover: Address,
    /// Folder for the witnesses. They hold the readings: only the owner may read them
    #[arg(long, value_name = "DIR", default_value = "witnesses")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) folder: ParamsFolder,
}

/// Options of `state`.
#[derive(Args)]
pub(crate) struct State {
    /// Bundle of the settled epoch, written by a gateway
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// Whom the batch includes: bit i for member i, as the chain's StateAdvanced event has it
    #[arg(long)]
    pub(crate) included: u128,
    /// The state after, as the same event has it, in decimal
    #[arg(long, value_name = "ENTRY", value_parser = entry)]
    pub(crate) state_after: Fr,
    /// Folder for the state. It holds readings: only the owner may read it
    #[arg(long, value_name = "DIR", default_value = "submissions")]
    pub(crate) out: PathBuf,
}

/// Options of `bench`.
#[derive(Args)]
pub(crate) struct Bench {
    /// Circuits, such as uptime-8; their keys are made if they are missing
    #[arg(value_name = "CIRCUIT", default_value = "uptime-8")]
    pub(crate) circuits: Vec<CircuitId>,
    /// Turns of each prover, after one to warm up
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,
    /// Threads of the provers in this process [default: all cores]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) threads: Option<u32>,
    /// Take the key of the only circuit from a snarkjs .zkey file, for provers that read one
    #[arg(long, value_name = "FILE")]
    pub(crate) zkey: Option<PathBuf>,
    /// A prover outside of this program: NAME=COMMAND with {zkey}, {wtns}, {proof} and {public} for its files
    #[arg(long, value_name = "NAME=COMMAND")]
    pub(crate) against: Vec<External>,
    /// Proofs of each turn; more than one are made from the circuit's inputs, witnesses included
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) batch: u32,
    /// Let only provers take part whose names contain this; the first of them is what the others are compared with
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Vec<String>,
    /// Let the processor take part with tables too: multiples of the key's points, in up to so much memory
    #[arg(long, default_value_t = 0, value_name = "MIB", value_parser = mib())]
    pub(crate) table_memory: u64,
    /// Whether devices take part: never, the GPUs that there are, or some device always, a software one too if there is no GPU
    #[arg(long, value_name = "WHEN", default_value = "off")]
    pub(crate) gpu: Gpu,
    /// Whether snarkjs takes part, which needs --zkey: if it is installed, never, or always
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) snarkjs: Join,
    /// Write a page with plots into this folder, with the result as JSON and CSV
    #[arg(long, value_name = "DIR")]
    pub(crate) report: Option<PathBuf>,
    /// Write the result as a CSV file too
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
    /// Say how much faster or slower than in an earlier result (JSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) compare: Option<PathBuf>,
    /// Prove with one prover only and print the most bytes of memory that this took: how `bench` starts itself
    #[arg(long, hide = true, value_name = "CIRCUIT=PROVER", value_parser = circuit_and_prover)]
    pub(crate) alone: Option<(CircuitId, String)>,
    #[command(flatten)]
    pub(crate) folder: ParamsFolder,
}

/// Options of `doctor`.
#[derive(Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) folder: ParamsFolder,
}

/// When another prover takes part.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Join {
    /// If it can.
    Auto,
    /// Never.
    Off,
    /// Always: it is an error if it cannot.
    Require,
}

/// Mebibytes of which the bytes can be counted.
fn mib() -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(..1 << 40)
}

fn circuit_and_prover(text: &str) -> Result<(CircuitId, String), String> {
    let (circuit, prover) = text.split_once('=').ok_or("expected CIRCUIT=PROVER")?;
    let circuit = circuit.parse().map_err(|error| format!("{circuit}: {error}"))?;
    Ok((circuit, prover.to_owned()))
}

fn entry(text: &str) -> Result<Fr, &'static str> {
    parse_decimal(text).ok_or("expected a decimal number below the order of BN254's scalar field")
}
