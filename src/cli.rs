//! The command line's words.

mod evidence;
mod keys;
mod proving;
mod registry;
mod roles;

use crate::devices::Gpu;
use clap::{Args, Parser, Subcommand};
use ergon_circuits::CircuitId;
use ergon_types::Kind;
use std::net::SocketAddr;
use std::path::PathBuf;

pub(crate) use evidence::*;
pub(crate) use keys::*;
pub(crate) use proving::*;
pub(crate) use registry::*;
pub(crate) use roles::*;

/// Proofs of physical work: from signed readings to paid rewards.
#[derive(Parser)]
#[command(version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run everything in one process: readings, packets, seals, proofs, settlement, rewards
    Demo(Demo),
    /// Replay recorded data or simulate devices
    #[command(subcommand)]
    Fleet(Fleet),
    /// Run a gateway that admits packets and seals epochs
    Gateway(Gateway),
    /// Make, import and check proving keys
    #[command(subcommand)]
    Params(Params),
    /// Prove witness bundles on all cores
    Prove(Prove),
    /// Settle submissions on a chain, in the order that they need
    Settle(OnChain),
    /// Freeze pools that are due, and claim what submissions earned
    Claim(OnChain),
    /// Stake on a device, attestor or prover, and earn with it
    Bond(Role<BondAction>),
    /// Make an asset of devices, and share out what it earns
    Asset(Role<AssetAction>),
    /// Sell data of devices, buy it, and pay for what was served
    Data(Role<DataAction>),
    /// Decide on rates and governed numbers
    Vote(Role<VoteAction>),
    /// Enrol a device, give it another key, hand it over, or suspend it for cause
    Device(Role<DeviceAction>),
    /// Keep the registry: attestors, cohorts, issuers, memberships
    Registry(Role<RegistryAction>),
    /// Prove a device's or an attestor's fault and have its bond slashed
    Evidence(Role<EvidenceAction>),
    /// Write the witnesses of bundles as .wtns files, for another prover
    Witness(Witness),
    /// Open the energy state that another prover's batch left, from its bundle
    State(State),
    /// Verify submissions, or proofs that snarkjs wrote
    Verify(Verify),
    /// Compare provers on the same key and witness
    Bench(Bench),
    /// Deploy a network's contracts, and go on with a deployment that was interrupted
    Deploy(Deploy),
    /// Try out what this machine can prove with: processor, devices, memory, keys
    Doctor(Doctor),
    /// Count the constraints of the trial circuits, or export a circuit
    Circuits(Circuits),
}

