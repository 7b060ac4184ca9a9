//! Forgeries of first order: for a row a direction that this row refuses and no other.

use crate::jacobian::Jacobian;
use ark_ff::PrimeField;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A direction in which variables move, as (variable, speed), sorted by variable, without zeros.
pub type Tangent<F> = Vec<(usize, F)>;

/// Looks for forgeries of first order at the assignment of a [`Jacobian`].
#[derive(Debug)]
pub struct Tangents<'a, F> {
    jacobian: &'a Jacobian<F>,
    /// For each variable the rows whose derivative has it.
    occurrences: Vec<Vec<u32>>,
    /// For each variable the variables that reduced rows compute from it.
    dependants: Vec<Vec<u32>>,
    /// For each row the later rows that it was added to, with its factor.
    added_to: Vec<Vec<(u32, F)>>,
    /// Zero between calls.
    speeds: Vec<F>,
    /// Variables or rows that are listed already; false between calls.
    listed: Vec<bool>,
}

impl<'a, F: PrimeField> Tangents<'a, F> {
    pub(crate) fn of(jacobian: &'a Jacobian<F>) -> Self {
        let echelon = &jacobian.echelon;
        let variables = echelon.solved_by.len();
        let (mut occurrences, mut dependants) =
            (vec![Vec::new(); variables], vec![Vec::new(); variables]);
        let mut added_to = vec![Vec::new(); echelon.rows.len()];
        for (number, (form, row)) in jacobian.forms.iter().zip(&echelon.rows).enumerate() {
            form.iter().for_each(|(variable, _)| occurrences[*variable].push(number as u32));
            for (step, factor) in &row.steps {
                added_to[*step].push((number as u32, *factor));
            }
            if let Some(pivot) = row.pivot {
                row.rest.iter().for_each(|(variable, _)| dependants[*variable].push(pivot as u32));
            }
        }
        let speeds = vec![F::zero(); variables];
        let listed = vec![false; variables.max(echelon.rows.len())];
        Self { jacobian, occurrences, dependants, added_to, speeds, listed }
    }

    /// A direction that only this row refuses, to first order: the mutant without it has nothing against it. `None`
    /// when the row is redundant.
    pub fn forgery(&mut self, row: usize) -> Option<Tangent<F>> {
        let echelon = &self.jacobian.echelon;
        // What each pivot moves by itself; everything else follows, oldest variable first.
        let mut own: BTreeMap<usize, F> = BTreeMap::new();
        for (number, residue) in self.residues(row)? {
            own.insert(echelon.rows[number].pivot?, residue);
        }
        let mut moved: BinaryHeap<Reverse<usize>> = own.keys().copied().map(Reverse).collect();
        own.keys().for_each(|variable| self.listed[*variable] = true);
        let mut tangent = Tangent::new();
        while let Some(Reverse(variable)) = moved.pop() {
            self.listed[variable] = false;
            let rest = echelon.solved_by[variable].map(|row| &echelon.rows[row].rest);
            let mut speed = own.get(&variable).copied().unwrap_or_default();
            speed += self.along(rest.into_iter().flatten());
            if !speed.is_zero() {
                self.speeds[variable] = speed;
                tangent.push((variable, speed));
                for pivot in &self.dependants[variable] {
                    if !std::mem::replace(&mut self.listed[*pivot as usize], true) {
                        moved.push(Reverse(*pivot as usize));
                    }
                }
            }
        }
        tangent.iter().for_each(|(variable, _)| self.speeds[*variable] = F::zero());
        Some(tangent)
    }

    /// What the reduced rows evaluate to when the given row evaluates to 1 and all others to 0; `None` if that makes a
    /// row without a pivot nonzero.
    fn residues(&self, row: usize) -> Option<BTreeMap<usize, F>> {
        let mut sums = BTreeMap::from([(row, F::one())]);
        let mut residues = BTreeMap::new();
        while let Some((number, sum)) = sums.pop_first() {
            let residue = sum * self.jacobian.echelon.rows[number].scale;
            if residue.is_zero() {
                continue;
            }
            self.jacobian.echelon.rows[number].pivot?;
            for (later, factor) in &self.added_to[number] {
                *sums.entry(*later as usize).or_default() += residue * factor;
            }
            residues.insert(number, residue);
        }
        Some(residues)
    }

    /// The rows that a direction breaks to first order, by the derivatives themselves.
    pub fn broken_by(&mut self, tangent: &Tangent<F>) -> Vec<usize> {
        let mut broken = Vec::new();
        let mut touched = Vec::new();
        for (variable, speed) in tangent {
            self.speeds[*variable] = *speed;
            for row in &self.occurrences[*variable] {
                if !std::mem::replace(&mut self.listed[*row as usize], true) {
                    touched.push(*row as usize);
                }
            }
        }
        for row in touched {
            self.listed[row] = false;
            if !self.along(&self.jacobian.forms[row]).is_zero() {
                broken.push(row);
            }
        }
        broken.sort_unstable();
        tangent.iter().for_each(|(variable, _)| self.speeds[*variable] = F::zero());
        broken
    }

    fn along<'f>(&self, form: impl IntoIterator<Item = &'f (usize, F)>) -> F {
        let terms = form.into_iter().map(|(variable, factor)| (&self.speeds[*variable], factor));
        terms.filter(|(speed, _)| !speed.is_zero()).map(|(speed, factor)| *speed * factor).sum()
    }
}
