//! Submissions say only what their words say, and are rejected otherwise.

use crate::bundle::{ALIVE, PROVER, sealed};
use crate::{ENERGY, UPTIME, key};
use ergon_prover::{Submission, VerifyError, prove_bundle, snarkjs};
use ergon_types::{Address, Fr, Kind};
use std::sync::OnceLock;

fn submission() -> Submission {
    static MADE: OnceLock<Submission> = OnceLock::new();
    let make = || prove_bundle(&sealed(Kind::Uptime, 5, 1), &key(UPTIME), PROVER).unwrap().0;
    MADE.get_or_init(make).clone()
}

/// The field that verification names after a change.
fn mismatch(change: impl FnOnce(&mut Submission)) -> &'static str {
    mismatch_of(submission(), change)
}

/// The same for a given submission.
fn mismatch_of(mut changed: Submission, change: impl FnOnce(&mut Submission)) -> &'static str {
    change(&mut changed);
    match changed.verify(key(changed.circuit).verifying()) {
        Err(VerifyError::Mismatch { field, .. }) => field,
        other => panic!("expected a mismatch, got {other:?}"),
    }
}

#[test]
fn a_submission_survives_its_json_and_verifies() {
    let submission = submission();
    assert_eq!((submission.name().as_str(), submission.circuit), ("uptime-5-1", UPTIME));
    assert_eq!(submission.measured, [u64::from(ALIVE)]);
    assert_eq!(
        (submission.included.as_slice(), submission.reasons.as_slice()),
        (&[true][..], &[None][..])
    );
    let text = serde_json::to_string(&submission).unwrap();
    let read = Submission::from_json(&text).unwrap();
    assert_eq!(read, submission);
    read.verify(key(UPTIME).verifying()).unwrap();
}

#[test]
fn a_changed_field_is_named() {
    let one = Fr::from(1u64);
    assert_eq!(mismatch(|s| s.units[0] += 1), "units");
    assert_eq!(mismatch(|s| s.units.clear()), "number of units");
    assert_eq!(mismatch(|s| s.measured.clear()), "number of measured");
    assert_eq!(mismatch(|s| s.prover = Address([8; 20])), "prover");
    assert_eq!(mismatch(|s| s.network.settlement = Address([8; 20])), "settlement contract");
    assert_eq!(mismatch(|s| s.network.chain_id += 1), "chain id");
    assert_eq!(mismatch(|s| s.epoch += 1), "epoch");
    assert_eq!(mismatch(|s| s.cohort += 1), "cohort");
    assert_eq!(mismatch(|s| s.seal += one), "seal");
    assert_eq!(mismatch(|s| s.state_after += one), "state_after");
    assert_eq!(mismatch(|s| s.membership_root += one), "membership_root");
    assert_eq!(mismatch(|s| s.kind = Kind::Energy), "circuit");
    assert_eq!(mismatch(|s| s.route[0] ^= 1), "route");
    assert_eq!(mismatch(|s| s.c += one), "c");
    assert_eq!(mismatch(|s| s.z += one), "z");
    assert_eq!(mismatch(|s| s.y += one), "y");
    assert_eq!(mismatch(|s| s.proof_words[7][31] ^= 1), "proof_words");
}

#[test]
fn whom_an_energy_batch_includes_is_one_of_its_words() {
    let energy = prove_bundle(&sealed(Kind::Energy, 5, 1), &key(ENERGY), PROVER).unwrap().0;
    assert_eq!(energy.words[14], Fr::from(1u64));
    assert_eq!(mismatch_of(energy, |s| s.included[0] ^= true), "included");
}

#[test]
fn stolen_work_for_another_prover_needs_another_proof() {
    // The thief changes every word and recomputes c, z and y: only the proof stands in the way.
    let honest = submission();
    let thief = Address([8; 20]);
    let stolen = prove_bundle(&sealed(Kind::Uptime, 5, 1), &key(UPTIME), thief).unwrap().0;
    let forged = Submission { proof: honest.proof, proof_words: honest.proof_words, ..stolen };
    assert_eq!(forged.verify(key(UPTIME).verifying()), Err(VerifyError::Invalid));
}

#[test]
fn the_key_of_another_circuit_is_another_route() {
    let verdict = submission().verify(key(ENERGY).verifying());
    assert!(matches!(verdict, Err(VerifyError::Mismatch { field: "route", .. })));
}

#[test]
fn malformed_submissions_are_refused_with_a_reason() {
    let good = serde_json::to_value(submission()).unwrap();
    let refused = |path: &str, value: serde_json::Value| {
        let mut bad = good.clone();
        *bad.pointer_mut(path).unwrap() = value;
        Submission::from_json(&bad.to_string()).unwrap_err().to_string()
    };
    let version = refused("/version", 2.into());
    assert_eq!(version, "submission version 2 is not supported; expected version 1");
    let order = "21888242871839275222246405745257275088548364400416034343698204186575808495617";
    assert!(refused("/c", order.into()).contains("below"));
    assert!(refused("/proof_words/0", "0x12".into()).contains("64 hexadecimal digits"));
    // A point off the curve.
    assert!(refused("/proof/pi_a/0", "1".into()).contains("malformed"));
    assert!(Submission::from_json("{").is_err());
    assert!(Submission::from_json("[]").is_err());
}

#[test]
fn snarkjs_files_of_another_protocol_or_curve_are_refused() {
    let submission = submission();
    let public = serde_json::to_string(&submission.public_json()).unwrap();
    let key_file = crate::params().folder().join("uptime-1.vk.json");
    let key = std::fs::read_to_string(key_file).unwrap();
    let proof = serde_json::to_string(&submission.proof).unwrap();
    assert_eq!(snarkjs::verify(&key, &public, &proof), Ok(()));
    let plonk = proof.replace("groth16", "plonk");
    assert!(matches!(snarkjs::verify(&key, &public, &plonk), Err(VerifyError::Format { .. })));
    let curve = proof.replace("bn128", "bls12381");
    assert!(matches!(snarkjs::verify(&key, &public, &curve), Err(VerifyError::Format { .. })));
    let other = serde_json::to_string(&["1", "2", "3"]).unwrap();
    assert_eq!(snarkjs::verify(&key, &other, &proof), Err(VerifyError::Invalid));
}