/// Options of `demo`.
#[derive(Args)]
pub(crate) struct Demo {
    /// Replay a folder with a records.toml instead of simulating
    #[arg(long, value_name = "DIR")]
    pub(crate) records: Option<PathBuf>,
    /// Stop at the first malformed line of a recorded file
    #[arg(long, requires = "records")]
    pub(crate) strict: bool,
    /// Seed of the simulation and of the trial devices' keys
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Simulated devices of each kind
    #[arg(long, default_value_t = 8, conflicts_with = "records")]
    pub(crate) devices: usize,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Folder of proving keys [default: the user's cache folder]
    #[arg(long, value_name = "DIR", env = "ERGON_PARAMS")]
    pub(crate) params: Option<PathBuf>,
    /// Whether a device proves: never, a GPU if there is one, or some device always, a software one too if there is no GPU
    #[arg(long, value_name = "WHEN", default_value = "off")]
    pub(crate) gpu: Gpu,
    /// Keep database, bundles and submissions in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// Use a development node (anvil) instead of the embedded EVM
    #[arg(long, value_name = "URL")]
    pub(crate) rpc: Option<String>,
    /// Accept development keys on a chain that others can reach
    #[arg(long, requires = "rpc")]
    pub(crate) insecure: bool,
}

/// Options of `deploy`.
#[derive(Args)]
pub(crate) struct Deploy {
    /// What to deploy; docs/commands.md shows one
    #[arg(value_name = "CONFIG.toml")]
    pub(crate) config: PathBuf,
    /// File for the address book. Its journal is kept beside it
    #[arg(long, value_name = "FILE")]
    pub(crate) book: Option<PathBuf>,
    /// Node of the chain [default: try it out on an embedded EVM and keep nothing]
    #[arg(long, value_name = "URL", requires = "book")]
    pub(crate) rpc: Option<String>,
    #[command(flatten)]
    pub(crate) signing: Signing,
    /// Accept development keys on a chain that others can reach
    #[arg(long, requires = "rpc")]
    pub(crate) insecure: bool,
    #[command(flatten)]
    pub(crate) folder: ParamsFolder,
}

/// Submissions, and the network that they are of.
#[derive(Args)]
pub(crate) struct OnChain {
    /// Address book that `ergon deploy` wrote
    pub(crate) book: PathBuf,
    /// Submissions written by `ergon prove`, or folders of them
    #[arg(required = true, value_name = "SUBMISSION")]
    pub(crate) submissions: Vec<PathBuf>,
    /// Node of the chain
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8545")]
    pub(crate) rpc: String,
    #[command(flatten)]
    pub(crate) signing: Signing,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Who signs transactions.
#[derive(Args)]
pub(crate) struct Signing {
    /// File with the private key that signs, in hexadecimal, readable by its owner only [default: ERGON_PRIVATE_KEY]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) key_file: Option<PathBuf>,
}

/// Commands of `fleet`.
#[derive(Subcommand)]
pub(crate) enum Fleet {
    /// Turn recorded data into signed packets
    Replay(Replay),
    /// Make a plausible fleet without a file
    Simulate(Simulate),
}

/// Options of `fleet replay`.
#[derive(Args)]
pub(crate) struct Replay {
    /// Folder with a records.toml
    pub(crate) folder: PathBuf,
    /// Stop at the first malformed line
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) out: FleetOut,
}

/// Options of `fleet simulate`.
#[derive(Args)]
pub(crate) struct Simulate {
    /// Kinds to simulate
    #[arg(long, value_delimiter = ',', default_value = "uptime,coverage,energy")]
    pub(crate) kinds: Vec<Kind>,
    /// Devices of each kind
    #[arg(long, default_value_t = 8)]
    pub(crate) devices: usize,
    #[command(flatten)]
    pub(crate) out: FleetOut,
}

/// Where a fleet's packets go.
#[derive(Args)]
pub(crate) struct FleetOut {
    /// Write every signed packet to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Send the packets to a gateway with a replay clock, creating trial cohorts there
    #[arg(long, value_name = "URL", requires_all = ["token", "attestor"])]
    pub(crate) gateway: Option<String>,
    /// Public key of the gateway's attestor, 64 hexadecimal digits: whose acknowledgements count
    #[arg(long, value_name = "KEY")]
    pub(crate) attestor: Option<String>,
    /// The gateway operator's token
    #[arg(long, env = "ERGON_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
    /// Epoch that the packets are for, unless a gateway says it
    #[arg(long, default_value_t = 0)]
    pub(crate) epoch: u64,
    /// Seed of the simulation and of the trial devices' keys
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Print the devices as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Options of `gateway`.
#[derive(Args)]
pub(crate) struct Gateway {
    /// Configuration file; docs/commands.md shows one
    #[arg(long, value_name = "FILE")]
    pub(crate) config: PathBuf,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8480")]
    pub(crate) listen: SocketAddr,
    /// The operator's token, at least 16 characters
    #[arg(long, env = "ERGON_TOKEN", hide_env_values = true)]
    pub(crate) token: String,
    /// Replay: begin at the genesis and let the clock run this many times faster
    #[arg(long, value_name = "FACTOR")]
    pub(crate) speed: Option<u32>,
}

/// Commands of `params`.
#[derive(Subcommand)]
pub(crate) enum Params {
    /// Make development keys (insecure) for circuits that have none
    Generate(Generate),
    /// Import the key of a finished snarkjs ceremony
    Import(Import),
    /// Prove an empty cohort with a key; proof, public inputs and witness are written for snarkjs
    Try(Try),
    /// Check every key against the manifest
    Verify(ParamsFolder),
    /// Refuse verifying keys under which proofs mean nothing
    Lint(Lint),
}

/// Options of `params import`.
#[derive(Args)]
pub(crate) struct Import {
    /// The last .zkey file of the ceremony; run `snarkjs zkey verify` on it first
    pub(crate) zkey: PathBuf,
    /// Circuit that the key is for, such as uptime-8
    #[arg(long)]
    pub(crate) circuit: CircuitId,
    #[command(flatten)]
    pub(crate) folder: ParamsFolder,
}

/// Options of `params try`.
#[derive(Args)]
pub(crate) struct Try {
    /// Circuit whose key is tried
    pub(crate) circuit: CircuitId,
    /// Folder for the files
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) folder: ParamsFolder,
}

/// Options of `params generate`.
#[derive(Args)]
pub(crate) struct Generate {
    /// Circuits, such as uptime-8 [default: all trial circuits]
    pub(crate) circuits: Vec<CircuitId>,
    #[command(flatten)]
    pub(crate) folder: ParamsFolder,
}

/// Options of `params lint`.
#[derive(Args)]
pub(crate) struct Lint {
    /// Circuits, such as uptime-8 [default: all of the folder]
    pub(crate) circuits: Vec<CircuitId>,
    /// Accept keys that no ceremony made
    #[arg(long)]
    pub(crate) insecure: bool,
    #[command(flatten)]
    pub(crate) folder: ParamsFolder,
}

/// Where keys are.
#[derive(Args)]
pub(crate) struct ParamsFolder {
    /// Folder of proving keys [default: the user's cache folder]
    #[arg(long, value_name = "DIR", env = "ERGON_PARAMS")]
    pub(crate) params: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Options of `verify`.
#[derive(Args)]
pub(crate) struct Verify {
    /// Submissions written by `ergon prove`
    #[arg(required_unless_present = "snarkjs", value_name = "SUBMISSION")]
    pub(crate) submissions: Vec<PathBuf>,
    /// Check a proof that snarkjs wrote, with its public inputs and verifying key
    #[arg(long, num_args = 3, value_names = ["KEY", "PUBLIC", "PROOF"], conflicts_with = "submissions")]
    pub(crate) snarkjs: Vec<PathBuf>,
    /// Let the Solidity verifier decide as well, in an embedded EVM
    #[arg(long)]
    pub(crate) evm: bool,
    #[command(flatten)]
    pub(crate) folder: ParamsFolder,
}

/// Options of `circuits`.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Circuits {
    #[command(subcommand)]
    pub(crate) command: Option<CircuitsCommand>,
    /// Print as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Commands of `circuits`.
#[derive(Subcommand)]
pub(crate) enum CircuitsCommand {
    /// Write a circuit as a .r1cs file, for snarkjs
    Export(Export),
}

/// Options of `circuits export`.
#[derive(Args)]
pub(crate) struct Export {
    /// The circuit, such as uptime-8
    pub(crate) circuit: CircuitId,
    /// Folder for the file
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    /// Print what was written as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
