//! An EVM in this process: no node, no files, a clock that can be set forward. Every transaction is a block of its
//! own, one second after the one before. Gas is counted as on the main network and costs nothing.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use alloy::primitives::{Address, Bytes, TxKind, U256, keccak256};
use async_trait::async_trait;
use revm::{
    Context, ExecuteCommitEvm, ExecuteEvm, MainBuilder, MainContext,
    context::{
        BlockEnv, CfgEnv, TxEnv,
        result::{ExecutionResult, Output},
    },
    database::InMemoryDB,
    primitives::{eip7825::TX_GAS_LIMIT_CAP, hardfork::SpecId},
    state::AccountInfo,
};

use crate::{Chain, ChainError, Receipt, Transaction, accounts::DEVELOPMENT_ACCOUNTS, revert};

/// Chain identifier of development chains, and the embedded chain's default.
pub const DEVELOPMENT_CHAIN_ID: u64 = 31337;

/// What changes with every block.
#[derive(Debug)]
struct State {
    db: InMemoryDB,
    block: u64,
    time: u64,
}

impl State {
    fn nonce(&self, account: Address) -> u64 {
        self.db.cache.accounts.get(&account).map_or(0, |account| account.info.nonce)
    }
}

/// Gas for new state in a transaction by the coming rules, beside what execution may take (EIP-8037).
const STATE_GAS: u64 = 1 << 28;

/// A chain in memory, with the rules of the Osaka hard fork unless it is asked for the next one's.
pub struct Embedded {
    chain_id: u64,
    rules: SpecId,
    state: Mutex<State>,
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded").field("chain_id", &self.chain_id).finish_non_exhaustive()
    }
}

impl Embedded {
    /// A new chain whose clock starts at `time` (seconds since 1970), with [`DEVELOPMENT_CHAIN_ID`].
    pub fn new(time: u64) -> Self {
        Self::with_chain_id(time, DEVELOPMENT_CHAIN_ID)
    }

    /// A new chain with the rules of the next hard fork, as far as revm has them: to see what new state will cost.
    pub fn with_coming_rules(time: u64) -> Self {
        Self { rules: SpecId::AMSTERDAM, ..Self::new(time) }
    }

    /// A new chain with this identifier.
    pub fn with_chain_id(time: u64, chain_id: u64) -> Self {
        let mut db = InMemoryDB::default();
        for account in DEVELOPMENT_ACCOUNTS {
            // 10,000 ether, as development nodes give.
            let balance = U256::from(10_000) * U256::from(10u64.pow(18));
            db.insert_account_info(account, AccountInfo::from_balance(balance));
        }
        Self { chain_id, rules: SpecId::OSAKA, state: Mutex::new(State { db, block: 0, time }) }
    }

    /// A poisoned lock still holds the state of the last whole block: revm commits after execution.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn gas_limit(&self) -> u64 {
        if self.rules.is_enabled_in(SpecId::AMSTERDAM) {
            TX_GAS_LIMIT_CAP + STATE_GAS
        } else {
            TX_GAS_LIMIT_CAP
        }
    }

    fn environment(&self, state: &State) -> (CfgEnv, BlockEnv) {
        let mut cfg = CfgEnv::new_with_spec(self.rules);
        cfg.chain_id = self.chain_id;
        let block = BlockEnv {
            number: U256::from(state.block),
            timestamp: U256::from(state.time),
            gas_limit: 2 * self.gas_limit(),
            ..BlockEnv::default()
        };
        (cfg, block)
    }

    fn transaction(&self, from: Address, to: TxKind, data: Bytes, nonce: u64) -> TxEnv {
        TxEnv {
            caller: from,
            gas_limit: self.gas_limit(),
            gas_price: 0,
            kind: to,
            data,
            nonce,
            chain_id: Some(self.chain_id),
            ..TxEnv::default()
        }
    }
}

#[async_trait]
impl Chain for Embedded {
    fn chain_id(&self) -> u64 {
        self.chain_id
    }

    fn is_embedded(&self) -> bool {
        true
    }

    fn accounts(&self) -> &[Address] {
        &DEVELOPMENT_ACCOUNTS
    }

    async fn send(&self, transaction: Transaction) -> Result<Receipt, ChainError> {
        let Transaction { action, from, to, data, nonce: only } = transaction;
        if !DEVELOPMENT_ACCOUNTS.contains(&from) {
            return Err(ChainError::UnknownSigner { address: from, action });
        }
        let mut state = self.state();
        let nonce = state.nonce(from);
        if let Some(expected) = only.filter(|only| *only != nonce) {
            return Err(ChainError::NonceTaken { account: from, action, expected, found: nonce });
        }
        state.block += 1;
        state.time += 1;
        let (cfg, block) = self.environment(&state);
        let number = state.block;
        let hash = keccak256([from.as_slice(), &nonce.to_be_bytes(), &data].concat());
        let mut evm = Context::mainnet()
            .with_db(&mut state.db)
            .with_cfg(cfg)
            .with_block(block)
            .build_mainnet();
        let result = evm
            .transact_commit(self.transaction(from, to, data, nonce))
            .map_err(|error| halted(action, error, 0))?;
        let (output, gas_used, logs) = finish(action, result)?;
        Ok(Receipt {
            transaction: hash,
            block: number,
            gas_used,
            created: output.address().copied(),
            logs,
        })
    }

    async fn call(
        &self,
        action: &'static str,
        to: Address,
        data: Bytes,
    ) -> Result<Bytes, ChainError> {
        let mut state = self.state();
        let (mut cfg, block) = self.environment(&state);
        cfg.disable_nonce_check = true;
        let mut evm = Context::mainnet()
            .with_db(&mut state.db)
            .with_cfg(cfg)
            .with_block(block)
            .build_mainnet();
        let result = evm
            .transact(self.transaction(Address::ZERO, TxKind::Call(to), data, 0))
            .map_err(|error| halted(action, error, 0))?
            .result;
        finish(action, result).map(|(output, _, _)| output.into_data())
    }

    async fn next_nonce(&self, account: Address) -> Result<u64, ChainError> {
        Ok(self.state().nonce(account))
    }

    async fn code(&self, address: Address) -> Result<Bytes, ChainError> {
        let state = self.state();
        let cache = &state.db.cache;
        let code = cache
            .accounts
            .get(&address)
            .and_then(|account| cache.contracts.get(&account.info.code_hash));
        Ok(code.map(revm::bytecode::Bytecode::original_bytes).unwrap_or_default())
    }

    async fn now(&self) -> Result<u64, ChainError> {
        Ok(self.state().time)
    }

    async fn advance_to(&self, time: u64) -> Result<(), ChainError> {
        let mut state = self.state();
        state.time = state.time.max(time);
        Ok(())
    }
}

fn halted(action: &'static str, reason: impl fmt::Display, gas_used: u64) -> ChainError {
    ChainError::Halted { action, reason: reason.to_string(), gas_used }
}

fn finish(
    action: &'static str,
    result: ExecutionResult,
) -> Result<(Output, u64, Vec<alloy::primitives::Log>), ChainError> {
    match result {
        ExecutionResult::Success { gas, logs, output, .. } => Ok((output, gas.tx_gas_used(), logs)),
        ExecutionResult::Revert { output, .. } => {
            Err(ChainError::Reverted { action, error: revert::decode(&output) })
        }
        ExecutionResult::Halt { reason, gas, .. } => {
            Err(halted(action, format!("{reason:?}"), gas.tx_gas_used()))
        }
    }
}
