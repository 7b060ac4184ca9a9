//! Writes a `.zkey` file as snarkjs does, from a key made here, so that tests can change any part of it.
// Each test program uses its part of this.
#![allow(dead_code)]

use ark_bn254::{Bn254, Fq, Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::PrimeGroup;
use ark_ff::{BigInt, BigInteger, Field, PrimeField};
use ark_groth16::Groth16;
use ark_std::rand::rngs::OsRng;
use ergon_circuits::{Circuit, CircuitId};
use ergon_params::{CircomReduction, ProvingKey, Shape};

/// Sections of a file by type.
pub(crate) struct Zkey(pub(crate) Vec<(u32, Vec<u8>)>);

/// The key of a ceremony with one contributor, who knows its secrets.
pub(crate) fn proving_key(circuit: CircuitId) -> ProvingKey {
    let [alpha, beta, delta] = [5u64, 7, 11].map(Fr::from);
    Groth16::<Bn254, CircomReduction>::generate_parameters_with_qap(
        Circuit::blank(circuit),
        alpha,
        beta,
        Fr::ONE,
        delta,
        G1Projective::generator(),
        G2Projective::generator(),
        &mut OsRng,
    )
    .unwrap()
}

impl Zkey {
    /// The file of a circuit's key with two contributions.
    pub(crate) fn of(circuit: CircuitId) -> Self {
        let shape = Shape::of(Circuit::blank(circuit)).unwrap();
        let key = proving_key(circuit);
        let g1s = |points: &[G1Affine]| points.iter().flat_map(g1).collect::<Vec<u8>>();
        Self(vec![
            (1, count(1)),
            (2, header(&key, &shape)),
            (3, g1s(&key.vk.gamma_abc_g1)),
            (4, coefficients(&shape)),
            (5, g1s(&key.a_query)),
            (6, g1s(&key.b_g1_query)),
            (7, key.b_g2_query.iter().flat_map(g2).collect()),
            (8, g1s(&key.l_query)),
            (9, g1s(&key.h_query)),
            (10, contributions(&[key.delta_g1; 2])),
        ])
    }

    /// The bytes of a section.
    pub(crate) fn section(&mut self, kind: u32) -> &mut Vec<u8> {
        &mut self.0.iter_mut().find(|(found, _)| *found == kind).unwrap().1
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = [b"zkey".as_slice(), &count(1), &count(self.0.len())].concat();
        for (kind, section) in &self.0 {
            bytes.extend(kind.to_le_bytes());
            bytes.extend((section.len() as u64).to_le_bytes());
            bytes.extend(section);
        }
        bytes
    }
}

/// Bytes before the points of the header: both fields, then three counts.
pub(crate) const HEADER_POINTS: usize = 2 * 36 + 3 * 4;

fn header(key: &ProvingKey, shape: &Shape) -> Vec<u8> {
    let domain = (shape.constraints() + shape.inputs()).next_power_of_two();
    let field = |order: BigInt<4>| [count(32), order.to_bytes_le()].concat();
    [
        field(Fq::MODULUS),
        field(Fr::MODULUS),
        count(shape.variables()),
        count(shape.inputs() - 1),
        count(domain),
        g1(&key.vk.alpha_g1),
        g1(&key.beta_g1),
        g2(&key.vk.beta_g2),
        g2(&key.vk.gamma_g2),
        g1(&key.delta_g1),
        g2(&key.vk.delta_g2),
    ]
    .concat()
}

fn coefficients(shape: &Shape) -> Vec<u8> {
    let mut terms = Vec::new();
    for row in 0..shape.constraints() {
        for matrix in 0..2 {
            let row_terms = shape.matrices()[matrix].row(row);
            terms.extend(row_terms.map(|(value, wire)| (matrix, row, wire, value)));
        }
    }
    terms.extend((0..shape.inputs()).map(|wire| (0, shape.constraints() + wire, wire, Fr::ONE)));
    let mut bytes = count(terms.len());
    for (matrix, row, wire, value) in terms {
        bytes.extend([matrix, row, wire].into_iter().flat_map(count));
        bytes.extend(coefficient(value));
    }
    bytes
}

/// A coefficient times the square of 2²⁵⁶.
pub(crate) fn coefficient(value: Fr) -> Vec<u8> {
    let factor = Fr::from(2u64).pow([512]);
    (value * factor).into_bigint().to_bytes_le()
}

/// A contributions section in which these are the deltas one after the other.
pub(crate) fn contributions(deltas: &[G1Affine]) -> Vec<u8> {
    let mut bytes = [vec![7; 64], count(deltas.len())].concat();
    for delta in deltas {
        bytes.extend(g1(delta));
        bytes.extend([8; 64 + 64 + 128 + 64]);
        bytes.extend(count(0));
        bytes.extend([count(5), b"\x01\x03eve".to_vec()].concat());
    }
    bytes
}

pub(crate) fn count(value: usize) -> Vec<u8> {
    (value as u32).to_le_bytes().to_vec()
}

pub(crate) fn g1(point: &G1Affine) -> Vec<u8> {
    // Infinity has zeros for coordinates in arkworks too.
    [point.x, point.y].iter().flat_map(coordinate).collect()
}

pub(crate) fn g2(point: &G2Affine) -> Vec<u8> {
    [point.x.c0, point.x.c1, point.y.c0, point.y.c1].iter().flat_map(coordinate).collect()
}

/// Montgomery form, as it is in memory.
fn coordinate(value: &Fq) -> Vec<u8> {
    value.0.to_bytes_le()
}
