//! Quotients on the device: three vectors a proof, transformed in place, straight into the scalars.

use crate::device::{Argument, Device, Memory};
use crate::msm::limbs;
use ark_bn254::Fr;
use ark_ff::{FftField, Field};
use ergon_accelerator::{Evaluated, Fault};

/// Limbs of a field element.
pub(crate) const LIMBS: usize = 4;

/// The domain of a key.
pub(crate) struct Domain {
    size: usize,
    /// Powers of a root of order 2·size.
    powers: Memory<u64>,
    size_inverse: Memory<u64>,
}

impl Domain {
    /// Bytes of its tables.
    pub(crate) fn bytes(size: usize) -> u64 {
        (2 * size + 1) as u64 * 32
    }

    /// For a power of two that the field has a domain of the double of.
    pub(crate) fn new(device: &Device, size: usize) -> Result<Self, Fault> {
        let none = || Fault::Launch(format!("the field has no domain of {} points", 2 * size));
        let root = Fr::get_root_of_unity(2 * size as u64).ok_or_else(none)?;
        let powers: Vec<u64> = std::iter::successors(Some(Fr::ONE), |power| Some(*power * root))
            .take(2 * size)
            .flat_map(|power| limbs(&power))
            .collect();
        let inverse = Fr::from(size as u64).inverse().ok_or_else(none)?;
        Ok(Self {
            size,
            powers: device.upload(&powers)?,
            size_inverse: device.upload(&limbs(&inverse))?,
        })
    }

    /// Fills in the scalars of witnesses: variables, then quotients, all as integers.
    pub(crate) fn scalars(
        &self,
        device: &Device,
        witnesses: &[Evaluated<'_>],
        scalars: &mut Memory<u64>,
        vectors: &mut Memory<u64>,
    ) -> Result<(), Fault> {
        let (n, proofs) = (self.size, witnesses.len());
        let variables = witnesses.first().map_or(0, |witness| witness.assignment.len());
        let stride = variables + n;
        for (proof, witness) in witnesses.iter().enumerate() {
            device.write_rows(scalars, proof * stride * LIMBS, witness.assignment, limbs)?;
            device.write_rows(vectors, proof * 3 * n * LIMBS, witness.a, limbs)?;
            device.write_rows(vectors, (proof * 3 + 1) * n * LIMBS, witness.b, limbs)?;
        }
        let (vectors, scalars) = (Argument::Longs(vectors), Argument::Longs(scalars));
        let (powers, inverse) =
            (Argument::Longs(&self.powers), Argument::Longs(&self.size_inverse));
        let count = Argument::Count;
        let total = proofs * variables;
        device.run("integers", total, &[scalars, count(variables), count(stride), count(total)])?;
        let total = proofs * n;
        device.run("products", total, &[vectors, count(n), count(total)])?;
        let butterflies = 3 * proofs * n / 2;
        let spans = || (0..n.trailing_zeros()).map(|log| 1usize << log);
        let step = |name, span| {
            let arguments = [vectors, powers, count(n), count(span), count(butterflies)];
            device.run(name, butterflies, &arguments)
        };
        for span in spans().rev() {
            step("inverse_step", span)?;
        }
        let (all, log) = (3 * proofs * n, n.trailing_zeros() as usize);
        device.run("shift", all, &[vectors, powers, inverse, count(n), count(log), count(all)])?;
        for span in spans() {
            step("forward_step", span)?;
        }
        let arguments = [vectors, scalars, count(n), count(variables), count(total)];
        device.run("quotients", total, &arguments)
    }
}
