//! Growth of slot records, and the slots a packet is new with.

use crate::fixture::{body, meter, record};
use ergon_types::Body;
use ergon_types::Schema;
use ergon_types::record::RecordError;
use ergon_types::record::slots::Slots;
use proptest::prelude::*;

fn slots(list: &[u32]) -> Slots {
    list.iter().copied().collect()
}

#[test]
fn a_missing_slot_is_dropped_but_never_a_contradiction() {
    for make in [Body::Uptime, Body::Coverage] {
        let earlier = record(make(slots(&[1, 2])), 1);
        let later = record(make(slots(&[1, 3])), 2);
        assert_eq!(later.extends(&earlier), Err(RecordError::Dropped { what: "a slot" }));
        let grown = record(make(slots(&[1, 2, 3])), 2);
        assert_eq!(grown.extends(&earlier), Ok(()));
    }
}

#[test]
fn new_slots_are_those_that_the_earlier_record_had_not() {
    let earlier = record(Body::Uptime(slots(&[1, 2])), 1);
    let later = record(Body::Uptime(slots(&[1, 2, 144, 287])), 2);
    assert_eq!(later.new_slots(Some(&earlier)), [144, 287]);
    assert_eq!(later.new_slots(None), [1, 2, 144, 287]);
    let meter = record(Body::Energy(meter(&[(0, 0), (95, 7)], 2000)), 1);
    assert_eq!(meter.new_slots(None), [0, 95]);
    assert!(record(body(Schema::Witness), 1).new_slots(None).is_empty());
}

#[test]
fn slots_outside_the_epoch_are_ignored() {
    let mut set = slots(&[288, 319, 320, u32::MAX]);
    set.insert(1000);
    assert_eq!((set.count(), set.get(288), set.get(u32::MAX)), (0, false, false));
}

proptest! {
    #[test]
    fn a_set_of_slots_extends_exactly_its_subsets(a in any::<[u64; 4]>(), b in any::<[u64; 4]>()) {
        let set = |words: [u64; 4]| -> Slots {
            (0..256u32).filter(|slot| (words[*slot as usize / 64] >> (slot % 64)) & 1 == 1).collect()
        };
        let union: Slots = set(a).iter().chain(set(b).iter()).collect();
        let common = set(a).intersection(&set(b));
        let of = |slots, counter| record(Body::Coverage(slots), counter);
        prop_assert!(of(union, 2).extends(&of(set(a), 1)).is_ok());
        prop_assert!(of(set(a), 2).extends(&of(common, 1)).is_ok());
        prop_assert_eq!(of(set(a), 2).extends(&of(set(b), 1)).is_ok(), common == set(b));
        prop_assert_eq!(common.count() + union.count(), set(a).count() + set(b).count());
    }
}
