//! One way to talk to a chain: sign and send, read, know the time. Everything else in this crate is written
//! against this trait, so that the embedded EVM, a development node and a public network run the same code.

use std::fmt::Debug;

use alloy::{
    primitives::{Address, B256, Bytes, Log, TxKind},
    sol_types::{SolCall, SolEvent},
};
use async_trait::async_trait;

use crate::ChainError;

/// A transaction to send. The chain owns gas and fees, and the nonce unless one is given.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// What it does, in a word or two; used in errors.
    pub action: &'static str,
    /// Who signs it; one of [`Chain::accounts`].
    pub from: Address,
    /// The contract called, or a creation.
    pub to: TxKind,
    /// Call data or creation code.
    pub data: Bytes,
    /// The only nonce that it may have, if that matters: then it can be executed at most once, however often it is sent.
    pub nonce: Option<u64>,
}

/// What a successful transaction left behind.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Hash of the transaction.
    pub transaction: B256,
    /// Block it was executed in.
    pub block: u64,
    /// Gas it used.
    pub gas_used: u64,
    /// Address of the contract it created, if it created one.
    pub created: Option<Address>,
    /// Events, in order.
    pub logs: Vec<Log>,
}

impl Receipt {
    /// The first event of this type emitted by `contract`.
    pub fn event<E: SolEvent>(&self, contract: Address) -> Result<E, ChainError> {
        self.events(contract).next().ok_or(ChainError::MissingEvent {
            event: E::SIGNATURE,
            contract,
            transaction: self.transaction,
        })
    }

    /// All events of this type emitted by `contract`, in order.
    pub fn events<E: SolEvent>(&self, contract: Address) -> impl Iterator<Item = E> {
        self.logs
            .iter()
            .filter(move |log| log.address == contract)
            .filter_map(|log| E::decode_log(log).ok())
            .map(|log| log.data)
    }
}

/// A successful operation: its result, and what it cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome<T> {
    /// What the operation returned.
    pub value: T,
    /// Gas used by its transaction.
    pub gas_used: u64,
    /// Hash of its transaction.
    pub transaction: B256,
}

impl<T> Outcome<T> {
    pub(crate) fn new(value: T, receipt: &Receipt) -> Self {
        Self { value, gas_used: receipt.gas_used, transaction: receipt.transaction }
    }

    /// The same, after transactions that prepared it: their gas is added.
    pub(crate) fn after(self, earlier: &[Receipt]) -> Self {
        let gas_used = earlier.iter().map(|receipt| receipt.gas_used).sum::<u64>() + self.gas_used;
        Self { gas_used, ..self }
    }
}

/// A chain with accounts that can sign.
#[async_trait]
pub trait Chain: Debug + Send + Sync {
    /// The chain's identifier.
    fn chain_id(&self) -> u64;

    /// Whether the chain lives in this process only and holds nothing of value.
    /// Development keys are accepted there without being asked for.
    fn is_embedded(&self) -> bool;

    /// Addresses that can send transactions.
    fn accounts(&self) -> &[Address];

    /// Signs, sends and waits until the transaction is executed.
    async fn send(&self, transaction: Transaction) -> Result<Receipt, ChainError>;

    /// Executes a call on the newest state without changing it.
    async fn call(
        &self,
        action: &'static str,
        to: Address,
        data: Bytes,
    ) -> Result<Bytes, ChainError>;

    /// The next nonce of an account, once everything that it sent before is executed: waits for what is pending.
    async fn next_nonce(&self, account: Address) -> Result<u64, ChainError>;

    /// Code of the contract at an address; empty where there is none.
    async fn code(&self, address: Address) -> Result<Bytes, ChainError>;

    /// Time of the newest block in seconds since 1970.
    async fn now(&self) -> Result<u64, ChainError>;

    /// Moves the clock forward to `time`; does nothing when it is already there.
    /// Only the embedded chain and development nodes can.
    async fn advance_to(&self, time: u64) -> Result<(), ChainError>;
}

/// The function's name, as errors call it.
pub(crate) fn name<C: SolCall>() -> &'static str {
    C::SIGNATURE.split_once('(').map_or(C::SIGNATURE, |(name, _)| name)
}

/// Calls a view and decodes what it returns.
pub(crate) async fn read<C: SolCall>(
    chain: &dyn Chain,
    to: Address,
    call: &C,
) -> Result<C::Return, ChainError> {
    let action = name::<C>();
    let answer = chain.call(action, to, call.abi_encode().into()).await?;
    // Every view returns something; an address without code answers a call with nothing.
    if answer.is_empty() {
        return Err(ChainError::NoContract { address: to, action });
    }
    C::abi_decode_returns(&answer).map_err(|error| ChainError::UnexpectedAnswer {
        action,
        contract: to,
        reason: error.to_string(),
    })
}

/// Sends a call as a transaction.
pub(crate) async fn write<C: SolCall>(
    chain: &dyn Chain,
    from: Address,
    to: Address,
    call: &C,
) -> Result<Receipt, ChainError> {
    chain
        .send(Transaction {
            action: name::<C>(),
            from,
            to: TxKind::Call(to),
            data: call.abi_encode().into(),
            nonce: None,
        })
        .await
}
