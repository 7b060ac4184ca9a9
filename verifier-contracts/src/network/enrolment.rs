//! Enrolment on the word of an issuer and of a device's secure element, and a device's way to another operator (§ 7.1).
//!
//! Both sign with ECDSA on P-256 over SHA-256, with s in the lower half of the order: what secure elements and signing modules
//! compute.

use alloy::primitives::{Address, B256, U256};
use sha2::{Digest, Sha256};

use crate::{
    ChainError, Enrolled, KeyProof, Network, Outcome,
    chain::{read, write},
    contracts::DeviceRegistry::{self, Attestation, Certificate, P256Key},
};

const CERTIFICATE: &[u8] = b"ergon/1/certificate";
const ENROLMENT: &[u8] = b"ergon/1/enrolment";

/// A tag, filled with zeros to 32 bytes.
fn tag(text: &[u8]) -> [u8; 32] {
    std::array::from_fn(|place| text.get(place).copied().unwrap_or(0))
}

/// What an issuer signs: SHA-256 over 113 bytes (`Enrolment.certificateDigest`).
pub fn certificate_digest(certificate: &Certificate) -> B256 {
    let mut hash = Sha256::new();
    hash.update(tag(CERTIFICATE));
    hash.update(certificate.hardware.x.to_be_bytes::<32>());
    hash.update(certificate.hardware.y.to_be_bytes::<32>());
    hash.update([certificate.kind]);
    hash.update(certificate.nameplate.to_be_bytes());
    hash.update(certificate.region.to_be_bytes());
    hash.update(certificate.position.to_be_bytes());
    B256::from_slice(&hash.finalize())
}

impl Network {
    /// What a device's secure element signs for its owner's next enrolment: SHA-256 over 200 bytes
    /// (`Enrolment.enrolmentDigest`). `key` signs the device's records.
    pub fn enrolment_digest(&self, owner: Address, key: &KeyProof, nonce: U256) -> B256 {
        let mut hash = Sha256::new();
        hash.update(tag(ENROLMENT));
        hash.update(U256::from(self.book.chain_id).to_be_bytes::<32>());
        hash.update(self.book.registry);
        hash.update(owner);
        for word in [key.key[0], key.key[1], nonce] {
            hash.update(word.to_be_bytes::<32>());
        }
        B256::from_slice(&hash.finalize())
    }

    /// The nonce that a device of this owner must sign next.
    pub async fn enrolment_nonce(&self, owner: Address) -> Result<U256, ChainError> {
        let call = DeviceRegistry::enrolmentNonceCall { owner };
        read(self.chain(), self.book.registry, &call).await
    }

    /// Adds an issuer, whose devices anyone may enrol; returns its number.
    pub async fn add_issuer(&self, key: P256Key) -> Result<Outcome<u32>, ChainError> {
        let receipt = self.as_owner(&DeviceRegistry::addIssuerCall { key }).await?;
        let event: DeviceRegistry::IssuerAdded = receipt.event(self.book.registry)?;
        Ok(Outcome::new(event.issuer, &receipt))
    }

    /// Revokes an issuer: no more devices are enrolled on its word.
    pub async fn revoke_issuer(&self, issuer: u32) -> Result<Outcome<()>, ChainError> {
        let receipt = self.as_owner(&DeviceRegistry::revokeIssuerCall { issuer }).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Opens a cohort for certified devices, or closes it.
    pub async fn set_open(&self, cohort: u32, open: bool) -> Result<Outcome<()>, ChainError> {
        let receipt = self.as_owner(&DeviceRegistry::setOpenCall { cohort, open }).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Enrols the sender's device into the next empty place of an open cohort.
    pub async fn enrol_attested(
        &self,
        owner: Address,
        cohort: u32,
        certificate: Certificate,
        attestation: Attestation,
        key: KeyProof,
    ) -> Result<Outcome<Enrolled>, ChainError> {
        let key = key.into();
        let call = DeviceRegistry::enrolAttestedCall { cohort, certificate, attestation, key };
        let receipt = write(self.chain(), owner, self.book.registry, &call).await?;
        let event: DeviceRegistry::DeviceEnrolled = receipt.event(self.book.registry)?;
        Ok(Outcome::new(Enrolled { device: event.device, index: event.index }, &receipt))
    }

    /// Offers a device to another operator; the zero address takes the offer back.
    pub async fn offer_device(
        &self,
        operator: Address,
        device: u64,
        to: Address,
    ) -> Result<Outcome<()>, ChainError> {
        let call = DeviceRegistry::offerDeviceCall { device, to };
        let receipt = write(self.chain(), operator, self.book.registry, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Makes the sender the operator of a device that was offered to it; returns the first epoch whose work is the sender's.
    pub async fn accept_device(
        &self,
        operator: Address,
        device: u64,
    ) -> Result<Outcome<u64>, ChainError> {
        let call = DeviceRegistry::acceptDeviceCall { device };
        let receipt = write(self.chain(), operator, self.book.registry, &call).await?;
        let event: DeviceRegistry::DeviceTransferred = receipt.event(self.book.registry)?;
        Ok(Outcome::new(event.fromEpoch, &receipt))
    }

    /// Whose work the device at a place did in an epoch; zero when the place is empty.
    pub async fn operator_at(
        &self,
        cohort: u32,
        index: u32,
        epoch: u64,
    ) -> Result<Address, ChainError> {
        let call = DeviceRegistry::operatorAtCall { cohort, index, epoch };
        read(self.chain(), self.book.registry, &call).await
    }
}
