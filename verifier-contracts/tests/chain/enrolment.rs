//! Devices that enrol on an issuer's word, and that change hands.

use std::sync::Arc;

use crate::signer::Signer;
use crate::world::{PROVER, THIEF, UPTIME, World, operator};
use ergon_chain::{
    Address, Attestation, AttestedDevice, Certificate, Chain, Enrolled, KeyProof, NewDevice, U256,
    certificate_digest,
};

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

    /// Another device of the issuer's, whose secure element signs for a nonce of the owner.
    fn another(&self, seed: u8, owner: Address, nonce: u64) -> AttestedDevice {
        let (hardware, key) = (Signer::new(seed), self.world.fresh_key());
        let certificate = Certificate { hardware: hardware.key(), ..self.certificate(UPTIME) };
        let digest = self.world.network.enrolment_digest(owner, &key, U256::from(nonce));
        let attestation = Attestation {
            issuer: self.issuer.0,
            byIssuer: self.issuer.1.sign(certificate_digest(&certificate)),
            byHardware: hardware.sign(digest),
        };
        AttestedDevice { certificate, attestation, key }
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

pub(crate) async fn a_fleet_is_enrolled_at_once_or_not_at_all(chain: Arc<dyn Chain>) {
    let trial = Trial::new(chain).await;
    let network = &trial.world.network;
    let owner = operator(0);
    let fleet: Vec<_> = (0..3).map(|i| trial.another(10 + i, owner, u64::from(i))).collect();
    let mut wrong = fleet.clone();
    wrong[1].key = trial.world.fresh_key();
    let refused = network.enrol_fleet_attested(owner, trial.cohort, wrong).await.unwrap_err();
    assert_eq!(refused.revert_name(), Some("CallRefused"), "{refused}");
    assert!(refused.to_string().contains("index 1, reason SignatureRejected"), "{refused}");
    assert_eq!(network.enrolment_nonce(owner).await.unwrap(), U256::ZERO);

    let enrolled = network.enrol_fleet_attested(owner, trial.cohort, fleet).await.unwrap();
    let expected = [0, 1, 2].map(|i| Enrolled { device: u64::from(i) + 1, index: i });
    assert_eq!(enrolled.value, expected);
    let own = NewDevice { operator: operator(1), key: trial.world.fresh_key(), attribute: 0 };
    let full = network.enrol_fleet(trial.cohort, &[own, NewDevice { key: trial.key, ..own }]).await;
    let full = full.unwrap_err().to_string();
    assert!(full.contains("index 1, reason CohortFull"), "{full}");
    let enrolled = network.enrol_fleet(trial.cohort, &[own]).await.unwrap().value;
    assert_eq!(enrolled, [Enrolled { device: 4, index: 3 }]);
    trial.world.commit(trial.cohort).await;
}

pub(crate) async fn a_certified_device_rotates_its_key_with_its_secure_element(
    chain: Arc<dyn Chain>,
) {
    let trial = Trial::new(chain).await;
    let network = &trial.world.network;
    let owner = operator(0);
    let (certificate, attestation) = trial.signed(owner, UPTIME).await;
    let enrolled =
        network.enrol_attested(owner, trial.cohort, certificate, attestation, trial.key).await;
    let device = enrolled.unwrap().value.device;
    assert!(network.is_attested(device).await.unwrap());
    trial.world.commit(trial.cohort).await;
    network.chain().advance_to(network.begin_of(2)).await.unwrap();

    let next = trial.world.fresh_key();
    let nonce = network.enrolment_nonce(owner).await.unwrap();
    let signature = trial.hardware.sign(network.rotation_digest(owner, &next, nonce));
    let rotate = |from, hardware: &Signer| {
        network.rotate_key_attested(from, device, next, hardware.key(), signature.clone())
    };
    let stolen = rotate(THIEF, &trial.hardware).await.unwrap_err();
    assert_eq!(stolen.revert_name(), Some("NotOperator"), "{stolen}");
    let foreign = rotate(owner, &Signer::new(3)).await.unwrap_err();
    assert_eq!(foreign.revert_name(), Some("WrongHardware"), "{foreign}");
    let by_owner = network.rotate_key(device, next).await.unwrap_err();
    assert_eq!(by_owner.revert_name(), Some("DeviceIsAttested"), "{by_owner}");

    assert_eq!(rotate(owner, &trial.hardware).await.unwrap().value, 3);
    assert_eq!(network.key_at(device, 2).await.unwrap(), trial.key.key);
    assert_eq!(network.key_at(device, 3).await.unwrap(), next.key);
    trial.world.commit(trial.cohort).await;
}

pub(crate) async fn another_device_rotates_its_key_when_operator_and_owner_agree(
    chain: Arc<dyn Chain>,
) {
    let world = World::new(chain).await;
    let network = &world.network;
    let cohort = world.filled(UPTIME, 0, 2).await;
    let device = network.member(cohort, 0).await.unwrap().device;
    let (first, next) = (network.key_at(device, 0).await.unwrap(), world.fresh_key());
    network.chain().advance_to(network.begin_of(1)).await.unwrap();
    let alone = network.rotate_key(device, next).await.unwrap_err();
    assert_eq!(alone.revert_name(), Some("KeyNotRequested"), "{alone}");
    network.request_key(operator(0), device, &next).await.unwrap();
    assert_eq!(network.rotate_key(device, next).await.unwrap().value, 2);
    assert_eq!(network.key_at(device, 1).await.unwrap(), first);
    assert_eq!(network.key_at(device, 2).await.unwrap(), next.key);
    assert_eq!(network.membership_words(cohort).await.unwrap()[4..6], next.key);
    world.commit(cohort).await;
    let later = world.fresh_key();
    network.request_key(operator(0), device, &later).await.unwrap();
    let lately = network.rotate_key(device, later).await.unwrap_err();
    assert_eq!(lately.revert_name(), Some("KeyRotatedLately"), "{lately}");
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
