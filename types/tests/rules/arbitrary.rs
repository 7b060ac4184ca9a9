//! Whatever arrives: nothing panics, and what is accepted has one encoding.

use crate::fixture::{key, packet, record};
use ergon_types::field::{self, Fr};
use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::record::slots::Slots;
use ergon_types::record::witness::{Hearing, Hearings};
use ergon_types::{Body, Offset, Packet, PublicKey, Schema, Signature};
use proptest::collection::vec;
use proptest::prelude::*;

fn any_slots() -> impl Strategy<Value = Slots> {
    vec(any::<bool>(), 288)
        .prop_map(|bits| (0..).zip(bits).filter(|(_, bit)| *bit).map(|(slot, _)| slot).collect())
}

fn any_meter() -> impl Strategy<Value = Meter> {
    let quarter = (any::<bool>(), any::<bool>(), 0u32..1 << 20);
    let spare = 1u64 << 47;
    (any::<u16>(), 0..spare, 0..spare - (96 << 20), vec(quarter, 96)).prop_map(
        |(generation, start, unattributed, quarters)| {
            let mut meter = Meter { generation, start, ..Meter::default() };
            for (place, (present, tamper, delta)) in meter.quarters.iter_mut().zip(quarters) {
                *place = match present {
                    true => Quarter { present, tamper, delta },
                    false => Quarter::default(),
                };
            }
            meter.end = start + meter.attributed() + unattributed;
            meter
        },
    )
}

fn any_hearings() -> impl Strategy<Value = Hearings> {
    let hearing = (0u8..255, 0u32..1 << 20, 0u8..4);
    (any::<u32>(), vec(hearing, 0..200)).prop_map(|(cohort, list)| {
        let mut table = Hearings::new(cohort);
        for (member, code, class) in list {
            table.insert(Hearing { member, offset: Offset::from_code(code), class });
        }
        table
    })
}

fn any_body() -> impl Strategy<Value = Body> {
    prop_oneof![
        any_slots().prop_map(Body::Uptime),
        any_slots().prop_map(Body::Coverage),
        any_meter().prop_map(Body::Energy),
        any_hearings().prop_map(Body::Witness),
    ]
}

/// A packet's frame around arbitrary bytes, so that decoding gets as far as it can.
fn framed(schema: Schema, noise: &[u8]) -> Vec<u8> {
    let mut bytes = packet(schema).to_bytes();
    let from = 122.min(bytes.len());
    for (byte, noise) in bytes[from..].iter_mut().zip(noise.iter().cycle()) {
        *byte = *noise;
    }
    bytes
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..1024)) {
        let _ = Packet::from_bytes(&bytes);
    }

    #[test]
    fn arbitrary_words_and_signatures_never_panic(
        schema in proptest::sample::select(&Schema::ALL[..]),
        noise in vec(any::<u8>(), 1..700),
        sparse in any::<bool>(),
    ) {
        // Sparse noise stays below the order more often, and so reaches the readings.
        let noise: Vec<u8> =
            noise.iter().enumerate().map(|(i, b)| if sparse && i % 32 > 13 { 0 } else { *b }).collect();
        let bytes = framed(schema, &noise);
        if let Ok(packet) = Packet::from_bytes(&bytes) {
            prop_assert_eq!(packet.to_bytes(), bytes);
            prop_assert!(!packet.is_signed_by(&key(1).public()));
        }
    }

    #[test]
    fn words_that_are_accepted_are_the_only_encoding_of_their_record(
        schema in proptest::sample::select(&Schema::ALL[..]),
        limbs in vec(any::<u64>(), 17),
    ) {
        let words: Vec<Fr> = limbs.iter().map(|limb| Fr::from(*limb)).take(schema.words()).collect();
        if let Ok(body) = Body::from_words(schema, &words) {
            prop_assert_eq!(body.words(), words);
        }
    }

    #[test]
    fn another_number_of_words_is_refused(count in 0usize..40) {
        for schema in Schema::ALL.into_iter().filter(|schema| schema.words() != count) {
            prop_assert!(Body::from_words(schema, &vec![Fr::from(0u64); count]).is_err());
        }
    }

    #[test]
    fn every_record_survives_its_bytes(body in any_body(), counter in 1u64.., device in any::<u64>()) {
        let mut record = record(body, counter);
        record.header.device = device;
        let packet = Packet::sign(record, &key(1));
        let again = Packet::from_bytes(&packet.to_bytes()).unwrap();
        prop_assert!(again.is_signed_by(&key(1).public()));
        prop_assert_eq!(again, packet);
    }

    #[test]
    fn arbitrary_keys_and_signatures_have_one_encoding(bytes in vec(any::<u8>(), 64)) {
        let mut key = [0u8; 32];
        key.copy_from_slice(&bytes[..32]);
        if let Ok(key_found) = PublicKey::from_bytes(&key) {
            prop_assert_eq!(key_found.to_bytes(), key);
        }
        let bytes: [u8; 64] = bytes.try_into().unwrap();
        if let Ok(signature) = Signature::from_bytes(&bytes) {
            prop_assert_eq!(signature.to_bytes(), bytes);
        }
    }

    #[test]
    fn entries_below_the_order_have_one_encoding(bytes in any::<[u8; 32]>()) {
        if let Some(entry) = field::from_le_bytes(&bytes) {
            prop_assert_eq!(field::to_le_bytes(&entry), bytes);
            prop_assert_eq!(field::parse_decimal(&entry.to_string()), Some(entry));
        }
        let mut reversed = bytes;
        reversed.reverse();
        prop_assert_eq!(field::from_be_bytes(&reversed), field::from_le_bytes(&bytes));
    }
}
