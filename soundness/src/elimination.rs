//! Sparse elimination of rows as they come, each solved for its newest variable.
//!
//! Circuits allocate a variable and constrain it at once, so that most rows need no elimination and nothing fills in;
//! only rows that assert without allocating are traced back to what they restrict.

use ark_ff::PrimeField;
use std::collections::BinaryHeap;

/// A sparse linear form, sorted by variable, without zeros.
pub(crate) type Form<F> = Vec<(usize, F)>;

/// A row after elimination: `pivot = rest + scale · (residue + Σ factor · residue of the step's row)`, where residues
/// are what the given rows evaluate to; without a pivot the left side and the rest are 0.
#[derive(Clone, Debug)]
pub(crate) struct Reduced<F> {
    pub(crate) pivot: Option<usize>,
    pub(crate) rest: Form<F>,
    pub(crate) scale: F,
    /// Rows that were added, with their factors.
    pub(crate) steps: Vec<(usize, F)>,
}

/// All rows after elimination.
#[derive(Clone, Debug)]
pub(crate) struct Echelon<F> {
    pub(crate) rows: Vec<Reduced<F>>,
    /// For each variable the row that is solved for it.
    pub(crate) solved_by: Vec<Option<usize>>,
}

impl<F: PrimeField> Echelon<F> {
    pub(crate) fn of(forms: &[Form<F>], variables: usize) -> Self {
        let mut echelon =
            Self { rows: Vec::with_capacity(forms.len()), solved_by: vec![None; variables] };
        let mut space = Workspace::new(variables);
        for form in forms {
            let reduced = echelon.reduce(form, &mut space);
            if let Some(pivot) = reduced.pivot {
                echelon.solved_by[pivot] = Some(echelon.rows.len());
            }
            echelon.rows.push(reduced);
        }
        echelon
    }

    /// Replaces the newest variable as long as an earlier row is solved for it, then solves for it.
    fn reduce(&self, form: &Form<F>, space: &mut Workspace<F>) -> Reduced<F> {
        let mut steps = Vec::new();
        form.iter().for_each(|(variable, factor)| space.add(*variable, *factor));
        while let Some((variable, factor)) = space.pop() {
            let Some(row) = self.solved_by[variable] else {
                let scale = invert(factor);
                let mut rest: Form<F> = space.drain().map(|(v, f)| (v, -f * scale)).collect();
                rest.sort_unstable_by_key(|(variable, _)| *variable);
                return Reduced { pivot: Some(variable), rest, scale, steps };
            };
            for (other, entry) in &self.rows[row].rest {
                space.add(*other, factor * entry);
            }
            steps.push((row, -factor));
        }
        Reduced { pivot: None, rest: Form::new(), scale: F::one(), steps }
    }
}

/// The inverse of a nonzero element; ±1, by far the most frequent, cost nothing.
fn invert<F: PrimeField>(factor: F) -> F {
    let minus = -F::one();
    if factor == minus { minus } else { factor.inverse().unwrap_or_default() }
}

/// A form under construction: dense values, and a heap of the variables that may be nonzero.
struct Workspace<F> {
    values: Vec<F>,
    listed: Vec<bool>,
    heap: BinaryHeap<usize>,
}

impl<F: PrimeField> Workspace<F> {
    fn new(variables: usize) -> Self {
        let (values, listed) = (vec![F::zero(); variables], vec![false; variables]);
        Self { values, listed, heap: BinaryHeap::new() }
    }

    fn add(&mut self, variable: usize, value: F) {
        self.values[variable] += value;
        if !std::mem::replace(&mut self.listed[variable], true) {
            self.heap.push(variable);
        }
    }

    fn take(&mut self, variable: usize) -> F {
        self.listed[variable] = false;
        std::mem::take(&mut self.values[variable])
    }

    /// The newest variable that is not zero.
    fn pop(&mut self) -> Option<(usize, F)> {
        while let Some(variable) = self.heap.pop() {
            let value = self.take(variable);
            if !value.is_zero() {
                return Some((variable, value));
            }
        }
        None
    }

    /// What is left, in no order.
    fn drain(&mut self) -> impl Iterator<Item = (usize, F)> {
        let variables = std::mem::take(&mut self.heap).into_vec();
        let all: Form<F> = variables.into_iter().map(|v| (v, self.take(v))).collect();
        all.into_iter().filter(|(_, value)| !value.is_zero())
    }
}
