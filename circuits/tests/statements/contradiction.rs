//! contradiction: what convicts a device, and that honest records never do.

use crate::fixture::*;
use ergon_circuits::{Contradiction, ContradictionError, Evidence, Statement};
use ergon_types::record::energy::Meter;
use ergon_types::record::witness::Hearings;
use ergon_types::{Address, Body, Fr, Packet};

const REPORTER: Address = Address([0x77; 20]);
const LABEL: &str = "records contradict";

/// The two bodies signed by device 1's key; the second with a later counter and another nonce and salt.
fn packets(bodies: [Body; 2]) -> [Packet; 2] {
    let [first, second] = bodies.map(|body| packet(&key(0), 1, body));
    let mut record = second.record;
    record.header.counter += 1;
    record.header.nonce = Fr::from(3u64);
    record.header.salt = Fr::from(4u64);
    [first, Packet::sign(record, &key(0))]
}

fn checked(packets: [Packet; 2]) -> Result<Contradiction, ContradictionError> {
    Contradiction::new(network(), key(0).public(), REPORTER, packets)
}

/// The assertion that stops the circuit.
fn broken(evidence: Contradiction) -> Option<&'static str> {
    let system = Statement::contradiction(evidence).circuit(Fr::from(1_000_003u64)).synthesize();
    system.first_unsatisfied().map(|row| row.label)
}

fn assert_convicts(bodies: [Body; 2]) {
    let [first, second] = packets(bodies);
    for packets in [[first.clone(), second.clone()], [second, first]] {
        assert_eq!(checked(packets).map(broken), Ok(None));
    }
}

fn assert_acquits(evidence: Evidence, bodies: [Body; 2]) {
    let packets = packets(bodies);
    assert_eq!(checked(packets.clone()).map(broken), Err(ContradictionError::Consistent));
    let forced = Contradiction::unchecked(evidence, network(), key(0).public(), REPORTER, packets);
    assert_eq!(broken(forced), Some(LABEL));
}

fn meters(change: impl FnOnce(&mut Meter)) -> [Body; 2] {
    let first = meter(&[7, 8, 9]);
    let mut second = first.clone();
    change(&mut second);
    [first, second].map(Body::Energy)
}

#[test]
fn another_value_of_a_slot_that_both_have_convicts() {
    for slot in [0, 2] {
        assert_convicts(meters(|second| second.quarters[slot].delta -= 1));
        assert_convicts(meters(|second| second.quarters[slot].tamper = true));
    }
}

#[test]
fn another_start_or_generation_convicts() {
    assert_convicts(meters(|second| second.start -= 1));
    assert_convicts(meters(|second| second.generation = 2));
}

#[test]
fn a_slot_that_one_record_lacks_or_a_later_end_acquits() {
    let lacks = meters(|second| second.quarters[1] = Default::default());
    assert_acquits(Evidence::Energy, lacks);
    assert_acquits(Evidence::Energy, meters(|second| second.end += 5));
    assert_acquits(Evidence::Energy, meters(|_| ()));
    let later = meters(|second| {
        second.quarters[3] = second.quarters[0];
        second.end += 7;
    });
    assert_acquits(Evidence::Energy, later);
}

fn hearings(cohorts: [u32; 2]) -> [Body; 2] {
    cohorts.map(|cohort| {
        let mut hearings = Hearings::new(cohort);
        hearings.insert(hearing(0, cohort as i32, 1));
        Body::Witness(hearings)
    })
}

#[test]
fn a_witness_is_convicted_by_another_cohort_and_not_by_other_observations() {
    assert_convicts(hearings([3, 4]));
    let mut bodies = hearings([3, 3]);
    bodies[1] = Body::Witness(Hearings::new(3));
    assert_acquits(Evidence::Witness, bodies);
}

#[test]
fn records_of_slots_alone_are_no_evidence() {
    let bodies = [Body::Uptime(slots(0..5)), Body::Uptime(slots(3..9))];
    let error = checked(packets(bodies)).map(broken);
    assert_eq!(error, Err(ContradictionError::Schema(ergon_types::Schema::Uptime)));
}

#[test]
fn records_of_two_devices_epochs_or_keys_are_no_evidence() {
    let [first, second] = packets(meters(|second| second.start -= 1));
    let resigned = |change: fn(&mut ergon_types::Header)| {
        let mut record = second.record.clone();
        change(&mut record.header);
        [first.clone(), Packet::sign(record, &key(0))]
    };
    let other = packet(&key(1), 1, second.record.body.clone());
    for (packets, reason, label) in [
        (resigned(|h| h.device = 2), ContradictionError::Misdirected, "signature"),
        (resigned(|h| h.epoch += 1), ContradictionError::Misdirected, "signature"),
        (resigned(|h| h.network += Fr::from(1u64)), ContradictionError::Misdirected, "signature"),
        ([first.clone(), other], ContradictionError::Signature(2), "signature"),
    ] {
        assert_eq!(checked(packets.clone()).map(broken), Err(reason));
        let forced = Contradiction::unchecked(
            Evidence::Energy,
            network(),
            key(0).public(),
            REPORTER,
            packets,
        );
        assert_eq!(broken(forced), Some(label));
    }
}

#[test]
fn the_words_name_the_device_its_key_and_who_reports() {
    let evidence = checked(packets(meters(|second| second.start -= 1))).unwrap();
    let key = key(0).public();
    let expected = [
        Fr::from(network().chain_id),
        network().settlement.entry(),
        Fr::from(EPOCH),
        Fr::from(1u64),
        key.point().x,
        key.point().y,
        REPORTER.entry(),
    ];
    assert_eq!(evidence.words(), expected);
    assert_eq!(Statement::contradiction(evidence).words(), expected);
}
