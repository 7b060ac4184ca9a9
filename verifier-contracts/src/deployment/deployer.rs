//! Sends the steps of a deployment one by one, each at most once: what an earlier run did is found again, not repeated.

use alloy::{
    primitives::{Address, Bytes, TxKind, hex, keccak256},
    sol_types::{SolCall, SolConstructor},
};

use super::{effect::Effect, journal::Journal};
use crate::{Chain, ChainError, Receipt, Transaction, chain::name};

/// Sends what a deployment consists of, and keeps what each step cost.
#[derive(Debug)]
pub(crate) struct Deployer<'a> {
    chain: &'a dyn Chain,
    owner: Address,
    journal: Journal,
    /// Each transaction's action and gas, in order; of this run only.
    pub(crate) gas: Vec<(String, u64)>,
}

impl<'a> Deployer<'a> {
    /// Begins from nothing.
    pub(crate) fn new(chain: &'a dyn Chain, owner: Address) -> Self {
        Self::resuming(chain, owner, Journal::in_memory())
    }

    /// Goes on from a journal.
    pub(crate) fn resuming(chain: &'a dyn Chain, owner: Address, journal: Journal) -> Self {
        Self { chain, owner, journal, gas: Vec::new() }
    }

    /// Creates a contract, unless it is there.
    pub(crate) async fn create(
        &mut self,
        what: &str,
        code: &Bytes,
        arguments: &impl SolConstructor,
    ) -> Result<Address, ChainError> {
        let step = format!("deploy {what}");
        let earlier = self.journal.step(&step);
        if let (true, Some(contract)) = (earlier.done, earlier.contract)
            && self.has_code(contract).await?
        {
            return Ok(contract);
        }
        // Before looking: what an earlier run sent last is then in a block, or gone.
        let nonce = self.chain.next_nonce(self.owner).await?;
        if let Some(contract) = earlier.contract
            && self.has_code(contract).await?
        {
            self.journal.done(&step, None)?;
            return Ok(contract);
        }
        let contract = self.owner.create(nonce);
        self.journal.sending(&step, nonce, Some(contract))?;
        let transaction = creation(self.owner, code, arguments, Some(nonce));
        let receipt = self.chain.send(transaction).await?;
        if receipt.created != Some(contract) {
            let found = receipt.created.map_or("no contract".to_owned(), |a| a.to_string());
            return Err(ChainError::UnexpectedAnswer {
                action: CREATING,
                contract,
                reason: format!("{what}: the receipt names {found}"),
            });
        }
        self.finish(&step, &step, &receipt)?;
        Ok(contract)
    }

    async fn has_code(&self, contract: Address) -> Result<bool, ChainError> {
        Ok(!self.chain.code(contract).await?.is_empty())
    }

    /// Makes a call, unless it is in effect.
    pub(crate) async fn call<C: SolCall + Effect>(
        &mut self,
        what: &str,
        to: Address,
        call: &C,
    ) -> Result<(), ChainError> {
        let data: Bytes = call.abi_encode().into();
        // Some calls have a name in common; what they say tells them apart.
        let digest = keccak256([to.as_slice(), data.as_ref()].concat());
        let step = format!("{what} {}", hex::encode(&digest[..4]));
        if self.journal.step(&step).done {
            return Ok(());
        }
        let nonce = self.chain.next_nonce(self.owner).await?;
        if call.is_in_effect(self.chain, to).await? {
            self.journal.done(&step, None)?;
            return Ok(());
        }
        self.journal.sending(&step, nonce, None)?;
        let transaction = Transaction {
            action: name::<C>(),
            from: self.owner,
            to: TxKind::Call(to),
            data,
            nonce: Some(nonce),
        };
        let receipt = self.chain.send(transaction).await?;
        self.finish(what, &step, &receipt)
    }

    fn finish(&mut self, what: &str, step: &str, receipt: &Receipt) -> Result<(), ChainError> {
        self.journal.done(step, Some((receipt.transaction, receipt.gas_used)))?;
        self.gas.push((what.to_owned(), receipt.gas_used));
        Ok(())
    }
}

const CREATING: &str = "deploying a contract";

fn creation(
    from: Address,
    code: &Bytes,
    arguments: &impl SolConstructor,
    nonce: Option<u64>,
) -> Transaction {
    let data = [code.as_ref(), &arguments.abi_encode()].concat().into();
    Transaction { action: CREATING, from, to: TxKind::Create, data, nonce }
}

/// Creates a contract by itself; returns its address.
pub(crate) async fn create(
    chain: &dyn Chain,
    from: Address,
    code: &Bytes,
    arguments: &impl SolConstructor,
) -> Result<Address, ChainError> {
    let receipt = chain.send(creation(from, code, arguments, None)).await?;
    receipt.created.ok_or(ChainError::Halted {
        action: CREATING,
        reason: "the receipt names no contract".to_owned(),
        gas_used: receipt.gas_used,
    })
}
