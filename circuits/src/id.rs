//! Which circuit: a statement and its number of members.

use ergon_types::batch::{
    ANSWER_WORDS, BATCH_HEADER, CONTRADICTION_WORDS, OMISSION_WORDS, SECOND_SEAL_WORDS,
};
use ergon_types::member::{MEMBER_WORDS, MEMBERSHIP_HEADER};
use ergon_types::tag::Tag;
use ergon_types::{Kind, Policy, Schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::str::FromStr;

/// Witness places of a coverage statement: the size of witness cohorts.
pub const WITNESSES: usize = 4;

/// Records that can contradict each other. Slots alone cannot: a missing one may have been lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Of a meter.
    Energy,
    /// Of a witness.
    Witness,
}

impl Evidence {
    /// What records of a schema can be.
    pub fn of(schema: Schema) -> Option<Self> {
        match schema {
            Schema::Energy => Some(Self::Energy),
            Schema::Witness => Some(Self::Witness),
            Schema::Uptime | Schema::Coverage => None,
        }
    }
}

/// A statement's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatementName {
    /// The commitment to a cohort's members.
    Membership,
    /// A kind's statement.
    Kind(Kind),
    /// Two records that cannot both be true.
    Contradiction(Evidence),
    /// Two different seals of one cohort and epoch.
    SecondSeal,
    /// A seal that leaves out what its attestor acknowledged of a record.
    Omission(Schema),
    /// The answer to an omission: what is sealed is a later record.
    Answer(Schema),
}

/// A circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CircuitId {
    /// What it proves.
    pub statement: StatementName,
    /// The cohort's size; of contradictions and second seals the number of records or seals, 2; of answers 1.
    pub members: usize,
}

impl CircuitId {
    /// The circuits of trial networks.
    pub const TRIAL: [Self; 5] = [
        Self::membership(WITNESSES),
        Self::membership(8),
        Self::of(Kind::Uptime, 8),
        Self::of(Kind::Coverage, 8),
        Self::of(Kind::Energy, 8),
    ];

    /// Sizes of cohorts in production for which the budgets hold.
    pub const PRODUCTION: [Self; 16] = [
        Self::membership(64),
        Self::of(Kind::Uptime, 64),
        Self::of(Kind::Coverage, 64),
        Self::of(Kind::Energy, 64),
        Self::omission(Schema::Uptime, 64),
        Self::omission(Schema::Coverage, 64),
        Self::omission(Schema::Energy, 64),
        Self::omission(Schema::Witness, 64),
        Self::membership(128),
        Self::of(Kind::Uptime, 128),
        Self::of(Kind::Coverage, 128),
        Self::of(Kind::Energy, 128),
        Self::omission(Schema::Uptime, 128),
        Self::omission(Schema::Coverage, 128),
        Self::omission(Schema::Energy, 128),
        Self::omission(Schema::Witness, 128),
    ];

    /// The membership circuit for cohorts of a size.
    pub const fn membership(members: usize) -> Self {
        Self { statement: StatementName::Membership, members }
    }

    /// A kind's circuit for cohorts of a size.
    pub const fn of(kind: Kind, members: usize) -> Self {
        Self { statement: StatementName::Kind(kind), members }
    }

    /// The circuits of evidence against a device or an attestor; omissions from seals of trial networks.
    pub const EVIDENCE: [Self; 11] = [
        Self::contradiction(Evidence::Energy),
        Self::contradiction(Evidence::Witness),
        Self::SECOND_SEAL,
        Self::omission(Schema::Uptime, 8),
        Self::omission(Schema::Coverage, 8),
        Self::omission(Schema::Energy, 8),
        Self::omission(Schema::Witness, 8),
        Self::answer(Schema::Uptime),
        Self::answer(Schema::Coverage),
        Self::answer(Schema::Energy),
        Self::answer(Schema::Witness),
    ];

    /// The circuit for two seals of one cohort and epoch, whatever the cohort's kind and size.
    pub const SECOND_SEAL: Self = Self { statement: StatementName::SecondSeal, members: 2 };

