//! second seal: what convicts an attestor, and that one seal never does, however often it is signed.

use crate::fixture::*;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{One, PrimeField};
use ergon_circuits::{SecondSeal, SecondSealError, Statement};
use ergon_types::curve::{EdwardsAffine, Scalar};
use ergon_types::{
    Ack, Address, Body, Bundle, Fr, Kind, Network, PublicKey, Schema, SecretKey, Signature, field,
    poseidon, seal,
};

const REPORTER: Address = Address([0x77; 20]);

/// A seal of the fixture's cohort and epoch.
fn sealed(kind: Kind, change: impl FnOnce(&mut Bundle)) -> (Fr, Signature) {
    let mut cohort = Cohort::new(kind, if kind == Kind::Energy { SIX_KILOWATTS } else { 0 });
    match kind {
        Kind::Uptime => cohort.sign(0, Body::Uptime(slots(0..200))),
        Kind::Coverage => cohort.sign(0, Body::Coverage(slots(0..200))),
        Kind::Energy => cohort.sign(0, Body::Energy(meter(&[7, 8]))),
    }
    let mut bundle = cohort.seal();
    change(&mut bundle);
    resign(&mut bundle);
    (bundle.seal.content(), bundle.seal_signature)
}

/// A signature over a seal with this content.
fn sign(key: &SecretKey, network: &Network, epoch: u64, cohort: u32, content: Fr) -> Signature {
    key.sign(&seal::message(network.id(), epoch, cohort, &key.public(), content))
}

fn checked(seals: [(Fr, Signature); 2]) -> Result<SecondSeal, SecondSealError> {
    SecondSeal::new(network(), attestor().public(), REPORTER, EPOCH, COHORT, seals)
}

/// The assertion that stops the circuit.
fn broken(evidence: SecondSeal) -> Option<&'static str> {
    let system = Statement::second_seal(evidence).circuit(Fr::from(1_000_003u64)).synthesize();
    system.first_unsatisfied().map(|row| row.label)
}

fn assert_convicts([first, second]: [(Fr, Signature); 2]) {
    for seals in [[first, second], [second, first]] {
        assert_eq!(checked(seals).map(broken), Ok(None));
    }
}

fn assert_acquits(seals: [(Fr, Signature); 2], reason: SecondSealError, label: &str) {
    assert_eq!(checked(seals).map(broken), Err(reason));
    assert_eq!(broken(forced(attestor().public(), seals)), Some(label));
}

fn forced(attestor: PublicKey, seals: [(Fr, Signature); 2]) -> SecondSeal {
    SecondSeal::unchecked(network(), attestor, REPORTER, EPOCH, COHORT, seals)
}

#[test]
fn two_seals_of_one_cohort_and_epoch_convict_whatever_differs() {
    for kind in Kind::ALL {
        let honest = sealed(kind, |_| ());
        assert_convicts([honest, sealed(kind, |bundle| bundle.seal.salt += Fr::one())]);
        assert_convicts([honest, sealed(kind, |bundle| bundle.seal.heads[0] = Fr::from(0u64))]);
        assert_convicts([honest, sealed(kind, |bundle| bundle.seal.membership_root += Fr::one())]);
    }
    let uptime = sealed(Kind::Uptime, |_| ());
    let arrivals = sealed(Kind::Uptime, |bundle| bundle.seal.arrivals[0] = slots(0..199));
    assert_convicts([uptime, arrivals]);
    let heard = sealed(Kind::Coverage, |bundle| bundle.seal.witness_heads[0] += Fr::one());
    assert_convicts([sealed(Kind::Coverage, |_| ()), heard]);
}

#[test]
fn seals_of_two_kinds_convict() {
    assert_convicts([sealed(Kind::Uptime, |_| ()), sealed(Kind::Energy, |_| ())]);
}

#[test]
fn the_same_seal_twice_acquits() {
    let seal = sealed(Kind::Uptime, |_| ());
    assert_acquits([seal, seal], SecondSealError::SameContent, "seals differ");
}

