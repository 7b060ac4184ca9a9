//! Attacks on the bytes of a signed packet (§ 3.5).

use crate::fixture::{key, packet};
use ergon_types::{Packet, PacketError, Schema};

/// Whether the bytes decode to a packet that the device's key signed.
fn admissible(bytes: &[u8]) -> bool {
    Packet::from_bytes(bytes).is_ok_and(|packet| packet.is_signed_by(&key(1).public()))
}

fn assert_no_flip_is_admissible(schema: Schema, bits_of_each_byte: &[usize]) {
    let original = packet(schema).to_bytes();
    assert!(admissible(&original));
    for index in 0..original.len() {
        for bit in bits_of_each_byte.iter().map(|bit| (bit + index) % 8) {
            let mut bytes = original.clone();
            bytes[index] ^= 1 << bit;
            assert!(!admissible(&bytes), "{schema}: bit {bit} of byte {index}");
        }
    }
}

#[test]
fn a_packet_with_any_single_bit_flipped_is_rejected() {
    assert_no_flip_is_admissible(Schema::Uptime, &[0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn a_packet_of_any_schema_with_a_bit_of_any_byte_flipped_is_rejected() {
    assert_no_flip_is_admissible(Schema::Coverage, &[0]);
    assert_no_flip_is_admissible(Schema::Energy, &[0, 3]);
    assert_no_flip_is_admissible(Schema::Witness, &[0]);
}

#[test]
fn a_packet_truncated_at_any_length_is_rejected() {
    for schema in Schema::ALL {
        let bytes = packet(schema).to_bytes();
        for length in 0..bytes.len() {
            let error = Packet::from_bytes(&bytes[..length]).unwrap_err();
            assert!(matches!(error, PacketError::Length { found, .. } if found == length));
        }
    }
}

#[test]
fn trailing_bytes_are_rejected() {
    for schema in Schema::ALL {
        let mut bytes = packet(schema).to_bytes();
        for extra in [1, 32, 1 << 16] {
            bytes.resize(Packet::length(schema) + extra, 0);
            let (found, expected) = (bytes.len(), Packet::length(schema));
            assert_eq!(Packet::from_bytes(&bytes), Err(PacketError::Length { found, expected }));
        }
    }
}

#[test]
fn a_packet_relabelled_with_another_schema_is_rejected() {
    for schema in Schema::ALL {
        for number in (0..=u8::MAX).filter(|number| *number != schema as u8) {
            let mut bytes = packet(schema).to_bytes();
            bytes[1] = number;
            assert!(!admissible(&bytes), "{schema} as {number}");
        }
    }
}

#[test]
fn a_packet_of_another_version_is_rejected() {
    for version in (0..=u8::MAX).filter(|version| *version != 1) {
        let mut bytes = packet(Schema::Uptime).to_bytes();
        bytes[0] = version;
        assert_eq!(Packet::from_bytes(&bytes), Err(PacketError::Version(version)));
    }
}

#[test]
fn a_packet_with_fields_of_another_signed_packet_is_rejected() {
    let first = packet(Schema::Uptime);
    let mut second = first.clone();
    second.record.header.epoch += 1;
    let second = Packet::sign(second.record, &key(1));
    let swapped = Packet { signature: second.signature, ..first };
    assert!(!admissible(&swapped.to_bytes()));
    assert!(admissible(&second.to_bytes()));
}

#[test]
fn a_packet_signed_by_another_key_is_rejected() {
    for schema in Schema::ALL {
        let forged = Packet::sign(packet(schema).record, &key(2));
        assert!(!admissible(&forged.to_bytes()));
    }
}
