//! A circuit as a `.r1cs` file: the same rows in the same order as the matrices that keys are made for.

use super::Writer;
use crate::Shape;
use ark_bn254::Fr;

/// Encodes the constraints of a circuit for snarkjs and other tools: wire 0 is one, then come the public inputs, then
/// the private variables. Names are lost: every wire is its own label.
pub fn r1cs_file(shape: &Shape) -> Vec<u8> {
    let (variables, inputs) = (shape.variables(), shape.inputs());
    let mut file = Writer::new(b"r1cs", 1, 3, 0);
    file.section(1, |header| {
        header.field();
        header.count(variables);
        // circom tells outputs from inputs; here all that is public is an input.
        header.count(0);
        header.count(inputs - 1);
        header.count(variables - inputs);
        header.long(variables);
        header.count(shape.constraints());
    });
    file.section(2, |constraints| {
        for row in 0..shape.constraints() {
            for matrix in shape.matrices() {
                combination(constraints, matrix.row(row).collect());
            }
        }
    });
    file.section(3, |labels| (0..variables).for_each(|wire| labels.long(wire)));
    file.0
}

/// A linear combination, its wires in ascending order.
fn combination(file: &mut Writer, mut terms: Vec<(Fr, usize)>) {
    terms.sort_unstable_by_key(|(_, wire)| *wire);
    file.count(terms.len());
    for (coefficient, wire) in terms {
        file.count(wire);
        file.element(&coefficient);
    }
}
