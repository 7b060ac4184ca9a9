//! Multi-scalar multiplication and transforms for Groth16 over BN254, for keys that serve many proofs.
//!
//! An [`Accelerator`] loads a key's points once and then turns witnesses into the sums that proofs are made of:
//!
//! ```
//! use ark_bn254::{Fr, G1Affine, G2Affine};
//! use ark_ec::AffineRepr;
//! use ergon_accelerator::{Accelerator, Cpu, Evaluated, Queries};
//!
//! let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
//! let queries =
//!     Queries { inputs: 1, a: &[g1; 2], b_g1: &[g1; 2], b_g2: &[g2; 2], l: &[g1], h: &[g1; 2] };
//! let loaded = Cpu::fastest().load(&queries)?;
//! let three = Fr::from(3u64);
//! let assignment = [Fr::from(1u64), three];
//! let witness = Evaluated { assignment: &assignment, a: &assignment, b: &assignment };
//! let sums = loaded.sums(&[witness])?;
//! assert_eq!(sums[0].a, g1 * Fr::from(4u64));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(test, allow(clippy::unwrap_used))]

#[doc(hidden)]
pub mod bench;
mod buckets;
mod cpu;
mod digits;
#[cfg(any(target_arch = "x86_64", test))]
mod field;
mod kernel;
mod known;
mod msm;
mod prime;
mod quotient;
mod reference;
mod residue;
mod roots;
#[cfg(any(target_arch = "x86_64", test))]
mod simd;
#[cfg(any(target_arch = "x86_64", test))]
mod transform;

use ark_bn254::{Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use std::fmt::Debug;

pub use cpu::Cpu;
pub use known::{calibrate, known_answers};

/// What computes the sums of proofs.
pub trait Accelerator: Debug + Send + Sync {
    /// Its name in reports, such as `cpu-ifma`.
    fn name(&self) -> &str;

    /// Prepares a key's points; takes long and much memory once, and serves any number of proofs.
    ///
    /// # Errors
    /// When the queries' lengths do not belong together, there are too many points, or a device fails.
    fn load(&self, queries: &Queries<'_>) -> Result<Box<dyn Loaded>, LoadError>;
}

/// The points of a key that are multiplied with a witness. `l` has a point for each variable that is not public, `h` one for
/// each point of the evaluation domain (circom's reduction), the others one for each variable.
#[derive(Clone, Copy, Debug)]
pub struct Queries<'a> {
    /// Public variables, the constant one among them.
    pub inputs: usize,
    /// A in the first group.
    pub a: &'a [G1Affine],
    /// B in the first group.
    pub b_g1: &'a [G1Affine],
    /// B in the second group.
    pub b_g2: &'a [G2Affine],
    /// (β·A + α·B + C)/δ of what is not public.
    pub l: &'a [G1Affine],
    /// Lagrange polynomials of the odd powers, over δ.
    pub h: &'a [G1Affine],
}

/// A witness: all variables, and the matrices A and B applied to them, at every point of the domain.
#[derive(Clone, Copy, Debug)]
pub struct Evaluated<'a> {
    /// All variables.
    pub assignment: &'a [Fr],
    /// A's values on the domain.
    pub a: &'a [Fr],
    /// B's values on the domain.
    pub b: &'a [Fr],
}

/// Σ over the variables, without blinding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Σ wᵢ·Aᵢ.
    pub a: G1Projective,
    /// Σ wᵢ·Bᵢ in the first group.
    pub b_g1: G1Projective,
    /// Σ wᵢ·Bᵢ in the second group.
    pub b_g2: G2Projective,
    /// Σ wᵢ·Lᵢ + Σ hⱼ·Hⱼ.
    pub c: G1Projective,
}

/// A key's points, ready.
pub trait Loaded: Send + Sync {
    /// Witnesses that one call serves best.
    fn batch(&self) -> usize;

    /// The sums of each witness. Integers, digits and lists of places that follow from the witnesses are erased; points of
    /// the key in the order of their additions, and sums of points, are not.
    ///
    /// # Errors
    /// When a device fails; a processor does not. Sums may be wrong where a device is broken: whoever makes proofs of
    /// them verifies the proofs.
    ///
    /// # Panics
    /// When a witness has other lengths than the key.
    fn sums(&self, witnesses: &[Evaluated<'_>]) -> Result<Vec<Sums>, Fault>;
}

/// What went wrong on a device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It has too little memory.
    #[error("out of memory: {need} bytes are needed and {have} are free")]
    OutOfMemory {
        /// Bytes that were asked for.
        need: u64,
        /// Bytes that it had left.
        have: u64,
    },
    /// Its compiler or driver refused the program.
    #[error("the kernels do not build: {0}")]
    Build(String),
    /// It refused to run a kernel or to copy a buffer.
    #[error("{0}")]
    Launch(String),
    /// It did not finish.
    #[error("no answer within {0} seconds")]
    TimedOut(u64),
    /// It is gone.
    #[error("the device is lost: {0}")]
    Lost(String),
    /// It computed something else than the processor.
    #[error("wrong result: {0}")]
    WrongResult(String),
}

impl Fault {
    /// Its name in counters.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::OutOfMemory { .. } => "out_of_memory",
            Self::Build(_) => "build",
            Self::Launch(_) => "launch",
            Self::TimedOut(_) => "timed_out",
            Self::Lost(_) => "lost",
            Self::WrongResult(_) => "wrong_result",
        }
    }
}

/// Why a key cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The points are not of one key.
    #[error("the key has {found} {what} points, expected {expected}")]
    Length {
        /// Which query.
        what: &'static str,
        /// How many points it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// The key is larger than anything that fits the field's domains and 32-bit indices.
    #[error("the key has {found} {what} points, more than {most}")]
    TooLarge {
        /// Which query.
        what: &'static str,
        /// How many points it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// The device failed.
    #[error(transparent)]
    Device(#[from] Fault),
}

/// Points of the largest domain whose double the field still has.
const MOST_DOMAIN: usize = 1 << 27;

impl Queries<'_> {
    /// Checks that the points are of one key.
    ///
    /// # Errors
    /// Which query has another length than the others ask for, or too many points.
    pub fn check(&self) -> Result<(), LoadError> {
        let variables = self.a.len();
        for (what, found, expected) in [
            ("b in G1", self.b_g1.len(), variables),
            ("b in G2", self.b_g2.len(), variables),
            ("l", self.l.len() + self.inputs, variables),
            ("h", self.h.len(), self.h.len().next_power_of_two()),
        ] {
            if found != expected {
                return Err(LoadError::Length { what, found, expected });
            }
        }
        for (what, found, most) in [
            ("h", self.h.len(), MOST_DOMAIN),
            ("a", variables, digits::MOST_POINTS),
            ("l and h", self.l.len() + self.h.len(), digits::MOST_POINTS),
        ] {
            if found > most {
                return Err(LoadError::TooLarge { what, found, most });
            }
        }
        Ok(())
    }
}
