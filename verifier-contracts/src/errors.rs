//! Everything that can go wrong between this program and a chain, each with what was expected and what to do.

use alloy::primitives::{Address, B256};
use thiserror::Error;

use crate::{deployment::JournalError, revert::ContractError};

/// An error of a chain, of a contract on it, or of what was about to be sent to one.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ChainError {
    /// Nothing that speaks JSON-RPC answered.
    #[error(
        "no answer from the chain endpoint {url}: {reason}. Expected an Ethereum JSON-RPC endpoint there: start it (for a trial: anvil) or give another address"
    )]
    EndpointDown {
        /// The endpoint, without credentials.
        url: String,
        /// What the connection said.
        reason: String,
    },
    /// The text given as an endpoint is not an address.
    #[error("{url:?} is not an endpoint: {reason}. Expected something like http://127.0.0.1:8545")]
    BadUrl {
        /// The text.
        url: String,
        /// Why it is not an address.
        reason: String,
    },
    /// The endpoint answered with an error that is not a contract's.
    #[error("the chain endpoint {url} refused {action}: {reason}")]
    EndpointRefused {
        /// The endpoint, without credentials.
        url: String,
        /// What was asked for.
        action: &'static str,
        /// The endpoint's message.
        reason: String,
    },
    /// The endpoint serves another chain.
    #[error(
        "the endpoint {url} serves chain {found}, expected chain {expected}: give the endpoint of chain {expected}, or the address book of chain {found}"
    )]
    ChainIdMismatch {
        /// The endpoint, without credentials.
        url: String,
        /// The chain asked for.
        expected: u64,
        /// The chain found.
        found: u64,
    },
    /// An address book is used on another chain than it was written for.
    #[error(
        "the address book is of chain {expected}, but this is chain {found}: use the endpoint of chain {expected} or deploy here"
    )]
    WrongBook {
        /// The chain of the address book.
        expected: u64,
        /// The chain it was used on.
        found: u64,
    },
    /// A contract of the address book has no code on this chain.
    #[error(
        "there is no contract at {address} to answer {action}: deploy again, or use the chain that the address book was written for"
    )]
    NoContract {
        /// What was asked for.
        action: &'static str,
        /// Where the contract should be.
        address: Address,
    },
    /// A contract of the address book belongs to other contracts than its neighbours there.
    #[error(
        "{contract} answers {found} for {what}, expected {expected}: it is no part of this network. Use the address book that its deployment wrote, or deploy again"
    )]
    WrongWiring {
        /// The contract that was asked.
        contract: Address,
        /// What it was asked for.
        what: &'static str,
        /// What the address book says.
        expected: String,
        /// What the contract says.
        found: String,
    },
    /// A contract refused.
    #[error("{action} was refused by the contract: {error}")]
    Reverted {
        /// What was asked for.
        action: &'static str,
        /// The contract's error.
        error: ContractError,
    },
    /// The transaction ended without the contract's saying why, for example out of gas.
    #[error("{action} failed without a reason of the contract after {gas_used} gas: {reason}")]
    Halted {
        /// What was asked for.
        action: &'static str,
        /// What the machine said.
        reason: String,
        /// Gas used.
        gas_used: u64,
    },
    /// The transaction was sent, but no block has it yet.
    #[error(
        "{action}: transaction {transaction} is in no block after {seconds} s. It may still be executed: look it up before sending it again"
    )]
    Timeout {
        /// What was asked for.
        action: &'static str,
        /// The transaction.
        transaction: B256,
        /// How long it was waited for.
        seconds: u64,
    },
    /// Somebody else sends from the same account.
    #[error(
        "{action}: expected {account} to send with nonce {expected} next, found {found}: another program sends from this account. Let it end, then run again"
    )]
    NonceTaken {
        /// The account.
        account: Address,
        /// What it should send.
        action: &'static str,
        /// The nonce that was to be used.
        expected: u64,
        /// The account's next nonce.
        found: u64,
    },
    /// Earlier transactions of an account are in no block yet.
    #[error(
        "transactions of {account} are still pending after {seconds} s: wait until they are executed, or replace them by ones that pay more, then run again"
    )]
    StillPending {
        /// The account.
        account: Address,
        /// How long they were waited for.
        seconds: u64,
    },
    /// What a deployment did so far could not be kept or used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// No key for the account that should sign.
    #[error("no key for {address}, which should sign {action}: give its private key")]
    UnknownSigner {
        /// The account.
        address: Address,
        /// What it should sign.
        action: &'static str,
    },
    /// The text given as a private key is none. It is not repeated.
    #[error("the private key given is not one: expected 32 bytes in hex, not 0")]
    BadPrivateKey,
    /// The clock of this chain is not ours.
    #[error(
        "the time of chain {chain_id} cannot be set: wait until {time} (seconds since 1970), or use the embedded chain or anvil"
    )]
    ClockNotSettable {
        /// The chain.
        chain_id: u64,
        /// The time asked for.
        time: u64,
    },
    /// A development key is about to be trusted with rewards.
    #[error(
        "the verifying key of {label} is marked insecure (made on one machine, whoever made it can forge proofs): use keys of a ceremony, or pass --insecure on a network without value"
    )]
    InsecureKey {
        /// The route's label.
        label: String,
    },
    /// Something given to this crate is out of its bounds.
    #[error("{what} is {found}, expected {expected}")]
    Invalid {
        /// What was given.
        what: &'static str,
        /// What it was.
        found: String,
        /// What it should have been.
        expected: String,
    },
    /// A contract answered with something else than its interface says.
    #[error(
        "{contract} answered {action} with something else than expected ({reason}): is the address book of this version?"
    )]
    UnexpectedAnswer {
        /// What was asked for.
        action: &'static str,
        /// Who was asked.
        contract: Address,
        /// What is wrong with the answer.
        reason: String,
    },
    /// A transaction succeeded without the event that reports its result.
    #[error(
        "transaction {transaction} emitted no {event} from {contract}: is the address book of this version?"
    )]
    MissingEvent {
        /// The event's signature.
        event: &'static str,
        /// The contract that should have emitted it.
        contract: Address,
        /// The transaction.
        transaction: B256,
    },
}

impl ChainError {
    /// The name of the contract's error, if a contract refused.
    pub fn revert_name(&self) -> Option<&str> {
        match self {
            Self::Reverted { error, .. } => Some(&error.name),
            _ => None,
        }
    }
}
