//! A planned batch: whom it includes, what it pays, its words; ready to become constraints.

use crate::answer::Answer;
use crate::circuit::Circuit;
use crate::contradiction::Contradiction;
use crate::gadgets::Scope;
use crate::id::{CircuitId, StatementName};
use crate::input::{Input, ShapeError};
use crate::native::{Failure, Native};
use crate::omission::Omission;
use crate::rules::{self, Run};
use crate::second_seal::SecondSeal;
use ark_ff::One;
use ergon_types::batch::included_word;
use ergon_types::field;
use ergon_types::poseidon::hash_vector;
use ergon_types::state::MeterState;
use ergon_types::{
    Address, Batch, Body, Bundle, Fr, Kind, Membership, Network, State, challenge_words,
};
use std::sync::Arc;

/// Why a bundle cannot be proven.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Lists have not the circuit's sizes.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// An assertion about the cohort as a whole fails, whoever is left out.
    #[error(
        "assertion fails for the whole cohort: {label}; the bundle's seal, keys and policy must agree"
    )]
    Cohort {
        /// The assertion.
        label: &'static str,
    },
}

/// What a batch says of one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberOutcome {
    /// Whether it is included.
    pub included: bool,
    /// Slots alive, watt-hours paid as delivered, or distinct cells.
    pub measured: u64,
    /// Work units.
    pub units: u64,
    /// The assertion that kept it out, if one did.
    pub reason: Option<&'static str>,
}

/// What a batch pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The public data.
    pub batch: Batch,
    /// By place.
    pub members: Vec<MemberOutcome>,
    /// The state's openings after this batch; energy only.
    pub state_after: Option<State>,
}

/// What is proven.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// A batch.
    Batch(Box<Input>),
    /// A cohort's members.
    Membership(Network, Membership),
    /// Two records that cannot both be true.
    Contradiction(Box<Contradiction>),
    /// Two different seals of one cohort and epoch.
    SecondSeal(Box<SecondSeal>),
    /// A seal without what was acknowledged.
    Omission(Box<Omission>),
    /// What is sealed is a later record than the acknowledged one.
    Answer(Box<Answer>),
}

/// A statement whose words are known.
#[derive(Clone, Debug)]
pub struct Statement {
    id: CircuitId,
    words: Vec<Fr>,
    subject: Arc<Subject>,
    outcome: Option<Outcome>,
}

impl Statement {
    /// Plans the batch of a bundle: includes every member and witness whose assertions hold.
    ///
    /// # Errors
    /// When the bundle has the wrong shape, or an assertion about the whole cohort fails.
    pub fn from_bundle(bundle: &Bundle, prover: Address) -> Result<Self, StatementError> {
        let mut input = Input::new(bundle.clone(), prover)?;
        let mut reasons = vec![None; input.included.len()];
        loop {
            let mut native = Native::default();
            let run = rules::statement(&mut native, &input);
            if native.failures().is_empty() {
                return Ok(Self::planned(input, run, reasons));
            }
            exclude(&mut input, &mut reasons, native.failures())?;
        }
    }

    /// A batch with the prover's own choice of whom to include, whether or not its assertions hold.
    pub fn from_input(input: Input) -> Self {
        let run = rules::statement(&mut Native::default(), &input);
        let reasons = vec![None; input.included.len()];
        Self::planned(input, run, reasons)
    }

    fn planned(input: Input, run: Run<Fr>, reasons: Vec<Option<&'static str>>) -> Self {
        let bundle = &input.bundle;
        let members = run.units.iter().zip(&run.measured).zip(&input.included).zip(reasons);
        let members = members
            .map(|(((units, measured), included), reason)| MemberOutcome {
                included: *included,
                measured: field::bits(measured, 0, 64),
                units: field::bits(units, 0, 64),
                reason,
            })
            .collect::<Vec<_>>();
        let zero = Fr::from(0u64);
        let batch = Batch {
            kind: bundle.kind,
            network: bundle.network,
            epoch: bundle.epoch,
            cohort: bundle.membership.cohort,
            membership_root: bundle.root_of(Some(&bundle.membership)),
            witness_cohort: bundle.witnesses.as_ref().map_or(0, |cohort| cohort.cohort),
            witness_root: bundle.root_of(bundle.witnesses.as_ref()),
            state_before: bundle.state.as_ref().map_or(zero, State::commitment),
            state_after: run.state_after,
            attestor: bundle.seal.attestor,
            seal: bundle.seal.message(),
            prover: input.prover,
            included: included_word(bundle.kind, &input.included),
            policy: bundle.policy.words(),
            units: members.iter().map(|member| member.units).collect(),
        };
        let id = CircuitId::of(bundle.kind, members.len());
        let outcome = Outcome { batch, state_after: state_after(&input), members };
        let subject = Arc::new(Subject::Batch(Box::new(input)));
        Self { id, words: run.words, subject, outcome: Some(outcome) }
    }

