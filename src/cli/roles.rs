//! Words of the commands that do one thing for somebody on a network's contracts.

use super::Signing;
use super::keys::{HardwareKey, HardwareSignature, Key};
use crate::amount::Tokens;
use clap::{Args, Subcommand};
use ergon_chain::{Address, B256, Bytes, U256};
use ergon_types::Kind;
use std::path::PathBuf;
use std::str::FromStr;

/// On which network, and who acts.
#[derive(Args)]
pub(crate) struct Acting {
    /// Address book that `ergon deploy` wrote
    pub(crate) book: PathBuf,
    /// Node of the chain
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8545", global = true)]
    pub(crate) rpc: String,
    #[command(flatten)]
    pub(crate) signing: Signing,
    /// Print the result as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// One action of a role.
#[derive(Args)]
pub(crate) struct Role<Action: Subcommand> {
    #[command(flatten)]
    pub(crate) acting: Acting,
    #[command(subcommand)]
    pub(crate) action: Action,
}

/// Whose bond: device:NUMBER, attestor:NUMBER or prover:ADDRESS.
#[derive(Clone, Copy)]
pub(crate) struct BondName(pub(crate) ergon_chain::Bond);

impl FromStr for BondName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bond = match text.split_once(':') {
            Some(("device", number)) => number.parse().ok().map(ergon_chain::Bond::device),
            Some(("attestor", number)) => number.parse().ok().map(ergon_chain::Bond::attestor),
            Some(("prover", address)) => address.parse().ok().map(ergon_chain::Bond::prover),
            _ => None,
        };
        let wrong = || "expected device:NUMBER, attestor:NUMBER or prover:ADDRESS".to_owned();
        bond.map(Self).ok_or_else(wrong)
    }
}

/// What to do with a bond.
#[derive(Subcommand)]
pub(crate) enum BondAction {
    /// Show its stake, and whether it is suspended
    Show { bond: BondName },
    /// Stake tokens on it
    Stake { bond: BondName, amount: Tokens },
    /// Let shares of the stake leave; they can be withdrawn after the unbonding period
    Unstake { bond: BondName, shares: Tokens },
    /// Withdraw what has left
    Withdraw { bond: BondName },
    /// Pay rewards to all who stake on it
    Pay { bond: BondName, amount: Tokens },
    /// Claim a holder's rewards for it
    Claim {
        bond: BondName,
        /// Whose [default: the sender's]
        #[arg(long)]
        holder: Option<Address>,
    },
    /// End a suspension in the bond's favour: the decider at any time, anyone from the deadline on
    Lift { bond: BondName },
    /// End a suspension against the bond; the decider only
    Uphold { bond: BondName },
    /// Sign an accusation, which anyone can bring with a deposit; sends nothing
    Accuse {
        bond: BondName,
        /// Hash of what was published as the reason
        reason: B256,
        /// Until when it must be decided, in seconds since 1970; at most 30 days ahead
        deadline: u64,
    },
    /// Suspend it on an accusation, with the sender's deposit
    Suspend {
        bond: BondName,
        /// As it was signed
        reason: B256,
        /// As it was signed
        deadline: u64,
        /// Who signed the accusation
        accuser: Address,
        /// The accuser's signature
        signature: Bytes,
    },
}

/// What to do with an asset.
#[derive(Subcommand)]
pub(crate) enum AssetAction {
    /// Create one of devices that the sender operates; then offer them to its address
    Create {
        /// Name of the shares
        name: String,
        /// Symbol of the shares
        symbol: String,
        /// Number of shares, as of a token
        supply: Tokens,
        /// Numbers of the devices
        #[arg(required = true, value_name = "DEVICE")]
        devices: Vec<u64>,
        /// Other tokens that revenue arrives in
        #[arg(long, value_name = "ADDRESS")]
        currency: Vec<Address>,
    },
    /// Have it accept the device at a position of its list, from 0
    Accept { asset: Address, position: u64 },
    /// Issue its shares to the sponsor, once it has all devices
    Issue { asset: Address },
    /// Give shares to another holder
    Transfer { asset: Address, to: Address, shares: Tokens },
    /// Claim what a holder's shares earned
    Claim {
        asset: Address,
        /// Whose [default: the sender's]
        #[arg(long)]
        holder: Option<Address>,
        /// In which token [default: the network's]
        #[arg(long, value_name = "ADDRESS")]
        currency: Option<Address>,
    },
    /// Replace the key of one of its devices on the word of the secure element; anyone can
    Rotate {
        asset: Address,
        device: u64,
        /// The new key: 64 hexadecimal digits
        key: Key,
        /// The secure element's key: x and y, 128 hexadecimal digits
        hardware: HardwareKey,
        /// Its signature: r and s, 128 hexadecimal digits
        signature: HardwareSignature,
    },
    /// Give all shares back and take the devices
    Redeem { asset: Address },
}

impl AssetAction {
    /// The asset that it is about, if it is there already.
    pub(crate) fn asset(&self) -> Option<Address> {
        match self {
            Self::Create { .. } => None,
            Self::Accept { asset, .. }
            | Self::Issue { asset }
            | Self::Transfer { asset, .. }
            | Self::Claim { asset, .. }
            | Self::Rotate { asset, .. }
            | Self::Redeem { asset } => Some(*asset),
        }
    }
}

