//! BabyJubJub in circomlib's form over arkworks' curve arithmetic (§ 2.3).
//!
//! Only its parameters are ours, and a scalar multiplication that does not branch on the scalar. The published
//! crate with the same curve (`taceo-ark-babyjubjub`) always switches `ark-std` to `std`, and devices have none.
// arkworks' derive asks for a feature `asm` of the crate it expands in.
#![allow(unexpected_cfgs)]

use ark_ec::models::CurveConfig;
use ark_ec::twisted_edwards::{Affine, MontCurveConfig, Projective, TECurveConfig};
use ark_ff::fields::{Fp256, MontBackend, MontConfig};
use ark_ff::{AdditiveGroup, BigInt, BitIteratorBE, Field, MontFp, Zero};

use crate::field::Fr;

/// Parameters of the field of scalars.
#[derive(Debug, MontConfig)]
#[modulus = "2736030358979909402780800718157159386076813972158567259200215660948447373041"]
#[generator = "31"]
pub struct ScalarConfig;

/// Scalars: integers modulo the order of the subgroup of prime order.
pub type Scalar = Fp256<MontBackend<ScalarConfig, 4>>;

/// A point by its two coordinates.
pub type EdwardsAffine = Affine<BabyJubJub>;

/// A point in the form in which points are added.
pub type EdwardsProjective = Projective<BabyJubJub>;

/// The curve `168700·x² + y² = 1 + 168696·x²·y²` over the BN254 scalar field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BabyJubJub;

impl CurveConfig for BabyJubJub {
    type BaseField = Fr;
    type ScalarField = Scalar;

    const COFACTOR: &'static [u64] = &[8];
    const COFACTOR_INV: Scalar =
        MontFp!("2394026564107420727433200628387514462817212225638746351800188703329891451411");
}

impl TECurveConfig for BabyJubJub {
    const COEFF_A: Fr = MontFp!("168700");
    const COEFF_D: Fr = MontFp!("168696");

    /// circomlib's `Base8`.
    const GENERATOR: EdwardsAffine = EdwardsAffine::new_unchecked(
        MontFp!("5299619240641551281634865583518297030282874472190772894086521144482721001553"),
        MontFp!("16950150798460657717958625567821834550301663161624707787222815936182638968203"),
    );

    type MontCurveConfig = Self;

    /// A Montgomery ladder: the same steps whatever the scalar, which is a secret when a device signs.
    fn mul_projective(base: &EdwardsProjective, scalar: &[u64]) -> EdwardsProjective {
        let mut low = EdwardsProjective::zero();
        let mut high = *base;
        let mut swapped = false;
        for bit in BitIteratorBE::new(scalar) {
            swap(&mut low, &mut high, swapped ^ bit);
            swapped = bit;
            high += low;
            low.double_in_place();
        }
        swap(&mut low, &mut high, swapped);
        low
    }

    fn mul_affine(base: &EdwardsAffine, scalar: &[u64]) -> EdwardsProjective {
        Self::mul_projective(&EdwardsProjective::from(*base), scalar)
    }
}

impl MontCurveConfig for BabyJubJub {
    const COEFF_A: Fr = MontFp!("168698");
    const COEFF_B: Fr = Fr::ONE;

    type TECurveConfig = Self;
}

/// Exchanges two points if `yes`, without a branch.
fn swap(a: &mut EdwardsProjective, b: &mut EdwardsProjective, yes: bool) {
    let mask = u64::from(yes).wrapping_neg();
    swap_limbs(&mut a.x.0, &mut b.x.0, mask);
    swap_limbs(&mut a.y.0, &mut b.y.0, mask);
    swap_limbs(&mut a.t.0, &mut b.t.0, mask);
    swap_limbs(&mut a.z.0, &mut b.z.0, mask);
}

fn swap_limbs(a: &mut BigInt<4>, b: &mut BigInt<4>, mask: u64) {
    for (a, b) in a.0.iter_mut().zip(&mut b.0) {
        let difference = mask & (*a ^ *b);
        *a ^= difference;
        *b ^= difference;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ec::{AffineRepr, CurveGroup};
    use ark_ff::{BigInteger, PrimeField};

    #[test]
    fn the_generator_is_on_the_curve_and_has_the_scalars_order() {
        let generator = EdwardsAffine::generator();
        assert!(generator.is_on_curve());
        assert!(generator.mul_bigint(Scalar::MODULUS).is_zero());
        assert_eq!(Scalar::from(8u64) * BabyJubJub::COFACTOR_INV, Scalar::ONE);
    }

    #[test]
    fn multiplication_is_repeated_addition_for_scalars_of_any_form() {
        let generator = EdwardsAffine::generator();
        let mut sum = EdwardsProjective::zero();
        for count in 0u64..70 {
            assert_eq!(generator * Scalar::from(count), sum);
            assert_eq!(BabyJubJub::mul_affine(&generator, &[count, 0, 0, 0, 0]), sum);
            sum += generator;
        }
        let minus_one = generator * -Scalar::ONE;
        assert_eq!(minus_one.into_affine(), -generator);
    }

    #[test]
    fn a_long_scalar_equals_double_and_add() {
        let scalar = Scalar::from(0x1234_5678_9abc_def1u64).pow([7u64]);
        let generator = EdwardsAffine::generator();
        let mut expected = EdwardsProjective::zero();
        for bit in scalar.into_bigint().to_bits_be() {
            expected.double_in_place();
            if bit {
                expected += generator;
            }
        }
        assert_eq!(generator * scalar, expected);
    }
}
