//! The one owner of account nonces: transactions of one account leave in order, even when sent at the same time.

use std::collections::HashMap;

use alloy::{primitives::Address, providers::Provider};
use tokio::sync::{Mutex, MutexGuard};

use super::endpoint::Endpoint;
use crate::ChainError;

/// Next nonces of the accounts used so far.
#[derive(Debug, Default)]
pub(super) struct Nonces(Mutex<HashMap<Address, u64>>);

impl Nonces {
    /// The account's next nonce. Nobody else gets one until the reservation is dropped.
    pub(super) async fn of(
        &self,
        account: Address,
        endpoint: &Endpoint,
    ) -> Result<Reservation<'_>, ChainError> {
        let mut known = self.0.lock().await;
        // Taken out: unless it is marked as used, the chain is asked again, so that a refused transaction or another
        // program with the same key does not leave a gap.
        let nonce = match known.remove(&account) {
            Some(nonce) => nonce,
            None => count(account, endpoint, true).await?,
        };
        Ok(Reservation { known, account, nonce })
    }

    /// How many of the account's transactions are executed, and how many are sent. What was known of its nonce is
    /// forgotten: a sent transaction may have been dropped.
    pub(super) async fn counts(
        &self,
        account: Address,
        endpoint: &Endpoint,
    ) -> Result<(u64, u64), ChainError> {
        self.0.lock().await.remove(&account);
        let executed = count(account, endpoint, false).await?;
        Ok((executed, count(account, endpoint, true).await?))
    }
}

/// Transactions of an account, with or without those that are pending.
async fn count(account: Address, endpoint: &Endpoint, pending: bool) -> Result<u64, ChainError> {
    let count = endpoint.provider().get_transaction_count(account);
    let count = if pending { count.pending() } else { count.latest() };
    count.await.map_err(|error| endpoint.error("eth_getTransactionCount", error))
}

/// A nonce held for one transaction.
#[derive(Debug)]
pub(super) struct Reservation<'a> {
    known: MutexGuard<'a, HashMap<Address, u64>>,
    account: Address,
    nonce: u64,
}

impl Reservation<'_> {
    pub(super) fn get(&self) -> u64 {
        self.nonce
    }

    /// The endpoint has accepted a transaction with this nonce.
    pub(super) fn used(mut self) {
        self.known.insert(self.account, self.nonce + 1);
    }
}
