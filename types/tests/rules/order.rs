//! How one record follows another, whatever its schema (§ 3.4).

use crate::fixture::{body, meter, network, record};
use ergon_types::record::RecordError;
use ergon_types::{Body, Fr, Record, Schema};

fn pairs() -> impl Iterator<Item = (Record, Record)> {
    Schema::ALL.into_iter().map(|schema| (record(body(schema), 3), record(body(schema), 4)))
}

#[test]
fn the_same_readings_with_a_larger_counter_extend() {
    for (earlier, later) in pairs() {
        assert_eq!(later.extends(&earlier), Ok(()));
        let far = record(later.body.clone(), u64::MAX);
        assert_eq!(far.extends(&earlier), Ok(()));
    }
}

#[test]
fn a_repeated_or_lower_counter_does_not_extend() {
    for (earlier, later) in pairs() {
        assert_eq!(earlier.extends(&later), Err(RecordError::Counter { found: 3, last: 4 }));
        assert_eq!(later.extends(&later), Err(RecordError::Counter { found: 4, last: 4 }));
        let wrapped =
            Record { header: ergon_types::Header { counter: 0, ..later.header }, ..later };
        let last = u64::MAX;
        let most = record(wrapped.body.clone(), last);
        assert_eq!(wrapped.extends(&most), Err(RecordError::Counter { found: 0, last }));
    }
}

#[test]
fn a_record_of_another_device_epoch_network_or_schema_is_misdirected() {
    for (earlier, later) in pairs() {
        let mut others = vec![later.clone(); 3];
        others[0].header.device += 1;
        others[1].header.epoch += 1;
        others[2].header.network = network().id() + Fr::from(1u64);
        for schema in Schema::ALL.into_iter().filter(|schema| *schema != later.body.schema()) {
            others.push(record(body(schema), 4));
        }
        for other in others {
            assert_eq!(other.extends(&earlier), Err(RecordError::Misdirected));
        }
    }
}

#[test]
fn nonce_and_salt_do_not_decide_about_extension() {
    for (earlier, mut later) in pairs() {
        later.header.nonce = -Fr::from(1u64);
        later.header.salt = Fr::from(0u64);
        assert_eq!(later.extends(&earlier), Ok(()));
    }
}

#[test]
fn a_contradiction_is_found_whichever_record_came_first() {
    let one = record(Body::Energy(meter(&[(4, 10)], 1500)), 3);
    let two = record(Body::Energy(meter(&[(4, 11)], 1500)), 4);
    for (a, b) in [(&one, &two), (&two, &one)] {
        assert!(matches!(a.extends(b), Err(RecordError::Contradiction { .. })));
    }
}

#[test]
fn an_empty_record_is_extended_by_any_record_but_meters_keep_their_start() {
    for schema in [Schema::Uptime, Schema::Coverage, Schema::Witness] {
        let earlier = record(Body::empty(schema, 7), 1);
        assert_eq!(record(body(schema), 2).extends(&earlier), Ok(()));
    }
    let earlier = record(Body::empty(Schema::Energy, 0), 1);
    let error = record(body(Schema::Energy), 2).extends(&earlier).unwrap_err();
    assert!(matches!(error, RecordError::Contradiction { .. }));
}

#[test]
fn every_field_of_a_record_changes_its_message() {
    for schema in Schema::ALL {
        let original = record(body(schema), 3);
        let mut messages = vec![original.message()];
        let mut changed = vec![original.clone(); 6];
        changed[0].header.network += Fr::from(1u64);
        changed[1].header.device += 1;
        changed[2].header.epoch += 1;
        changed[3].header.counter += 1;
        changed[4].header.nonce += Fr::from(1u64);
        changed[5].header.salt += Fr::from(1u64);
        changed.push(Record { body: Body::empty(schema, 7), ..original.clone() });
        messages.extend(changed.iter().map(Record::message));
        if let Body::Uptime(slots) = original.body {
            messages.push(Record { body: Body::Coverage(slots), ..original }.message());
        }
        for (index, message) in messages.iter().enumerate() {
            assert!(!messages[..index].contains(message), "{schema}: change {index}");
        }
    }
}
