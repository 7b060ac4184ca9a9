//! A statement with its witness, as arkworks' constraint synthesizer.

use crate::gadgets::Gadgets;
use crate::id::CircuitId;
use crate::r1cs::{Form, INSTANCE, R1cs, Terms, Value};
use crate::rules;
use crate::statement::{Statement, Subject, blank_challenge};
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystemRef, LinearCombination, SynthesisError, Variable,
};
use ergon_types::poseidon::hash_vector;
use ergon_types::{Fr, challenge_words};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A circuit and the values of its variables.
#[derive(Clone, Debug)]
pub struct Circuit {
    id: CircuitId,
    subject: Arc<Subject>,
    public: [Fr; INSTANCE - 1],
}

impl Circuit {
    pub(crate) fn new(id: CircuitId, subject: Arc<Subject>, public: [Fr; INSTANCE - 1]) -> Self {
        Self { id, subject, public }
    }

    /// The circuit on a satisfiable input without members, for key generation.
    pub fn blank(id: CircuitId) -> Self {
        Statement::blank(id).circuit(blank_challenge())
    }

    /// Which circuit.
    pub fn id(&self) -> CircuitId {
        self.id
    }

    /// The public inputs `c`, `z`, `y`.
    pub fn public(&self) -> [Fr; INSTANCE - 1] {
        self.public
    }

    /// The same witness with other public inputs, to see that they fail.
    pub fn with_public(mut self, public: [Fr; INSTANCE - 1]) -> Self {
        self.public = public;
        self
    }

    /// Constraints and assignment.
    pub fn synthesize(&self) -> R1cs {
        let mut g = R1cs::new(self.public);
        let words = self.words(&mut g);
        self.bind(&mut g, &words);
        g
    }

    /// The values of all variables: one, the public inputs, the private ones. Much faster than [`synthesize`](Self::synthesize).
    /// With `room` for all of them, no copy stays behind in memory that the list outgrew.
    pub fn assignment(&self, room: usize) -> Vec<Fr> {
        let mut g = R1cs::<Value>::over(self.public);
        g.reserve(room);
        let words = self.words(&mut g);
        self.bind(&mut g, &words);
        g.into_assignment()
    }

    /// What a cheating prover submits that gives private variables other values, together with the words that
    /// follow from them and that `c` and `y` are then computed from. The tests of every assertion rest on this.
    pub fn forge(&self, forged: BTreeMap<usize, Fr>) -> (R1cs, Vec<Fr>) {
        let mut g = R1cs::forging(self.public, forged);
        let words = self.words(&mut g);
        let values: Vec<Fr> = words.iter().map(|word| word.value()).collect();
        let z = self.public[1];
        g.set_public([hash_vector(self.id.tag(), &values), z, challenge_words(&values, z)]);
        self.bind(&mut g, &words);
        (g, values)
    }

    fn words<F: Form>(&self, g: &mut R1cs<F>) -> Vec<F> {
        match &*self.subject {
            Subject::Batch(input) => rules::statement(g, input).words,
            Subject::Membership(network, membership) => rules::membership(g, network, membership),
            Subject::Contradiction(evidence) => rules::contradiction(g, evidence),
            Subject::SecondSeal(evidence) => rules::second_seal(g, evidence),
            Subject::Omission(evidence) => rules::omission(g, evidence),
            Subject::Answer(answer) => rules::answer(g, answer),
        }
    }

    fn bind<F: Form>(&self, g: &mut R1cs<F>, words: &[F]) {
        g.enter(crate::Scope::Cohort);
        let [c, z, y] = [0, 1, 2].map(|index| g.public(index));
        rules::bind(g, self.id.tag(), words, [&c, &z, &y]);
    }
}

impl ConstraintSynthesizer<Fr> for Circuit {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        let system = self.synthesize();
        let (instance, witness) = system.assignment().split_at(INSTANCE);
        for value in &instance[1..] {
            let _ = cs.new_input_variable(|| Ok(*value))?;
        }
        for value in witness {
            let _ = cs.new_witness_variable(|| Ok(*value))?;
        }
        for row in system.rows() {
            cs.enforce_r1cs_constraint(|| combine(&row.a), || combine(&row.b), || combine(&row.c))?;
        }
        Ok(())
    }
}

fn combine(terms: &Terms) -> LinearCombination<Fr> {
    LinearCombination(terms.iter().map(|(index, factor)| (*factor, variable(*index))).collect())
}

fn variable(index: usize) -> Variable {
    match index {
        0 => Variable::One,
        index if index < INSTANCE => Variable::instance(index),
        index => Variable::witness(index - INSTANCE),
    }
}
