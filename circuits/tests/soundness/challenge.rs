//! The coverage statement's challenge commits to everything that a prover chooses before it: a choice left out could
//! be made after the challenge is known, and would make the two sums agree.

use crate::fixture::*;
use crate::places::Places;
use ark_ff::One;
use ergon_circuits::r1cs::{R1cs, evaluate};
use ergon_circuits::{Circuit, Scope, Statement, WITNESSES};
use ergon_types::{Fr, Kind};
use std::collections::BTreeMap;

/// The challenge less the value of the middle one of the witnesses' entries, which no case below touches.
fn challenge(system: &R1cs) -> Fr {
    let row =
        system.rows().iter().filter(|row| row.label == "share of an observation").nth(256).unwrap();
    evaluate(&row.b, system.assignment())
}

fn circuit() -> Circuit {
    let heard = [hearing(0, 1, 3), hearing(7, 2, 0), hearing(1, 8, 1)];
    let bundle = covered(&[&heard, &[], &[], &[]]).seal();
    Statement::from_bundle(&bundle, PROVER).unwrap().circuit(Fr::one())
}

/// One variable of each choice: the first and the last of the many of a kind.
fn choices() -> Vec<(String, usize)> {
    let places = Places::of(Kind::Coverage);
    let mut choices = Vec::new();
    let mut add = |label: &str, scope| {
        let bits = places.alone(label, scope);
        choices.push((format!("first {label} of {scope:?}"), bits[0]));
        choices.push((format!("last {label} of {scope:?}"), bits[bits.len() - 1]));
    };
    for witness in [0, WITNESSES - 1] {
        add("a used entry is a bit and of an included witness", Scope::Witness(witness));
        add("claimed class is attested", Scope::Witness(witness));
    }
    for member in [0, MEMBERS - 1] {
        add("cells increase strictly", Scope::Member(member));
        add("a witness is independent", Scope::Member(member));
        add("classes of a paid cell are nested", Scope::Member(member));
    }
    choices
}

#[test]
fn every_choice_of_the_prover_moves_the_challenge() {
    let circuit = circuit();
    let system = circuit.synthesize();
    let honest = challenge(&system);
    for (choice, variable) in choices() {
        let flipped = Fr::one() - system.assignment()[variable];
        let (forged, _) = circuit.forge(BTreeMap::from([(variable, flipped)]));
        assert_ne!(challenge(&forged), honest, "{choice}");
    }
}

#[test]
fn every_witness_head_moves_the_challenge() {
    let bundle = covered(&[&[], &[], &[], &[]]).seal();
    let of = |bundle| {
        let statement = Statement::from_input(input(bundle));
        challenge(&statement.circuit(Fr::one()).synthesize())
    };
    let honest = of(bundle.clone());
    for witness in 0..WITNESSES {
        let mut other = bundle.clone();
        other.seal.witness_heads[witness] += Fr::one();
        assert_ne!(of(other), honest, "witness {witness}");
    }
}
