//! The answer of an attestor that is said to have left something out: it sealed a later record (§ 6.9).

use crate::id::CircuitId;
use crate::input::{Input, dummy_key};
use ergon_types::batch::ANSWER_WORDS;
use ergon_types::{Body, Fr, Header, Network, Packet, PublicKey, Record, Schema};

/// The sealed packet, the key that signed it, and the counter that it must be above.
#[derive(Clone, Debug)]
pub struct Answer {
    network: Network,
    key: PublicKey,
    counter: u64,
    packet: Packet,
}

/// Why a packet is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Of another network.
    #[error("the record is of another network")]
    Misdirected,
    /// Not signed by the device's key.
    #[error("the packet is not signed by the key that the device has in its epoch")]
    Signature,
    /// Not later than what was acknowledged.
    #[error(
        "the sealed record has counter {sealed}, expected one above {acknowledged}: what was acknowledged"
    )]
    Earlier {
        /// The sealed record's.
        sealed: u64,
        /// The acknowledged record's.
        acknowledged: u64,
    },
}

impl Answer {
    /// An answer that holds.
    ///
    /// # Errors
    /// When the packet is of another network, not signed by the key, or not later than the counter.
    pub fn new(
        network: Network,
        key: PublicKey,
        counter: u64,
        packet: Packet,
    ) -> Result<Self, AnswerError> {
        let record = &packet.record;
        if record.header.network != network.id() {
            return Err(AnswerError::Misdirected);
        }
        if !key.verifies(&record.message(), &packet.signature) {
            return Err(AnswerError::Signature);
        }
        let (sealed, acknowledged) = (record.header.counter, counter);
        if sealed <= acknowledged {
            return Err(AnswerError::Earlier { sealed, acknowledged });
        }
        Ok(Self::unchecked(network, key, counter, packet))
    }

    /// What a cheat would hand in: nothing is checked.
    pub fn unchecked(network: Network, key: PublicKey, counter: u64, packet: Packet) -> Self {
        Self { network, key, counter, packet }
    }

    /// A satisfiable answer by the public dummy key, for key generation.
    pub(crate) fn blank(schema: Schema) -> Self {
        let key = dummy_key();
        let network = Input::blank(schema.kind(), 1).bundle.network;
        let (zero, id) = (Fr::from(0u64), network.id());
        let header =
            Header { network: id, device: 0, epoch: 0, counter: 1, nonce: zero, salt: zero };
        let packet = Packet::sign(Record { header, body: Body::empty(schema, 0) }, &key);
        Self::unchecked(network, key.public(), 0, packet)
    }

    /// The circuit that proves it.
    pub(crate) fn id(&self) -> CircuitId {
        CircuitId::answer(self.packet.record.body.schema())
    }

    /// The sealed packet.
    pub(crate) fn packet(&self) -> &Packet {
        &self.packet
    }

    /// The public words (§ 6.9).
    pub fn words(&self) -> [Fr; ANSWER_WORDS] {
        let header = &self.packet.record.header;
        [
            Fr::from(self.network.chain_id),
            self.network.settlement.entry(),
            Fr::from(header.epoch),
            Fr::from(header.device),
            self.key.point().x,
            self.key.point().y,
            self.packet.record.message(),
            Fr::from(self.counter),
        ]
    }
}
