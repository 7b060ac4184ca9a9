//! Sums and quotients by arkworks alone: what our own arithmetic, on any processor and device, is compared with.

use crate::{Evaluated, Queries, Sums};
use ark_bn254::{Fr, G1Projective, G2Projective};
use ark_ec::VariableBaseMSM;
use ark_ff::{BigInt, PrimeField};
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};

/// The sums of a witness; `None` where the field has no such domain.
pub(crate) fn sums(queries: &Queries<'_>, witness: &Evaluated<'_>) -> Option<Sums> {
    let scalars: Vec<_> = witness.assignment.iter().map(|value| value.into_bigint()).collect();
    let private = scalars.get(queries.inputs..)?;
    let h = quotient(witness.a, witness.b)?;
    Some(Sums {
        a: G1Projective::msm_bigint(queries.a, &scalars),
        b_g1: G1Projective::msm_bigint(queries.b_g1, &scalars),
        b_g2: G2Projective::msm_bigint(queries.b_g2, &scalars),
        c: G1Projective::msm_bigint(queries.l, private) + G1Projective::msm_bigint(queries.h, &h),
    })
}

/// The values of a·b − c at the odd powers, as [`Quotient`](crate::quotient::Quotient) has them.
pub(crate) fn quotient(a: &[Fr], b: &[Fr]) -> Option<Vec<BigInt<4>>> {
    let omega = Radix2EvaluationDomain::<Fr>::new(2 * a.len())?.group_gen;
    let even = Radix2EvaluationDomain::<Fr>::new(a.len())?;
    let odd = even.get_coset(omega)?;
    let c: Vec<Fr> = a.iter().zip(b).map(|(a, b)| *a * b).collect();
    let [a, b, c] = [a, b, &c].map(|values| odd.fft(&even.ifft(values)));
    let values = a.iter().zip(&b).zip(&c);
    Some(values.map(|((a, b), c)| (*a * b - c).into_bigint()).collect())
}
