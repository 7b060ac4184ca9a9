//! What a verifying key must not be: each flaw below lets somebody prove anything, or leaves an input bound to nothing.
//!
//! No check sees how a key was made. A key without a flaw can still be of somebody who kept the secrets.

use crate::{Ceremony, Origin, VerifyingKey};
use ark_bn254::{G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ec::short_weierstrass::{Affine, SWCurveConfig};

/// Public inputs `c, z, y`, and the constant before them.
const POINTS: usize = 4;

/// A flaw of a verifying key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFlaw {
    /// Another number of public inputs.
    #[error("it has {found} points of inputs, expected {POINTS}: it is of another circuit")]
    Inputs {
        /// Points found.
        found: usize,
    },
    /// A point that satisfies no equation of the curve.
    #[error("{point} is not on its curve: the file is damaged")]
    OffCurve {
        /// The point's name.
        point: String,
    },
    /// A point of a small group.
    #[error("{point} is not in the group of prime order: pairings with it prove nothing")]
    OffGroup {
        /// The point's name.
        point: String,
    },
    /// A point that is zero.
    #[error("{point} is the point at infinity: what it stands for is bound to nothing")]
    Infinity {
        /// The point's name.
        point: String,
    },
    /// A secret that is one.
    #[error("{point} is a generator or its negative: its secret is known; {why}")]
    Generator {
        /// The point's name.
        point: String,
        /// What that means.
        why: &'static str,
    },
    /// Two secrets that are one.
    #[error("{one} and {other} are the same or each other's negative: anything can be proven")]
    Linked {
        /// A point's name.
        one: &'static str,
        /// Another's.
        other: &'static str,
    },
    /// Two inputs that are one.
    #[error(
        "the points of inputs {one} and {other} are the same or each other's negative: one input can make up for the other"
    )]
    LinkedInputs {
        /// The place of one.
        one: usize,
        /// The place of the other.
        other: usize,
    },
    /// Nobody but its maker knows that the secrets are gone.
    #[error(
        "it is marked insecure: no contribution to a ceremony is recorded, and whoever made it can forge proofs; import a ceremony's key with `ergon params import`, or pass --insecure on a network without value"
    )]
    NoContribution,
}

/// Refuses a key with a flaw. Unless `insecure` is set, it must be of a ceremony that somebody contributed to.
///
/// γ may be the generator: ceremonies leave it there, and contribute to δ only.
///
/// # Errors
/// The first flaw.
pub fn lint(key: &VerifyingKey, origin: &Origin, insecure: bool) -> Result<(), KeyFlaw> {
    let inputs = &key.gamma_abc_g1;
    if inputs.len() != POINTS {
        return Err(KeyFlaw::Inputs { found: inputs.len() });
    }
    point("alpha", &key.alpha_g1)?;
    let extended = [("beta", &key.beta_g2), ("gamma", &key.gamma_g2), ("delta", &key.delta_g2)];
    for (name, value) in extended {
        point(name, value)?;
    }
    for (place, value) in inputs.iter().enumerate() {
        point(&format!("IC[{place}]"), value)?;
    }
    let first = "a setup draws it at random";
    generator("alpha", key.alpha_g1.x, G1Affine::generator().x, first)?;
    generator("beta", key.beta_g2.x, G2Affine::generator().x, first)?;
    let second = "the second phase begins there, and nobody has contributed to it";
    generator("delta", key.delta_g2.x, G2Affine::generator().x, second)?;
    for (place, (one, point)) in extended.into_iter().enumerate() {
        if let Some((other, _)) = extended[..place].iter().find(|(_, other)| other.x == point.x) {
            return Err(KeyFlaw::Linked { one: other, other: one });
        }
    }
    for (other, value) in inputs.iter().enumerate() {
        if let Some(one) = inputs[..other].iter().position(|earlier| earlier.x == value.x) {
            return Err(KeyFlaw::LinkedInputs { one, other });
        }
    }
    let contributed = origin.ceremony == Ceremony::Ceremony && origin.contributions > Some(0);
    if contributed || insecure { Ok(()) } else { Err(KeyFlaw::NoContribution) }
}

fn point<C: SWCurveConfig>(name: &str, value: &Affine<C>) -> Result<(), KeyFlaw> {
    let point = name.to_owned();
    if value.is_zero() {
        Err(KeyFlaw::Infinity { point })
    } else if !value.is_on_curve() {
        Err(KeyFlaw::OffCurve { point })
    } else if !value.is_in_correct_subgroup_assuming_on_curve() {
        Err(KeyFlaw::OffGroup { point })
    } else {
        Ok(())
    }
}

/// Two points with the same x are the same or each other's negative.
fn generator<F: PartialEq>(
    name: &str,
    x: F,
    generator: F,
    why: &'static str,
) -> Result<(), KeyFlaw> {
    if x == generator { Err(KeyFlaw::Generator { point: name.to_owned(), why }) } else { Ok(()) }
}
