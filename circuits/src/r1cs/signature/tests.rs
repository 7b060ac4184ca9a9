//! The gadget's size, its answers, and its multiplication at the edges of the challenge.

use super::*;
use ark_ff::Zero;
use ergon_types::SecretKey;

fn system(change: impl Fn(&mut Fr, &mut Fr, &mut Fr, &mut Signature)) -> R1cs {
    let key = SecretKey::from_bytes([3; 32]);
    let mut message = Fr::from(77u64);
    let mut signature = key.sign(&message);
    let (mut x, mut y) = (key.public().point().x, key.public().point().y);
    change(&mut x, &mut y, &mut message, &mut signature);
    let mut g = R1cs::new([Fr::zero(); 3]);
    let key = Point { x: g.allocate(x), y: g.allocate(y) };
    let message = g.allocate(message);
    verify(&mut g, &key, &message, &signature);
    g
}

#[test]
fn a_signature_costs_2470_constraints_and_holds() {
    let g = system(|_, _, _, _| {});
    assert!(g.first_unsatisfied().is_none());
    assert_eq!(g.rows().len(), 2470);
}

#[test]
fn a_changed_message_key_or_signature_is_unsatisfiable() {
    let label = |g: R1cs| g.first_unsatisfied().map(|row| row.label);
    assert_eq!(label(system(|_, _, m, _| *m += Fr::one())), Some("signature"));
    assert_eq!(label(system(|_, _, _, s| s.s += Scalar::one())), Some("signature"));
    let off = |_: &mut Fr, _: &mut Fr, _: &mut Fr, s: &mut Signature| s.r.x += Fr::one();
    assert_eq!(label(system(off)), Some("point is on the curve"));
    let other = SecretKey::from_bytes([4; 32]).public();
    let swap = |x: &mut Fr, y: &mut Fr, _: &mut Fr, _: &mut Signature| {
        (*x, *y) = (other.point().x, other.point().y);
    };
    assert_eq!(label(system(swap)), Some("signature"));
}

#[test]
fn many_keys_and_messages_satisfy_the_gadget() {
    for seed in 0..24u8 {
        let g = system(|x, y, m, s| {
            let key = SecretKey::from_bytes([seed; 32]);
            *m = -Fr::from(u64::from(seed));
            *s = key.sign(m);
            (*x, *y) = (key.public().point().x, key.public().point().y);
        });
        assert!(g.first_unsatisfied().is_none(), "seed {seed}");
    }
}

/// `8h·A` by the rows, and whether they hold.
fn product(key: &EdwardsAffine, h: Fr) -> (EdwardsAffine, bool) {
    let mut g = R1cs::new([Fr::zero(); 3]);
    let wires = Point { x: g.allocate(key.x), y: g.allocate(key.y) };
    let h = g.allocate(h);
    let key = to_montgomery(&mut g, &wires);
    let twice = double(&mut g, &key);
    let fourfold = double(&mut g, &twice);
    let product = twice_times(&mut g, &fourfold, &h);
    let product = to_edwards(&mut g, &product);
    let point = EdwardsAffine::new_unchecked(product.x.value(), product.y.value());
    (point, g.first_unsatisfied().is_none())
}

#[test]
fn the_variable_base_product_is_right_at_the_edges_of_the_challenge() {
    let order = Fr::from(BigUint::from(Scalar::MODULUS));
    let mut challenges = vec![field::power_of_two(253), field::power_of_two(252)];
    for small in 2..6u64 {
        for edge in [Fr::zero(), order, order + order] {
            challenges.extend([edge + Fr::from(small), edge - Fr::from(small)]);
        }
    }
    for a in [1u64, 2, 5, 1 << 40] {
        let key = (EdwardsAffine::generator() * Scalar::from(a)).into_affine();
        for h in &challenges {
            let scalar = Scalar::from(BigUint::from(h.into_bigint()));
            let expected = (key * (scalar * Scalar::from(8u64))).into_affine();
            assert_eq!(product(&key, *h), (expected, true), "{a}: {h}");
        }
    }
}

/// Additions are exceptional for these few challenges, which nobody can make a hash take.
#[test]
fn the_challenges_whose_additions_are_exceptional_are_not_provable() {
    let key = SecretKey::from_bytes([3; 32]).public();
    let half = Scalar::from(2u64).inverse().unwrap();
    for scalar in [Scalar::zero(), half, -half, half + Scalar::one()] {
        let h = Fr::from(BigUint::from(scalar.into_bigint()));
        let expected = (*key.point() * (scalar * Scalar::from(8u64))).into_affine();
        assert_ne!(product(key.point(), h), (expected, true), "{scalar}");
    }
}
