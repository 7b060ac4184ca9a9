//! Keys of a ceremony prove with their own reduction; witnesses for other provers are those of our proofs.

use crate::bundle::{PROVER, membership, network, sealed};
use crate::zkey::Zkey;
use crate::{MEMBERSHIP, UPTIME, key};
use ergon_circuits::{Circuit, Statement};
use ergon_params::{Key, Reduction};
use ergon_prover::{
    Engine, ProverError, VerifyError, Witness, prove, prove_bundle, prove_circuit, verify_proof,
};
use ergon_types::{Fr, Kind, field};
use std::path::Path;

fn statement() -> Statement {
    Statement::membership(&network(), &membership(Kind::Uptime, 3))
}

fn import(zkey: &Zkey) -> Engine {
    let key = Key::from_zkey(MEMBERSHIP, Path::new("final.zkey"), &zkey.bytes()).unwrap();
    Engine::new(&key).unwrap()
}

#[test]
fn an_imported_key_proves_with_its_own_reduction() {
    let key = import(&Zkey::of(MEMBERSHIP));
    assert_eq!(key.reduction(), Reduction::Circom);
    let proved = prove(&statement(), &key).unwrap();
    verify_proof(key.prepared(), &proved.public, &proved.proof).unwrap();
    let mut other = proved.public;
    other[0] += Fr::from(1u64);
    let verdict = verify_proof(key.prepared(), &other, &proved.proof);
    assert_eq!(verdict, Err(VerifyError::Invalid));
}

#[test]
fn a_key_whose_points_do_not_belong_together_gives_no_proof() {
    let mut zkey = Zkey::of(MEMBERSHIP);
    let points = zkey.section(9);
    let (first, second) = points.split_at_mut(64);
    first.swap_with_slice(&mut second[..64]);
    let error = prove(&statement(), &import(&zkey)).unwrap_err();
    assert!(matches!(error, ProverError::SelfCheck { source: VerifyError::Invalid, .. }));
    assert!(error.to_string().contains("snarkjs zkey verify"), "{error}");
}

#[test]
fn the_witness_of_a_bundle_is_for_the_challenge_of_its_proof() {
    let (bundle, key) = (sealed(Kind::Uptime, 2, 3), key(UPTIME));
    let witness = Witness::of_bundle(&bundle, &key, PROVER).unwrap();
    let (submission, _) = prove_bundle(&bundle, &key, PROVER).unwrap();
    assert_eq!(*witness.public(), submission.public_json());
    // The wires after one are the public inputs.
    let values = &witness.wtns()[witness.wtns().len() - 32 * key.shape().variables()..];
    for (value, public) in values[32..].chunks(32).zip(submission.public()) {
        let mut expected = field::to_be_bytes(&public);
        expected.reverse();
        assert_eq!(*value, expected);
    }
}

#[test]
fn a_witness_is_written_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Witness::of(&statement(), &key(MEMBERSHIP)).unwrap();
    let path = witness.write(&folder.path().join("new"), "membership-3").unwrap();
    assert_eq!(path, folder.path().join("new/membership-3.wtns"));
    assert_eq!(std::fs::read(&path).unwrap(), witness.wtns());
    assert!(path.with_extension("public.json").exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(!format!("{witness:?}").contains("file"), "the values do not show");
}

#[test]
fn what_does_not_satisfy_the_circuit_has_no_witness() {
    let key = key(MEMBERSHIP);
    let circuit = Circuit::blank(MEMBERSHIP);
    let [c, z, y] = circuit.public();
    let other = circuit.with_public([c, z, y + Fr::from(1u64)]);
    let error = Witness::of_circuit(&key, &other).unwrap_err();
    assert!(matches!(error, ProverError::Unsatisfied { .. }), "{error}");
    assert!(prove_circuit(&key, &other).is_err());
    let error = Witness::of_bundle(&sealed(Kind::Uptime, 2, 3), &key, PROVER).unwrap_err();
    assert!(matches!(error, ProverError::WrongKey { .. }), "{error}");
}
