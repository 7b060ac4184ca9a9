//! The reward token, and any other ERC-20: balances, transfers, allowances.

use alloy::primitives::{Address, U256};

use crate::{
    ChainError, Network, Outcome, Receipt,
    chain::{read, write},
    contracts::ErgonToken,
};

impl Network {
    /// Balance of an account, in the token's smallest unit.
    pub async fn balance_of(&self, account: Address) -> Result<U256, ChainError> {
        self.balance_in(self.book.token, account).await
    }

    /// Balance of an account in any ERC-20, such as the shares of an asset.
    pub async fn balance_in(
        &self,
        currency: Address,
        account: Address,
    ) -> Result<U256, ChainError> {
        read(self.chain(), currency, &ErgonToken::balanceOfCall { account }).await
    }

    /// All of the token that exists, in its smallest unit.
    pub async fn total_supply(&self) -> Result<U256, ChainError> {
        read(self.chain(), self.book.token, &ErgonToken::totalSupplyCall {}).await
    }

    /// Sends some of any ERC-20.
    pub async fn transfer(
        &self,
        from: Address,
        currency: Address,
        to: Address,
        value: U256,
    ) -> Result<Outcome<()>, ChainError> {
        let call = ErgonToken::transferCall { to, value };
        let receipt = write(self.chain(), from, currency, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Lets a contract take exactly so much.
    pub(super) async fn approve(
        &self,
        from: Address,
        currency: Address,
        spender: Address,
        value: U256,
    ) -> Result<Receipt, ChainError> {
        let call = ErgonToken::approveCall { spender, value };
        write(self.chain(), from, currency, &call).await
    }
}
