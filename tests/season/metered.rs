//! A chain that keeps account of what each action cost.

use async_trait::async_trait;
use ergon_chain::{Address, Bytes, Chain, ChainError, Embedded, Receipt, Transaction};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;

/// Calls of an action, and the gas of the cheapest and of the dearest, its calldata excepted: that of proofs varies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) calls: u64,
    least: u64,
    most: u64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { least, most, .. } = self;
        if least == most { write!(f, "{most}") } else { write!(f, "{least} to {most}") }
    }
}

#[derive(Debug)]
pub(crate) struct Metered {
    chain: Embedded,
    costs: Mutex<BTreeMap<&'static str, Cost>>,
}

impl Metered {
    pub(crate) fn new(chain: Embedded) -> Self {
        Self { chain, costs: Mutex::default() }
    }

    pub(crate) fn costs(&self) -> BTreeMap<&'static str, Cost> {
        self.costs.lock().unwrap().clone()
    }
}

#[async_trait]
impl Chain for Metered {
    fn chain_id(&self) -> u64 {
        self.chain.chain_id()
    }

    fn is_embedded(&self) -> bool {
        self.chain.is_embedded()
    }

    fn accounts(&self) -> &[Address] {
        self.chain.accounts()
    }

    async fn send(&self, transaction: Transaction) -> Result<Receipt, ChainError> {
        let action = transaction.action;
        let calldata: u64 =
            transaction.data.iter().map(|byte| if *byte == 0 { 4 } else { 16 }).sum();
        let receipt = self.chain.send(transaction).await?;
        let gas = receipt.gas_used - calldata;
        let mut costs = self.costs.lock().unwrap();
        let cost = costs.entry(action).or_insert(Cost { calls: 0, least: u64::MAX, most: 0 });
        *cost =
            Cost { calls: cost.calls + 1, least: cost.least.min(gas), most: cost.most.max(gas) };
        Ok(receipt)
    }

    async fn call(
        &self,
        action: &'static str,
        to: Address,
        data: Bytes,
    ) -> Result<Bytes, ChainError> {
        self.chain.call(action, to, data).await
    }

    async fn next_nonce(&self, account: Address) -> Result<u64, ChainError> {
        self.chain.next_nonce(account).await
    }

    async fn code(&self, address: Address) -> Result<Bytes, ChainError> {
        self.chain.code(address).await
    }

    async fn now(&self) -> Result<u64, ChainError> {
        self.chain.now().await
    }

    async fn advance_to(&self, time: u64) -> Result<(), ChainError> {
        self.chain.advance_to(time).await
    }
}
