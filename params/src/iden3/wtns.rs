//! The values of a circuit's wires as a `.wtns` file, from which any Groth16 prover makes a proof.

use super::{FIELD_BYTES, Writer};
use ark_bn254::Fr;

/// Bytes around the values: magic, version and number of sections; two headers of sections; field and count.
const FRAME: usize = 12 + 2 * 12 + 4 + FIELD_BYTES + 4;

/// Encodes an assignment (one, public inputs, private variables). The bytes are as secret as the assignment; they are
/// written once and not moved.
pub fn wtns_file(assignment: &[Fr]) -> Vec<u8> {
    let capacity = FRAME + assignment.len() * FIELD_BYTES;
    let mut file = Writer::new(b"wtns", 2, 2, capacity);
    file.section(1, |header| {
        header.field();
        header.count(assignment.len());
    });
    file.section(2, |values| assignment.iter().for_each(|value| values.element(value)));
    debug_assert_eq!(file.0.len(), capacity);
    file.0
}
