//! A key on a device: its points there, or streamed in parts where they do not fit.

use crate::device::{Device, Memory};
use crate::msm::{Group, Part, work_bytes};
use crate::quotient::{Domain, LIMBS};
use ark_bn254::{g1, g2};
use ark_ec::AffineRepr;
use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ff::Zero;
use ergon_accelerator::{Evaluated, Fault, Loaded, Queries, Sums};
use std::sync::{Arc, Mutex, PoisonError};

/// Most proofs in one call: more gain little and wait long.
const MOST: usize = 16;
/// Fewest points worth a launch.
const FEWEST: usize = 1 << 10;

/// A key, ready.
pub(crate) struct OnDevice {
    device: Arc<Device>,
    /// One call at a time: the queue is in order, and memory is measured for one.
    turn: Mutex<()>,
    variables: usize,
    domain: usize,
    tables: Domain,
    a: Vec<Part<g1::Config>>,
    b_g1: Vec<Part<g1::Config>>,
    b_g2: Vec<Part<g2::Config>>,
    c: Vec<Part<g1::Config>>,
    batch: usize,
}

/// Bytes of the scalars and vectors of proofs.
fn values(variables: usize, domain: usize, proofs: usize) -> u64 {
    (proofs * (variables + 4 * domain) * LIMBS * 8) as u64
}

impl OnDevice {
    pub(crate) fn new(device: Arc<Device>, queries: &Queries<'_>) -> Result<Self, Fault> {
        let (variables, domain) = (queries.a.len(), queries.h.len());
        let a = finite(queries.a, 0);
        let b_g1 = finite(queries.b_g1, 0);
        let b_g2 = finite(queries.b_g2, 0);
        let mut c = finite(queries.l, queries.inputs);
        let (places, points) = finite(queries.h, variables);
        c.0.extend(places);
        c.1.extend(points);

        let (have, largest) = (device.free(), device.largest());
        let fixed = Domain::bytes(domain) + values(variables, domain, 1);
        let point = (size_of::<u32>() + <g1::Config as Group>::POINT) as u64;
        let point_g2 = (size_of::<u32>() + <g2::Config as Group>::POINT) as u64;
        let all =
            (a.1.len() + b_g1.1.len() + c.1.len()) as u64 * point + b_g2.1.len() as u64 * point_g2;
        // What one part of so many points needs for a call, beside what is resident.
        let work = |points: usize, proofs: usize| {
            let (first, second) = (
                work_bytes::<g1::Config>(points, proofs),
                work_bytes::<g2::Config>(points, proofs),
            );
            (first.0.max(second.0), first.1.max(second.1).max(points as u64 * point_g2))
        };
        let longest =
            [a.1.len(), b_g1.1.len(), b_g2.1.len(), c.1.len()].into_iter().max().unwrap_or(0);
        let is_resident = |part: usize, proofs: usize| {
            let (work, buffer) = work(part, proofs);
            let values = values(variables, domain, proofs);
            Domain::bytes(domain) + values + all + work <= have && buffer <= largest
        };
        let is_streamed = |part: usize| {
            let (work, buffer) = work(part, 1);
            fixed + part as u64 * point_g2 + work <= have && buffer <= largest
        };
        let parts = || {
            std::iter::successors(Some(longest.max(1)), |part| {
                (*part > FEWEST).then(|| part.div_ceil(2))
            })
        };
        let resident = parts().find(|part| is_resident(*part, 1));
        let Some(part) = resident.or_else(|| parts().find(|part| is_streamed(*part))) else {
            let part = FEWEST.min(longest.max(1));
            let need = fixed + part as u64 * point_g2 + work(part, 1).0;
            return Err(Fault::OutOfMemory { need, have });
        };
        let batch = match resident {
            Some(part) => (1..=MOST).rev().find(|proofs| is_resident(part, *proofs)).unwrap_or(1),
            None => 1,
        };
        let tables = Domain::new(&device, domain)?;
        let stays = resident.is_some();
        let (a, b_g1) = (split(&device, a, part, stays)?, split(&device, b_g1, part, stays)?);
        let (b_g2, c) = (split(&device, b_g2, part, stays)?, split(&device, c, part, stays)?);
        let turn = Mutex::default();
        Ok(Self { device, turn, variables, domain, tables, a, b_g1, b_g2, c, batch })
    }

    fn together(&self, witnesses: &[Evaluated<'_>]) -> Result<Vec<Sums>, Fault> {
        let (device, proofs) = (&*self.device, witnesses.len());
        let stride = self.variables + self.domain;
        let mut scalars = device.take::<u64>(proofs * stride * LIMBS)?;
        let mut vectors = device.take::<u64>(proofs * 3 * self.domain * LIMBS)?;
        let computed =
            self.tables.scalars(device, witnesses, &mut scalars, &mut vectors).and_then(|()| {
                let a = sums(device, &self.a, &scalars, stride, proofs)?;
                let b_g1 = sums(device, &self.b_g1, &scalars, stride, proofs)?;
                let b_g2 = sums(device, &self.b_g2, &scalars, stride, proofs)?;
                let c = sums(device, &self.c, &scalars, stride, proofs)?;
                let sums = |proof: usize| Sums {
                    a: a[proof],
                    b_g1: b_g1[proof],
                    b_g2: b_g2[proof],
                    c: c[proof],
                };
                Ok((0..proofs).map(sums).collect())
            });
        // Also after a fault, as far as the device still does anything.
        let erased = device.erase(&mut scalars).and_then(|()| device.erase(&mut vectors));
        // Waits for it.
        let waited = erased.and_then(|()| device.read(&vectors, 1)).map(drop);
        computed.and_then(|sums| waited.map(|()| sums))
    }
}

impl Loaded for OnDevice {
    fn batch(&self) -> usize {
        self.batch
    }

    fn sums(&self, witnesses: &[Evaluated<'_>]) -> Result<Vec<Sums>, Fault> {
        for witness in witnesses {
            assert_eq!(witness.assignment.len(), self.variables, "variables");
            assert_eq!(
                [witness.a.len(), witness.b.len()],
                [self.domain; 2],
                "points of the domain"
            );
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sums = Vec::with_capacity(witnesses.len());
        for batch in witnesses.chunks(self.batch) {
            sums.extend(self.together(batch)?);
        }
        Ok(sums)
    }
}

type Placed<G> = (Vec<u32>, Vec<Affine<G>>);

/// The points other than infinity, with the places of their scalars.
fn finite<G: Group>(points: &[Affine<G>], first: usize) -> Placed<G> {
    let finite = points.iter().enumerate().filter(|(_, point)| !point.is_zero());
    finite.map(|(place, point)| ((first + place) as u32, *point)).unzip()
}

fn split<G: Group>(
    device: &Device,
    (places, points): Placed<G>,
    part: usize,
    stays: bool,
) -> Result<Vec<Part<G>>, Fault> {
    let parts = places.chunks(part).zip(points.chunks(part));
    parts
        .map(|(places, points)| {
            let mut part = Part::new(places.to_vec(), points.to_vec());
            if stays {
                part.settle(device)?;
            }
            Ok(part)
        })
        .collect()
}

fn sums<G: Group>(
    device: &Device,
    parts: &[Part<G>],
    scalars: &Memory<u64>,
    stride: usize,
    proofs: usize,
) -> Result<Vec<Projective<G>>, Fault> {
    let mut totals = vec![Projective::zero(); proofs];
    for part in parts {
        let sums = part.sums(device, scalars, stride, proofs)?;
        totals.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
    }
    Ok(totals)
}