    /// The commitment to a cohort's members.
    pub fn membership(network: &Network, membership: &Membership) -> Self {
        Self {
            id: CircuitId::membership(membership.members.len()),
            words: membership.words(network),
            subject: Arc::new(Subject::Membership(*network, membership.clone())),
            outcome: None,
        }
    }

    /// That two records cannot both be true; provable if they contradict ([`Contradiction::new`] checks it).
    pub fn contradiction(evidence: Contradiction) -> Self {
        Self {
            id: CircuitId::contradiction(evidence.evidence()),
            words: evidence.words().to_vec(),
            subject: Arc::new(Subject::Contradiction(Box::new(evidence))),
            outcome: None,
        }
    }

    /// That an attestor signed two different seals of one cohort and epoch; provable if it did ([`SecondSeal::new`]
    /// checks it).
    pub fn second_seal(evidence: SecondSeal) -> Self {
        Self {
            id: CircuitId::SECOND_SEAL,
            words: evidence.words().to_vec(),
            subject: Arc::new(Subject::SecondSeal(Box::new(evidence))),
            outcome: None,
        }
    }

    /// That a seal leaves out what its attestor acknowledged; provable if it does ([`Omission::new`] checks it).
    pub fn omission(evidence: Omission) -> Self {
        Self {
            id: evidence.id(),
            words: evidence.words().to_vec(),
            subject: Arc::new(Subject::Omission(Box::new(evidence))),
            outcome: None,
        }
    }

    /// That what is sealed is a later record than the acknowledged one; provable if it is ([`Answer::new`] checks it).
    pub fn answer(answer: Answer) -> Self {
        Self {
            id: answer.id(),
            words: answer.words().to_vec(),
            subject: Arc::new(Subject::Answer(Box::new(answer))),
            outcome: None,
        }
    }

    /// The statement that key generation runs on.
    pub(crate) fn blank(id: CircuitId) -> Self {
        match id.statement {
            StatementName::Kind(kind) => Self::from_input(Input::blank(kind, id.members)),
            StatementName::Contradiction(evidence) => {
                Self::contradiction(Contradiction::blank(evidence))
            }
            StatementName::SecondSeal => Self::second_seal(SecondSeal::blank()),
            StatementName::Omission(schema) => Self::omission(Omission::blank(schema, id.members)),
            StatementName::Answer(schema) => Self::answer(Answer::blank(schema)),
            StatementName::Membership => {
                let blank = Input::blank(Kind::Uptime, id.members).bundle;
                Self::membership(&blank.network, &blank.membership)
            }
        }
    }

    /// Which circuit proves it.
    pub fn id(&self) -> CircuitId {
        self.id
    }

    /// The public words.
    pub fn words(&self) -> &[Fr] {
        &self.words
    }

    /// What the batch pays; `None` for what is no batch.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// `c`: the hash of the words.
    pub fn commitment(&self) -> Fr {
        hash_vector(self.id.tag(), &self.words)
    }

    /// The public inputs `c`, `z`, `y` at the contract's challenge `z`.
    pub fn public(&self, z: Fr) -> [Fr; 3] {
        [self.commitment(), z, challenge_words(&self.words, z)]
    }

    /// The circuit with its witness, at the contract's challenge `z`.
    pub fn circuit(&self, z: Fr) -> Circuit {
        Circuit::new(self.id, Arc::clone(&self.subject), self.public(z))
    }
}

/// The assertions that an input breaks, by the native rules.
pub fn failures(input: &Input) -> Vec<Failure> {
    let mut native = Native::default();
    rules::statement(&mut native, input);
    native.failures().to_vec()
}

/// Leaves out everyone an assertion fails for.
fn exclude(
    input: &mut Input,
    reasons: &mut [Option<&'static str>],
    failures: &[Failure],
) -> Result<(), StatementError> {
    let mut progress = false;
    for failure in failures {
        match failure.scope {
            Scope::Member(index) if input.included[index] => {
                input.included[index] = false;
                reasons[index] = Some(failure.label);
                progress = true;
            }
            Scope::Witness(index) if input.witnesses_included[index] => {
                input.witnesses_included[index] = false;
                progress = true;
            }
            _ => {}
        }
    }
    let first = failures.first().map_or("no assertion", |failure| failure.label);
    input.choose_rows();
    if progress { Ok(()) } else { Err(StatementError::Cohort { label: first }) }
}

/// The state's openings after the batch (§ 5.5).
fn state_after(input: &Input) -> Option<State> {
    let before = input.bundle.state.as_ref()?;
    let places = before.0.iter().zip(&input.bundle.packets).zip(&input.included);
    let after = places.map(|((state, packet), included)| match (packet, included) {
        (Some(packet), true) => match &packet.record.body {
            Body::Energy(meter) => MeterState {
                generation: meter.generation,
                end: meter.end,
                salt: packet.record.header.salt,
            },
            _ => *state,
        },
        _ => *state,
    });
    Some(State(after.collect()))
}

/// Any value serves as the challenge while keys are generated.
pub(crate) fn blank_challenge() -> Fr {
    Fr::one()
}
