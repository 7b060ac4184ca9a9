//! Another key for a device (§ 7.1): on the word of its operator and of its secure element, or of the registry's owner
//! where it has none. Epochs that have begun keep the key that signed them.

use alloy::primitives::{Address, B256, U256};

use super::enrolment::{ROTATION, signed_digest};
use crate::{
    ChainError, KeyProof, Network, Outcome, Receipt,
    chain::{read, write},
    contracts::DeviceRegistry::{self, P256Key, P256Signature},
};

impl Network {
    /// What a device's secure element signs for another key of records: SHA-256 over 200 bytes
    /// (`Enrolment.rotationDigest`). `nonce` is [`Network::enrolment_nonce`] of the operator.
    pub fn rotation_digest(&self, operator: Address, key: &KeyProof, nonce: U256) -> B256 {
        signed_digest(&self.book, ROTATION, operator, key, nonce)
    }

    /// Replaces the key of the sender's device on the word of its secure element; returns the first epoch that the new
    /// key signs.
    pub async fn rotate_key_attested(
        &self,
        operator: Address,
        device: u64,
        key: KeyProof,
        hardware: P256Key,
        signature: P256Signature,
    ) -> Result<Outcome<u64>, ChainError> {
        let key = key.into();
        let call = DeviceRegistry::rotateKeyAttestedCall { device, key, hardware, signature };
        let receipt = write(self.chain(), operator, self.book.registry, &call).await?;
        self.rotated(&receipt)
    }

    /// Asks for another key of the sender's device, which has no secure element; the owner grants it with
    /// [`Network::rotate_key`].
    pub async fn request_key(
        &self,
        operator: Address,
        device: u64,
        key: &KeyProof,
    ) -> Result<Outcome<()>, ChainError> {
        let [key_x, key_y] = key.key;
        let call = DeviceRegistry::requestKeyCall { device, keyX: key_x, keyY: key_y };
        let receipt = write(self.chain(), operator, self.book.registry, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Replaces the key of a device without a secure element by the one that its operator asked for; returns the first
    /// epoch that it signs.
    pub async fn rotate_key(&self, device: u64, key: KeyProof) -> Result<Outcome<u64>, ChainError> {
        let call = DeviceRegistry::rotateKeyCall { device, key: key.into() };
        let receipt = self.as_owner(&call).await?;
        self.rotated(&receipt)
    }

    /// The key that signs a device's records of an epoch.
    pub async fn key_at(&self, device: u64, epoch: u64) -> Result<[U256; 2], ChainError> {
        let call = DeviceRegistry::keyAtCall { device, epoch };
        let key = read(self.chain(), self.book.registry, &call).await?;
        Ok([key.keyX, key.keyY])
    }

    /// Whether a device was enrolled with a secure element.
    pub async fn is_attested(&self, device: u64) -> Result<bool, ChainError> {
        read(self.chain(), self.book.registry, &DeviceRegistry::isAttestedCall { device }).await
    }

    pub(super) fn rotated(&self, receipt: &Receipt) -> Result<Outcome<u64>, ChainError> {
        let event: DeviceRegistry::KeyRotated = receipt.event(self.book.registry)?;
        Ok(Outcome::new(event.fromEpoch, receipt))
    }
}
