//! Forgeries that only one row refuses, as whole assignments: one or two variables are moved, all others keep their
//! values, and every row but one holds.
//!
//! Bits do not move by small steps, so that derivatives say little about a row that keeps a bit a bit. But where a bit
//! flips, a neighbour that is no bit any more can make up for it in their sum.

use crate::System;
use crate::system::Row;
use ark_ff::PrimeField;
use std::collections::BTreeSet;

/// Rows looked at with a variable, and variables of such a row.
const NEAREST: usize = 8;

/// Looks for forgeries among assignments that differ in one or two private variables.
#[derive(Debug)]
pub struct Forger<'a, F> {
    system: &'a System<F>,
    occurrences: Vec<Vec<usize>>,
    values: Vec<F>,
}

/// The rows of moved variables.
type Touched<'a> = Box<dyn Iterator<Item = usize> + 'a>;

/// New values of some variables.
pub type Moves<F> = Vec<(usize, F)>;

impl<F: PrimeField> System<F> {
    /// A search for forgeries near this assignment, which must be honest.
    pub fn forger(&self) -> Forger<'_, F> {
        let (occurrences, values) = (self.occurrences(), self.assignment().to_vec());
        Forger { system: self, occurrences, values }
    }
}

impl<F: PrimeField> Forger<'_, F> {
    /// New values of one or two variables that break this row and no other.
    pub fn forge(&mut self, row: usize) -> Option<Moves<F>> {
        let mut found = None;
        self.candidates(row, |forger, moves| {
            let hit = forger.breaks_only(row, moves);
            if hit {
                found = Some(moves.to_vec());
            }
            hit
        });
        found
    }

    /// For an assignment that breaks one row only: single variables of this row whose other value makes it hold and
    /// breaks one row instead, as that row and the move. What the one row stopped passes without the other, too.
    pub fn repairs(&mut self, stopping: usize) -> Vec<(usize, (usize, F))> {
        let rows = self.system.rows();
        let variables: BTreeSet<usize> = rows[stopping].variables().collect();
        let mut repairs = Vec::new();
        for variable in variables.into_iter().filter(|v| *v >= self.system.instance()) {
            let value = solve(&rows[stopping], variable, &mut self.values);
            if let Some(value) = value
                && let [row] = self.broken(&[(variable, value)])[..]
            {
                repairs.push((row, (variable, value)));
            }
        }
        repairs
    }

    /// Shows moves that break a row and hold some other, until one is accepted.
    pub fn candidates(
        &mut self,
        row: usize,
        mut accept: impl FnMut(&mut Self, &[(usize, F)]) -> bool,
    ) {
        let private = |variable: &usize| *variable >= self.system.instance();
        let rows = self.system.rows();
        let inside: BTreeSet<usize> = rows[row].variables().filter(private).collect();
        for variable in &inside {
            for value in self.steps(*variable) {
                if accept(self, &[(*variable, value)]) {
                    return;
                }
            }
        }
        for variable in &inside {
            let shared = self.occurrences[*variable].iter().filter(|shared| **shared != row);
            for shared in shared.take(NEAREST).copied().collect::<Vec<_>>() {
                let mut others: Vec<usize> = rows[shared].variables().filter(private).collect();
                others.retain(|other| other != variable);
                others.sort_unstable_by_key(|other| (other.abs_diff(*variable), *other));
                others.dedup();
                for other in others.into_iter().take(NEAREST) {
                    for value in self.steps(other) {
                        let old = std::mem::replace(&mut self.values[other], value);
                        let solved = solve(&rows[shared], *variable, &mut self.values);
                        self.values[other] = old;
                        let moves = solved.map(|solved| [(other, value), (*variable, solved)]);
                        if moves.is_some_and(|moves| accept(self, &moves)) {
                            return;
                        }
                    }
                }
            }
        }
    }

    /// Where a variable may move alone: a bit to the other bit, a root to the other root, a hint to 0.
    fn steps(&self, variable: usize) -> Vec<F> {
        let value = self.values[variable];
        let mut steps = vec![F::one() - value, -value, F::zero()];
        steps.dedup();
        steps.retain(|step| *step != value);
        steps
    }

    fn breaks_only(&mut self, row: usize, moves: &[(usize, F)]) -> bool {
        self.with(moves, |rows, mut touched, values| {
            let holds = |row: usize| rows[row].holds(values);
            !holds(row) && !touched.any(|other| other != row && !holds(other))
        })
    }

    /// The rows that these moves break.
    pub fn broken(&mut self, moves: &[(usize, F)]) -> Vec<usize> {
        let mut broken: Vec<usize> = self.with(moves, |rows, touched, values| {
            touched.filter(|row| !rows[*row].holds(values)).collect()
        });
        broken.sort_unstable();
        broken.dedup();
        broken
    }

    /// Looks at the rows and at those with a moved variable, under the moved values.
    fn with<T>(
        &mut self,
        moves: &[(usize, F)],
        look: impl FnOnce(&[Row<F>], Touched<'_>, &[F]) -> T,
    ) -> T {
        for (variable, value) in moves {
            self.values[*variable] = *value;
        }
        let touched =
            moves.iter().flat_map(|(variable, _)| self.occurrences[*variable].iter().copied());
        let seen = look(self.system.rows(), Box::new(touched), &self.values);
        for (variable, _) in moves {
            self.values[*variable] = self.system.assignment()[*variable];
        }
        seen
    }
}

/// The value of a variable that makes a row hold, if the row is linear in it.
fn solve<F: PrimeField>(row: &Row<F>, variable: usize, values: &mut [F]) -> Option<F> {
    let old = values[variable];
    let [zero, one, two] = [0u64, 1, 2].map(|value| {
        values[variable] = F::from(value);
        row.residue(values)
    });
    values[variable] = old;
    let slope = one - zero;
    (two - one == slope && !slope.is_zero()).then(|| -zero / slope)
}
