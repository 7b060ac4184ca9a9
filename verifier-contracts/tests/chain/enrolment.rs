//! Devices that enrol on an issuer's word, and that change hands.

use std::sync::Arc;

use ergon_chain::{
    Address, Attestation, B256, Certificate, Chain, KeyProof, P256Key, P256Signature, U256,
    certificate_digest,
};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};

use crate::world::{PROVER, THIEF, UPTIME, World, operator};

/// A signer on P-256.
struct Signer(SigningKey);

impl Signer {
    fn new(seed: u8) -> Self {
        Self(SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    fn key(&self) -> P256Key {
        let point = self.0.verifying_key().to_encoded_point(false);
        let word = |bytes: &[u8]| U256::from_be_slice(bytes);
        P256Key { x: word(point.x().unwrap()), y: word(point.y().unwrap()) }
    }

    fn sign(&self, digest: B256) -> P256Signature {
        let signature: Signature = self.0.sign_prehash(digest.as_slice()).unwrap();
        let signature = signature.normalize_s().unwrap_or(signature);
        let (r, s) = signature.split_bytes();
        P256Signature { r: U256::from_be_slice(&r), s: U256::from_be_slice(&s) }
    }
}

/// An open uptime cohort, an issuer and a device of its.
struct Trial {
    world: World,
    cohort: u32,
    issuer: (u32, Signer),
    hardware: Signer,
    key: KeyProof,
}

impl Trial {
    async fn new(chain: Arc<dyn Chain>) -> Self {
        let world = World::new(chain).await;
        let cohort = world.cohort(UPTIME, 0).await;
        let (signer, hardware, key) = (Signer::new(1), Signer::new(2), world.fresh_key());
        let issuer = world.network.add_issuer(signer.key()).await.unwrap().value;
        world.network.set_open(cohort, true).await.unwrap();
        Self { world, cohort, issuer: (issuer, signer), hardware, key }
    }

    fn certificate(&self, kind: u8) -> Certificate {
        Certificate { hardware: self.hardware.key(), kind, nameplate: 0, region: 0, position: 0 }
    }

    /// What both sign for an owner, the certificate being for a kind.
    async fn signed(&self, owner: Address, kind: u8) -> (Certificate, Attestation) {
        let network = &self.world.network;
        let certificate = self.certificate(kind);
        let nonce = network.enrolment_nonce(owner).await.unwrap();
        let attestation = Attestation {
            issuer: self.issuer.0,
            byIssuer: self.issuer.1.sign(certificate_digest(&certificate)),
            byHardware: self.hardware.sign(network.enrolment_digest(owner, &self.key, nonce)),
        };
        (certificate, attestation)
    }
}

pub(crate) async fn a_certified_device_is_enrolled_by_its_owner_once(chain: Arc<dyn Chain>) {
    let trial = Trial::new(chain).await;
    let network = &trial.world.network;
    let owner = operator(0);
    let (certificate, attestation) = trial.signed(owner, UPTIME).await;
    let enrol = |from, certificate: &Certificate, key| {
        network.enrol_attested(from, trial.cohort, certificate.clone(), attestation.clone(), key)
    };
    let stolen = enrol(THIEF, &certificate, trial.key).await.unwrap_err();
    assert_eq!(stolen.revert_name(), Some("SignatureRejected"), "{stolen}");
    let other_key = enrol(owner, &certificate, trial.world.fresh_key()).await.unwrap_err();
    assert_eq!(other_key.revert_name(), Some("SignatureRejected"), "{other_key}");
    let other_hardware = Certificate { hardware: Signer::new(3).key(), ..certificate.clone() };
    let other_hardware = enrol(owner, &other_hardware, trial.key).await.unwrap_err();
    assert_eq!(other_hardware.revert_name(), Some("SignatureRejected"), "{other_hardware}");

    let enrolled = enrol(owner, &certificate, trial.key).await.unwrap().value;
    assert_eq!(enrolled.index, 0);
    assert_eq!(network.member(trial.cohort, 0).await.unwrap().operator, owner);
    let again = enrol(owner, &certificate, trial.key).await.unwrap_err();
    assert_eq!(again.revert_name(), Some("HardwareUsed"), "{again}");
}

pub(crate) async fn a_revoked_issuer_a_closed_cohort_and_another_kind_enrol_nothing(
    chain: Arc<dyn Chain>,
) {
    let trial = Trial::new(chain).await;
    let network = &trial.world.network;
    let owner = operator(0);
    let enrol = |(certificate, attestation): (Certificate, Attestation)| {
        network.enrol_attested(owner, trial.cohort, certificate, attestation, trial.key)
    };
    let other_kind = enrol(trial.signed(owner, 3).await).await.unwrap_err();
    assert_eq!(other_kind.revert_name(), Some("WrongCertificate"), "{other_kind}");
    network.set_open(trial.cohort, false).await.unwrap();
    let closed = enrol(trial.signed(owner, UPTIME).await).await.unwrap_err();
    assert_eq!(closed.revert_name(), Some("CohortClosed"), "{closed}");
    network.set_open(trial.cohort, true).await.unwrap();
    network.revoke_issuer(trial.issuer.0).await.unwrap();
    let revoked = enrol(trial.signed(owner, UPTIME).await).await.unwrap_err();
    assert_eq!(revoked.revert_name(), Some("UnknownIssuer"), "{revoked}");
}

pub(crate) async fn a_device_changes_hands_and_what_it_earned_does_not(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let network = &world.network;
    let cohort = world.filled(UPTIME, 0, 2).await;
    let device = network.member(cohort, 0).await.unwrap().device;
    let (seller, buyer) = (operator(0), operator(3));
    let stranger = network.offer_device(THIEF, device, THIEF).await.unwrap_err();
    assert_eq!(stranger.revert_name(), Some("NotOperator"), "{stranger}");

    world.open(UPTIME, 0).await;
    network.offer_device(seller, device, buyer).await.unwrap();
    let uninvited = network.accept_device(THIEF, device).await.unwrap_err();
    assert_eq!(uninvited.revert_name(), Some("NotOffered"), "{uninvited}");
    let batch = world.batch(UPTIME, cohort, 0, &[3_000, 1_000, 0, 0]).await;
    network.settle(PROVER, &batch, &[]).await.unwrap();
    let from_epoch = network.accept_device(buyer, device).await.unwrap().value;
    assert_eq!(network.operator_at(cohort, 0, from_epoch - 1).await.unwrap(), seller);
    assert_eq!(network.operator_at(cohort, 0, from_epoch).await.unwrap(), buyer);
    assert_eq!(network.member(cohort, 0).await.unwrap().operator, buyer);

    world.close(0).await;
    network.freeze(PROVER, UPTIME, 0).await.unwrap();
    let paid = network.claim(buyer, cohort, 0, 0, &batch.units).await.unwrap().value;
    assert!(paid > U256::ZERO);
    assert_eq!(network.balance_of(seller).await.unwrap(), paid);
    assert_eq!(network.balance_of(buyer).await.unwrap(), U256::ZERO);
}
