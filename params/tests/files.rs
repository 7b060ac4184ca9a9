//! What is written for snarkjs, another reader finds again: every constraint, every value.
#![allow(clippy::unwrap_used)]

use ark_bn254::{Bn254, Fr};
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystemRef, LinearCombination, SynthesisError, Variable,
};
use ergon_circuits::{Circuit, CircuitId};
use ergon_params::{Shape, r1cs_file, wtns_file};
use std::io::Cursor;
use taceo_circom_types::{R1CS, Witness};

#[test]
fn an_exported_circuit_has_every_constraint_in_its_row() {
    let shape = Shape::of(Circuit::blank(CircuitId::membership(2))).unwrap();
    let read = R1CS::<Bn254>::from_reader(Cursor::new(r1cs_file(&shape))).unwrap();
    assert_eq!((read.n_pub_out, read.n_pub_in), (0, 3));
    assert_eq!((read.num_inputs, read.num_variables), (shape.inputs(), shape.variables()));
    assert_eq!(read.n_prv_in as usize, shape.variables() - shape.inputs());
    assert_eq!(read.constraints.len(), shape.constraints());
    assert_eq!(read.wire_mapping, (0..shape.variables()).collect::<Vec<_>>());
    for (row, (a, b, c)) in read.constraints.iter().enumerate() {
        for (found, matrix) in [a, b, c].into_iter().zip(shape.matrices()) {
            assert!(found.is_sorted_by_key(|(wire, _)| *wire));
            let mut expected: Vec<_> = matrix.row(row).map(|(f, wire)| (wire, f)).collect();
            expected.sort();
            assert_eq!(*found, expected);
        }
    }
}

#[test]
fn an_exported_witness_has_every_value_in_its_place() {
    let system = Circuit::blank(CircuitId::membership(1)).synthesize();
    let file = wtns_file(system.assignment());
    assert_eq!(file.capacity(), file.len(), "values are not left behind by a growing buffer");
    let read = Witness::<Fr>::from_reader(file.as_slice()).unwrap();
    assert_eq!(read.values, system.assignment());
    let shape = Shape::of(Circuit::blank(CircuitId::membership(1))).unwrap();
    assert_eq!(shape.first_violation(&read.values), None);
}

/// `(x + 2)·w = 3·w²` and `w·w = w²`.
struct Small;

impl ConstraintSynthesizer<Fr> for Small {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        let value = || Ok(Fr::from(1u64));
        let x = cs.new_input_variable(value)?;
        let w = cs.new_witness_variable(value)?;
        let square = cs.new_witness_variable(value)?;
        let one = |variable| LinearCombination::from(variable);
        let left = one(x) + (Fr::from(2u64), Variable::One);
        cs.enforce_r1cs_constraint(
            || left.clone(),
            || one(w),
            || LinearCombination::zero() + (Fr::from(3u64), square),
        )?;
        cs.enforce_r1cs_constraint(|| one(w), || one(w), || one(square))
    }
}

/// A change here would make every key outdated that is in use.
#[test]
fn the_digest_of_a_shape_stays_the_one_in_manifests() {
    let digest = Shape::of(Small).unwrap().digest();
    assert_eq!(digest, "2750ed750b37e262f49d907e5ca6bedc3c42e3369668d0320a7d81435b63fd7b");
}
