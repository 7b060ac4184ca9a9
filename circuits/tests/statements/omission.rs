//! omission: what convicts an attestor of sealing less than it acknowledged, and that a complete seal never does.

use crate::fixture::*;
use ark_ff::One;
use ergon_circuits::{Lack, Omission, OmissionError, Statement, failures};
use ergon_types::record::witness::Hearings;
use ergon_types::{
    Ack, Address, Body, Bundle, Fr, Kind, Network, Packet, Record, Schema, SecretKey,
};

const REPORTER: Address = Address([0x77; 20]);
/// The place whose device complains.
const PLACE: usize = 2;

fn day(schema: Schema, readings: u32) -> Body {
    match schema {
        Schema::Uptime => Body::Uptime(slots(0..readings)),
        Schema::Coverage => Body::Coverage(slots(0..readings)),
        Schema::Energy => Body::Energy(meter(&vec![7; readings as usize])),
        Schema::Witness => {
            let mut heard = Hearings::new(COHORT);
            (0..readings as i32).for_each(|cell| assert!(heard.insert(hearing(0, cell, 1))));
            Body::Witness(heard)
        }
    }
}

/// A packet of the device in the place, the `counter`th of its record.
fn sent(schema: Schema, readings: u32, counter: u64) -> Packet {
    let (key, device) = match schema {
        Schema::Witness => (witness_key(PLACE), 50 + PLACE as u64),
        _ => (key(PLACE), 1 + PLACE as u64),
    };
    let mut record = packet(&key, device, day(schema, readings)).record;
    record.header.counter = counter;
    Packet::sign(record, &key)
}

/// The gateway's word that it has a record; its slot is the last reading's.
fn acknowledge(record: &Record, slot: u32) -> Ack {
    let of = (record.header.device, record.body.schema(), EPOCH);
    Ack::sign(&attestor(), network().id(), of, record.message(), slot, Fr::from(5u64))
}

/// A seal with this packet in the device's place.
fn sealed(schema: Schema, packet: Option<Packet>) -> Bundle {
    let attribute = if schema == Schema::Energy { SIX_KILOWATTS } else { centre() };
    let mut cohort = Cohort::new(schema.kind(), attribute);
    cohort.sign(0, day(schema.kind().schema(), 9));
    match schema {
        Schema::Witness => cohort.bundle.witness_packets[PLACE] = packet,
        _ => cohort.bundle.packets[PLACE] = packet,
    }
    cohort.seal()
}

/// What the device has of its last packet: nine readings, the fourth packet.
fn acknowledged(schema: Schema) -> (Ack, Record) {
    let record = sent(schema, 9, 4).record;
    (acknowledge(&record, 8), record)
}

fn checked(bundle: &Bundle, (ack, record): &(Ack, Record)) -> Result<Omission, OmissionError> {
    Omission::new(bundle, *ack, record, REPORTER)
}

/// The assertion that stops the circuit.
fn broken(evidence: Omission) -> Option<&'static str> {
    let system = Statement::omission(evidence).circuit(Fr::from(1_000_003u64)).synthesize();
    system.first_unsatisfied().map(|row| row.label)
}

fn forced(bundle: &Bundle, (ack, record): &(Ack, Record), lack: Lack) -> Option<&'static str> {
    broken(Omission::unchecked(bundle, *ack, record.clone(), REPORTER, lack))
}

#[test]
fn a_place_sealed_as_nothing_convicts_whatever_the_schema() {
    for schema in Schema::ALL {
        let evidence = checked(&sealed(schema, None), &acknowledged(schema)).unwrap();
        assert!(evidence.is_of_everything());
        assert_eq!(broken(evidence), None, "{schema}");
    }
}

#[test]
fn an_earlier_record_in_the_acknowledged_ones_place_convicts() {
    for schema in Schema::ALL {
        for counter in [1, 3] {
            let bundle = sealed(schema, Some(sent(schema, 8, counter)));
            let evidence = checked(&bundle, &acknowledged(schema)).unwrap();
            assert!(!evidence.is_of_everything());
            assert_eq!(broken(evidence), None, "{schema}");
        }
    }
}

/// The record is sealed, so it could be paid; the arrival that it is paid by is not.
#[test]
fn an_arrival_that_is_missing_beside_its_record_convicts() {
    for slot in [0, 8, 143, 144, 287] {
        let record = sent(Schema::Uptime, 288, 4);
        let mut bundle = sealed(Schema::Uptime, Some(record.clone()));
        let kept = (0..288).filter(|kept| *kept != slot);
        bundle.seal.arrivals[PLACE] = kept.collect();
        resign(&mut bundle);
        let word = (acknowledge(&record.record, slot), record.record);
        assert_eq!(checked(&bundle, &word).map(broken), Ok(None), "{slot}");
        let other = (acknowledge(&word.1, (slot + 1) % 288), word.1);
        assert_eq!(checked(&bundle, &other).map(broken), Err(OmissionError::Complete(3)));
    }
}

#[test]
fn the_acknowledged_record_or_a_later_one_in_the_seal_acquits() {
    for schema in Schema::ALL {
        let word = acknowledged(schema);
        let device = word.0.device;
        for packet in [sent(schema, 9, 4), sent(schema, 9, 5), sent(schema, 12, u64::MAX)] {
            let bundle = sealed(schema, Some(packet.clone()));
            let found = checked(&bundle, &word).map(broken);
            assert_eq!(found, Err(OmissionError::Complete(device)), "{schema}");
            let lacks = forced(&bundle, &word, Lack::Everything);
            assert_eq!(lacks, Some("everything is missing"));
            let lacks = forced(&bundle, &word, Lack::Later(Box::new(packet.record)));
            assert_eq!(lacks, Some("distance has 64 bits"));
            let invented = sent(schema, 1, 1).record;
            let lacks = forced(&bundle, &word, Lack::Later(Box::new(invented)));
            assert_eq!(lacks, Some("earlier record is sealed"));
            if schema == Schema::Uptime {
                assert_eq!(forced(&bundle, &word, Lack::Arrival), Some("arrival is missing"));
            }
        }
    }
}

