//! Whole packets and acknowledgements: decoded, verified, rebuilt from their readings, encoded again.

use crate::{entry, section};
use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::record::slots::Slots;
use ergon_types::record::witness::{Hearing, Hearings};
use ergon_types::{Ack, Body, Header, Offset, Packet, PublicKey, Record, Schema};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Vector {
    name: String,
    schema: Schema,
    key: PublicKey,
    device: u64,
    epoch: u64,
    counter: u64,
    network: String,
    nonce: String,
    salt: String,
    body: Readings,
    message: String,
    bytes: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Readings {
    Slots { slots: Slots },
    Energy { generation: u16, start: u64, end: u64, quarters: Vec<u32> },
    Witness { cohort: u32, hearings: Vec<(u8, u32, u8)> },
}

#[derive(Deserialize)]
struct Acknowledged {
    attestor: PublicKey,
    ack: Ack,
}

impl Vector {
    /// The record, built from its readings by our own code.
    fn record(&self) -> Record {
        let (network, nonce, salt) = (entry(&self.network), entry(&self.nonce), entry(&self.salt));
        let (device, epoch, counter) = (self.device, self.epoch, self.counter);
        let header = Header { network, device, epoch, counter, nonce, salt };
        let body = match &self.body {
            Readings::Slots { slots } if self.schema == Schema::Uptime => Body::Uptime(*slots),
            Readings::Slots { slots } => Body::Coverage(*slots),
            Readings::Energy { generation, start, end, quarters } => {
                let mut meter = Meter::default();
                (meter.generation, meter.start, meter.end) = (*generation, *start, *end);
                assert_eq!(quarters.len(), meter.quarters.len());
                for (quarter, bits) in meter.quarters.iter_mut().zip(quarters) {
                    let (present, tamper) = (bits & 1 == 1, bits & 2 == 2);
                    *quarter = Quarter { present, tamper, delta: bits >> 2 };
                }
                Body::Energy(meter)
            }
            Readings::Witness { cohort, hearings } => {
                let mut table = Hearings::new(*cohort);
                for (member, code, class) in hearings {
                    let offset = Offset::from_code(*code);
                    let hearing = Hearing { member: *member, offset, class: *class };
                    assert!(table.insert(hearing));
                }
                Body::Witness(table)
            }
        };
        Record { header, body }
    }
}

#[test]
fn packets_signed_by_circomlibjs_are_accepted_and_encoded_to_the_same_bytes() {
    let mut counts = BTreeMap::new();
    for vector in section::<Vec<Vector>>("packets") {
        let name = format!("{} {}", vector.schema, vector.name);
        let bytes = hex::decode(&vector.bytes).unwrap();
        let packet = Packet::from_bytes(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(packet.record, vector.record(), "{name}");
        assert_eq!(packet.record.message(), entry(&vector.message), "{name}");
        assert!(packet.is_signed_by(&vector.key), "{name}");
        assert_eq!(packet.to_bytes(), bytes, "{name}");
        assert_eq!(bytes.len(), Packet::length(vector.schema), "{name}");
        *counts.entry(vector.schema).or_insert(0) += 1;
    }
    assert!(Schema::ALL.iter().all(|schema| counts[schema] >= 6), "{counts:?}");
}

#[test]
fn a_record_built_from_its_readings_encodes_to_circomlibjs_bytes() {
    for vector in section::<Vec<Vector>>("packets") {
        let bytes = hex::decode(&vector.bytes).unwrap();
        let signature = Packet::from_bytes(&bytes).unwrap().signature;
        assert_eq!(Packet { record: vector.record(), signature }.to_bytes(), bytes);
    }
}

#[test]
fn packets_survive_their_json_form() {
    for vector in section::<Vec<Vector>>("packets") {
        let text = format!("\"{}\"", vector.bytes);
        let packet: Packet = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&packet).unwrap(), text);
    }
}

#[test]
fn acknowledgements_signed_by_circomlibjs_are_accepted() {
    let vectors: Vec<Acknowledged> = section("acks");
    assert!(vectors.len() >= 4);
    for Acknowledged { attestor, ack } in vectors {
        assert!(ack.is_signed_by(&attestor), "{ack:?}");
        let other = Ack { slot: ack.slot ^ 1, ..ack };
        assert!(!other.is_signed_by(&attestor));
    }
}
