//! What a statement is run on: a bundle, the prover's address, and whom the prover includes.

mod rows;

use ergon_types::key::Signature;
use ergon_types::policy::WEIGHTS;
use ergon_types::record::{Body, slots::Slots};
use ergon_types::{
    Address, Bundle, Fr, Header, Kind, Membership, Network, Policy, Record, Schema, Seal,
    SecretKey, State,
};
use std::sync::OnceLock;

use crate::id::WITNESSES;
pub use rows::{ROWS, Row};

/// A bundle with the prover's choices.
#[derive(Clone, Debug)]
pub struct Input {
    /// The sealed epoch of a cohort.
    pub bundle: Bundle,
    /// Who is paid the fee.
    pub prover: Address,
    /// Members included.
    pub included: Vec<bool>,
    /// Witnesses included.
    pub witnesses_included: Vec<bool>,
    /// Paid cells of each member, at most [`ROWS`]; coverage only.
    pub rows: Vec<Vec<Row>>,
}

/// Why a bundle has not the shape of its circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bundle has {found} {what}; its circuit needs {expected}")]
pub struct ShapeError {
    /// What is counted.
    pub what: &'static str,
    /// How many there are.
    pub found: usize,
    /// How many are needed.
    pub expected: usize,
}

impl Input {
    /// Includes everyone who has a sealed packet.
    ///
    /// # Errors
    /// When lists of the bundle have not the cohort's size.
    pub fn new(bundle: Bundle, prover: Address) -> Result<Self, ShapeError> {
        check_shape(&bundle)?;
        let schema = bundle.kind.schema();
        let has = |packet: &Option<ergon_types::Packet>, schema: Schema| {
            packet.as_ref().is_some_and(|packet| packet.record.body.schema() == schema)
        };
        let included = bundle.packets.iter().map(|packet| has(packet, schema)).collect();
        let witnesses_included =
            bundle.witness_packets.iter().map(|packet| has(packet, Schema::Witness)).collect();
        let mut input = Self { bundle, prover, included, witnesses_included, rows: Vec::new() };
        input.choose_rows();
        Ok(input)
    }

    /// A satisfiable input without members, for key generation.
    pub fn blank(kind: Kind, members: usize) -> Self {
        let network =
            Network { chain_id: 0, settlement: Address::default(), registry: Address::default() };
        let coverage = kind == Kind::Coverage;
        let membership = Membership { cohort: 0, region: 0, members: vec![None; members] };
        let witnesses =
            coverage.then(|| Membership { cohort: 0, region: 0, members: vec![None; WITNESSES] });
        let dummy = dummy_key();
        let zero = Fr::from(0u64);
        let witness_places = if coverage { WITNESSES } else { 0 };
        let seal = Seal {
            kind,
            network: network.id(),
            epoch: 0,
            cohort: 0,
            membership_root: membership.root(&network),
            witness_root: witnesses.as_ref().map_or(zero, |cohort| cohort.root(&network)),
            attestor: dummy.public(),
            salt: zero,
            heads: vec![zero; members],
            arrivals: vec![Slots::default(); if kind == Kind::Uptime { members } else { 0 }],
            witness_heads: vec![zero; witness_places],
        };
        let bundle = Bundle {
            version: ergon_types::bundle::VERSION,
            kind,
            network,
            epoch: 0,
            membership,
            witnesses,
            policy: Policy::standard(kind),
            packets: vec![None; members],
            witness_packets: vec![None; witness_places],
            state: (kind == Kind::Energy).then(|| State::genesis(members)),
            seal_signature: dummy.sign(&seal.message()),
            seal,
        };
        Self {
            bundle,
            prover: Address::default(),
            included: vec![false; members],
            witnesses_included: vec![false; witness_places],
            rows: vec![Vec::new(); members],
        }
    }

    /// Chooses the most valuable cells that the included witnesses attest for the included members.
    pub fn choose_rows(&mut self) {
        self.rows = rows::plan(self);
    }

    /// The record and signature that stand for a place: the sealed ones if included, else fillers.
    pub(crate) fn signed(&self, signer: Signer) -> Signed {
        let (packets, included, schema) = match signer {
            Signer::Member(_) => (&self.bundle.packets, &self.included, self.bundle.kind.schema()),
            Signer::Witness(_) => {
                (&self.bundle.witness_packets, &self.witnesses_included, Schema::Witness)
            }
        };
        let index = signer.index();
        match (&packets[index], included[index]) {
            (Some(packet), true) if packet.record.body.schema() == schema => Signed {
                included: true,
                record: packet.record.clone(),
                signature: packet.signature,
            },
            (_, included) => {
                let zero = Fr::from(0u64);
                let header = Header {
                    network: zero,
                    device: 0,
                    epoch: 0,
                    counter: 0,
                    nonce: zero,
                    salt: zero,
                };
                let body = Body::empty(schema, self.bundle.membership.cohort);
                Signed { included, record: Record { header, body }, signature: *dummy_signature() }
            }
        }
    }
}

/// That the lists of a bundle have its circuit's sizes.
pub(crate) fn check_shape(bundle: &Bundle) -> Result<(), ShapeError> {
    let members = bundle.membership.members.len();
    let coverage = bundle.kind == Kind::Coverage;
    let witnesses = if coverage { WITNESSES } else { 0 };
    let arrivals = if bundle.kind == Kind::Uptime { members } else { 0 };
    let states = if bundle.kind == Kind::Energy { members } else { 0 };
    let witness_places = bundle.witnesses.as_ref().map_or(0, |cohort| cohort.members.len());
    let weights =
        if let Policy::Energy { weights, .. } = &bundle.policy { weights.len() } else { WEIGHTS };
    for (what, found, expected) in [
        ("slot weights", weights, WEIGHTS),
        ("packets", bundle.packets.len(), members),
        ("sealed heads", bundle.seal.heads.len(), members),
        ("sealed arrivals", bundle.seal.arrivals.len(), arrivals),
        ("states", bundle.state.as_ref().map_or(0, |state| state.0.len()), states),
        ("witness packets", bundle.witness_packets.len(), witnesses),
        ("witness heads", bundle.seal.witness_heads.len(), witnesses),
        ("witness places", witness_places, witnesses),
        ("policies of its kind", usize::from(bundle.policy.kind() == bundle.kind), 1),
        ("seals of its kind", usize::from(bundle.seal.kind == bundle.kind), 1),
    ] {
        if found != expected {
            return Err(ShapeError { what, found, expected });
        }
    }
    Ok(())
}

/// Who signs a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signer {
    /// A member of the cohort.
    Member(usize),
    /// A member of the witness cohort.
    Witness(usize),
}

impl Signer {
    fn index(self) -> usize {
        match self {
            Self::Member(index) | Self::Witness(index) => index,
        }
    }
}

/// A record with its signature, or fillers.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) included: bool,
    pub(crate) record: Record,
    pub(crate) signature: Signature,
}

/// The public dummy key that signs for whom a batch leaves out (§ 6). It gives no one any power: units are 0.
pub(crate) fn dummy_key() -> SecretKey {
    SecretKey::from_bytes(*b"ergon/1/dummy: nothing up sleeve")
}

/// The dummy key's signature over 0.
fn dummy_signature() -> &'static Signature {
    static SIGNATURE: OnceLock<Signature> = OnceLock::new();
    SIGNATURE.get_or_init(|| dummy_key().sign(&Fr::from(0u64)))
}
