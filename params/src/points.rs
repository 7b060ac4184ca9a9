//! Points of a proving key from arkworks' uncompressed serialisation, on all cores. arkworks reads point after point from a
//! stream, which takes more than twice as long.

use crate::bytes::Bytes;
use crate::{ProvingKey, VerifyingKey};
use ark_bn254::{Fq, Fq2, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ec::short_weierstrass::SWFlags;
use ark_ff::{BigInt, PrimeField};
use ark_serialize::Flags;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes of a point in the first and in the second group.
const G1: usize = 64;
const G2: usize = 128;

/// Bytes of an element of the base field.
const FIELD: usize = 32;

/// Why bytes are no proving key.
const SHORT: &str = "the file ends too early";
const INVALID: &str = "a point has a coordinate above the field's order, or no such sign";

/// Parses the bytes of a proving key. Whether its points are on the curve is not checked.
pub(crate) fn parse(bytes: &[u8]) -> Result<ProvingKey, String> {
    let mut bytes = Bytes(bytes);
    let key = read(&mut bytes)?;
    if bytes.0.is_empty() { Ok(key) } else { Err(format!("{} bytes too many", bytes.0.len())) }
}

/// In the order of the fields of `ark_groth16::ProvingKey` and `ark_groth16::VerifyingKey`.
fn read(bytes: &mut Bytes<'_>) -> Result<ProvingKey, &'static str> {
    let [alpha_g1] = points(bytes.items(1), g1)?[..] else { return Err(SHORT) };
    let [beta_g2, gamma_g2, delta_g2] = points(bytes.items(3), g2)?[..] else { return Err(SHORT) };
    let gamma_abc_g1 = list(bytes, g1)?;
    let [beta_g1, delta_g1] = points(bytes.items(2), g1)?[..] else { return Err(SHORT) };
    let (a_query, b_g1_query) = (list(bytes, g1)?, list(bytes, g1)?);
    let b_g2_query = list(bytes, g2)?;
    let (h_query, l_query) = (list(bytes, g1)?, list(bytes, g1)?);
    let vk = VerifyingKey { alpha_g1, beta_g2, gamma_g2, delta_g2, gamma_abc_g1 };
    Ok(ProvingKey { vk, beta_g1, delta_g1, a_query, b_g1_query, b_g2_query, h_query, l_query })
}

/// A counted list.
fn list<const N: usize, P: AffineRepr>(
    bytes: &mut Bytes<'_>,
    point: impl Fn(&[u8; N]) -> Option<P> + Sync,
) -> Result<Vec<P>, &'static str> {
    let count = bytes.count().ok_or(SHORT)?;
    points(bytes.items(count), point)
}

fn points<const N: usize, P: AffineRepr>(
    items: Option<&[[u8; N]]>,
    point: impl Fn(&[u8; N]) -> Option<P> + Sync,
) -> Result<Vec<P>, &'static str> {
    // Collected as results, the points would be copied once more: their number would not be known ahead.
    let invalid = AtomicBool::new(false);
    let one = |bytes| {
        point(bytes).unwrap_or_else(|| {
            invalid.store(true, Ordering::Relaxed);
            P::zero()
        })
    };
    let points = items.ok_or(SHORT)?.par_iter().map(one).collect();
    if invalid.into_inner() { Err(INVALID) } else { Ok(points) }
}

fn g1(bytes: &[u8; G1]) -> Option<G1Affine> {
    let [x, y] = bytes.as_chunks().0 else { return None };
    let (y, flags) = flagged(y)?;
    let (x, y) = (element(x)?, element(&y)?);
    Some(if flags.is_infinity() { G1Affine::zero() } else { G1Affine::new_unchecked(x, y) })
}

fn g2(bytes: &[u8; G2]) -> Option<G2Affine> {
    let [x0, x1, y0, y1] = bytes.as_chunks().0 else { return None };
    let (y1, flags) = flagged(y1)?;
    let (x, y) = (Fq2::new(element(x0)?, element(x1)?), Fq2::new(element(y0)?, element(&y1)?));
    Some(if flags.is_infinity() { G2Affine::zero() } else { G2Affine::new_unchecked(x, y) })
}

/// The last element of a point, with arkworks' two bits in its highest byte.
fn flagged(bytes: &[u8; FIELD]) -> Option<([u8; FIELD], SWFlags)> {
    let mut bytes = *bytes;
    let flags = SWFlags::from_u8_remove_flags(&mut bytes[FIELD - 1])?;
    Some((bytes, flags))
}

/// An integer, little-endian, below the field's order.
fn element(bytes: &[u8; FIELD]) -> Option<Fq> {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    Fq::from_bigint(BigInt(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::development_setup;
    use ark_serialize::CanonicalSerialize;
    use ergon_circuits::{Circuit, CircuitId};

    #[test]
    fn arkworks_bytes_give_the_key_back_and_others_are_refused() {
        let key = development_setup(Circuit::blank(CircuitId::membership(1))).unwrap();
        let mut bytes = Vec::new();
        key.serialize_uncompressed(&mut bytes).unwrap();
        assert_eq!(parse(&bytes).unwrap(), key);
        assert!(parse(&bytes[..bytes.len() - 1]).unwrap_err().contains("too early"));
        bytes.push(0);
        assert!(parse(&bytes).unwrap_err().contains("1 bytes too many"));
        // A coordinate above the field's order.
        bytes.pop();
        bytes[..31].fill(0xff);
        bytes[31] = 0x3f;
        assert!(parse(&bytes).is_err());
        // The same in a point at infinity, and a point that is at infinity and has a sign.
        bytes[G1 - 1] = 0x40;
        assert!(parse(&bytes).is_err());
        bytes[..G1].fill(0);
        bytes[G1 - 1] = 0x40;
        assert_eq!(parse(&bytes).unwrap().vk.alpha_g1, G1Affine::zero());
        bytes[G1 - 1] = 0xc0;
        assert!(parse(&bytes).is_err());
    }
}