    /// The circuit for two contradicting records.
    pub const fn contradiction(evidence: Evidence) -> Self {
        Self { statement: StatementName::Contradiction(evidence), members: 2 }
    }

    /// The circuit for what a seal of a cohort of a size leaves out of a record of a schema.
    pub const fn omission(schema: Schema, members: usize) -> Self {
        Self { statement: StatementName::Omission(schema), members }
    }

    /// The circuit for the answer to an omission: one record.
    pub const fn answer(schema: Schema) -> Self {
        Self { statement: StatementName::Answer(schema), members: 1 }
    }

    /// The tag of its words.
    pub fn tag(&self) -> Tag {
        match self.statement {
            StatementName::Membership => Tag::MEMBERS,
            StatementName::Kind(kind) => Tag::batch(kind),
            StatementName::Contradiction(Evidence::Energy) => Tag::CONTRADICT_ENERGY,
            StatementName::Contradiction(Evidence::Witness) => Tag::CONTRADICT_WITNESS,
            StatementName::SecondSeal => Tag::SECOND_SEAL,
            StatementName::Omission(schema) => Tag::omission(schema),
            StatementName::Answer(schema) => Tag::answer(schema),
        }
    }

    /// Number of its words.
    pub fn words(&self) -> usize {
        match self.statement {
            StatementName::Membership => MEMBERSHIP_HEADER + MEMBER_WORDS * self.members,
            StatementName::Kind(kind) => BATCH_HEADER + Policy::length(kind) + self.members,
            StatementName::Contradiction(_) => CONTRADICTION_WORDS,
            StatementName::SecondSeal => SECOND_SEAL_WORDS,
            StatementName::Omission(_) => OMISSION_WORDS,
            StatementName::Answer(_) => ANSWER_WORDS,
        }
    }
}

impl fmt::Display for StatementName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Membership => "membership",
            Self::Kind(kind) => kind.name(),
            Self::Contradiction(Evidence::Energy) => "energy-contradiction",
            Self::Contradiction(Evidence::Witness) => "witness-contradiction",
            Self::SecondSeal => "second-seal",
            Self::Omission(Schema::Uptime) => "uptime-omission",
            Self::Omission(Schema::Coverage) => "coverage-omission",
            Self::Omission(Schema::Energy) => "energy-omission",
            Self::Omission(Schema::Witness) => "witness-omission",
            Self::Answer(Schema::Uptime) => "uptime-answer",
            Self::Answer(Schema::Coverage) => "coverage-answer",
            Self::Answer(Schema::Energy) => "energy-answer",
            Self::Answer(Schema::Witness) => "witness-answer",
        })
    }
}

impl fmt::Display for CircuitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}-{}", self.statement, self.members))
    }
}

/// The text names no circuit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no circuit; expected a statement and a size, such as uptime-8 or membership-4")]
pub struct UnknownCircuit(String);

impl FromStr for CircuitId {
    type Err = UnknownCircuit;

    fn from_str(text: &str) -> Result<Self, UnknownCircuit> {
        let unknown = || UnknownCircuit(text.to_owned());
        if let Some(evidence) = Self::EVIDENCE.into_iter().find(|id| id.to_string() == text) {
            return Ok(evidence);
        }
        let (name, members) = text.rsplit_once('-').ok_or_else(unknown)?;
        let members = members.parse().ok().filter(|n: &usize| n.is_power_of_two() && *n <= 128);
        let members = members.ok_or_else(unknown)?;
        let omissions = Schema::ALL.map(|schema| Self::omission(schema, members));
        if let Some(omission) = omissions.into_iter().find(|id| id.statement.to_string() == name) {
            return Ok(omission);
        }
        match name {
            "membership" => Ok(Self::membership(members)),
            _ => Ok(Self::of(name.parse().map_err(|_| unknown())?, members)),
        }
    }
}

impl Serialize for CircuitId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CircuitId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
