//! Reads an untrusted file of sections: never beyond its end, and points only if they are in their groups.

use super::error::ZkeyError;
use ark_bn254::{Fq, Fq2, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ff::{BigInt, PrimeField, Zero};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The bytes of a section that are not read yet.
pub(super) struct Section<'a> {
    name: &'static str,
    rest: &'a [u8],
}

/// A file's sections by type.
pub(super) struct Sections<'a>(BTreeMap<u32, &'a [u8]>);

impl<'a> Sections<'a> {
    /// Splits a file.
    pub(super) fn of(bytes: &'a [u8], magic: &[u8; 4], version: u32) -> Result<Self, ZkeyError> {
        let mut file = Section { name: "file", rest: bytes };
        if bytes.get(..4) != Some(magic) {
            return Err(ZkeyError::Magic);
        }
        file.take(4)?;
        let found = file.count()?;
        if found != version as usize {
            return Err(ZkeyError::Version { found, expected: version });
        }
        let mut sections = BTreeMap::new();
        for _ in 0..file.count()? {
            let kind = file.integer()?;
            let length = u64::from_le_bytes(file.array()?);
            let length = usize::try_from(length).map_err(|_| file.truncated())?;
            if sections.insert(kind, file.take(length)?).is_some() {
                return Err(ZkeyError::Repeated { kind });
            }
        }
        file.end()?;
        Ok(Self(sections))
    }

    /// The section of a type.
    pub(super) fn get(&self, kind: u32, name: &'static str) -> Result<Section<'a>, ZkeyError> {
        let rest = self.0.get(&kind).ok_or(ZkeyError::Missing { section: name })?;
        Ok(Section { name, rest })
    }
}

impl<'a> Section<'a> {
    fn truncated(&self) -> ZkeyError {
        ZkeyError::Truncated { section: self.name }
    }

    /// The next bytes.
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], ZkeyError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(|| self.truncated())?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ZkeyError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or_else(|| self.truncated())?;
        self.rest = rest;
        Ok(*taken)
    }

    fn integer(&mut self) -> Result<u32, ZkeyError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// The next 32 bits, a count or an index.
    pub(super) fn count(&mut self) -> Result<usize, ZkeyError> {
        Ok(self.integer()? as usize)
    }

    /// The next 256 bits.
    pub(super) fn big(&mut self) -> Result<BigInt<4>, ZkeyError> {
        limbs(self.take(32)?).ok_or_else(|| self.truncated())
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), ZkeyError> {
        match self.rest.len() {
            0 => Ok(()),
            extra => Err(ZkeyError::Surplus { section: self.name, extra }),
        }
    }

    /// The next point of G1.
    pub(super) fn g1(&mut self) -> Result<G1Affine, ZkeyError> {
        self.point(64, g1)
    }

    /// The next point of G2.
    pub(super) fn g2(&mut self) -> Result<G2Affine, ZkeyError> {
        self.point(128, g2)
    }

    fn point<P>(&mut self, size: usize, parse: fn(&[u8]) -> Option<P>) -> Result<P, ZkeyError> {
        let name = self.name;
        parse(self.take(size)?).ok_or(ZkeyError::Point { section: name, index: 0 })
    }

    /// All of the section: this many points of G1.
    pub(super) fn all_g1(self, count: usize) -> Result<Vec<G1Affine>, ZkeyError> {
        self.all(count, 64, g1)
    }

    /// All of the section: this many points of G2.
    pub(super) fn all_g2(self, count: usize) -> Result<Vec<G2Affine>, ZkeyError> {
        self.all(count, 128, g2)
    }

    fn all<P: Send>(
        mut self,
        count: usize,
        size: usize,
        parse: fn(&[u8]) -> Option<P>,
    ) -> Result<Vec<P>, ZkeyError> {
        let bytes = self.take(count.saturating_mul(size))?;
        self.end()?;
        let section = self.name;
        let points = bytes.par_chunks_exact(size).enumerate();
        points
            .map(|(index, point)| parse(point).ok_or(ZkeyError::Point { section, index }))
            .collect()
    }
}

fn limbs(bytes: &[u8]) -> Option<BigInt<4>> {
    let words: &[[u8; 8]; 4] = bytes.as_chunks().0.try_into().ok()?;
    Some(BigInt(words.map(u64::from_le_bytes)))
}

/// A coordinate, which the file holds in Montgomery form as memory does.
fn coordinate(bytes: &[u8]) -> Option<Fq> {
    let montgomery = limbs(bytes)?;
    (montgomery < Fq::MODULUS).then(|| Fq::new_unchecked(montgomery))
}

/// A point of G1 in affine coordinates; zeros stand for infinity. The curve has no other subgroup.
fn g1(bytes: &[u8]) -> Option<G1Affine> {
    let (x, y) = (coordinate(&bytes[..32])?, coordinate(&bytes[32..])?);
    if x.is_zero() && y.is_zero() {
        return Some(G1Affine::zero());
    }
    let point = G1Affine::new_unchecked(x, y);
    point.is_on_curve().then_some(point)
}

/// A point of G2, of an extension element the real part first.
fn g2(bytes: &[u8]) -> Option<G2Affine> {
    let part = |index: usize| coordinate(&bytes[32 * index..32 * (index + 1)]);
    let (x, y) = (Fq2::new(part(0)?, part(1)?), Fq2::new(part(2)?, part(3)?));
    if x.is_zero() && y.is_zero() {
        return Some(G2Affine::zero());
    }
    let point = G2Affine::new_unchecked(x, y);
    (point.is_on_curve() && point.is_in_correct_subgroup_assuming_on_curve()).then_some(point)
}
