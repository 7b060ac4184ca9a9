//! The quotient of Groth16 in circom's reduction: values at the odd powers of ω of a·b − c, for a and b given at the even
//! ones, where c = a·b.
//!
//! Let ω generate the domain of 2n points. Of degree below 2n, a·b − c vanishes on the even powers of ω, so its values
//! on the odd ones determine it, and the key holds the Lagrange polynomials of those. Source: `joinABC` in
//! <https://github.com/iden3/snarkjs/blob/master/src/groth16_prove.js>.

use ark_bn254::Fr;
use ark_ff::{BigInt, PrimeField};
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};
use rayon::prelude::*;
use zeroize::Zeroizing;

/// Computes quotients on a domain.
pub(crate) trait Quotient: Send + Sync {
    /// The values of a·b − c as canonical integers, for a and b at all points of the domain.
    fn values(&self, a: &[Fr], b: &[Fr]) -> Zeroizing<Vec<BigInt<4>>>;
}

/// By arkworks' transforms.
pub(crate) struct Portable {
    even: Radix2EvaluationDomain<Fr>,
    odd: Radix2EvaluationDomain<Fr>,
}

impl Portable {
    /// For a domain of this size, a power of two; `None` where the field has no such domain.
    pub(crate) fn new(size: usize) -> Option<Self> {
        let omega = Radix2EvaluationDomain::<Fr>::new(2 * size)?.group_gen;
        let even = Radix2EvaluationDomain::<Fr>::new(size)?;
        Some(Self { even, odd: even.get_coset(omega)? })
    }

    fn to_odd(&self, mut values: Vec<Fr>) -> Zeroizing<Vec<Fr>> {
        self.even.ifft_in_place(&mut values);
        self.odd.fft_in_place(&mut values);
        Zeroizing::new(values)
    }
}

impl Quotient for Portable {
    fn values(&self, a: &[Fr], b: &[Fr]) -> Zeroizing<Vec<BigInt<4>>> {
        let product: Vec<Fr> = a.par_iter().zip(b).map(|(a, b)| *a * b).collect();
        let (a, b) = rayon::join(|| self.to_odd(a.to_vec()), || self.to_odd(b.to_vec()));
        let c = self.to_odd(product);
        let values = a.par_iter().zip(b.par_iter()).zip(c.par_iter());
        Zeroizing::new(values.map(|((a, b), c)| (*a * b - c).into_bigint()).collect())
    }
}
