//! Rows, their labels and an assignment: a constraint system as plain data.

use ark_ff::PrimeField;
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystem, Matrix, OptimizationGoal, R1CS_PREDICATE_LABEL,
    SynthesisError,
};
use std::borrow::Cow;

/// A linear form as (variable, coefficient). Variable 0 is the constant one.
pub type Terms<F> = Vec<(usize, F)>;

/// The value of a linear form.
pub fn evaluate<F: PrimeField>(terms: &[(usize, F)], assignment: &[F]) -> F {
    terms.iter().map(|(variable, coefficient)| assignment[*variable] * coefficient).sum()
}

/// One constraint `a · b = c`.
#[derive(Clone, Debug)]
pub struct Row<F> {
    /// What it asserts, in the author's words.
    pub label: Cow<'static, str>,
    /// Left factor.
    pub a: Terms<F>,
    /// Right factor.
    pub b: Terms<F>,
    /// Product.
    pub c: Terms<F>,
}

impl<F: PrimeField> Row<F> {
    /// Whether the row holds under an assignment.
    pub fn holds(&self, assignment: &[F]) -> bool {
        self.residue(assignment).is_zero()
    }

    /// `a · b − c` under an assignment.
    pub(crate) fn residue(&self, assignment: &[F]) -> F {
        let [a, b, c] = [&self.a, &self.b, &self.c].map(|terms| evaluate(terms, assignment));
        a * b - c
    }

    /// Every occurrence of a variable, the constant included.
    pub(crate) fn variables(&self) -> impl Iterator<Item = usize> {
        [&self.a, &self.b, &self.c].into_iter().flatten().map(|(variable, _)| *variable)
    }
}

/// Why a circuit is no system.
#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    /// arkworks refused.
    #[error("the circuit could not be built with its witness: {0}")]
    Synthesis(#[from] SynthesisError),
    /// It has constraints that are no rank-1 constraints.
    #[error(
        "the circuit has constraints of the predicate {0}; only rank-1 constraints are known here"
    )]
    Predicate(String),
}

/// Rows and an assignment: one, the public inputs, the private variables.
#[derive(Clone, Debug)]
pub struct System<F> {
    rows: Vec<Row<F>>,
    assignment: Vec<F>,
    instance: usize,
}

impl<F: PrimeField> System<F> {
    /// A system of given rows; the first `instance` variables are public, the constant one among them.
    pub fn new(rows: Vec<Row<F>>, assignment: Vec<F>, instance: usize) -> Self {
        Self { rows, assignment, instance }
    }

    /// Builds a circuit with its witness. The labels are arkworks' names of the constraints where its tracing layer is
    /// on, else the rows' numbers; [`System::labelled`] sets others.
    ///
    /// # Errors
    /// When the circuit cannot be built, or is no R1CS.
    pub fn from_circuit(circuit: impl ConstraintSynthesizer<F>) -> Result<Self, SystemError> {
        let cs = ConstraintSystem::new_ref();
        cs.set_optimization_goal(OptimizationGoal::Constraints);
        circuit.generate_constraints(cs.clone())?;
        cs.finalize();
        let names = cs.constraint_names();
        let mut predicates = cs.to_matrices()?;
        let matrices =
            predicates.remove(R1CS_PREDICATE_LABEL).ok_or(SynthesisError::PredicateNotFound)?;
        if let Some((label, _)) = predicates.iter().find(|(_, other)| !other[0].is_empty()) {
            return Err(SystemError::Predicate(label.clone()));
        }
        let terms = |matrix: &Matrix<F>, row: usize| -> Terms<F> {
            matrix[row].iter().map(|(coefficient, variable)| (*variable, *coefficient)).collect()
        };
        let rows = (0..cs.num_constraints())
            .map(|row| {
                let name = names.as_ref().and_then(|names| names.get(row).cloned());
                let label = Cow::Owned(name.unwrap_or_else(|| format!("constraint {row}")));
                let [a, b, c] = [0, 1, 2].map(|matrix| terms(&matrices[matrix], row));
                Row { label, a, b, c }
            })
            .collect();
        let mut assignment = cs.instance_assignment()?;
        let instance = assignment.len();
        assignment.extend(cs.witness_assignment()?);
        Ok(Self { rows, assignment, instance })
    }

    /// The same rows with these labels, in order; rows beyond them keep theirs.
    pub fn labelled<L: Into<Cow<'static, str>>>(
        mut self,
        labels: impl IntoIterator<Item = L>,
    ) -> Self {
        for (row, label) in self.rows.iter_mut().zip(labels) {
            row.label = label.into();
        }
        self
    }

    /// The rows.
    pub fn rows(&self) -> &[Row<F>] {
        &self.rows
    }

    /// The values: one, the public inputs, the private variables.
    pub fn assignment(&self) -> &[F] {
        &self.assignment
    }

    /// Number of public variables, the constant one among them.
    pub fn instance(&self) -> usize {
        self.instance
    }

    /// The first row that the assignment breaks.
    pub fn first_violation(&self) -> Option<&Row<F>> {
        self.rows.iter().find(|row| !row.holds(&self.assignment))
    }

    /// The numbers of all rows that the assignment breaks.
    pub fn violations(&self) -> Vec<usize> {
        (0..self.rows.len()).filter(|row| !self.rows[*row].holds(&self.assignment)).collect()
    }

    /// The same rows with other values of some variables.
    pub fn with(&self, values: &[(usize, F)]) -> Self {
        let mut changed = self.clone();
        for (variable, value) in values {
            changed.assignment[*variable] = *value;
        }
        changed
    }

    /// The mutant without one row.
    pub fn without(&self, row: usize) -> Self {
        let mut mutant = self.clone();
        mutant.rows.remove(row);
        mutant
    }

    /// Keeps the rows whose number satisfies a condition.
    pub fn retain(mut self, keep: impl Fn(usize, &Row<F>) -> bool) -> Self {
        let mut number = 0;
        self.rows.retain(|row| {
            number += 1;
            keep(number - 1, row)
        });
        self
    }

    /// For each variable the rows that it occurs in, ascending.
    pub(crate) fn occurrences(&self) -> Vec<Vec<usize>> {
        let mut occurrences: Vec<Vec<usize>> = vec![Vec::new(); self.assignment.len()];
        for (number, row) in self.rows.iter().enumerate() {
            for variable in row.variables() {
                if occurrences[variable].last() != Some(&number) {
                    occurrences[variable].push(number);
                }
            }
        }
        occurrences
    }
}
