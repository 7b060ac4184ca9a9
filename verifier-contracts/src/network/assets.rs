//! Fractional assets: devices whose rewards and revenue belong to the holders of shares (`docs/contracts.md`, Assets).

use alloy::primitives::{Address, U256};

use crate::{
    ChainError, EconomyBook, KeyProof, Network, Outcome,
    chain::{read, write},
    contracts::{
        AssetSharesFactory::{self, Asset},
        DeviceRegistry::{P256Key, P256Signature},
        shares::AssetShares,
    },
};

impl Network {
    /// Creates an asset without shares; returns its address, to which the sponsor offers the devices.
    pub async fn create_asset(
        &self,
        from: Address,
        book: &EconomyBook,
        asset: Asset,
    ) -> Result<Outcome<Address>, ChainError> {
        let call = AssetSharesFactory::createCall { asset };
        let receipt = write(self.chain(), from, book.assets, &call).await?;
        let event: AssetSharesFactory::AssetCreated = receipt.event(book.assets)?;
        Ok(Outcome::new(event.asset, &receipt))
    }

    /// Whether the network's factory made an asset.
    pub async fn is_asset(&self, book: &EconomyBook, asset: Address) -> Result<bool, ChainError> {
        read(self.chain(), book.assets, &AssetSharesFactory::isAssetCall { asset }).await
    }

    /// Has an asset accept the device that was offered to it, by its position in the asset's list; anyone may. From the
    /// next epoch on its work is the asset's.
    pub async fn accept_for_asset(
        &self,
        from: Address,
        asset: Address,
        position: u64,
    ) -> Result<Outcome<()>, ChainError> {
        let call = AssetShares::acceptCall { position: U256::from(position) };
        let receipt = write(self.chain(), from, asset, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Issues all shares to the sponsor, once the asset operates all its devices; anyone may. Returns their number.
    pub async fn issue_shares(
        &self,
        from: Address,
        asset: Address,
    ) -> Result<Outcome<U256>, ChainError> {
        let receipt = write(self.chain(), from, asset, &AssetShares::issueCall {}).await?;
        let event: AssetShares::SharesIssued = receipt.event(asset)?;
        Ok(Outcome::new(event.supply, &receipt))
    }

    /// Replaces the key of an asset's device on the word of its secure element, which signs [`Network::rotation_digest`] of
    /// the asset; anyone may bring it. Returns the first epoch that the new key signs.
    pub async fn rotate_key_of_asset(
        &self,
        from: Address,
        asset: Address,
        device: u64,
        key: KeyProof,
        hardware: P256Key,
        signature: P256Signature,
    ) -> Result<Outcome<u64>, ChainError> {
        let key = AssetShares::KeyProof {
            eighth: key.eighth,
            quarter: key.quarter,
            half: key.half,
            key: key.key,
        };
        let hardware = AssetShares::P256Key { x: hardware.x, y: hardware.y };
        let signature = AssetShares::P256Signature { r: signature.r, s: signature.s };
        let call = AssetShares::rotateKeyCall { device, key, hardware, signature };
        let receipt = write(self.chain(), from, asset, &call).await?;
        self.rotated(&receipt)
    }

    /// Burns all shares of the account, which must be all there are, and offers it the devices.
    pub async fn redeem_shares(
        &self,
        holder: Address,
        asset: Address,
    ) -> Result<Outcome<()>, ChainError> {
        let receipt = write(self.chain(), holder, asset, &AssetShares::redeemCall {}).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Pays a holder of an asset its part of what came in; anyone may. Returns what was paid.
    pub async fn claim_income(
        &self,
        from: Address,
        asset: Address,
        currency: Address,
        holder: Address,
    ) -> Result<Outcome<u128>, ChainError> {
        let call = AssetShares::claimCall { currency, holder };
        let receipt = write(self.chain(), from, asset, &call).await?;
        let event: AssetShares::IncomeClaimed = receipt.event(asset)?;
        Ok(Outcome::new(event.amount, &receipt))
    }

    /// What a holder of an asset could claim now, in the currency's smallest unit.
    pub async fn claimable_income(
        &self,
        asset: Address,
        currency: Address,
        holder: Address,
    ) -> Result<U256, ChainError> {
        read(self.chain(), asset, &AssetShares::claimableCall { currency, holder }).await
    }
}
