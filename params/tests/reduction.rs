//! Both reductions prove under their own keys, and neither under the other's.
#![allow(clippy::unwrap_used)]

use ark_bn254::{Bn254, Fr};
use ark_groth16::r1cs_to_qap::{LibsnarkReduction, R1CSToQAP};
use ark_groth16::{Groth16, prepare_verifying_key};
use ark_std::rand::rngs::OsRng;
use ergon_circuits::{Circuit, CircuitId};
use ergon_params::{CircomReduction, ProvingKey};

fn circuit() -> Circuit {
    Circuit::blank(CircuitId::membership(1))
}

fn key<Q: R1CSToQAP>() -> ProvingKey {
    Groth16::<Bn254, Q>::generate_random_parameters_with_reduction(circuit(), &mut OsRng).unwrap()
}

/// Whether a proof made with this reduction is valid, and only for its public inputs.
fn proves<Q: R1CSToQAP>(key: &ProvingKey) -> bool {
    let proof = Groth16::<Bn254, Q>::create_random_proof_with_reduction(circuit(), key, &mut OsRng)
        .unwrap();
    let prepared = prepare_verifying_key(&key.vk);
    let holds = |inputs: &[Fr]| Groth16::<Bn254>::verify_proof(&prepared, &proof, inputs).unwrap();
    let [c, z, y] = circuit().public();
    assert!(!holds(&[c, z, y + Fr::from(1u64)]));
    holds(&[c, z, y])
}

#[test]
fn a_proof_is_valid_only_with_the_reduction_of_its_key() {
    let (libsnark, circom) = (key::<LibsnarkReduction>(), key::<CircomReduction>());
    assert_eq!(circom.h_query.len(), libsnark.h_query.len() + 1);
    assert!(proves::<LibsnarkReduction>(&libsnark));
    assert!(proves::<CircomReduction>(&circom));
    assert!(!proves::<CircomReduction>(&libsnark));
    assert!(!proves::<LibsnarkReduction>(&circom));
}
