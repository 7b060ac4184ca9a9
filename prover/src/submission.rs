//! What a prover hands to the chain, as a JSON file: public, and complete enough to be checked by anyone.

use crate::Proved;
use crate::groth16::proof_words;
use crate::snarkjs::{ProofJson, PublicJson};
use crate::text;
use ergon_circuits::{CircuitId, Outcome};
use ergon_types::field::{self, Fr};
use ergon_types::{Address, Kind, Network};
use serde::{Deserialize, Serialize};

/// Version of the submission's JSON form.
pub const VERSION: u32 = 1;

/// A proven batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// `VERSION`.
    pub version: u32,
    /// The circuit.
    pub circuit: CircuitId,
    /// What is paid for.
    pub kind: Kind,
    /// Chain and contracts.
    pub network: Network,
    /// The epoch.
    pub epoch: u64,
    /// The cohort.
    pub cohort: u32,
    /// Who is paid the fee.
    pub prover: Address,
    /// The key, tag, size and length that the proof is for (§ 5.1).
    #[serde(with = "text::word")]
    pub route: [u8; 32],
    /// Hash of the words.
    #[serde(with = "field::decimal")]
    pub c: Fr,
    /// Challenge.
    #[serde(with = "field::decimal")]
    pub z: Fr,
    /// The words' polynomial at the challenge.
    #[serde(with = "field::decimal")]
    pub y: Fr,
    /// The seal's message.
    #[serde(with = "field::decimal")]
    pub seal: Fr,
    /// State before, or 0.
    #[serde(with = "field::decimal")]
    pub state_before: Fr,
    /// State after, or 0.
    #[serde(with = "field::decimal")]
    pub state_after: Fr,
    /// Root of the cohort's membership.
    #[serde(with = "field::decimal")]
    pub membership_root: Fr,
    /// Work units of each member.
    pub units: Vec<u64>,
    /// Proven quantity of each member before policy.
    pub measured: Vec<u64>,
    /// Which members are paid.
    pub included: Vec<bool>,
    /// Why a member is not.
    pub reasons: Vec<Option<String>>,
    /// All words of the batch, as the contract builds them (§ 5.2).
    #[serde(with = "field::decimals")]
    pub words: Vec<Fr>,
    /// The proof, as snarkjs writes it.
    pub proof: ProofJson,
    /// The proof, as the contract takes it.
    #[serde(with = "text::words")]
    pub proof_words: [[u8; 32]; 8],
    /// Seconds that proving took.
    pub prove_seconds: f64,
    /// SHA-256 of the proving key.
    pub key_sha256: String,
}

impl Submission {
    /// From a proof of a batch and what was planned for it.
    pub(crate) fn new(proved: &Proved, outcome: &Outcome) -> Self {
        let (batch, members) = (&outcome.batch, &outcome.members);
        Self {
            version: VERSION,
            circuit: proved.circuit,
            kind: batch.kind,
            network: batch.network,
            epoch: batch.epoch,
            cohort: batch.cohort,
            prover: batch.prover,
            route: proved.route,
            c: proved.public[0],
            z: proved.public[1],
            y: proved.public[2],
            seal: batch.seal,
            state_before: batch.state_before,
            state_after: batch.state_after,
            membership_root: batch.membership_root,
            units: batch.units.clone(),
            measured: members.iter().map(|member| member.measured).collect(),
            included: members.iter().map(|member| member.included).collect(),
            reasons: members.iter().map(|member| member.reason.map(str::to_owned)).collect(),
            words: proved.words.clone(),
            proof: proved.proof.clone().into(),
            proof_words: proof_words(&proved.proof),
            // Milliseconds: short in JSON, and the same number when read again.
            prove_seconds: (proved.seconds * 1e3).round() / 1e3,
            key_sha256: proved.key_sha256.clone(),
        }
    }

    /// `kind-epoch-cohort`, the bundle's name.
    pub fn name(&self) -> String {
        format!("{}-{}-{}", self.kind, self.epoch, self.cohort)
    }

    /// The public inputs `c, z, y`.
    pub fn public(&self) -> [Fr; 3] {
        [self.c, self.z, self.y]
    }

    /// The public inputs as snarkjs takes them.
    pub fn public_json(&self) -> PublicJson {
        PublicJson(self.public().to_vec())
    }
}
