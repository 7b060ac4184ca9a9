//! The signature gadget: determined without its assertions, complete for whatever a hostile device signs, closed to
//! keys that have not the prime order.

use crate::systems;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{Field, One, PrimeField, Zero};
use ergon_circuits::gadgets::Point;
use ergon_circuits::r1cs::{INSTANCE, R1cs};
use ergon_circuits::{Gadgets, Native};
use ergon_types::curve::{EdwardsAffine, Scalar};
use ergon_types::{Fr, PublicKey, SecretKey, Signature, field, poseidon};
use num_bigint::BigUint;
use std::collections::BTreeSet;

/// Rows that assert instead of computing: R is on the curve, the digits are h's, both coordinates agree.
const ASSERTIONS: [&str; 3] = ["point is on the curve", "digits are the challenge", "signature"];

pub(crate) fn system(key: &EdwardsAffine, message: Fr, signature: &Signature) -> R1cs {
    let mut g = R1cs::new([Fr::zero(); 3]);
    let key = Point { x: g.allocate(key.x), y: g.allocate(key.y) };
    let message = g.allocate(message);
    g.verify_signature(&key, &message, signature);
    g
}

pub(crate) fn broken(g: &R1cs) -> BTreeSet<&'static str> {
    g.rows().iter().filter(|row| !row.holds(g.assignment())).map(|row| row.label).collect()
}

fn base() -> EdwardsAffine {
    EdwardsAffine::generator()
}

/// Signs as a device may that follows no rule: with secret a and commitment R = r·Base8 + `part`.
fn sign_with(a: Scalar, r: Scalar, part: EdwardsAffine, message: Fr) -> (EdwardsAffine, Signature) {
    let (key, commitment) = ((base() * a).into_affine(), (base() * r + part).into_affine());
    let challenge = poseidon::hash(&[commitment.x, commitment.y, key.x, key.y, message]);
    let challenge = Scalar::from_le_bytes_mod_order(&field::to_le_bytes(&challenge));
    (key, Signature { r: commitment, s: r + challenge * Scalar::from(8u64) * a })
}

fn sign(a: Scalar, r: Scalar, message: Fr) -> (EdwardsAffine, Signature) {
    sign_with(a, r, EdwardsAffine::zero(), message)
}

#[test]
fn without_its_assertions_the_gadget_is_determined_by_every_row() {
    let secret = SecretKey::from_bytes([3; 32]);
    let message = Fr::from(5u64);
    let g = system(secret.public().point(), message, &secret.sign(&message));
    let computing = systems::system(&g).retain(|_, row| !ASSERTIONS.contains(&row.label.as_ref()));
    assert_eq!(computing.rows().len(), g.rows().len() - 4);
    // Key, message and R are the inputs.
    let found = computing.jacobian(|variable| variable >= INSTANCE + 5);
    assert!(found.is_square_and_regular(), "{:?}", found.undetermined());
}

#[test]
fn unusual_secrets_and_commitments_satisfy_both_backends() {
    let one = Scalar::one();
    let half = Scalar::from(2u64).inverse().unwrap();
    let fourth = half * half;
    let secrets = [one, -one, one + one, half, fourth, -fourth, Scalar::from(3u64)];
    for (i, a) in secrets.into_iter().enumerate() {
        for r in [Scalar::zero(), one, -one, a, -a, Scalar::from(8u64) * a] {
            let message = -Fr::from(i as u64);
            let (key, signature) = sign(a, r, message);
            assert_eq!(broken(&system(&key, message, &signature)), BTreeSet::new(), "{a} {r}");
            assert_eq!(native(&key, message, &signature), 0, "{a} {r}");
        }
    }
}

pub(crate) fn native(key: &EdwardsAffine, message: Fr, signature: &Signature) -> usize {
    let mut g = Native::default();
    g.verify_signature(&Point { x: key.x, y: key.y }, &message, signature);
    g.failures().len()
}

