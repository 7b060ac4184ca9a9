//! The rows' derivatives at an assignment: what is determined, which rows are needed, and forgeries of first order.

use crate::elimination::{Echelon, Form};
use crate::system::{System, evaluate};
use crate::tangents::Tangents;
use ark_ff::PrimeField;

/// The derivatives of all rows at the assignment, with respect to the unknowns.
///
/// Everything here is about the system near this one assignment. What it proves:
///
/// - A variable that is not [`undetermined`](Jacobian::undetermined) cannot move: near the assignment it has no other
///   value, whatever the other unknowns do.
/// - A row that is not [`redundant`](Jacobian::redundant) is needed: its derivative does not depend on the others'. If
///   no row is redundant, then the rows without one of them define, over the field's algebraic closure, a variety that
///   is smooth at this assignment and has one dimension more (the Jacobian criterion), so that the mutant accepts
///   assignments which the system refuses. [`Jacobian::tangents`] exhibits their direction.
///
/// What it does not prove: that there is no second solution elsewhere (signs, aliases: see [`System::solutions`]), or
/// that the other assignment of a mutant has all its coordinates in the field itself.
///
/// Answers are exact, save that `undetermined` and `redundant` each look at one combination with fixed pseudo-random
/// coefficients: in fields of cryptographic size they miss something with negligible probability.
#[derive(Clone, Debug)]
pub struct Jacobian<F> {
    pub(crate) forms: Vec<Form<F>>,
    pub(crate) echelon: Echelon<F>,
    unknown: Vec<bool>,
}

impl<F: PrimeField> System<F> {
    /// The derivatives of all rows, with the variables that satisfy a condition as unknowns; the constant one never is.
    pub fn jacobian(&self, unknown: impl Fn(usize) -> bool) -> Jacobian<F> {
        let variables = self.assignment().len();
        let unknown: Vec<bool> = (0..variables).map(|v| v > 0 && unknown(v)).collect();
        let assignment = self.assignment();
        let forms: Vec<Form<F>> = self
            .rows()
            .iter()
            .map(|row| {
                let (a, b) = (evaluate(&row.a, assignment), evaluate(&row.b, assignment));
                let parts = [(&row.a, b), (&row.b, a), (&row.c, -F::one())];
                let all = parts.into_iter().filter(|(_, factor)| !factor.is_zero());
                let all = all.flat_map(|(terms, factor)| terms.iter().map(move |t| (t, factor)));
                merge(all.filter(|((v, _), _)| unknown[*v]).map(|((v, c), f)| (*v, *c * f)))
            })
            .collect();
        let echelon = Echelon::of(&forms, variables);
        Jacobian { forms, echelon, unknown }
    }
}

impl<F: PrimeField> Jacobian<F> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.forms.len()
    }

    /// Number of unknowns.
    pub fn unknowns(&self) -> usize {
        self.unknown.iter().filter(|unknown| **unknown).count()
    }

    /// The derivatives' rank.
    pub fn rank(&self) -> usize {
        self.echelon.rows.iter().filter(|row| row.pivot.is_some()).count()
    }

    /// Whether every unknown is determined and every row is needed for that.
    pub fn is_square_and_regular(&self) -> bool {
        self.rank() == self.unknowns() && self.rank() == self.rows()
    }

    /// Unknowns that can move while all rows hold to first order.
    pub fn undetermined(&self) -> Vec<usize> {
        let mut noise = Noise::new();
        let mut speeds = vec![F::zero(); self.unknown.len()];
        for variable in (0..speeds.len()).filter(|variable| self.unknown[*variable]) {
            speeds[variable] = match self.echelon.solved_by[variable] {
                None => noise.next(),
                Some(row) => evaluate(&self.echelon.rows[row].rest, &speeds),
            };
        }
        (0..speeds.len()).filter(|variable| !speeds[*variable].is_zero()).collect()
    }

    /// Rows whose derivative is a combination of the other rows': to first order any one of them could be deleted.
    pub fn redundant(&self) -> Vec<usize> {
        let mut noise = Noise::new();
        let mut weights = vec![F::zero(); self.forms.len()];
        for (weight, row) in weights.iter_mut().zip(&self.echelon.rows) {
            if row.pivot.is_none() {
                *weight = noise.next();
            }
        }
        for (number, row) in self.echelon.rows.iter().enumerate().rev() {
            weights[number] *= row.scale;
            let weight = weights[number];
            if !weight.is_zero() {
                for (step, factor) in &row.steps {
                    weights[*step] += weight * factor;
                }
            }
        }
        (0..weights.len()).filter(|row| !weights[*row].is_zero()).collect()
    }

    /// A search for forgeries of first order.
    pub fn tangents(&self) -> Tangents<'_, F> {
        Tangents::of(self)
    }
}

/// Sums the coefficients of each variable; sorted, without zeros.
fn merge<F: PrimeField>(terms: impl Iterator<Item = (usize, F)>) -> Form<F> {
    let mut all: Form<F> = terms.collect();
    all.sort_by_key(|(variable, _)| *variable);
    all.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    all.retain(|(_, factor)| !factor.is_zero());
    all
}

/// Coefficients without structure: iterates x² + 7. The same every time, so that results can be repeated.
struct Noise<F>(F);

impl<F: PrimeField> Noise<F> {
    fn new() -> Self {
        Self((0..16).fold(F::GENERATOR, |x, _| x.square() + F::from(7u64)))
    }

    fn next(&mut self) -> F {
        self.0 = self.0.square() + F::from(7u64);
        self.0
    }
}
