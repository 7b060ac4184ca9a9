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
            None => endpoint
                .provider()
                .get_transaction_count(account)
                .pending()
                .await
                .map_err(|error| endpoint.error("eth_getTransactionCount", error))?,
        };
        Ok(Reservation { known, account, nonce })
    }
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
