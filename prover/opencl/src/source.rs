//! The kernels' text, with the fields' constants put in from arkworks.

use ark_bn254::{Fq, Fr};
use ark_ff::BigInt;

const PRELUDE: &str = include_str!("../kernels/prelude.cl");
const PTX: &str = include_str!("../kernels/ptx.cl");
const FIELD: &str = include_str!("../kernels/field.cl");
const EXTENSION: &str = include_str!("../kernels/extension.cl");
const SORT: &str = include_str!("../kernels/sort.cl");
const CURVE: &str = include_str!("../kernels/curve.cl");
const QUOTIENT: &str = include_str!("../kernels/quotient.cl");

/// All kernels as one program.
pub fn source() -> String {
    let field = |name: &str, modulus: BigInt<4>, one: BigInt<4>, inverse: u64| {
        FIELD
            .replace("FIELD", name)
            .replace("MODULUS", &words(modulus))
            .replace("ONE", &words(one))
            .replace("NEGATED_INVERSE", &word(inverse))
    };
    use ark_ff::PrimeField;
    let curve = |field: &str, point: &str| CURVE.replace("FIELD", field).replace("POINT", point);
    [
        PRELUDE.to_owned(),
        PTX.to_owned(),
        field("Fr", Fr::MODULUS, Fr::R, Fr::INV),
        field("Fq", Fq::MODULUS, Fq::R, Fq::INV),
        EXTENSION.to_owned(),
        SORT.to_owned(),
        curve("Fq", "G1"),
        curve("Fq2", "G2"),
        QUOTIENT.to_owned(),
    ]
    .join("\n")
}

fn words(value: BigInt<4>) -> String {
    value.0.map(word).join(", ")
}

fn word(value: u64) -> String {
    format!("{value:#018x}ul")
}
