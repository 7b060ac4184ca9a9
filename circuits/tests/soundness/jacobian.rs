//! First-order determinism: the rank of the constraints' Jacobian over the field, by sparse elimination.
//!
//! A system with as many rows as unknowns and that rank is determined, and loses rank with any row. Rank is local: it
//! does not see discrete second solutions, which the brute-force tests look for.

use ark_ff::{Field, Zero};
use ergon_circuits::r1cs::{Row, evaluate};
use ergon_types::Fr;
use std::collections::{BTreeMap, BTreeSet};

/// What elimination leaves.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Jacobian {
    pub(crate) rows: usize,
    pub(crate) unknowns: usize,
    pub(crate) rank: usize,
    /// Unknowns that can move while all rows hold to first order.
    pub(crate) undetermined: Vec<usize>,
}

impl Jacobian {
    /// Whether every unknown is determined and every row is needed for that.
    pub(crate) fn is_square_and_regular(&self) -> bool {
        self.rank == self.unknowns && self.rows == self.unknowns
    }
}

type Form = BTreeMap<usize, Fr>;

/// Eliminates the rows' derivatives at an assignment; variables from `first` on are the unknowns.
pub(crate) fn jacobian(rows: &[&Row], assignment: &[Fr], first: usize) -> Jacobian {
    let mut pivots: BTreeMap<usize, Form> = BTreeMap::new();
    for row in rows {
        let mut form = derivative(row, assignment);
        form.retain(|variable, factor| *variable >= first && !factor.is_zero());
        reduce(&mut form, &pivots, usize::MAX);
        if let Some((pivot, factor)) = form.pop_last() {
            let scale = -factor.inverse().unwrap();
            form.values_mut().for_each(|entry| *entry *= scale);
            pivots.insert(pivot, form);
        }
    }
    let rank = pivots.len();
    let mut solved: BTreeMap<usize, Form> = BTreeMap::new();
    for (pivot, mut form) in pivots {
        reduce(&mut form, &solved, pivot);
        solved.insert(pivot, form);
    }
    let unknowns: BTreeSet<usize> = (first..assignment.len()).collect();
    let free = |variable: &usize| solved.get(variable).is_none_or(|form| !form.is_empty());
    let undetermined = unknowns.iter().copied().filter(free).collect();
    Jacobian { rows: rows.len(), unknowns: unknowns.len(), rank, undetermined }
}

/// Replaces every pivot below `limit` by what it stands for.
fn reduce(form: &mut Form, pivots: &BTreeMap<usize, Form>, limit: usize) {
    let mut below = limit;
    while let Some((variable, factor)) = form.range(..below).next_back().map(|(v, f)| (*v, *f)) {
        below = variable;
        let Some(pivot) = pivots.get(&variable) else { continue };
        form.remove(&variable);
        for (other, entry) in pivot {
            let sum = form.entry(*other).or_default();
            *sum += factor * entry;
            if sum.is_zero() {
                form.remove(other);
            }
        }
    }
}

fn derivative(row: &Row, assignment: &[Fr]) -> Form {
    let (a, b) = (evaluate(&row.a, assignment), evaluate(&row.b, assignment));
    let mut form = Form::new();
    for (terms, factor) in [(&row.a, b), (&row.b, a), (&row.c, -Fr::from(1u64))] {
        for (variable, coefficient) in terms {
            *form.entry(*variable).or_default() += factor * coefficient;
        }
    }
    form
}
