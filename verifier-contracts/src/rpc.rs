//! A chain behind a JSON-RPC endpoint, with keys held here. One owner of nonces for every account, receipts waited
//! for with a limit, and every failure told apart: endpoint down, wrong chain, contract's refusal, still pending.

mod endpoint;
mod nonces;

use std::time::Duration;

use alloy::{
    eips::eip2718::Encodable2718,
    network::{Ethereum, EthereumWallet, NetworkTransactionBuilder, TransactionBuilder},
    primitives::{Address, Bytes, TxKind},
    providers::{PendingTransactionBuilder, PendingTransactionError, Provider, WatchTxError},
    rpc::types::{BlockNumberOrTag, TransactionReceipt, TransactionRequest},
    signers::local::PrivateKeySigner,
    transports::RpcError,
};
use async_trait::async_trait;

use self::{endpoint::Endpoint, nonces::Nonces};
use crate::{Chain, ChainError, Receipt, Transaction};

/// How to reach a chain, and who signs on it.
#[derive(Debug, Clone)]
pub struct RpcConfig {
    /// Address of the endpoint, `http://` or `https://`.
    pub url: String,
    /// Accounts that can sign.
    pub signers: Vec<PrivateKeySigner>,
    /// The chain that the endpoint must serve, if that is known.
    pub chain_id: Option<u64>,
    /// How long a transaction may take to get into a block.
    pub receipt_timeout: Duration,
}

impl RpcConfig {
    /// A configuration without keys, for any chain, that waits two minutes for a transaction.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            signers: Vec::new(),
            chain_id: None,
            receipt_timeout: Duration::from_secs(120),
        }
    }

    /// The same with these accounts.
    #[must_use]
    pub fn with_signers(mut self, signers: Vec<PrivateKeySigner>) -> Self {
        self.signers = signers;
        self
    }

    /// The same for this chain only.
    #[must_use]
    pub fn with_chain_id(mut self, chain_id: u64) -> Self {
        self.chain_id = Some(chain_id);
        self
    }
}

/// A chain over JSON-RPC.
#[derive(Debug)]
pub struct Rpc {
    endpoint: Endpoint,
    chain_id: u64,
    wallet: EthereumWallet,
    accounts: Vec<Address>,
    nonces: Nonces,
    receipt_timeout: Duration,
}

impl Rpc {
    /// Connects and checks which chain the endpoint serves.
    pub async fn connect(config: RpcConfig) -> Result<Self, ChainError> {
        let endpoint = Endpoint::new(&config.url)?;
        let found = endpoint
            .provider()
            .get_chain_id()
            .await
            .map_err(|error| endpoint.error("eth_chainId", error))?;
        if let Some(expected) = config.chain_id.filter(|expected| *expected != found) {
            return Err(ChainError::ChainIdMismatch {
                url: endpoint.name().to_owned(),
                expected,
                found,
            });
        }
        let accounts = config.signers.iter().map(PrivateKeySigner::address).collect();
        let mut wallet = EthereumWallet::default();
        for signer in config.signers {
            wallet.register_signer(signer);
        }
        Ok(Self {
            endpoint,
            chain_id: found,
            wallet,
            accounts,
            nonces: Nonces::default(),
            receipt_timeout: config.receipt_timeout,
        })
    }

    /// Gas and fees of a request; a contract's refusal shows here, before anything is signed.
    async fn price(
        &self,
        action: &'static str,
        request: TransactionRequest,
    ) -> Result<TransactionRequest, ChainError> {
        let provider = self.endpoint.provider();
        let gas = provider
            .estimate_gas(request.clone())
            .await
            .map_err(|error| self.endpoint.error(action, error))?;
        let fees = provider
            .estimate_eip1559_fees()
            .await
            .map_err(|error| self.endpoint.error("eth_feeHistory", error))?;
        Ok(request
            // State may change until the transaction is executed.
            .with_gas_limit(gas + gas / 5)
            .with_max_fee_per_gas(fees.max_fee_per_gas)
            .with_max_priority_fee_per_gas(fees.max_priority_fee_per_gas)
            .with_chain_id(self.chain_id))
    }

    /// Signs with the account's next nonce and sends, holding the account until the endpoint has accepted it.
    async fn submit(
        &self,
        action: &'static str,
        from: Address,
        only: Option<u64>,
        request: TransactionRequest,
    ) -> Result<PendingTransactionBuilder<Ethereum>, ChainError> {
        let nonce = self.nonces.of(from, &self.endpoint).await?;
        let found = nonce.get();
        if let Some(expected) = only.filter(|only| *only != found) {
            return Err(ChainError::NonceTaken { account: from, action, expected, found });
        }
        let signed = request.with_nonce(found).build(&self.wallet).await.map_err(|error| {
            ChainError::Halted {
                action,
                reason: format!("it could not be signed: {error}"),
                gas_used: 0,
            }
        })?;
        let pending = self
            .endpoint
            .provider()
            .send_raw_transaction(&signed.encoded_2718())
            .await
            .map_err(|error| self.endpoint.error(action, error))?;
        nonce.used();
        Ok(pending)
    }

