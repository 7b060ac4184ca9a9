//! A Groth16 key whose maker kept its secrets, and so can prove anything: what an insecure key is, and what lets these
//! tests exercise the contracts without a circuit.

use ark_bn254::{Fr, G1Projective, G2Affine, G2Projective};
use ark_ec::{CurveGroup, PrimeGroup};
use ark_ff::Field;
use ergon_chain::{B256, U256, binding, field};

/// The key's secrets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trapdoor {
    alpha: Fr,
    beta: Fr,
    gamma: Fr,
    delta: Fr,
    ic: [Fr; 4],
}

impl Trapdoor {
    /// A key of its own for each seed.
    pub(crate) fn new(seed: u64) -> Self {
        let secret = |i: u64| Fr::from(seed * 1000 + i).square() + Fr::from(7u64);
        Self {
            alpha: secret(1),
            beta: secret(2),
            gamma: secret(3),
            delta: secret(4),
            ic: [5, 6, 7, 8].map(secret),
        }
    }

    /// The verifying key's words as the contract takes them.
    pub(crate) fn key(&self) -> [U256; 22] {
        let mut words = Vec::new();
        words.extend(g1(self.alpha));
        for secret in [self.beta, self.gamma, self.delta] {
            words.extend(g2(secret));
        }
        words.extend(self.ic.iter().flat_map(|secret| g1(*secret)));
        words.try_into().unwrap()
    }

    /// A proof of these words under this route: with A = α and B = β, C = −(γ/δ)·(public inputs) closes the equation.
    pub(crate) fn prove(&self, tag: B256, route: B256, c: U256, words: &[U256]) -> [U256; 8] {
        let inputs =
            binding::public_inputs(tag, route, c, words).map(|x| field::scalar(x).unwrap());
        let combined =
            self.ic[0] + self.ic[1] * inputs[0] + self.ic[2] * inputs[1] + self.ic[3] * inputs[2];
        let closing = -(combined * self.gamma * self.delta.inverse().unwrap());
        let mut proof = Vec::new();
        proof.extend(g1(self.alpha));
        proof.extend(g2(self.beta));
        proof.extend(g1(closing));
        proof.try_into().unwrap()
    }
}

fn g1(secret: Fr) -> [U256; 2] {
    let point = (G1Projective::generator() * secret).into_affine();
    [field::integer(point.x), field::integer(point.y)]
}

fn g2(secret: Fr) -> [U256; 4] {
    let point: G2Affine = (G2Projective::generator() * secret).into_affine();
    [point.x.c1, point.x.c0, point.y.c1, point.y.c0].map(field::integer)
}
