//! Evidence of a contradiction: two records of one key and epoch that cannot both be true (§ 6.6).

use crate::id::Evidence;
use crate::input::dummy_key;
use ergon_types::batch::CONTRADICTION_WORDS;
use ergon_types::record::RecordError;
use ergon_types::record::energy::Meter;
use ergon_types::record::witness::Hearings;
use ergon_types::{
    Address, Body, Fr, Header, Network, Packet, PublicKey, Record, Schema, SecretKey,
};

/// Two packets, the key that signed both, and who reports them.
#[derive(Clone, Debug)]
pub struct Contradiction {
    evidence: Evidence,
    network: Network,
    key: PublicKey,
    reporter: Address,
    packets: [Packet; 2],
}

/// Why two packets are no evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContradictionError {
    /// Slots alone never contradict: a missing one may have been lost.
    #[error("records of schema {0} cannot contradict each other; expected energy or witness")]
    Schema(Schema),
    /// A record of another network, device, epoch or schema than the other.
    #[error("the two records are not of one network, device, epoch and schema")]
    Misdirected,
    /// Packet 1 or 2 is not signed by the key.
    #[error("the signature of packet {0} is not by the device's key")]
    Signature(usize),
    /// Both can be true.
    #[error(
        "the two records can both be true: no slot that both have differs, nor start, generation or cohort"
    )]
    Consistent,
}

impl Contradiction {
    /// Evidence that proves something.
    ///
    /// # Errors
    /// When the packets are not two contradicting records that the key signed for this network.
    pub fn new(
        network: Network,
        key: PublicKey,
        reporter: Address,
        packets: [Packet; 2],
    ) -> Result<Self, ContradictionError> {
        let [first, second] = &packets;
        let schema = first.record.body.schema();
        let evidence = Evidence::of(schema).ok_or(ContradictionError::Schema(schema))?;
        if first.record.header.network != network.id() {
            return Err(ContradictionError::Misdirected);
        }
        match second.record.extends(&first.record) {
            Err(RecordError::Contradiction { .. }) => {}
            Err(RecordError::Misdirected) => return Err(ContradictionError::Misdirected),
            _ => return Err(ContradictionError::Consistent),
        }
        let forged = packets
            .iter()
            .position(|packet| !key.verifies(&packet.record.message(), &packet.signature));
        match forged {
            Some(index) => Err(ContradictionError::Signature(index + 1)),
            None => Ok(Self::unchecked(evidence, network, key, reporter, packets)),
        }
    }

    /// What a cheat would hand in: records of the evidence's schema, of which nothing else is checked.
    pub fn unchecked(
        evidence: Evidence,
        network: Network,
        key: PublicKey,
        reporter: Address,
        packets: [Packet; 2],
    ) -> Self {
        Self { evidence, network, key, reporter, packets }
    }

    /// Satisfiable evidence against the public dummy key, for key generation.
    pub(crate) fn blank(evidence: Evidence) -> Self {
        let key = dummy_key();
        let (network, reporter) = (nowhere(), Address::default());
        let body = |value: u32| match evidence {
            Evidence::Witness => Body::Witness(Hearings::new(value)),
            Evidence::Energy => {
                Body::Energy(Meter { start: u64::from(value), end: 1, ..Meter::default() })
            }
        };
        let packets = [0, 1].map(|value| sign(&key, body(value)));
        Self::unchecked(evidence, network, key.public(), reporter, packets)
    }

    /// What the records are.
    pub fn evidence(&self) -> Evidence {
        self.evidence
    }

    /// The packets.
    pub(crate) fn packets(&self) -> &[Packet; 2] {
        &self.packets
    }

    /// The public words (§ 6.6).
    pub fn words(&self) -> [Fr; CONTRADICTION_WORDS] {
        let header = &self.packets[0].record.header;
        [
            Fr::from(self.network.chain_id),
            self.network.settlement.entry(),
            Fr::from(header.epoch),
            Fr::from(header.device),
            self.key.point().x,
            self.key.point().y,
            self.reporter.entry(),
        ]
    }
}

fn nowhere() -> Network {
    Network { chain_id: 0, settlement: Address::default(), registry: Address::default() }
}

fn sign(key: &SecretKey, body: Body) -> Packet {
    let zero = Fr::from(0u64);
    let network = nowhere().id();
    let header = Header { network, device: 0, epoch: 0, counter: 0, nonce: zero, salt: zero };
    Packet::sign(Record { header, body }, key)
}
