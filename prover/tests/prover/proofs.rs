//! Single proofs.

use crate::bundle::{PROVER, membership, network, sealed};
use crate::{ENERGY, MEMBERSHIP, UPTIME, key, params};
use ergon_accelerator::{Accelerator, Cpu};
use ergon_circuits::{Circuit, Scope, Statement};
use ergon_prover::challenge::challenge;
use ergon_prover::{
    Engine, ProverError, VerifyError, proof_words, prove, prove_assignment, prove_bundle,
    prove_circuit, route_of, verify_proof,
};
use ergon_types::{Fr, Kind, challenge_words};

fn statement() -> Statement {
    Statement::membership(&network(), &membership(Kind::Uptime, 3))
}

#[test]
fn a_membership_is_proven_at_the_challenge_of_its_route() {
    let (statement, key) = (statement(), key(MEMBERSHIP));
    let proved = prove(&statement, &key).unwrap();
    let [c, z, y] = proved.public;
    assert_eq!(c, membership(Kind::Uptime, 3).root(&network()));
    assert_eq!(z, challenge(MEMBERSHIP.tag(), route_of(&key), &c, statement.words()));
    assert_eq!(y, challenge_words(statement.words(), z));
    verify_proof(key.prepared(), &proved.public, &proved.proof).unwrap();
}

#[test]
fn every_accelerator_proves_under_the_same_key() {
    let tables = Cpu::all().into_iter().map(|cpu| cpu.with_tables(1 << 23));
    for accelerator in Cpu::all().into_iter().chain(tables) {
        for circuit in [MEMBERSHIP, UPTIME, ENERGY] {
            let engine = Engine::on(&accelerator, &params().load(circuit).unwrap()).unwrap();
            assert_eq!(engine.accelerator(), accelerator.name());
            // Verified before it is returned.
            prove_circuit(&engine, &Circuit::blank(circuit)).unwrap();
        }
    }
}

#[test]
fn other_public_inputs_are_rejected() {
    let key = key(MEMBERSHIP);
    let proved = prove(&statement(), &key).unwrap();
    for index in 0..3 {
        let mut public = proved.public;
        public[index] += Fr::from(1u64);
        let verdict = verify_proof(key.prepared(), &public, &proved.proof);
        assert_eq!(verdict, Err(VerifyError::Invalid));
    }
}

#[test]
fn surplus_and_missing_public_inputs_are_rejected() {
    let key = key(MEMBERSHIP);
    let proved = prove(&statement(), &key).unwrap();
    let surplus = [proved.public.as_slice(), &[Fr::from(0u64)]].concat();
    for public in [&surplus[..], &surplus[..2], &[]] {
        let verdict = verify_proof(key.prepared(), public, &proved.proof);
        assert_eq!(verdict, Err(VerifyError::Inputs { expected: 3, found: public.len() }));
    }
}

#[test]
fn two_proofs_of_one_statement_share_no_point() {
    let key = key(MEMBERSHIP);
    let [first, second] = [(); 2].map(|()| prove(&statement(), &key).unwrap());
    assert_eq!(first.public, second.public);
    let (first, second) = (proof_words(&first.proof), proof_words(&second.proof));
    for (a, b) in first.iter().zip(&second) {
        assert_ne!(a, b);
    }
}

#[test]
fn a_key_of_another_circuit_is_refused_by_name() {
    let error = prove(&statement(), &key(UPTIME)).unwrap_err();
    assert!(matches!(error, ProverError::WrongKey { expected, found }
        if expected == MEMBERSHIP && found == UPTIME));
}

#[test]
fn a_witness_that_breaks_a_constraint_is_an_error_that_names_the_assertion_and_its_member() {
    let circuit = Circuit::blank(UPTIME);
    let rows = circuit.synthesize();
    let bit = rows.rows().iter().find(|row| row.label == "slot is a bit").unwrap().a[0].0;
    let mut assignment = circuit.assignment(0);
    assignment[bit] += Fr::from(2u64);
    let error = prove_assignment(&key(UPTIME), &assignment).unwrap_err();
    assert!(matches!(error, ProverError::Unsatisfied { circuit, scope: Scope::Member(0), .. }
        if circuit == UPTIME));
    assert!(error.to_string().contains("`slot is a bit` about member 0"), "{error}");
}

#[test]
fn a_public_input_that_is_not_the_words_is_an_error_that_names_the_assertion() {
    let [c, z, y] = statement().public(Fr::from(5u64));
    let lying = statement().circuit(z).with_public([c, z, y + Fr::from(1u64)]);
    let error = prove_circuit(&key(MEMBERSHIP), &lying).unwrap_err();
    assert!(matches!(error, ProverError::Unsatisfied { circuit: MEMBERSHIP, scope, label, .. }
        if scope == Scope::Cohort && label == "y is the words' polynomial at z"));
}

#[test]
fn a_bundle_whose_seal_is_not_signed_is_refused_by_name() {
    let mut bundle = sealed(Kind::Energy, 4, 2);
    bundle.seal.salt += Fr::from(1u64);
    let error = prove_bundle(&bundle, &key(ENERGY), PROVER).unwrap_err();
    assert!(matches!(&error, ProverError::Statement { bundle, .. } if bundle == "energy-4-2"));
    assert!(error.to_string().contains("energy-4-2"), "{error}");
}
