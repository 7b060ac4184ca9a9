//! The coverage statement's challenge commits to everything that a prover chooses before it: a choice left out could
//! be made after the challenge is known, and would make the two products agree.

use crate::fixture::*;
use crate::places::Places;
use ark_ff::One;
use ergon_circuits::r1cs::{R1cs, evaluate};
use ergon_circuits::{Circuit, Scope, Statement, WITNESSES};
use ergon_types::{Fr, Kind};
use std::collections::BTreeMap;

/// The challenge less the value of the middle one of the witnesses' entries, which no case below touches.
fn challenge(system: &R1cs) -> Fr {
    let row = system
        .rows()
        .iter()
        .filter(|row| row.label == "factor of a used observation")
        .nth(256)
        .unwrap();
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
    for witness in [0, WITNESSES - 1] {
        let used = places.squared("used is a bit", Scope::Witness(witness));
        choices.push((format!("first used bit of witness {witness}"), used[0]));
        choices.push((format!("last used bit of witness {witness}"), used[used.len() - 1]));
    }
    for member in [0, MEMBERS - 1] {
        for label in ["used is a bit", "cell bit", "class bit", "witness bit"] {
            let bits = places.squared(label, Scope::Member(member));
            // Witness 0 adds nothing to a row's value: its bit is the used bit less the others.
            let first = usize::from(label == "witness bit");
            choices.push((format!("first {label} of member {member}"), bits[first]));
            choices.push((format!("last {label} of member {member}"), bits[bits.len() - 1]));
        }
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