    async fn wait(
        &self,
        action: &'static str,
        pending: PendingTransactionBuilder<Ethereum>,
    ) -> Result<TransactionReceipt, ChainError> {
        let transaction = *pending.tx_hash();
        let timeout =
            ChainError::Timeout { action, transaction, seconds: self.receipt_timeout.as_secs() };
        match pending.with_timeout(Some(self.receipt_timeout)).get_receipt().await {
            Ok(receipt) => Ok(receipt),
            Err(PendingTransactionError::TxWatcher(WatchTxError::Timeout)) => Err(timeout),
            Err(PendingTransactionError::TransportError(error)) => {
                Err(self.endpoint.error(action, error))
            }
            Err(error) => Err(self.endpoint.down(error.to_string())),
        }
    }

    /// Why an executed transaction failed: the same call on the state it met.
    async fn explain(
        &self,
        action: &'static str,
        request: TransactionRequest,
        receipt: &TransactionReceipt,
    ) -> ChainError {
        let before = receipt.block_number.unwrap_or_default().saturating_sub(1);
        let replay = self.endpoint.provider().call(request).block(before.into());
        match replay.await {
            Err(error) => self.endpoint.error(action, error),
            Ok(_) => ChainError::Halted {
                action,
                reason: "the transaction failed where the same call succeeds; out of gas?"
                    .to_owned(),
                gas_used: receipt.gas_used,
            },
        }
    }
}

#[async_trait]
impl Chain for Rpc {
    fn chain_id(&self) -> u64 {
        self.chain_id
    }

    fn is_embedded(&self) -> bool {
        false
    }

    fn accounts(&self) -> &[Address] {
        &self.accounts
    }

    async fn send(&self, transaction: Transaction) -> Result<Receipt, ChainError> {
        let Transaction { action, from, to, data, nonce } = transaction;
        if !self.accounts.contains(&from) {
            return Err(ChainError::UnknownSigner { address: from, action });
        }
        let mut request = TransactionRequest::default().with_from(from).with_input(data);
        request.to = Some(to);
        let priced = self.price(action, request.clone()).await?;
        let pending = self.submit(action, from, nonce, priced).await?;
        let receipt = self.wait(action, pending).await?;
        if !receipt.status() {
            return Err(self.explain(action, request, &receipt).await);
        }
        Ok(Receipt {
            transaction: receipt.transaction_hash,
            block: receipt.block_number.unwrap_or_default(),
            gas_used: receipt.gas_used,
            created: receipt.contract_address,
            logs: receipt.logs().iter().map(|log| log.inner.clone()).collect(),
        })
    }

    async fn call(
        &self,
        action: &'static str,
        to: Address,
        data: Bytes,
    ) -> Result<Bytes, ChainError> {
        let mut request = TransactionRequest::default().with_input(data);
        request.to = Some(TxKind::Call(to));
        self.endpoint
            .provider()
            .call(request)
            .latest()
            .await
            .map_err(|error| self.endpoint.error(action, error))
    }

    async fn next_nonce(&self, account: Address) -> Result<u64, ChainError> {
        let waits = async {
            loop {
                let (executed, sent) = self.nonces.counts(account, &self.endpoint).await?;
                if executed >= sent {
                    return Ok(executed);
                }
                tokio::time::sleep(self.endpoint.provider().client().poll_interval()).await;
            }
        };
        let seconds = self.receipt_timeout.as_secs();
        tokio::time::timeout(self.receipt_timeout, waits)
            .await
            .unwrap_or(Err(ChainError::StillPending { account, seconds }))
    }

    async fn code(&self, address: Address) -> Result<Bytes, ChainError> {
        self.endpoint
            .provider()
            .get_code_at(address)
            .latest()
            .await
            .map_err(|error| self.endpoint.error("eth_getCode", error))
    }

    async fn now(&self) -> Result<u64, ChainError> {
        let action = "eth_getBlockByNumber";
        let block = self
            .endpoint
            .provider()
            .get_block_by_number(BlockNumberOrTag::Latest)
            .await
            .map_err(|error| self.endpoint.error(action, error))?;
        block
            .map(|block| block.header.timestamp)
            .ok_or_else(|| self.endpoint.down("it has no blocks".to_owned()))
    }

    async fn advance_to(&self, time: u64) -> Result<(), ChainError> {
        if self.now().await? >= time {
            return Ok(());
        }
        let client = self.endpoint.provider().client();
        client
            .request::<_, serde_json::Value>("evm_setNextBlockTimestamp", (time,))
            .await
            .map_err(|error| match error {
                // Only development nodes know the method.
                RpcError::ErrorResp(_) => {
                    ChainError::ClockNotSettable { chain_id: self.chain_id, time }
                }
                other => self.endpoint.error("evm_setNextBlockTimestamp", other),
            })?;
        client
            .request_noparams::<serde_json::Value>("evm_mine")
            .await
            .map_err(|error| self.endpoint.error("evm_mine", error))?;
        Ok(())
    }
}