/// Nothing is owed to who is no member, nor to a device for what was acknowledged of another.
#[test]
fn the_place_of_another_device_acquits() {
    for schema in Schema::ALL {
        let bundle = sealed(schema, Some(sent(schema, 9, 4)));
        let (_, mut record) = acknowledged(schema);
        record.header.device = 999;
        let word = (acknowledge(&record, 8), record);
        assert_eq!(checked(&bundle, &word).map(broken), Err(OmissionError::NoMember(999)));
        let found = forced(&bundle, &word, Lack::Everything);
        assert_eq!(found, Some("the place is the device's"));
    }
}

#[test]
fn what_another_key_acknowledged_acquits() {
    let bundle = sealed(Schema::Energy, None);
    let (_, record) = acknowledged(Schema::Energy);
    let of = (record.header.device, Schema::Energy, EPOCH);
    let here = network().id();
    let there = Network { settlement: Address([0x12; 20]), ..network() }.id();
    let stranger = SecretKey::from_bytes([201; 32]);
    let zero = Fr::from(0u64);
    let sign =
        |key: &SecretKey, network, of| Ack::sign(key, network, of, record.message(), 8, zero);
    for (ack, reason) in [
        (sign(&stranger, here, of), OmissionError::Acknowledgement),
        (sign(&attestor(), there, of), OmissionError::Misdirected),
        (sign(&attestor(), here, (of.0, of.1, EPOCH + 1)), OmissionError::Misdirected),
        (sign(&attestor(), here, (of.0 + 1, of.1, EPOCH)), OmissionError::Record),
        (
            Ack::sign(&attestor(), here, of, record.message() + Fr::one(), 8, zero),
            OmissionError::Record,
        ),
    ] {
        let word = (ack, record.clone());
        assert_eq!(checked(&bundle, &word).map(broken), Err(reason));
        let label = forced(&bundle, &word, Lack::Everything);
        assert!(label == Some("signature") || label == Some("the place is the device's"));
    }
}

/// The schema is a constant of the circuit: what was acknowledged of one is owed by the seal of its kind alone.
#[test]
fn an_acknowledgement_of_another_schema_acquits() {
    let bundle = sealed(Schema::Energy, None);
    let word = acknowledged(Schema::Uptime);
    assert_eq!(checked(&bundle, &word).map(broken), Err(OmissionError::Misdirected));
    let record = acknowledged(Schema::Energy).1;
    let of = (record.header.device, Schema::Witness, EPOCH);
    let mut ack = Ack::sign(&attestor(), network().id(), of, record.message(), 8, Fr::from(0u64));
    ack.schema = Schema::Energy;
    assert_eq!(forced(&bundle, &(ack, record), Lack::Everything), Some("signature"));
}

#[test]
fn a_seal_that_its_key_did_not_sign_acquits() {
    let word = acknowledged(Schema::Coverage);
    let honest = sealed(Schema::Coverage, Some(sent(Schema::Coverage, 9, 4)));
    let mut emptied = honest.clone();
    emptied.seal.heads[PLACE] = Fr::from(0u64);
    let mut replaced = honest.clone();
    replaced.membership.members[PLACE] = replaced.membership.members[1];
    let mut elsewhere = honest.clone();
    elsewhere.network.registry = Address([0x23; 20]);
    for bundle in [emptied, replaced, elsewhere] {
        assert_eq!(checked(&bundle, &word).map(broken), Err(OmissionError::Seal));
        assert_ne!(forced(&bundle, &word, Lack::Everything), None);
    }
    let mut short = honest.clone();
    short.seal.heads.pop();
    assert!(matches!(checked(&short, &word), Err(OmissionError::Shape(_))));
    let mut hidden = honest;
    hidden.packets[PLACE] = None;
    assert_eq!(checked(&hidden, &word).map(broken), Err(OmissionError::Unopened(3)));
}

/// A batch that pays by such a seal is provable: nothing but this evidence stops it.
#[test]
fn a_batch_over_a_seal_with_an_omission_can_be_settled() {
    let bundle = sealed(Schema::Uptime, None);
    assert!(failures(&input(bundle)).is_empty());
}

#[test]
fn the_words_name_attestor_cohort_epoch_device_and_who_reports() {
    for (packet, everything) in [(None, 1u64), (Some(sent(Schema::Energy, 8, 3)), 0)] {
        let bundle = sealed(Schema::Energy, packet);
        let evidence = checked(&bundle, &acknowledged(Schema::Energy)).unwrap();
        let key = attestor().public();
        let expected = [
            Fr::from(network().chain_id),
            network().settlement.entry(),
            Fr::from(EPOCH),
            Fr::from(COHORT),
            key.point().x,
            key.point().y,
            REPORTER.entry(),
            Fr::from(3u64),
            Fr::from(everything),
        ];
        assert_eq!(evidence.words(), expected);
        assert_eq!(Statement::omission(evidence).words(), expected);
        assert_eq!(bundle.kind, Kind::Energy);
    }
}
