//! omission: what convicts an attestor of sealing less than it acknowledged, and that a complete seal never does.

use crate::fixture::*;
use ark_ff::One;
use ergon_circuits::{Answer, AnswerError, Lack, Omission, OmissionError, Statement, failures};
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
        assert_eq!((evidence.lack(), evidence.head()), (Lack::Record, Fr::from(0u64)));
        assert_eq!(broken(evidence), None, "{schema}");
    }
}

#[test]
fn an_earlier_record_in_the_acknowledged_ones_place_convicts() {
    for schema in Schema::ALL {
        for counter in [1, 3] {
            let packet = sent(schema, 8, counter);
            let bundle = sealed(schema, Some(packet.clone()));
            let evidence = checked(&bundle, &acknowledged(schema)).unwrap();
            assert_eq!((evidence.lack(), evidence.counter()), (Lack::Record, 4));
            assert_eq!(evidence.head(), packet.record.message());
            assert_eq!(broken(evidence), None, "{schema}");
        }
    }
}

/// Whatever is sealed that is no record of the device: nobody needs to know what it is of.
#[test]
fn an_invented_head_convicts_unless_somebody_answers() {
    for schema in Schema::ALL {
        let mut bundle = sealed(schema, Some(sent(schema, 9, 4)));
        let heads = match schema {
            Schema::Witness => &mut bundle.seal.witness_heads,
            _ => &mut bundle.seal.heads,
        };
        heads[PLACE] = Fr::from(1u64);
        resign(&mut bundle);
        assert_eq!(checked(&bundle, &acknowledged(schema)).map(broken), Ok(None), "{schema}");
        // An invented record with a high counter, which the device did not sign.
        let mut bundle = sealed(schema, Some(sent(schema, 12, u64::MAX)));
        let packets = match schema {
            Schema::Witness => &mut bundle.witness_packets,
            _ => &mut bundle.packets,
        };
        let packet = packets[PLACE].as_mut().unwrap();
        packet.signature = attestor().sign(&packet.record.message());
        assert_eq!(checked(&bundle, &acknowledged(schema)).map(broken), Ok(None), "{schema}");
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
        let same = sealed(schema, Some(sent(schema, 9, 4)));
        assert_eq!(checked(&same, &word).map(broken), Err(OmissionError::Complete(device)));
        assert_eq!(forced(&same, &word, Lack::Record), Some("another record is sealed"));
        let label = match schema {
            Schema::Uptime => "arrival is missing",
            _ => "another record is sealed",
        };
        assert_eq!(forced(&same, &word, Lack::Arrival), Some(label));
        for counter in [5, u64::MAX] {
            let packet = sent(schema, 12, counter);
            let bundle = sealed(schema, Some(packet.clone()));
            assert_eq!(checked(&bundle, &word).map(broken), Err(OmissionError::Complete(device)));
            // A cheat proves that another record is sealed, and the attestor answers.
            assert_eq!(forced(&bundle, &word, Lack::Record), None);
            let answer = Answer::new(network(), signer(schema).public(), 4, packet).unwrap();
            assert_eq!(answers(answer), None, "{schema}");
        }
    }
}

/// A witness attests for one cohort: other cohorts that it could serve are owed nothing.
#[test]
fn what_a_witness_reported_of_another_cohort_acquits() {
    let mut record = sent(Schema::Witness, 9, 4).record;
    record.body = Body::Witness(Hearings::new(COHORT + 1));
    let word = (acknowledge(&record, 8), record);
    let bundle = sealed(Schema::Witness, None);
    assert_eq!(checked(&bundle, &word).map(broken), Err(OmissionError::Misdirected));
    assert_eq!(forced(&bundle, &word, Lack::Record), Some("signature"));
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
        let found = forced(&bundle, &word, Lack::Record);
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
        let label = forced(&bundle, &word, Lack::Record);
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
    assert_eq!(forced(&bundle, &(ack, record), Lack::Record), Some("signature"));
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
        assert_ne!(forced(&bundle, &word, Lack::Record), None);
    }
    let mut short = honest;
    short.seal.heads.pop();
    assert!(matches!(checked(&short, &word), Err(OmissionError::Shape(_))));
}

/// A batch that pays by such a seal is provable: nothing but this evidence stops it.
#[test]
fn a_batch_over_a_seal_with_an_omission_can_be_settled() {
    let bundle = sealed(Schema::Uptime, None);
    assert!(failures(&input(bundle)).is_empty());
}

#[test]
fn the_words_name_attestor_cohort_epoch_device_and_who_reports() {
    let earlier = sent(Schema::Energy, 8, 3);
    for (packet, head) in
        [(None, Fr::from(0u64)), (Some(earlier.clone()), earlier.record.message())]
    {
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
            bundle.seal.membership_root,
            head,
            Fr::from(4u64),
            Fr::from(0u64),
        ];
        assert_eq!(evidence.words(), expected);
        assert_eq!(Statement::omission(evidence).words(), expected);
        assert_eq!(bundle.kind, Kind::Energy);
    }
}

/// The assertion that stops an answer's circuit.
fn answers(answer: Answer) -> Option<&'static str> {
    let system = Statement::answer(answer).circuit(Fr::from(1_000_003u64)).synthesize();
    system.first_unsatisfied().map(|row| row.label)
}

fn signer(schema: Schema) -> SecretKey {
    if schema == Schema::Witness { witness_key(PLACE) } else { key(PLACE) }
}

#[test]
fn a_record_that_is_not_later_is_no_answer() {
    for schema in Schema::ALL {
        for counter in [4, 5, u64::MAX] {
            let (key, packet) = (signer(schema).public(), sent(schema, 8, 4));
            let reason = AnswerError::Earlier { sealed: 4, acknowledged: counter };
            let found = Answer::new(network(), key, counter, packet.clone()).map(answers);
            assert_eq!(found, Err(reason));
            let forced = Answer::unchecked(network(), key, counter, packet);
            assert_eq!(answers(forced), Some("the record is later"), "{schema}");
        }
    }
}

#[test]
fn a_record_of_another_key_or_network_is_no_answer() {
    let packet = sent(Schema::Energy, 8, 4);
    let other = key(PLACE + 1).public();
    let found = Answer::new(network(), other, 3, packet.clone()).map(answers);
    assert_eq!(found, Err(AnswerError::Signature));
    assert_eq!(answers(Answer::unchecked(network(), other, 3, packet.clone())), Some("signature"));
    let there = Network { settlement: Address([0x12; 20]), ..network() };
    let own = key(PLACE).public();
    let found = Answer::new(there, own, 3, packet.clone()).map(answers);
    assert_eq!(found, Err(AnswerError::Misdirected));
    let forced = Answer::unchecked(there, own, 3, packet);
    assert_eq!(answers(forced), Some("the sealed head is this record"));
}

#[test]
fn the_words_of_an_answer_name_device_key_head_and_counter() {
    let packet = sent(Schema::Coverage, 8, 4);
    let own = key(PLACE).public();
    let answer = Answer::new(network(), own, 3, packet.clone()).unwrap();
    let expected = [
        Fr::from(network().chain_id),
        network().settlement.entry(),
        Fr::from(EPOCH),
        Fr::from(3u64),
        own.point().x,
        own.point().y,
        packet.record.message(),
        Fr::from(3u64),
    ];
    assert_eq!(answer.words(), expected);
    assert_eq!(Statement::answer(answer).words(), expected);
}