/// Whoever signs chooses the nonce: a signature is no part of what convicts.
#[test]
fn one_seal_signed_with_two_nonces_acquits() {
    let scalar = Scalar::from(777u64);
    let point = (EdwardsAffine::generator() * scalar).into_affine();
    let key = PublicKey::from_point(point).unwrap();
    let content = sealed(Kind::Uptime, |_| ()).0;
    let message = seal::message(network().id(), EPOCH, COHORT, &key, content);
    let signatures = [12_345u64, 12_346].map(|nonce| {
        let nonce = Scalar::from(nonce);
        let r = (EdwardsAffine::generator() * nonce).into_affine();
        let challenge = poseidon::hash(&[r.x, r.y, point.x, point.y, message]);
        let challenge = Scalar::from_le_bytes_mod_order(&field::to_le_bytes(&challenge));
        Signature { r, s: nonce + challenge * Scalar::from(8u64) * scalar }
    });
    assert_ne!(signatures[0], signatures[1]);
    assert!(signatures.iter().all(|signature| key.verifies(&message, signature)));
    let twice = signatures.map(|signature| (content, signature));
    let found = SecondSeal::new(network(), key, REPORTER, EPOCH, COHORT, twice).map(broken);
    assert_eq!(found, Err(SecondSealError::SameContent));
    assert_eq!(broken(forced(key, twice)), Some("seals differ"));
}

#[test]
fn a_seal_of_another_cohort_epoch_network_or_key_acquits() {
    let first = sealed(Kind::Uptime, |_| ());
    let content = first.0 + Fr::one();
    let (key, here) = (attestor(), network());
    let chain = Network { chain_id: 1, ..here };
    let settlement = Network { settlement: Address([0x12; 20]), ..here };
    for signature in [
        sign(&key, &here, EPOCH, COHORT + 1, content),
        sign(&key, &here, EPOCH + 1, COHORT, content),
        sign(&key, &chain, EPOCH, COHORT, content),
        sign(&key, &settlement, EPOCH, COHORT, content),
        sign(&SecretKey::from_bytes([201; 32]), &here, EPOCH, COHORT, content),
        // A signature of the first seal shown for another content.
        first.1,
    ] {
        let second = (content, signature);
        assert_acquits([first, second], SecondSealError::Signature(2), "signature");
        assert_acquits([second, first], SecondSealError::Signature(1), "signature");
    }
}

/// What else an attestor signs is no seal: the tag is another.
#[test]
fn an_acknowledgement_or_a_bare_content_acquits() {
    let first = sealed(Kind::Uptime, |_| ());
    let content = first.0 + Fr::one();
    let of = (1, Schema::Uptime, EPOCH);
    let zero = Fr::from(0u64);
    let ack = Ack::sign(&attestor(), network().id(), of, content, 3, zero);
    for signature in [ack.signature, attestor().sign(&content)] {
        let seals = [first, (content, signature)];
        assert_acquits(seals, SecondSealError::Signature(2), "signature");
    }
}

/// Both seals by a key that is not the accused's, or by two keys.
#[test]
fn nobody_is_convicted_by_what_another_key_signed() {
    let other = SecretKey::from_bytes([201; 32]);
    let seals = [1u64, 2].map(|content| {
        let content = Fr::from(content);
        (content, sign(&other, &network(), EPOCH, COHORT, content))
    });
    assert_acquits(seals, SecondSealError::Signature(1), "signature");
    assert_eq!(broken(forced(other.public(), seals)), None);
}

#[test]
fn the_words_name_attestor_cohort_epoch_and_who_reports() {
    let seals = [sealed(Kind::Uptime, |_| ()), sealed(Kind::Energy, |_| ())];
    let evidence = checked(seals).unwrap();
    let key = attestor().public();
    let expected = [
        Fr::from(network().chain_id),
        network().settlement.entry(),
        Fr::from(EPOCH),
        Fr::from(COHORT),
        key.point().x,
        key.point().y,
        REPORTER.entry(),
    ];
    assert_eq!(evidence.words(), expected);
    assert_eq!(Statement::second_seal(evidence).words(), expected);
}
