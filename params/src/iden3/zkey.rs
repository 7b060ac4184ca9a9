//! A snarkjs `.zkey` file of Groth16, read as the key of a given circuit or refused: whoever made it is not trusted.
//!
//! Layout: <https://github.com/iden3/snarkjs/blob/master/src/zkey_utils.js>. The file holds the matrices A and B but
//! not C, and no powers of tau, so what a ceremony was for and whether its points belong together is for
//! `snarkjs zkey verify` to say.

use super::error::ZkeyError;
use super::reader::{Section, Sections};
use crate::{ProvingKey, Shape, VerifyingKey};
use ark_bn254::{Bn254, Fq, Fr, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ec::pairing::Pairing;
use ark_ff::{One, PrimeField};

/// Reads the key of a circuit and the number of contributions to it, a beacon included.
///
/// # Errors
/// Anything that makes it another file than the finished key of this circuit, as far as the file alone can tell.
pub(crate) fn read(bytes: &[u8], shape: &Shape) -> Result<(ProvingKey, u32), ZkeyError> {
    let sections = Sections::of(bytes, b"zkey", 1)?;
    match sections.get(1, "protocol")?.count()? {
        1 => {}
        found => return Err(ZkeyError::Protocol { found }),
    }
    let header = Header::read(sections.get(2, "header")?, shape)?;
    coefficients(sections.get(4, "coefficients")?, shape)?;
    let contributions = contributions(sections.get(10, "contributions")?, &header)?;
    let (variables, inputs) = (shape.variables(), shape.inputs());
    let proving = ProvingKey {
        vk: VerifyingKey {
            alpha_g1: header.alpha,
            beta_g2: header.beta_g2,
            gamma_g2: header.gamma_g2,
            delta_g2: header.delta_g2,
            gamma_abc_g1: sections.get(3, "public input points")?.all_g1(inputs)?,
        },
        beta_g1: header.beta_g1,
        delta_g1: header.delta_g1,
        a_query: sections.get(5, "A points")?.all_g1(variables)?,
        b_g1_query: sections.get(6, "B points in G1")?.all_g1(variables)?,
        b_g2_query: sections.get(7, "B points in G2")?.all_g2(variables)?,
        h_query: sections.get(9, "H points")?.all_g1(shape.domain())?,
        l_query: sections.get(8, "C points")?.all_g1(variables - inputs)?,
    };
    Ok((proving, contributions))
}

/// The points of the header.
struct Header {
    alpha: G1Affine,
    beta_g1: G1Affine,
    beta_g2: G2Affine,
    gamma_g2: G2Affine,
    delta_g1: G1Affine,
    delta_g2: G2Affine,
}

impl Header {
    fn read(mut section: Section<'_>, shape: &Shape) -> Result<Self, ZkeyError> {
        let mut is_field = |order| Ok((section.count()?, section.big()?) == (32, order));
        if !is_field(Fq::MODULUS)? || !is_field(Fr::MODULUS)? {
            return Err(ZkeyError::Curve);
        }
        for (what, expected) in [
            ("variables", shape.variables()),
            ("public inputs", shape.inputs() - 1),
            ("points in its domain", shape.domain()),
        ] {
            let found = section.count()?;
            if found != expected {
                return Err(ZkeyError::Count { what, found, expected });
            }
        }
        let header = Self {
            alpha: section.g1()?,
            beta_g1: section.g1()?,
            beta_g2: section.g2()?,
            gamma_g2: section.g2()?,
            delta_g1: section.g1()?,
            delta_g2: section.g2()?,
        };
        section.end()?;
        header.check()?;
        Ok(header)
    }

    fn check(&self) -> Result<(), ZkeyError> {
        // snarkjs leaves γ at the generator; δ starts there and every contribution multiplies it.
        if self.delta_g2 == self.gamma_g2 || self.delta_g2 == G2Affine::generator() {
            return Err(ZkeyError::NoContributions);
        }
        let same = |g1: G1Affine, g2: G2Affine| {
            !g1.is_zero()
                && Bn254::pairing(g1, G2Affine::generator())
                    == Bn254::pairing(G1Affine::generator(), g2)
        };
        for (name, consistent) in [
            ("points of alpha", !self.alpha.is_zero()),
            ("points of beta", same(self.beta_g1, self.beta_g2)),
            ("points of gamma", !self.gamma_g2.is_zero()),
            ("points of delta", same(self.delta_g1, self.delta_g2)),
        ] {
            if !consistent {
                return Err(ZkeyError::Inconsistent(name));
            }
        }
        Ok(())
    }
}

/// Compares the matrices A and B with the circuit's. snarkjs appends a row to A for every public variable; arkworks
/// does so while it computes.
fn coefficients(mut section: Section<'_>, shape: &Shape) -> Result<(), ZkeyError> {
    let constraints = shape.constraints();
    let mut found = [(); 2].map(|()| vec![Vec::new(); constraints + shape.inputs()]);
    for _ in 0..section.count()? {
        let [matrix, row, variable] = [section.count()?, section.count()?, section.count()?];
        // Multiplied by the square of Montgomery's factor: taken out once here, and once more as memory holds it.
        let value = Fr::new_unchecked(Fr::new_unchecked(section.big()?).into_bigint());
        let rows = found.get_mut(matrix).ok_or(ZkeyError::Inconsistent("coefficients"))?;
        let rows_found = rows.len();
        rows.get_mut(row)
            .ok_or(ZkeyError::Count { what: "rows", found: row + 1, expected: rows_found })?
            .push((variable, value));
    }
    section.end()?;
    for (matrix, (name, mut rows)) in ['A', 'B'].into_iter().zip(found).enumerate() {
        for (index, row) in rows.iter_mut().enumerate() {
            let mut expected: Vec<_> = if index < constraints {
                let terms = shape.matrices()[matrix].row(index);
                terms.map(|(value, variable)| (variable, value)).collect()
            } else if matrix == 0 {
                vec![(index - constraints, Fr::one())]
            } else {
                Vec::new()
            };
            expected.sort_unstable();
            row.sort_unstable();
            if *row != expected {
                return Err(ZkeyError::Constraint { matrix: name, row: index });
            }
        }
    }
    Ok(())
}

/// Counts the contributions; the last must have led to the header's delta. Their proofs are for `snarkjs zkey verify`.
fn contributions(mut section: Section<'_>, header: &Header) -> Result<u32, ZkeyError> {
    let _circuit_hash = section.take(64)?;
    let count = section.count()?;
    let mut delta = G1Affine::generator();
    for _ in 0..count {
        delta = section.g1()?;
        // Proof of knowledge (two points of G1, one of G2), hash of the transcript, type.
        section.take(2 * 64 + 128 + 64 + 4)?;
        // Name, and of a beacon its value.
        let length = section.count()?;
        section.take(length)?;
    }
    section.end()?;
    if count == 0 {
        return Err(ZkeyError::NoContributions);
    }
    if delta != header.delta_g1 {
        return Err(ZkeyError::Inconsistent("contributions and delta"));
    }
    Ok(count as u32)
}
