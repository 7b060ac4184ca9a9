//! Keys that anything could be proven with are refused, each for its flaw; and why γ = δ is one.
#![allow(clippy::unwrap_used)]

use ark_bn254::{Bn254, Fq, Fq2, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_groth16::{Groth16, Proof, prepare_verifying_key};
use ergon_circuits::CircuitId;
use ergon_params::{
    Ceremony, Key, KeyFlaw, Origin, Params, ParamsError, Reduction, VerifyingKey, lint,
};
use std::sync::OnceLock;

const CIRCUIT: CircuitId = CircuitId::membership(1);

fn good() -> VerifyingKey {
    static KEY: OnceLock<Key> = OnceLock::new();
    KEY.get_or_init(|| Key::development(CIRCUIT).unwrap()).verifying().clone()
}

/// As a ceremony leaves a key.
fn origin(contributions: Option<u32>) -> Origin {
    Origin { ceremony: Ceremony::Ceremony, contributions, reduction: Reduction::Circom }
}

/// The flaw of a key that was changed.
fn flaw(change: impl FnOnce(&mut VerifyingKey)) -> KeyFlaw {
    let mut key = good();
    change(&mut key);
    lint(&key, &origin(Some(1)), false).unwrap_err()
}

#[test]
fn a_key_of_a_ceremony_with_gamma_at_the_generator_has_no_flaw() {
    let mut key = good();
    lint(&key, &origin(Some(1)), false).unwrap();
    key.gamma_g2 = G2Affine::generator();
    lint(&key, &origin(Some(1)), false).unwrap();
}

#[test]
fn a_key_that_nobody_contributed_to_is_insecure() {
    let key = good();
    let development = Origin { ceremony: Ceremony::Development, ..origin(Some(3)) };
    for origin in [origin(None), origin(Some(0)), development] {
        assert_eq!(lint(&key, &origin, false), Err(KeyFlaw::NoContribution));
        lint(&key, &origin, true).unwrap();
    }
}

#[test]
fn a_second_phase_without_a_contribution_is_refused_even_when_insecure_keys_are_not() {
    let mut key = good();
    for delta in [G2Affine::generator(), -G2Affine::generator()] {
        key.delta_g2 = delta;
        let flaw = lint(&key, &origin(None), true).unwrap_err();
        assert!(matches!(&flaw, KeyFlaw::Generator { point, .. } if point == "delta"), "{flaw}");
    }
}

#[test]
fn secrets_that_are_known_or_equal_are_refused() {
    let of = |found: KeyFlaw, name: &str| {
        assert!(matches!(&found, KeyFlaw::Generator { point, .. } if point == name), "{found}");
    };
    of(flaw(|key| key.alpha_g1 = -G1Affine::generator()), "alpha");
    of(flaw(|key| key.beta_g2 = G2Affine::generator()), "beta");
    let linked = |one, other| KeyFlaw::Linked { one, other };
    assert_eq!(flaw(|key| key.delta_g2 = key.gamma_g2), linked("gamma", "delta"));
    assert_eq!(flaw(|key| key.delta_g2 = -key.gamma_g2), linked("gamma", "delta"));
    assert_eq!(flaw(|key| key.beta_g2 = key.delta_g2), linked("beta", "delta"));
    assert_eq!(flaw(|key| key.gamma_g2 = -key.beta_g2), linked("beta", "gamma"));
}

#[test]
fn inputs_that_are_missing_zero_or_linked_are_refused() {
    assert_eq!(flaw(|key| key.gamma_abc_g1.truncate(3)), KeyFlaw::Inputs { found: 3 });
    assert_eq!(
        flaw(|key| key.gamma_abc_g1.push(G1Affine::generator())),
        KeyFlaw::Inputs { found: 5 }
    );
    let linked = |one, other| KeyFlaw::LinkedInputs { one, other };
    assert_eq!(flaw(|key| key.gamma_abc_g1[3] = key.gamma_abc_g1[1]), linked(1, 3));
    assert_eq!(flaw(|key| key.gamma_abc_g1[2] = -key.gamma_abc_g1[0]), linked(0, 2));
    for place in 0..4 {
        let flaw = flaw(|key| key.gamma_abc_g1[place] = G1Affine::zero());
        assert_eq!(flaw, KeyFlaw::Infinity { point: format!("IC[{place}]") });
    }
}

#[test]
fn points_at_infinity_off_the_curve_and_off_the_group_are_refused() {
    let infinity = |point: &str| KeyFlaw::Infinity { point: point.to_owned() };
    assert_eq!(flaw(|key| key.alpha_g1 = G1Affine::zero()), infinity("alpha"));
    assert_eq!(flaw(|key| key.beta_g2 = G2Affine::zero()), infinity("beta"));
    assert_eq!(flaw(|key| key.gamma_g2 = G2Affine::zero()), infinity("gamma"));
    assert_eq!(flaw(|key| key.delta_g2 = G2Affine::zero()), infinity("delta"));
    let off = |point: &str| KeyFlaw::OffCurve { point: point.to_owned() };
    assert_eq!(flaw(|key| key.alpha_g1.y += Fq::from(1)), off("alpha"));
    assert_eq!(flaw(|key| key.gamma_g2.x.c1 += Fq::from(1)), off("gamma"));
    assert_eq!(flaw(|key| key.gamma_abc_g1[3].x += Fq::from(1)), off("IC[3]"));
    // The curve of the second group has points of other orders too.
    let outside = (0u64..)
        .filter_map(|x| G2Affine::get_point_from_x_unchecked(Fq2::new(x.into(), Fq::from(1)), true))
        .find(|point| !point.is_in_correct_subgroup_assuming_on_curve())
        .unwrap();
    let found = flaw(|key| key.delta_g2 = outside);
    assert_eq!(found, KeyFlaw::OffGroup { point: "delta".to_owned() });
}

/// A = α, B = β and C = −ΣIC close the equation whenever γ = δ, and no secret is needed.
#[test]
fn anybody_proves_anything_under_a_key_whose_gamma_is_its_delta() {
    let mut key = good();
    key.delta_g2 = key.gamma_g2;
    let inputs = [7u64, 8, 9].map(Fr::from);
    let sum = key.gamma_abc_g1[1..]
        .iter()
        .zip(&inputs)
        .fold(key.gamma_abc_g1[0].into_group(), |sum: G1Projective, (point, input)| {
            sum + *point * input
        });
    let forged = Proof::<Bn254> { a: key.alpha_g1, b: key.beta_g2, c: (-sum).into_affine() };
    let verifies = |key: &VerifyingKey, proof: &Proof<Bn254>| {
        Groth16::<Bn254>::verify_proof(&prepare_verifying_key(key), proof, &inputs).unwrap()
    };
    assert!(verifies(&key, &forged));
    assert!(!verifies(&good(), &forged));
    lint(&key, &origin(Some(9)), true).unwrap_err();
}

#[test]
fn the_keys_of_all_trial_circuits_and_of_a_folder_have_no_flaw_but_that_they_are_insecure() {
    let folder = tempfile::tempdir().unwrap();
    let params = Params::new(folder.path());
    params.generate(&CircuitId::TRIAL, |_| ()).unwrap();
    for circuit in CircuitId::TRIAL {
        params.lint(circuit, true).unwrap();
        let error = params.lint(circuit, false).unwrap_err();
        let insecure = matches!(&error, ParamsError::Unsound { flaw: KeyFlaw::NoContribution, .. });
        assert!(insecure && error.to_string().contains(&circuit.to_string()), "{error}");
    }
}
