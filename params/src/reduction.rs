//! How constraints become polynomials: part of what a key is for, because a proof made the other way is invalid.

use ark_ff::PrimeField;
use ark_groth16::r1cs_to_qap::{LibsnarkReduction, R1CSToQAP, evaluate_constraint};
use ark_poly::EvaluationDomain;
use ark_relations::gr1cs::{ConstraintSystemRef, Matrix, SynthesisError};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The QAP reduction that a key was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reduction {
    /// arkworks' default: `h` by its coefficients. Keys of earlier versions; refused.
    Libsnark,
    /// snarkjs's: `h` by its values, see [`CircomReduction`].
    Circom,
}

impl fmt::Display for Reduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Libsnark => "libsnark",
            Self::Circom => "circom",
        })
    }
}

/// The reduction of snarkjs and circom.
///
/// Let ω generate the domain of 2n points. Of degree below 2n, p = a·b − c vanishes on the n even powers of ω, so its values
/// on the odd ones determine it. The key holds the Lagrange polynomials of the odd powers; the prover computes p there and
/// never divides. Source: `joinABC` in <https://github.com/iden3/snarkjs/blob/master/src/groth16_prove.js>.
#[derive(Clone, Copy, Debug)]
pub struct CircomReduction;

impl R1CSToQAP for CircomReduction {
    fn instance_map_with_evaluation<F: PrimeField, D: EvaluationDomain<F>>(
        cs: ConstraintSystemRef<F>,
        t: &F,
    ) -> Result<(Vec<F>, Vec<F>, Vec<F>, F, usize, usize), SynthesisError> {
        // Both append the public variables to A.
        LibsnarkReduction::instance_map_with_evaluation::<F, D>(cs, t)
    }

    fn witness_map_from_matrices<F: PrimeField, D: EvaluationDomain<F>>(
        matrices: &[Matrix<F>],
        num_inputs: usize,
        num_constraints: usize,
        full_assignment: &[F],
    ) -> Result<Vec<F>, SynthesisError> {
        let [a, b, _c] = matrices else { return Err(SynthesisError::PredicateNotFound) };
        let domain = domain_of::<F, D>(num_constraints + num_inputs)?;
        let size = domain.size();
        let values = |matrix: &Matrix<F>| {
            let rows = matrix[..num_constraints].par_iter();
            let mut values: Vec<F> =
                rows.map(|row| evaluate_constraint(row, full_assignment)).collect();
            values.resize(size, F::zero());
            values
        };
        let (mut a, mut b) = (values(a), values(b));
        a[num_constraints..num_constraints + num_inputs]
            .copy_from_slice(&full_assignment[..num_inputs]);
        // The caller has checked the assignment, so C's values are the products.
        let mut c: Vec<F> = a.par_iter().zip(&b).map(|(a, b)| *a * b).collect();

        let omega = domain_of::<F, D>(2 * size)?.group_gen();
        let odd = domain.get_coset(omega).ok_or(SynthesisError::PolynomialDegreeTooLarge)?;
        for values in [&mut a, &mut b, &mut c] {
            domain.ifft_in_place(values);
            odd.fft_in_place(values);
        }
        a.par_iter_mut().zip(b).zip(c).for_each(|((a, b), c)| *a = *a * b - c);
        Ok(a)
    }

    fn h_query_scalars<F: PrimeField, D: EvaluationDomain<F>>(
        max_power: usize,
        t: F,
        _zt: F,
        delta_inverse: F,
    ) -> Result<Vec<F>, SynthesisError> {
        // Lagrange polynomials are the inverse transform of the powers.
        let doubled = domain_of::<F, D>(2 * (max_power + 1))?;
        let mut scalars: Vec<F> =
            std::iter::successors(Some(delta_inverse), |power| Some(*power * t))
                .take(doubled.size())
                .collect();
        doubled.ifft_in_place(&mut scalars);
        Ok(scalars.into_iter().skip(1).step_by(2).collect())
    }
}

fn domain_of<F: PrimeField, D: EvaluationDomain<F>>(size: usize) -> Result<D, SynthesisError> {
    D::new(size).ok_or(SynthesisError::PolynomialDegreeTooLarge)
}
