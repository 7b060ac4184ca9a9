//! Verification of many proofs at once.

use crate::bundle::{membership, network};
use crate::{MEMBERSHIP, key};
use ark_bn254::{Fq, Fq2, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::AdditiveGroup;
use ergon_circuits::Statement;
use ergon_prover::{Claimed, Engine, Proved, invalid_proofs, prove};
use ergon_types::{Fr, Kind};

fn proofs(engine: &Engine, count: u32) -> Vec<Proved> {
    let statement = |cohort| Statement::membership(&network(), &membership(Kind::Uptime, cohort));
    (0..count).map(|cohort| prove(&statement(cohort), engine).unwrap()).collect()
}

fn invalid(engine: &Engine, proofs: &[Proved]) -> Vec<usize> {
    let claimed: Vec<Claimed<'_>> = proofs
        .iter()
        .map(|proved| Claimed { inputs: &proved.public, proof: &proved.proof })
        .collect();
    invalid_proofs(engine.prepared(), &claimed).unwrap()
}

#[test]
fn valid_proofs_pass_together_and_none_passes_too() {
    let engine = key(MEMBERSHIP);
    assert_eq!(invalid(&engine, &proofs(&engine, 5)), [0usize; 0]);
    assert_eq!(invalid(&engine, &[]), [0usize; 0]);
}

#[test]
fn every_invalid_proof_is_found_and_no_other() {
    let engine = key(MEMBERSHIP);
    let good = proofs(&engine, 6);
    let spoils: [fn(&mut Proved); 5] = [
        |proved| proved.public[1] += Fr::from(1u64),
        |proved| proved.proof.a = (-proved.proof.a).into_group().into_affine(),
        |proved| proved.proof.b = G2Affine::generator(),
        |proved| proved.proof.c = (proved.proof.c + G1Affine::generator()).into_affine(),
        |proved| proved.proof.c = G1Affine::zero(),
    ];
    for (turn, spoil) in spoils.into_iter().enumerate() {
        let mut proofs = good.clone();
        spoil(&mut proofs[turn]);
        assert_eq!(invalid(&engine, &proofs), [turn]);
        spoil(&mut proofs[5]);
        assert_eq!(invalid(&engine, &proofs), [turn, 5]);
    }
}

#[test]
fn errors_that_cancel_out_are_found() {
    let engine = key(MEMBERSHIP);
    let mut proofs = proofs(&engine, 2);
    let shift = G1Affine::generator();
    proofs[0].proof.c = (proofs[0].proof.c + shift).into_affine();
    proofs[1].proof.c = (proofs[1].proof.c - shift).into_affine();
    assert_eq!(invalid(&engine, &proofs), [0, 1]);
    // The inputs of two proofs exchanged: each sum over both is as it was.
    let [mut first, mut second] = <[Proved; 2]>::try_from(self::proofs(&engine, 2)).unwrap();
    std::mem::swap(&mut first.public, &mut second.public);
    assert_eq!(invalid(&engine, &[first, second]), [0, 1]);
}

#[test]
fn points_outside_of_their_groups_and_other_numbers_of_inputs_are_invalid() {
    let engine = key(MEMBERSHIP);
    let good = proofs(&engine, 2);
    let mut off_curve = good.clone();
    off_curve[1].proof.a = G1Affine::new_unchecked(Fq::from(1u64), Fq::from(1u64));
    assert_eq!(invalid(&engine, &off_curve), [1]);
    // On the twist, but not of the order r: nearly every point is.
    let odd = (1u64..)
        .filter_map(|x| G2Affine::get_point_from_x_unchecked(Fq2::new(Fq::from(x), Fq::ZERO), true))
        .find(|point| !point.is_in_correct_subgroup_assuming_on_curve())
        .unwrap();
    let mut outside = good.clone();
    outside[0].proof.b = odd;
    assert_eq!(invalid(&engine, &outside), [0]);

    let surplus = [good[0].public.as_slice(), &[Fr::ZERO]].concat();
    for inputs in [&surplus[..], &surplus[..2], &[]] {
        let claimed = [
            Claimed { inputs, proof: &good[0].proof },
            Claimed { inputs: &good[1].public, proof: &good[1].proof },
        ];
        assert_eq!(invalid_proofs(engine.prepared(), &claimed).unwrap(), [0]);
    }
}
