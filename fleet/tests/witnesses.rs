//! A cohort's witnesses are those that together hear most; what there is no room for is said with numbers.
#![allow(clippy::unwrap_used)]

use ergon_fleet::{Asset, DeviceDay, Group, Reading, Room, Step};
use ergon_types::record::witness::Hearing;
use ergon_types::{Kind, Offset};

const ROOM: Room = Room { witnesses: 4, cells: 64 };

/// A witness that heard member 0 in the given cells.
fn witness(name: &str, cells: impl IntoIterator<Item = u32>) -> DeviceDay {
    let hearing = |code| Hearing { member: 0, offset: Offset::from_code(code), class: 1 };
    let heard = cells.into_iter().map(hearing);
    let steps: Vec<Step> = heard
        .map(|hearing| Step { at_seconds: 0, reading: Reading::Heard(vec![hearing]) })
        .collect();
    DeviceDay { measured: steps.len() as u64, steps, ..day(name, Asset::Witness) }
}

fn day(name: &str, asset: Asset) -> DeviceDay {
    let (source, day) = ("up.ndjson".to_owned(), "2022-02-24".to_owned());
    DeviceDay { name: name.to_owned(), source, day, asset, measured: 0, steps: Vec::new() }
}

fn group(witnesses: Vec<DeviceDay>) -> Group {
    let devices = ["a", "b"].map(|name| day(name, Asset::Beacon)).to_vec();
    let source = "up.ndjson".to_owned();
    Group { source, kind: Kind::Coverage, region: Some(1), devices, witnesses }
}

fn names(days: &[DeviceDay]) -> Vec<&str> {
    days.iter().map(|day| day.name.as_str()).collect()
}

#[test]
fn the_witnesses_that_add_most_are_chosen_and_the_others_named() {
    let all = vec![
        witness("1", 0..10),
        witness("2", 0..9),
        witness("3", 10..12),
        witness("4", 12..13),
        witness("5", 0..20),
        witness("6", 30..33),
        witness("7", 40..44),
    ];
    let chosen = group(all).choose(0, 2, ROOM);
    // 5 adds 20, 7 four and 6 three; the others add nothing, and 1 heard most of them.
    assert_eq!(names(&chosen.witnesses), ["1", "5", "6", "7"]);
    let note = &chosen.notes[0];
    assert!(note.contains("7 witnesses, of which a cohort has places for 4"), "{note}");
    assert!(note.contains("left out are 2, 3, 4; 0 of 27 pairs"), "{note}");
}

#[test]
fn pairs_that_nobody_chosen_heard_are_counted_as_lost() {
    let all = (0..6).map(|k| witness(&k.to_string(), k * 10..k * 10 + k + 1)).collect();
    let chosen = group(all).choose(0, 1, ROOM);
    assert_eq!(names(&chosen.witnesses), ["2", "3", "4", "5"]);
    assert!(chosen.notes[0].contains("left out are 0, 1; 3 of 21 pairs"), "{:?}", chosen.notes);
}

#[test]
fn only_what_concerns_the_cohort_counts() {
    let mut all: Vec<DeviceDay> =
        (0..5).map(|k| witness(&k.to_string(), k * 10..k * 10 + 9)).collect();
    let own = Hearing { member: 1, offset: Offset::HERE, class: 3 };
    all[4].steps.push(Step { at_seconds: 9, reading: Reading::Heard(vec![own]) });
    let chosen = group(all).choose(1, 1, Room { witnesses: 1, ..ROOM });
    assert_eq!(names(&chosen.witnesses), ["4"]);
    let moved = Reading::Heard(vec![Hearing { member: 0, ..own }]);
    assert_eq!(chosen.witnesses[0].steps, [Step { at_seconds: 9, reading: moved }]);
    assert!(chosen.notes[0].contains("0 of 1 pairs"), "{:?}", chosen.notes);
}

#[test]
fn up_to_four_witnesses_are_all_kept_in_silence() {
    let all = vec![witness("1", 0..1), witness("2", 0..0), witness("3", 0..1)];
    let chosen = group(all).choose(0, 2, ROOM);
    assert_eq!(names(&chosen.witnesses), ["1", "2", "3"]);
    assert!(chosen.notes.is_empty());
}

#[test]
fn more_than_a_record_keeps_or_an_epoch_pays_is_said_with_numbers() {
    let full = group(vec![witness("t", 0..130)]).choose(0, 2, ROOM);
    let kept = "t heard 130 pairs of a device and a cell of one cohort; its record keeps the best 128, 2 are lost";
    assert!(full.notes[0].contains(kept), "{:?}", full.notes);
    assert!(full.notes[1].contains("a was heard in 128 cells; an epoch pays at most 64"));
    let just = group(vec![witness("t", 0..64)]).choose(0, 2, ROOM);
    assert!(just.notes.is_empty());
}
