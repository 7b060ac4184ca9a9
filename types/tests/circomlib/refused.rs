//! Packets that circomlibjs signed properly and that must be refused all the same.

use crate::section;
use ergon_types::{Packet, PacketError, PublicKey};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct Refused {
    key: PublicKey,
    packets: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    bytes: String,
    error: String,
}

fn reason(bytes: &[u8], key: &PublicKey) -> &'static str {
    match Packet::from_bytes(bytes) {
        Ok(packet) if packet.is_signed_by(key) => "accepted",
        Ok(_) => "Unsigned",
        Err(PacketError::Version(_)) => "Version",
        Err(PacketError::Schema(_)) => "Schema",
        Err(PacketError::Length { .. }) => "Length",
        Err(PacketError::NotCanonical(_)) => "NotCanonical",
        Err(PacketError::Record(_)) => "Record",
        Err(PacketError::Signature(_)) => "Signature",
    }
}

#[test]
fn malformed_and_misdirected_packets_are_refused_for_their_reason() {
    let Refused { key, packets } = section("refused");
    let mut seen = BTreeSet::new();
    for Vector { name, bytes, error } in packets {
        assert_eq!(reason(&hex::decode(&bytes).unwrap(), &key), error, "{name}");
        seen.insert(error);
    }
    assert_eq!(seen.len(), 7, "a reason without a vector: {seen:?}");
}

#[test]
fn the_reasons_name_what_was_expected() {
    let Refused { packets, .. } = section("refused");
    for Vector { name, bytes, .. } in packets {
        if let Err(error) = Packet::from_bytes(&hex::decode(&bytes).unwrap()) {
            assert!(error.to_string().len() > 20, "{name}: {error}");
        }
    }
}
