//! Witnesses: the table of hearings, its growth and its limit (§ 3.2 to 3.4).

use crate::fixture::{hearing, hearings, record};
use ergon_types::record::RecordError;
use ergon_types::record::witness::{ENTRIES, Hearing, Hearings};
use ergon_types::{Body, Offset, Schema};
use proptest::prelude::*;

fn extension(later: &Hearings, earlier: &Hearings) -> Result<(), RecordError> {
    let of = |table: &Hearings, counter| record(Body::Witness(table.clone()), counter);
    of(later, 2).extends(&of(earlier, 1))
}

/// `count` hearings of different cells of member 0, all of one class.
fn full_of(class: u8, count: usize) -> Hearings {
    let offsets = (0..).map(Offset::from_code).take(count);
    let list: Vec<Hearing> = offsets.map(|offset| Hearing { member: 0, offset, class }).collect();
    hearings(&list)
}

#[test]
fn a_better_class_extends_and_a_weaker_one_is_dropped() {
    let table = |class| hearings(&[hearing(2, (1, 1), class), hearing(3, (2, 2), 1)]);
    assert_eq!(extension(&table(3), &table(1)), Ok(()));
    assert_eq!(extension(&table(1), &table(1)), Ok(()));
    let dropped = Err(RecordError::Dropped { what: "an observation" });
    assert_eq!(extension(&table(0), &table(1)), dropped);
}

#[test]
fn a_missing_hearing_is_dropped_unless_the_table_is_full() {
    let earlier = hearings(&[hearing(9, (3, 3), 0)]);
    let dropped = Err(RecordError::Dropped { what: "an observation" });
    assert_eq!(extension(&full_of(1, ENTRIES - 1), &earlier), dropped);
    assert_eq!(extension(&full_of(1, ENTRIES), &earlier), Ok(()));
}

#[test]
fn another_covered_cohort_contradicts() {
    let error = extension(&Hearings::new(8), &Hearings::new(7)).unwrap_err();
    assert!(matches!(error, RecordError::Contradiction { .. }));
}

#[test]
fn a_table_never_holds_more_than_its_entries_and_keeps_the_better() {
    let mut table = full_of(1, ENTRIES);
    assert!(!table.insert(hearing(9, (3, 3), 1)));
    assert!(table.insert(hearing(9, (3, 3), 2)));
    assert!(!table.insert(hearing(9, (3, 3), 2)));
    assert!(table.insert(hearing(9, (3, 3), 3)));
    assert_eq!(table.iter().count(), ENTRIES);
    assert_eq!(table.entries().len(), ENTRIES);
}

#[test]
fn a_repeated_hearing_keeps_the_best_class() {
    let mut table = hearings(&[hearing(0, (1, 1), 2)]);
    assert!(!table.insert(hearing(0, (1, 1), 1)));
    assert_eq!(table.iter().map(|heard| heard.class).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_hearing_that_no_record_can_hold_is_not_taken() {
    let mut table = Hearings::new(7);
    assert!(!table.insert(hearing(255, (0, 0), 1)));
    assert!(!table.insert(hearing(0, (0, 0), 4)));
    assert_eq!(table, Hearings::new(7));
    assert!(table.insert(hearing(254, (0, 0), 3)));
    let body = Body::Witness(table);
    assert_eq!(Body::from_words(Schema::Witness, &body.words()), Ok(body));
}

proptest! {
    #[test]
    fn a_table_filled_hearing_by_hearing_extends_and_decodes_at_every_step(
        list in proptest::collection::vec((0u8..3, 0u32..64, 0u8..4), 1..260),
    ) {
        let mut table = Hearings::new(7);
        for (member, code, class) in list {
            let before = table.clone();
            table.insert(Hearing { member, offset: Offset::from_code(code), class });
            prop_assert_eq!(extension(&table, &before), Ok(()));
        }
        let body = Body::Witness(table);
        prop_assert_eq!(Body::from_words(Schema::Witness, &body.words()), Ok(body));
    }
}