/// What to do on the market.
#[derive(Subcommand)]
pub(crate) enum DataAction {
    /// Offer data at a price in the network's token
    Offer(Offer),
    /// Close an offer; what was bought stays
    Withdraw { offer: u64 },
    /// Buy days, megabytes or queries
    Buy { offer: u64, units: u128 },
    /// Show a purchase
    Show { purchase: U256 },
    /// Whether an account may read what was bought
    Access { purchase: U256, account: Address },
    /// Pay out the days that passed
    Release { purchase: U256 },
    /// Sign that so much was served of a purchase, in all; the buyer does, and sends nothing
    Receipt { purchase: U256, served: u128 },
    /// Have the gateway paid for what the buyer's receipt says was served
    Served {
        purchase: U256,
        served: u128,
        /// The buyer's signature
        signature: Bytes,
    },
    /// Cancel a purchase of days; the buyer gets the rest back
    Cancel { purchase: U256 },
    /// Refund what was not served in time
    Close { purchase: U256 },
    /// Fetch what the market holds for somebody
    Fetch {
        payee: Address,
        /// In which token [default: the network's]
        #[arg(long, value_name = "ADDRESS")]
        currency: Option<Address>,
    },
}

/// What a unit of data is.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Unit {
    /// A day of access
    Day = 1,
    /// A megabyte
    Megabyte = 2,
    /// A query
    Query = 3,
}

/// Terms of an offer; they never change.
#[derive(Args)]
pub(crate) struct Offer {
    /// Hash that names the data
    pub(crate) data: B256,
    /// What is sold
    pub(crate) unit: Unit,
    /// Price of one
    pub(crate) price: Tokens,
    /// Who gets what nobody else gets, such as an asset
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) holders: Address,
    /// Who serves the data
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) gateway: Address,
    /// Who hosts the devices
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) host: Address,
    /// The gateway's part, in hundredths of a percent
    #[arg(long, value_name = "BPS", default_value_t = 0)]
    pub(crate) gateway_bps: u16,
    /// The host's part, in hundredths of a percent
    #[arg(long, value_name = "BPS", default_value_t = 0)]
    pub(crate) host_bps: u16,
    /// Seconds that megabytes and queries can be used
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) validity: u32,
}

/// What to do about a proposal.
#[derive(Subcommand)]
pub(crate) enum VoteAction {
    /// Deposit tokens, which then have votes
    Deposit { amount: Tokens },
    /// Propose something
    #[command(subcommand)]
    Propose(Change),
    /// Vote on a proposal
    Cast { proposal: U256, vote: Word },
    /// Queue what was accepted in the timelock
    #[command(subcommand)]
    Queue(Change),
    /// Execute what waited in the timelock
    #[command(subcommand)]
    Execute(Change),
}

/// A vote.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Word {
    /// In favour
    Yes,
    /// Against
    No,
}

/// What is proposed. A proposal is known by its content, so queueing and executing repeat it.
#[derive(Clone, Subcommand)]
pub(crate) enum Change {
    /// What a kind's pools hold, and the part of revenue that is added, in hundredths of a percent
    Rate { kind: Kind, amount: Tokens, follow_bps: u16 },
    /// A governed number, in its own unit
    Number { name: String, value: u128 },
    /// Take back that a bond's suspension was upheld
    Pardon { bond: BondName },
}

/// What to do with a device.
#[derive(Subcommand)]
pub(crate) enum DeviceAction {
    /// Show who operates it and where it is
    Show { device: u64 },
    /// Offer it to another operator
    Offer { device: u64, to: Address },
    /// Accept a device that was offered to the sender
    Accept { device: u64 },
    /// Promise its host a part of the rewards, from the next epoch on; zero address and 0 end it
    Host {
        device: u64,
        host: Address,
        /// The part, in hundredths of a percent
        bps: u16,
        /// Epochs for which it cannot be taken back
        epochs: u64,
    },
    /// Leave it out of its cohort from the next epoch on, while it is accused
    Suspend { device: u64 },
    /// Take it back from the next epoch on
    Resume { device: u64 },
    /// Show what its secure element must sign for an operator's next enrolment, or for another key
    Digest {
        /// The key that signs its records: 64 hexadecimal digits
        key: Key,
        /// For another key of an enrolled device
        #[arg(long)]
        rotation: bool,
        /// Who operates it, such as an asset [default: the sender]
        #[arg(long, value_name = "ADDRESS")]
        operator: Option<Address>,
    },
    /// Enrol the sender's device in an open cohort, with its certificate and the signatures of a file
    Enrol {
        cohort: u32,
        /// What issuer and secure element signed; docs/commands.md shows one
        #[arg(value_name = "FILE.json")]
        file: PathBuf,
    },
    /// Ask for another key of the sender's device, which has no secure element; the owner grants it
    RequestKey {
        device: u64,
        /// 64 hexadecimal digits
        key: Key,
    },
    /// Replace the key of the sender's device on the word of its secure element
    Rotate {
        device: u64,
        /// The new key: 64 hexadecimal digits
        key: Key,
        /// The secure element's key: x and y, 128 hexadecimal digits
        hardware: HardwareKey,
        /// Its signature: r and s, 128 hexadecimal digits
        signature: HardwareSignature,
    },
}