/// The windows reach every S below the order, so that only the equation itself can fail.
#[test]
fn every_response_has_digits() {
    let key = SecretKey::from_bytes([3; 32]).public();
    let half = Scalar::from(2u64).inverse().unwrap();
    let mut responses = vec![half, -half, half - Scalar::one()];
    for small in 0..10u64 {
        responses.extend([Scalar::from(small), -Scalar::from(small)]);
    }
    for s in responses {
        let signature = Signature { r: base(), s };
        let found = broken(&system(key.point(), Fr::one(), &signature));
        assert_eq!(found, BTreeSet::from(["signature"]), "{s}");
    }
}

#[test]
fn a_commitment_with_a_part_of_small_order_is_refused() {
    for (order, part) in small_order_points() {
        let message = Fr::from(order);
        let (key, signature) = sign_with(Scalar::from(77u64), Scalar::from(1234u64), part, message);
        let found = broken(&system(&key, message, &signature));
        assert_eq!(found, BTreeSet::from(["signature"]), "order {order}");
        assert_eq!(native(&key, message, &signature), 1, "order {order}");
    }
}

/// Points of order 2, 4 and 8.
fn small_order_points() -> Vec<(u64, EdwardsAffine)> {
    let cofactor_free = (2u64..)
        .filter_map(|y| EdwardsAffine::get_point_from_y_unchecked(Fr::from(y), false))
        .map(|point| point.mul_bigint(Scalar::MODULUS).into_affine())
        .find(|point| !point.mul_bigint([4u64]).is_zero())
        .unwrap();
    let times = |factor: u64| cofactor_free.mul_bigint([factor]).into_affine();
    vec![(8, times(1)), (4, times(2)), (2, times(4))]
}

#[test]
fn the_identity_and_the_empty_place_are_no_keys() {
    let signature = SecretKey::from_bytes([3; 32]).sign(&Fr::one());
    for (x, y) in [(0u64, 1u64), (0, 0)] {
        let key = EdwardsAffine::new_unchecked(Fr::from(x), Fr::from(y));
        let found = broken(&system(&key, Fr::one(), &signature));
        assert!(found.contains("montgomery u") || found.contains("montgomery v"), "{found:?}");
    }
}

/// The registry refuses these; the gadget relies on it for the point of order 2, whose v is free.
#[test]
fn keys_without_prime_order_are_refused_before_they_reach_a_circuit() {
    let honest = *SecretKey::from_bytes([3; 32]).public().point();
    for (order, point) in small_order_points() {
        assert!(PublicKey::from_point(point).is_err(), "order {order}");
        assert!(PublicKey::from_point((honest + point).into_affine()).is_err(), "order {order}");
    }
}

/// The digits leave room for h and h + r. Both mean a challenge that a forger cannot choose.
#[test]
fn a_challenge_has_at_most_the_digits_of_itself_and_of_itself_plus_the_order() {
    let order = BigUint::from(Fr::MODULUS);
    let mut seen = BTreeSet::new();
    for seed in 0..40u64 {
        let message = Fr::from(seed);
        let (key, signature) = sign(Scalar::from(5u64), Scalar::from(seed + 2), message);
        let g = system(&key, message, &signature);
        let digits: Vec<usize> =
            g.rows().iter().filter(|row| row.label == "digit sign").map(|row| row.a[0].0).collect();
        // The positive digit is the y of 4A, which the honest assignment has for some digit.
        let value = |index: usize| g.assignment()[digits[index]];
        let tie = g.rows().iter().find(|row| row.label == "digits are the challenge").unwrap();
        let positive = g.assignment()[tie.b[0].0];
        // Highest digit first.
        let honest = (0..digits.len())
            .fold(BigUint::ZERO, |sum, index| sum * 2u32 + u32::from(value(index) == positive));
        let others: Vec<BigUint> = [&honest + &order, &honest + &order + &order]
            .into_iter()
            .chain((honest >= order).then(|| &honest - &order))
            .filter(|other| other.bits() <= digits.len() as u64)
            .collect();
        seen.insert(others.len());
        for other in others {
            let mut assignment = g.assignment().to_vec();
            for (place, digit) in digits.iter().rev().enumerate() {
                assignment[*digit] = if other.bit(place as u64) { positive } else { -positive };
            }
            assert!(tie.holds(&assignment));
        }
    }
    assert_eq!(seen, BTreeSet::from([0, 1]));
}
