//! Enrolment on the word of an issuer and of a device's secure element, and a device's way to another operator (§ 7.1).
//!
//! Both sign with ECDSA on P-256 over SHA-256, with s in the lower half of the order: what secure elements and signing modules
//! compute.

use alloy::{
    primitives::{Address, B256, U256, uint},
    sol_types::SolCall,
};
use sha2::{Digest, Sha256};

use crate::{
    AddressBook, ChainError, Enrolled, KeyProof, Network, Outcome,
    chain::{read, write},
    contracts::DeviceRegistry::{self, Attestation, Certificate, P256Key, P256Signature},
};

const CERTIFICATE: &[u8] = b"ergon/1/certificate";
const ENROLMENT: &[u8] = b"ergon/1/enrolment";
pub(super) const ROTATION: &[u8] = b"ergon/1/rotation";

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

/// What secure elements sign under a tag: SHA-256 over 200 bytes.
pub(super) fn signed_digest(
    book: &AddressBook,
    name: &[u8],
    owner: Address,
    key: &KeyProof,
    nonce: U256,
) -> B256 {
    let mut hash = Sha256::new();
    hash.update(tag(name));
    hash.update(U256::from(book.chain_id).to_be_bytes::<32>());
    hash.update(book.registry);
    hash.update(owner);
    for word in [key.key[0], key.key[1], nonce] {
        hash.update(word.to_be_bytes::<32>());
    }
    B256::from_slice(&hash.finalize())
}

/// A device with what its issuer and its secure element signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttestedDevice {
    /// What the issuer certifies.
    pub certificate: Certificate,
    /// The issuer's signature and the secure element's.
    pub attestation: Attestation,
    /// The key that signs records.
    pub key: KeyProof,
}

impl AttestedDevice {
    fn enrol_in(self, cohort: u32) -> DeviceRegistry::enrolAttestedCall {
        let Self { certificate, attestation, key } = self;
        DeviceRegistry::enrolAttestedCall { cohort, certificate, attestation, key: key.into() }
    }
}

/// The order of P-256 (NIST SP 800-186, its Weierstrass curve P-256).
const ORDER: U256 = uint!(0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551_U256);

impl P256Signature {
    /// The same signature with s in the lower half of the order, which is the one that the registry takes: of `s` and
    /// `order − s` one is, and secure elements give either.
    pub fn low(self) -> Self {
        let high = self.s > ORDER >> 1 && self.s < ORDER;
        Self { r: self.r, s: if high { ORDER - self.s } else { self.s } }
    }
}

impl Network {
    /// What a device's secure element signs for its owner's next enrolment: SHA-256 over 200 bytes
    /// (`Enrolment.enrolmentDigest`). `key` signs the device's records.
    pub fn enrolment_digest(&self, owner: Address, key: &KeyProof, nonce: U256) -> B256 {
        signed_digest(&self.book, ENROLMENT, owner, key, nonce)
    }

    /// The nonce that a device of this owner must sign next, for an enrolment or for a rotation.
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
        let call = AttestedDevice { certificate, attestation, key }.enrol_in(cohort);
        let receipt = write(self.chain(), owner, self.book.registry, &call).await?;
        let event: DeviceRegistry::DeviceEnrolled = receipt.event(self.book.registry)?;
        Ok(Outcome::new(Enrolled { device: event.device, index: event.index }, &receipt))
    }

    /// Enrols many of the sender's devices in one transaction, into the next empty places of an open cohort. Their secure
    /// elements sign for nonces one after the other, from [`Network::enrolment_nonce`] on.
    ///
    /// # Errors
    /// `CallRefused` names the first device, from 0, that is refused, and why; then none is enrolled.
    pub async fn enrol_fleet_attested(
        &self,
        owner: Address,
        cohort: u32,
        devices: Vec<AttestedDevice>,
    ) -> Result<Outcome<Vec<Enrolled>>, ChainError> {
        let calls = devices.into_iter().map(|device| device.enrol_in(cohort).abi_encode().into());
        let call = DeviceRegistry::multicallCall { calls: calls.collect() };
        let receipt = write(self.chain(), owner, self.book.registry, &call).await?;
        Ok(Outcome::new(self.enrolled(&receipt), &receipt))
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
