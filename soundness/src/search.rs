//! Discrete second solutions: small boxes by brute force, and single variables of whole statements.

use crate::System;
use ark_ff::PrimeField;

impl<F: PrimeField> System<F> {
    /// All solutions in which these variables take values of a small domain and all others keep theirs, as the
    /// variables' values in the given order. Branches that break a row are left early, so that a dozen bits are fine.
    pub fn solutions(&self, variables: &[usize], domain: &[F]) -> Vec<Vec<F>> {
        let occurrences = self.occurrences();
        let position = |variable: usize| variables.iter().position(|v| *v == variable);
        // A row can be checked once the last of its variables is set.
        let mut checks = vec![Vec::new(); variables.len()];
        for number in variables.iter().flat_map(|variable| &occurrences[*variable]) {
            let last = self.rows()[*number].variables().filter_map(position).max();
            if let Some(last) = last.filter(|last| !checks[*last].contains(number)) {
                checks[last].push(*number);
            }
        }
        let others = (0..self.rows().len())
            .filter(|row| !checks.iter().any(|numbers| numbers.contains(row)))
            .all(|row| self.rows()[row].holds(self.assignment()));
        let mut found = Vec::new();
        if others {
            let mut values = self.assignment().to_vec();
            self.extend(variables, domain, &checks, 0, &mut values, &mut found);
        }
        found
    }

    fn extend(
        &self,
        variables: &[usize],
        domain: &[F],
        checks: &[Vec<usize>],
        depth: usize,
        values: &mut [F],
        found: &mut Vec<Vec<F>>,
    ) {
        let Some(variable) = variables.get(depth) else {
            found.push(variables.iter().map(|variable| values[*variable]).collect());
            return;
        };
        for value in domain {
            values[*variable] = *value;
            if checks[depth].iter().all(|row| self.rows()[*row].holds(values)) {
                self.extend(variables, domain, checks, depth + 1, values, found);
            }
        }
        values[*variable] = self.assignment()[*variable];
    }

    /// The variables, public and private, that can be changed alone by one of these steps without breaking a row.
    ///
    /// A public input among them binds the proof to nothing. A private one is a hint that nobody reads.
    pub fn unbound(&self, steps: &[F]) -> Vec<usize> {
        let mut values = self.assignment().to_vec();
        let occurrences = self.occurrences();
        (1..values.len())
            .filter(|variable| {
                let honest = values[*variable];
                let passes = |step: &F| {
                    values[*variable] = honest + step;
                    occurrences[*variable].iter().all(|row| self.rows()[*row].holds(&values))
                };
                let free = steps.iter().any(passes);
                values[*variable] = honest;
                free
            })
            .collect()
    }
}
