//! Poseidon: three constraints an S-box, everything between the S-boxes folded into linear forms.
//!
//! Between the first and the last full rounds every form is linear in the S-box outputs so far; its coefficients
//! depend on the width only and are computed once.

use super::{Form, R1cs};
use crate::gadgets::Gadgets;
use ark_ff::{One, Zero};
use ergon_types::field::Fr;
use ergon_types::poseidon::{Constants, FULL_ROUNDS, MAX_INPUTS};
use std::sync::OnceLock;

const LABEL: &str = "poseidon";

/// Coefficients of the partial rounds over the basis (1, outputs of the last full round, partial outputs so far).
#[derive(Debug)]
struct Partial {
    /// For each partial round, the form that enters its S-box.
    entering: Vec<Vec<Fr>>,
    /// The state after the partial rounds.
    leaving: Vec<Vec<Fr>>,
}

impl Partial {
    fn of(inputs: usize) -> &'static Self {
        static ALL: [OnceLock<Partial>; MAX_INPUTS] = [const { OnceLock::new() }; MAX_INPUTS];
        ALL[inputs - 1].get_or_init(|| Self::fold(Constants::of(inputs)))
    }

    fn fold(constants: &Constants) -> Self {
        let width = constants.width;
        let basis = 1 + width + constants.partial_rounds;
        // The state as S-box outputs of the last full round, before that round's mixing.
        let unit = |index: usize| {
            let mut form = vec![Fr::zero(); basis];
            form[index] = Fr::one();
            form
        };
        let mut state = mix(constants, &(0..width).map(|i| unit(1 + i)).collect::<Vec<_>>());
        let mut entering = Vec::with_capacity(constants.partial_rounds);
        for round in 0..constants.partial_rounds {
            for (form, constant) in state.iter_mut().zip(&constants.round[FULL_ROUNDS / 2 + round])
            {
                form[0] += constant;
            }
            let output = unit(1 + width + round);
            entering.push(std::mem::replace(&mut state[0], output));
            state = mix(constants, &state);
        }
        Self { entering, leaving: state }
    }
}

fn mix(constants: &Constants, state: &[Vec<Fr>]) -> Vec<Vec<Fr>> {
    let combine = |row: &Vec<Fr>| {
        let mut sum = vec![Fr::zero(); state[0].len()];
        for (factor, form) in row.iter().zip(state) {
            for (entry, coefficient) in sum.iter_mut().zip(form) {
                if !coefficient.is_zero() {
                    *entry += *factor * coefficient;
                }
            }
        }
        sum
    };
    constants.mds.iter().map(combine).collect()
}

/// circomlib's digest of 1 to 16 wires.
pub(super) fn hash<F: Form>(g: &mut R1cs<F>, inputs: &[F]) -> F {
    let constants = Constants::of(inputs.len());
    let partial = Partial::of(inputs.len());
    let half = FULL_ROUNDS / 2;
    let mut state = vec![g.zero()];
    state.extend_from_slice(inputs);
    for round in 0..half {
        state = full_round(g, constants, round, &state, round + 1 < half);
    }
    let mut basis = vec![g.one()];
    basis.append(&mut state);
    for form in &partial.entering {
        let input = apply(g, form, &basis);
        let output = fifth_power(g, &input);
        basis.push(output);
    }
    state = partial.leaving.iter().map(|form| apply(g, form, &basis)).collect();
    for round in half + constants.partial_rounds..FULL_ROUNDS + constants.partial_rounds {
        state = full_round(g, constants, round, &state, true);
    }
    state.swap_remove(0)
}

/// Adds constants, applies every S-box, and mixes unless the caller does.
fn full_round<F: Form>(
    g: &mut R1cs<F>,
    constants: &Constants,
    round: usize,
    state: &[F],
    mixes: bool,
) -> Vec<F> {
    let mut outputs = Vec::with_capacity(state.len());
    for (wire, constant) in state.iter().zip(&constants.round[round]) {
        let input = g.add(wire, &g.constant(*constant));
        outputs.push(fifth_power(g, &input));
    }
    if !mixes {
        return outputs;
    }
    constants.mds.iter().map(|row| apply(g, row, &outputs)).collect()
}

fn apply<F: Form>(g: &R1cs<F>, form: &[Fr], basis: &[F]) -> F {
    let terms: Vec<_> = form.iter().copied().zip(basis).filter(|(f, _)| !f.is_zero()).collect();
    g.linear(&terms)
}

fn fifth_power<F: Form>(g: &mut R1cs<F>, x: &F) -> F {
    let square = g.mul(LABEL, x, x);
    let fourth = g.mul(LABEL, &square, &square);
    g.mul(LABEL, &fourth, x)
}
