//! Nothing that one device signs makes its cohort unprovable: whatever one member or witness signed and an attestor
//! sealed unchecked, the others are paid as before.

use crate::fixture::*;
use ergon_circuits::Statement;
use ergon_types::record::energy::Meter;
use ergon_types::record::slots::{SLOTS, Slots};
use ergon_types::record::witness::{Hearing, Hearings};
use ergon_types::{Body, Bundle, Fr, Kind, Offset, Packet, Schema};
use proptest::collection::vec;
use proptest::prelude::*;

/// Cases of each property; every one builds and checks a whole circuit.
const CASES: u32 = 10;

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) }
}

fn extreme<T: Clone + std::fmt::Debug + 'static>(
    any: impl Strategy<Value = T> + 'static,
    edges: Vec<T>,
) -> impl Strategy<Value = T> {
    prop_oneof![any, prop::sample::select(edges)]
}

fn any_slots() -> impl Strategy<Value = Slots> {
    let some = vec(0..SLOTS, 0..300).prop_map(|slots| slots.into_iter().collect());
    extreme(some, vec![Slots::default(), (0..SLOTS).collect()])
}

fn any_meter() -> impl Strategy<Value = Meter> {
    let counter = || extreme(0..1u64 << 48, vec![0, 1, (1 << 48) - 1]);
    let delta = || extreme(0..1u32 << 20, vec![0, 1575, 1576, (1 << 20) - 1]);
    let quarters = vec((any::<bool>(), any::<bool>(), delta()), 96);
    let generation = extreme(any::<u16>(), vec![0, 1, u16::MAX]);
    (generation, counter(), counter(), quarters, any::<bool>()).prop_map(
        |(generation, start, end, quarters, fits)| {
            let mut meter = Meter { generation, start, end, ..Meter::default() };
            for (quarter, (present, tamper, delta)) in meter.quarters.iter_mut().zip(quarters) {
                (quarter.present, quarter.tamper, quarter.delta) = (present, tamper, delta);
            }
            if fits {
                meter.end = (meter.start + meter.attributed()).min((1 << 48) - 1);
            }
            meter
        },
    )
}

fn any_hearings() -> impl Strategy<Value = Hearings> {
    let member = extreme(0..9u8, vec![0, 0, 7, 127, 254]);
    let cell = extreme(0..1u32 << 20, vec![0, 1, (1 << 19) + 512, (1 << 20) - 1]);
    let heard = vec((member, cell, 0..4u8), 0..200);
    (heard, extreme(Just(COHORT), vec![0, 4, u32::MAX])).prop_map(|(heard, cohort)| {
        let mut hearings = Hearings::new(cohort);
        for (member, cell, class) in heard {
            hearings.insert(Hearing { member, offset: Offset::from_code(cell), class });
        }
        hearings
    })
}

/// Changes of a header and of the signature, mostly none.
fn changes() -> impl Strategy<Value = (u8, u64)> {
    (prop_oneof![2 => Just(0u8), 1 => 1..8u8], extreme(any::<u64>(), vec![0, 1, u64::MAX]))
}

/// Signs a body under a changed header.
fn sign(key: &ergon_types::SecretKey, device: u64, body: Body, change: (u8, u64)) -> Packet {
    let mut record = packet(key, device, body).record;
    let (which, value) = change;
    match which {
        1 => record.header.device = value,
        2 => record.header.epoch = value,
        3 => record.header.counter = value,
        4 => record.header.network = Fr::from(value),
        5 => record.header.nonce = -Fr::from(value),
        6 => record.header.salt = -Fr::from(value),
        _ => {}
    }
    let mut packet = Packet::sign(record, key);
    if which == 7 {
        packet.signature.s += ergon_types::curve::Scalar::from(value);
    }
    packet
}

/// An honest cohort of a kind, to whom one hostile packet is added.
fn honest(kind: Kind) -> Cohort {
    match kind {
        Kind::Coverage => covered(&[&[hearing(1, 1, 3), hearing(2, 2, 0)], &[hearing(1, 3, 1)]]),
        Kind::Uptime => {
            let mut cohort = Cohort::new(kind, 0);
            (0..3).for_each(|index| cohort.sign(index, Body::Uptime(slots(0..274))));
            cohort
        }
        Kind::Energy => {
            let mut cohort = Cohort::new(kind, SIX_KILOWATTS);
            (0..3).for_each(|index| cohort.sign(index, Body::Energy(meter(&[10, 1575, 4]))));
            cohort
        }
    }
}

/// Plans and checks; returns the units of all but member 0.
fn others(bundle: &Bundle) -> Vec<u64> {
    let statement = Statement::from_bundle(bundle, PROVER).unwrap();
    let system = statement.circuit(Fr::from(1_000_003u64)).synthesize();
    assert_eq!(system.first_unsatisfied().map(|row| row.label), None);
    statement.outcome().unwrap().batch.units[1..].to_vec()
}

fn assert_others_are_paid(kind: Kind, body: Body, change: (u8, u64)) {
    let mut cohort = honest(kind);
    cohort.bundle.packets[0] = None;
    let before = others(&cohort.seal());
    let mut cohort = honest(kind);
    cohort.bundle.packets[0] = Some(sign(&key(0), 1, body, change));
    assert_eq!(others(&cohort.seal()), before);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_uptime_record_leaves_the_others_paid(slots in any_slots(), change in changes()) {
        assert_others_are_paid(Kind::Uptime, Body::Uptime(slots), change);
    }

    #[test]
    fn any_meter_record_leaves_the_others_paid(meter in any_meter(), change in changes()) {
        assert_others_are_paid(Kind::Energy, Body::Energy(meter), change);
    }

    #[test]
    fn any_record_of_a_covered_member_leaves_the_others_paid(
        slots in any_slots(),
        change in changes(),
    ) {
        assert_others_are_paid(Kind::Coverage, Body::Coverage(slots), change);
    }

    #[test]
    fn any_witness_record_leaves_what_other_witnesses_heard_paid(
        hearings in any_hearings(),
        change in changes(),
    ) {
        let mut cohort = honest(Kind::Coverage);
        let before = others(&honest(Kind::Coverage).seal());
        cohort.bundle.witness_packets[2] =
            Some(sign(&witness_key(2), 52, Body::Witness(hearings), change));
        let after = others(&cohort.seal());
        prop_assert!(after.iter().zip(&before).all(|(after, before)| after >= before));
    }
}

#[test]
fn a_record_of_any_other_schema_leaves_the_others_paid() {
    for kind in Kind::ALL {
        for schema in Schema::ALL {
            assert_others_are_paid(kind, Body::empty(schema, COHORT), (0, 0));
        }
    }
}
