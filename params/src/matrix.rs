//! A constraint matrix as a proof uses it: rows of (coefficient, variable), every coefficient kept once.

use crate::bytes::{Bytes, put_count};
use ark_bn254::Fr;
use ark_ff::{BigInteger, One, PrimeField, Zero};
use ergon_types::field;
use rayon::prelude::*;
use std::collections::HashMap;

/// Places of the coefficients 1 and −1, which cost no multiplication.
const ONE: u32 = 0;
const MINUS_ONE: u32 = 1;

/// A sparse matrix; 8 bytes an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SparseMatrix {
    /// Where each row begins in `entries`, and where the last one ends.
    starts: Vec<u32>,
    /// Place of the coefficient, and variable.
    entries: Vec<(u32, u32)>,
    coefficients: Vec<Fr>,
}

impl SparseMatrix {
    /// Packs rows of (coefficient, variable).
    pub(crate) fn of(rows: &[Vec<(Fr, usize)>]) -> Self {
        let mut coefficients = vec![Fr::one(), -Fr::one()];
        let mut places: HashMap<Fr, u32> = coefficients.iter().copied().zip(0..).collect();
        let (mut starts, mut entries) = (vec![0], Vec::new());
        for row in rows {
            for (coefficient, variable) in row {
                let place = *places.entry(*coefficient).or_insert_with(|| {
                    coefficients.push(*coefficient);
                    coefficients.len() as u32 - 1
                });
                entries.push((place, *variable as u32));
            }
            starts.push(entries.len() as u32);
        }
        entries.shrink_to_fit();
        Self { starts, entries, coefficients }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    fn entries(&self, row: usize) -> &[(u32, u32)] {
        &self.entries[self.starts[row] as usize..self.starts[row + 1] as usize]
    }

    /// The coefficients of a row with their variables.
    pub fn row(&self, row: usize) -> impl ExactSizeIterator<Item = (Fr, usize)> {
        let entry = |(place, variable): &(u32, u32)| {
            (self.coefficients[*place as usize], *variable as usize)
        };
        self.entries(row).iter().map(entry)
    }

    /// The row's value under an assignment.
    pub fn apply(&self, row: usize, assignment: &[Fr]) -> Fr {
        let mut sum = Fr::zero();
        for (place, variable) in self.entries(row) {
            let value = assignment[*variable as usize];
            match *place {
                ONE => sum += value,
                MINUS_ONE => sum -= value,
                place => sum += value * self.coefficients[place as usize],
            }
        }
        sum
    }

    /// Appends the matrix: three counts of 8 bytes, where its rows begin, its entries, its coefficients, all little-endian.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for count in [self.starts.len(), self.entries.len(), self.coefficients.len()] {
            put_count(out, count);
        }
        out.extend(self.starts.iter().flat_map(|start| start.to_le_bytes()));
        for (place, variable) in &self.entries {
            out.extend(place.to_le_bytes());
            out.extend(variable.to_le_bytes());
        }
        for coefficient in &self.coefficients {
            out.extend(coefficient.into_bigint().to_bytes_le());
        }
    }

    /// Reads what `write` wrote; `None` when it is no matrix over that many variables.
    pub(crate) fn read(bytes: &mut Bytes<'_>, variables: usize) -> Option<Self> {
        let [starts, entries, coefficients] = [bytes.count()?, bytes.count()?, bytes.count()?];
        let starts: Vec<u32> =
            bytes.items::<4>(starts)?.iter().map(|b| u32::from_le_bytes(*b)).collect();
        let entry = |bytes: &[u8; 8]| {
            let [a, b, c, d, e, f, g, h] = *bytes;
            (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
        };
        let entries: Vec<(u32, u32)> = bytes.items::<8>(entries)?.par_iter().map(entry).collect();
        let coefficients: Option<Vec<Fr>> =
            bytes.items::<32>(coefficients)?.iter().map(field::from_le_bytes).collect();
        let coefficients = coefficients?;
        let is_known = |(place, variable): &(u32, u32)| {
            (*place as usize) < coefficients.len() && (*variable as usize) < variables
        };
        let is_whole = starts.first() == Some(&0)
            && starts.is_sorted()
            && starts.last().is_some_and(|last| *last as usize == entries.len())
            && coefficients.starts_with(&[Fr::one(), -Fr::one()])
            && entries.par_iter().all(is_known);
        is_whole.then_some(Self { starts, entries, coefficients })
    }
}
