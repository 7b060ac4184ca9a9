//! Every public word and input is bound; constraint counts and shapes do not depend on the witness.

use crate::fixture::*;
use ark_ff::One;
use ergon_circuits::r1cs::{INSTANCE, Row};
use ergon_circuits::{Answer, Circuit, CircuitId, Contradiction, Omission, SecondSeal, Statement};
use ergon_types::poseidon::hash_vector;
use ergon_types::record::energy::Meter;
use ergon_types::{Ack, Body, Fr, Kind, Membership, Schema, challenge_words};

const Z: u64 = 1_000_003;

fn statements() -> Vec<Statement> {
    let mut uptime = Cohort::new(Kind::Uptime, 0);
    uptime.sign(0, Body::Uptime(slots(0..288)));
    let mut coverage = Cohort::new(Kind::Coverage, 0);
    coverage.sign(0, Body::Coverage(slots(0..288)));
    let mut energy = Cohort::new(Kind::Energy, SIX_KILOWATTS);
    let meter = Meter { generation: 1, ..Meter::default() };
    energy.sign(0, Body::Energy(meter));
    let mut all: Vec<_> = [uptime, coverage, energy]
        .map(|cohort| Statement::from_bundle(&cohort.seal(), PROVER).unwrap())
        .into();
    let membership: Membership = Cohort::new(Kind::Uptime, 0).bundle.membership;
    all.push(Statement::membership(&network(), &membership));
    all.push(Statement::contradiction(two_starts()));
    all.push(Statement::second_seal(two_seals()));
    all.extend(Schema::ALL.map(|schema| Statement::omission(left_out(schema))));
    all.extend(Schema::ALL.map(|schema| Statement::answer(sealed_later(schema))));
    all
}

/// A meter's records with another start.
fn two_starts() -> Contradiction {
    let later = Meter { start: 999, ..meter(&[1]) };
    let packets = [meter(&[1]), later].map(|meter| packet(&key(0), 1, Body::Energy(meter)));
    Contradiction::new(network(), key(0).public(), PROVER, packets).unwrap()
}

/// Seals of one cohort and epoch with two salts.
fn two_seals() -> SecondSeal {
    let seals = [1u64, 2].map(|salt| {
        let mut bundle = Cohort::new(Kind::Uptime, 0).seal();
        bundle.seal.salt = Fr::from(salt);
        resign(&mut bundle);
        (bundle.seal.content(), bundle.seal_signature)
    });
    SecondSeal::new(network(), attestor().public(), PROVER, EPOCH, COHORT, seals).unwrap()
}

/// A seal without the acknowledged record of its first device or witness.
fn left_out(schema: Schema) -> Omission {
    let bundle = Cohort::new(schema.kind(), SIX_KILOWATTS).seal();
    let device = if schema == Schema::Witness { 50 } else { 1 };
    let record = packet(&key(0), device, Body::empty(schema, COHORT)).record;
    let of = (device, schema, EPOCH);
    let ack = Ack::sign(&attestor(), network().id(), of, record.message(), 0, Fr::from(0u64));
    Omission::new(&bundle, ack, &record, PROVER).unwrap()
}

/// A record after the first packet.
fn sealed_later(schema: Schema) -> Answer {
    let packet = packet(&key(0), 1, Body::empty(schema, COHORT));
    Answer::new(network(), key(0).public(), 1, packet).unwrap()
}

#[test]
fn flipping_any_public_word_fails() {
    for statement in statements() {
        let z = Fr::from(Z);
        let system = statement.circuit(z).synthesize();
        assert!(system.first_unsatisfied().is_none());
        let public = |row: &&Row| {
            row.a.iter().chain(&row.b).chain(&row.c).any(|(index, _)| (1..INSTANCE).contains(index))
        };
        let rows: Vec<&Row> = system.rows().iter().filter(public).collect();
        assert_eq!(statement.words().len(), statement.id().words());
        for index in 0..statement.words().len() {
            let mut words = statement.words().to_vec();
            words[index] += Fr::one();
            let c = hash_vector(statement.id().tag(), &words);
            let y = challenge_words(&words, z);
            // A contract that builds other words computes another y, whatever c the prover shows.
            for (c, label) in [
                (c, "c is the hash of the words"),
                (statement.commitment(), "y is the words' polynomial at z"),
            ] {
                let mut assignment = system.assignment().to_vec();
                assignment[1..INSTANCE].copy_from_slice(&[c, z, y]);
                let broken = rows.iter().find(|row| !row.holds(&assignment));
                assert_eq!(broken.map(|row| row.label), Some(label));
            }
        }
    }
}

#[test]
fn another_challenge_fails() {
    for statement in statements() {
        let [c, z, y] = statement.public(Fr::from(Z));
        let system = statement.circuit(z).with_public([c, z + Fr::one(), y]).synthesize();
        let label = system.first_unsatisfied().map(|row| row.label);
        assert_eq!(label, Some("y is the words' polynomial at z"));
    }
}

#[test]
fn the_constraints_do_not_depend_on_the_witness() {
    for statement in statements() {
        let honest = statement.circuit(Fr::from(Z)).synthesize();
        let blank = Circuit::blank(statement.id()).synthesize();
        assert!(blank.first_unsatisfied().is_none(), "{}", statement.id());
        assert_eq!(honest.rows().len(), blank.rows().len());
        assert_eq!(honest.assignment().len(), blank.assignment().len());
        for (a, b) in honest.rows().iter().zip(blank.rows()) {
            assert_eq!((&a.a, &a.b, &a.c), (&b.a, &b.b, &b.c), "{}", a.label);
        }
    }
}

#[test]
fn every_variable_occurs_in_a_constraint() {
    for id in CircuitId::TRIAL.into_iter().chain(CircuitId::EVIDENCE) {
        let system = Circuit::blank(id).synthesize();
        let mut occurs = vec![false; system.assignment().len()];
        for row in system.rows() {
            for (variable, _) in row.a.iter().chain(&row.b).chain(&row.c) {
                occurs[*variable] = true;
            }
        }
        let free: Vec<_> = (0..occurs.len()).filter(|index| !occurs[*index]).collect();
        assert_eq!(free, Vec::<usize>::new(), "{id}");
    }
}
