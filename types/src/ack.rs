//! Acknowledgements: the gateway's signed word that it has a record (§ 3.6).

use crate::field::{self, Fr};
use crate::key::{PublicKey, SecretKey, Signature};
use crate::kind::Schema;
use crate::poseidon::hash_vector;
use crate::tag::Tag;
use serde::{Deserialize, Serialize};

/// A signed acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// The network's identity.
    #[serde(with = "field::decimal")]
    pub network: Fr,
    /// The device whose record was admitted.
    pub device: u64,
    /// The record's epoch.
    pub epoch: u64,
    /// The record's schema.
    pub schema: Schema,
    /// The admitted record's message, the head.
    #[serde(with = "field::decimal")]
    pub head: Fr,
    /// Arrival slot by the gateway's clock, in the schema's slots.
    pub slot: u32,
    /// What the next packet of this record must contain.
    #[serde(with = "field::decimal")]
    pub nonce: Fr,
    /// Signature of the attestor.
    pub signature: Signature,
}

impl Ack {
    /// Signs an acknowledgement.
    pub fn sign(
        key: &SecretKey,
        network: Fr,
        (device, schema, epoch): (u64, Schema, u64),
        head: Fr,
        slot: u32,
        nonce: Fr,
    ) -> Self {
        let message = message(network, (device, schema, epoch), head, slot, nonce);
        let signature = key.sign(&message);
        Self { network, device, epoch, schema, head, slot, nonce, signature }
    }

    /// Whether the attestor with this key signed it.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let of = (self.device, self.schema, self.epoch);
        key.verifies(&message(self.network, of, self.head, self.slot, self.nonce), &self.signature)
    }
}

fn message(
    network: Fr,
    (device, schema, epoch): (u64, Schema, u64),
    head: Fr,
    slot: u32,
    nonce: Fr,
) -> Fr {
    let schema = Fr::from(schema as u64);
    let (device, epoch, slot) = (Fr::from(device), Fr::from(epoch), Fr::from(slot));
    hash_vector(Tag::ACK, &[network, device, epoch, schema, head, slot, nonce])
}
