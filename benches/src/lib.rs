//! Inputs that the benches share.

use ergon_types::record::slots::Slots;
use ergon_types::{Body, Fr, Header, Packet, PublicKey, Record, Schema, SecretKey};

/// A signed uptime packet and the key that signed it.
pub fn packet() -> (Packet, PublicKey) {
    let key = SecretKey::from_bytes([1; 32]);
    let header = Header {
        network: Fr::from(1u64),
        device: 1,
        epoch: 1,
        counter: 1,
        nonce: Fr::from(0u64),
        salt: key.salt(Schema::Uptime, 1),
    };
    let body = Body::Uptime((0..200).collect::<Slots>());
    (Packet::sign(Record { header, body }, &key), key.public())
}
