//! Attacks on records, seals and signatures, shown on uptime.

use super::{Attack, Forged, Gain, idle, pays};
use crate::fixture::*;
use crate::places::Places;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{Field, One, PrimeField};
use ergon_circuits::{Input, Scope, Statement};
use ergon_types::curve::{EdwardsAffine, Scalar};
use ergon_types::{Body, Bundle, Fr, Kind, Packet, PublicKey, SecretKey, field, poseidon};

const MEMBER: Scope = Scope::Member(0);

pub(super) fn attacks() -> Vec<Attack> {
    vec![
        pays("included is a bit", an_inclusion_scales_the_key),
        pays("an included place is not empty", a_place_without_device),
        pays("record is the sealed one", a_record_that_is_not_sealed),
        pays("signature", a_record_that_another_key_signed),
        pays("digits are the challenge", a_signature_for_another_challenge),
        Attack {
            besides: &["signature"],
            gain: Gain::Units,
            ..idle("point is on the curve", a_commitment_off_the_curve)
        },
    ]
}

fn sealed(count: u32) -> Bundle {
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    cohort.sign(0, Body::Uptime(slots(0..count)));
    cohort.seal()
}

/// Takes another signature for the sealed record of member 0.
fn signed_with(mut bundle: Bundle, signature: ergon_types::Signature) -> Bundle {
    let record = bundle.packets[0].as_ref().unwrap().record.clone();
    bundle.packets[0] = Some(Packet { record, signature });
    bundle
}

/// With `included` any v, the signature's key is D + v·(A − D), D the dummy key. An operator who enrols the other
/// point A where the line through D and a key K of his meets the curve signs with K.
fn an_inclusion_scales_the_key() -> (Input, Forged) {
    let dummy = SecretKey::from_bytes(*b"ergon/1/dummy: nothing up sleeve").public();
    let (known, key, scale) = (1u8..)
        .find_map(|seed| {
            let known = SecretKey::from_bytes([seed; 32]);
            let (key, scale) = third_point(dummy.point(), known.public().point())?;
            Some((known, key, scale))
        })
        .unwrap();
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    cohort.bundle.membership.members[0].as_mut().unwrap().key = key;
    cohort.sign(0, Body::Uptime(slots(0..288)));
    let bundle = cohort.seal();
    let signature = known.sign(&(scale * bundle.seal.heads[0]));
    let included = Places::of(Kind::Uptime).alone("included is a bit", MEMBER)[0];
    (input(signed_with(bundle, signature)), [(included, scale)].into())
}

/// A key of prime order on the line from `d` to `k`, and v with d + v·(key − d) = k.
fn third_point(d: &EdwardsAffine, k: &EdwardsAffine) -> Option<(PublicKey, Fr)> {
    let (ex, ey) = (k.x - d.x, k.y - d.y);
    let two = Fr::from(2u64);
    let (a, curve_d) = (Fr::from(168_700u64), Fr::from(168_696u64));
    // x² and y² along the line, then the curve's equation, a quartic in t with the roots 0 and 1.
    let (x, y) =
        ([d.x.square(), two * d.x * ex, ex.square()], [d.y.square(), two * d.y * ey, ey.square()]);
    let mut quartic = [Fr::from(0u64); 5];
    for (i, xi) in x.iter().enumerate() {
        quartic[i] += a * xi + y[i];
        for (j, yj) in y.iter().enumerate() {
            quartic[i + j] -= curve_d * xi * yj;
        }
    }
    let [_, _, c2, c3, c4] = quartic;
    let (b, c) = (c3 + c4, c2 + c3 + c4);
    let root = (b.square() - Fr::from(4u64) * c4 * c).sqrt()?;
    [root, -root].into_iter().find_map(|root| {
        let t = (root - b) / (two * c4);
        let point = EdwardsAffine::new_unchecked(d.x + t * ex, d.y + t * ey);
        Some((PublicKey::from_point(point).ok()?, t.inverse()?))
    })
}

fn a_place_without_device() -> (Input, Forged) {
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    cohort.bundle.membership.members[0].as_mut().unwrap().device = 0;
    cohort.sign(0, Body::Uptime(slots(0..288)));
    (input(cohort.seal()), Forged::new())
}

/// The device's signature of a short record, shown with a long one.
fn a_record_that_is_not_sealed() -> (Input, Forged) {
    let mut bundle = sealed(10);
    bundle.seal.arrivals[0] = slots(0..288);
    resign(&mut bundle);
    let packet = bundle.packets[0].as_mut().unwrap();
    packet.record.body = Body::Uptime(slots(0..288));
    (input(bundle), Forged::new())
}

fn a_record_that_another_key_signed() -> (Input, Forged) {
    let bundle = sealed(288);
    let signature = key(1).sign(&bundle.seal.heads[0]);
    (input(signed_with(bundle, signature)), Forged::new())
}

/// Whoever chooses the challenge solves the equation for R.
fn a_signature_for_another_challenge() -> (Input, Forged) {
    let bundle = sealed(288);
    let mut signature = key(1).sign(&bundle.seal.heads[0]);
    let device = key(0).public();
    let (r, point, head) = (signature.r, device.point(), bundle.seal.heads[0]);
    let challenge = poseidon::hash(&[r.x, r.y, point.x, point.y, head]);
    let challenge = Scalar::from_le_bytes_mod_order(&field::to_le_bytes(&challenge));
    let other = input(signed_with(bundle.clone(), signature));
    let system = Statement::from_input(other).circuit(Fr::one()).synthesize();
    let digits = Places::of(Kind::Uptime).alone("digit sign", MEMBER);
    assert_eq!(digits.len(), 254);
    let forged = digits.into_iter().map(|digit| (digit, system.assignment()[digit])).collect();
    let product = *point * (challenge * Scalar::from(8u64));
    signature.r = (EdwardsAffine::generator() * signature.s - product).into_affine();
    (input(signed_with(bundle, signature)), forged)
}

/// R enters its own challenge, so that nobody can solve for one off the curve either; the assertion spares the
/// argument about the addition's formulas there.
fn a_commitment_off_the_curve() -> (Input, Forged) {
    let bundle = sealed(288);
    let mut signature = key(0).sign(&bundle.seal.heads[0]);
    signature.r.x += Fr::one();
    (input(signed_with(bundle, signature)), Forged::new())
}
