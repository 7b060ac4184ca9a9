//! Meters: what decodes, what extends, what contradicts (§ 3.2, 3.4).

use crate::fixture::{meter, record};
use ergon_types::record::RecordError;
use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::{Body, Schema};
use proptest::prelude::*;

fn extension(later: Meter, earlier: Meter) -> Result<(), RecordError> {
    record(Body::Energy(later), 2).extends(&record(Body::Energy(earlier), 1))
}

fn decoded(meter: &Meter) -> Result<Body, RecordError> {
    let body = Body::Energy(meter.clone());
    Body::from_words(Schema::Energy, &body.words())
}

#[test]
fn deltas_may_reach_but_not_exceed_what_the_register_counted() {
    let exact = meter(&[(0, 300), (1, 200)], 1500);
    assert_eq!(decoded(&exact), Ok(Body::Energy(exact.clone())));
    assert!(decoded(&meter(&[(0, 300), (1, 200)], 1499)).is_err());
    assert!(decoded(&meter(&[(0, 300), (1, 200)], 1501)).is_ok());
}

#[test]
fn an_end_below_the_start_is_refused_even_without_deltas() {
    assert!(decoded(&meter(&[], 1000)).is_ok());
    assert!(decoded(&meter(&[], 999)).is_err());
    assert!(decoded(&meter(&[], 0)).is_err());
}

#[test]
fn deltas_of_tampered_slots_count_towards_the_register() {
    let mut hidden = meter(&[], 1010);
    hidden.quarters[3] = Quarter { present: true, tamper: true, delta: 10 };
    assert!(decoded(&hidden).is_ok());
    hidden.quarters[4] = Quarter { present: true, tamper: false, delta: 1 };
    assert!(decoded(&hidden).is_err());
}

#[test]
fn an_absent_slot_has_neither_watt_hours_nor_tampering() {
    for (tamper, delta) in [(false, 1), (true, 0), (true, 1)] {
        let mut absent = meter(&[], 1010);
        absent.quarters[95] = Quarter { present: false, tamper, delta };
        assert!(decoded(&absent).is_err(), "{tamper} {delta}");
    }
}

#[test]
fn a_meter_extends_by_slots_and_by_its_end() {
    let earlier = meter(&[(4, 10)], 1500);
    assert_eq!(extension(meter(&[(4, 10)], 1501), earlier.clone()), Ok(()));
    assert_eq!(extension(meter(&[(4, 10), (3, 5)], 1500), earlier), Ok(()));
}

#[test]
fn a_slot_that_was_absent_may_get_any_value() {
    for delta in [0, 10, 500] {
        assert_eq!(extension(meter(&[(4, delta)], 1500), meter(&[], 1500)), Ok(()));
    }
}

#[test]
fn another_delta_tamper_bit_start_or_generation_contradicts() {
    let earlier = meter(&[(4, 10), (5, 1)], 1500);
    let mut changed = vec![earlier.clone(); 5];
    changed[0].quarters[4].delta = 11;
    changed[1].quarters[4].delta = 9;
    changed[2].quarters[4].tamper = true;
    changed[3].start = 999;
    changed[4].generation = 2;
    for meter in changed {
        let error = extension(meter.clone(), earlier.clone()).unwrap_err();
        assert!(matches!(error, RecordError::Contradiction { .. }), "{error}");
        // Dropping another slot at the same time does not hide it.
        let mut dropping = meter;
        dropping.quarters[5] = Quarter::default();
        let error = extension(dropping, earlier.clone()).unwrap_err();
        assert!(matches!(error, RecordError::Contradiction { .. }), "{error}");
    }
}

#[test]
fn a_dropped_slot_or_a_falling_end_does_not_extend_and_does_not_contradict() {
    let earlier = meter(&[(4, 10), (5, 1)], 1500);
    for later in [meter(&[(4, 10)], 1500), meter(&[(4, 10), (5, 1)], 1499)] {
        let error = extension(later, earlier.clone()).unwrap_err();
        assert!(matches!(error, RecordError::Dropped { .. }), "{error}");
    }
}

proptest! {
    #[test]
    fn a_day_recorded_slot_by_slot_extends_at_every_step(
        deltas in proptest::collection::vec((0usize..96, 0u32..1 << 20), 1..40),
    ) {
        let mut meter = meter(&[], 1000);
        for (slot, delta) in deltas {
            let before = meter.clone();
            if !meter.quarters[slot].present {
                meter.quarters[slot] = Quarter { present: true, tamper: delta % 7 == 0, delta };
                meter.end += u64::from(delta);
            }
            prop_assert_eq!(extension(meter.clone(), before), Ok(()));
            prop_assert!(decoded(&meter).is_ok());
        }
    }
}
