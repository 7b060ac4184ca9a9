//! Uplinks become covered hotspots and witnesses in one region.
#![allow(clippy::unwrap_used)]

#[path = "support/folder.rs"]
mod folder;

use std::collections::BTreeMap;

use ergon_fleet::{Asset, Fleet, Reading};
use ergon_types::record::witness::Hearing;

/// Near Grenoble; 2022-02-24T00:00Z is second 1645660800.
const TOWN: (f64, f64) = (45.19, 5.71);
const MIDNIGHT: i64 = 1_645_660_800;

/// A line of `tester` at `place`, `second` seconds into the day, heard by (hotspot, dBm).
fn uplink(tester: &str, second: i64, place: Option<(f64, f64)>, heard: &[(&str, i32)]) -> String {
    let ms = (MIDNIGHT + second) * 1000;
    let location = place
        .map_or("null".into(), |(lat, lng)| format!("{{\"latitude\":{lat},\"longitude\":{lng}}}"));
    let hotspots: Vec<String> = heard
        .iter()
        .map(|(id, rssi)| {
            let (lat, long) = match *id {
                "lost" => ("null".into(), "null".into()),
                "overseas" => ("40.7".into(), "-74.0".into()),
                _ => (TOWN.0.to_string(), TOWN.1.to_string()),
            };
            let later = ms + 1500;
            format!("{{\"id\":\"{id}\",\"lat\":{lat},\"long\":{long},\"rssi\":{rssi},\"reported_at\":{later},\"snr\":1}}")
        })
        .collect();
    format!(
        "{{\"dev_eui\":\"{tester}\",\"_timestamp\":{ms},\"_devLocation\":{location},\"hotspots\":[{}]}}",
        hotspots.join(",")
    )
}

fn replay(keys: &str, lines: &[String]) -> Fleet {
    let keys = format!("kind = \"coverage\"\nformat = \"helium-ndjson\"\n{keys}");
    folder::replay(&keys, "up.ndjson", lines.join("\n").as_bytes(), true).unwrap()
}

fn heard(fleet: &Fleet, witness: usize) -> Vec<(u32, Vec<Hearing>)> {
    fleet.groups[0].witnesses[witness]
        .steps
        .iter()
        .map(|step| match &step.reading {
            Reading::Heard(heard) => (step.at_seconds, heard.clone()),
            _ => panic!("not an observation"),
        })
        .collect()
}

#[test]
fn the_most_heard_located_hotspots_are_the_devices() {
    let lines = [
        uplink("t", 10, Some(TOWN), &[("b", -90), ("a", -90), ("lost", -50)]),
        uplink("t", 20, Some(TOWN), &[("c", -90), ("lost", -50)]),
        uplink("t", 30, Some(TOWN), &[("c", -90), ("lost", -50)]),
        uplink("t", 700, None, &[("b", -90), ("b", -90)]),
    ];
    let fleet = replay("devices = 2", &lines);
    let names: Vec<&str> = fleet.groups[0].devices.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(names, ["c", "a"]);
    let all = replay("devices = 9", &lines);
    assert_eq!(all.groups[0].devices.len(), 3);
    assert!(all.notes.iter().any(|note| note.contains("3 of 9 devices")));
    // Reports without the tester's place still show that the hotspot is alive.
    assert_eq!(all.groups[0].devices[2].name, "b");
    assert_eq!(all.groups[0].devices[2].steps.len(), 2);
}

#[test]
fn classes_follow_the_signal_and_the_best_is_kept() {
    let levels = [-116, -115, -101, -100, -81, -80, -120];
    let lines: Vec<String> = (0i64..)
        .zip(levels)
        .map(|(k, dbm)| uplink("t", k * 300 + 7, Some(TOWN), &[("a", dbm)]))
        .collect();
    let fleet = replay("", &lines);
    let classes: Vec<(u32, u8)> =
        heard(&fleet, 0).iter().map(|(at, heard)| (*at, heard[0].class)).collect();
    assert_eq!(classes, [(7, 0), (307, 1), (907, 2), (1507, 3)]);
    assert_eq!(fleet.groups[0].devices[0].measured, 1);
}

#[test]
fn news_of_one_slot_travel_together_at_the_last_of_them() {
    let east = (TOWN.0, TOWN.1 + 0.05);
    let lines = [
        uplink("t", 40, Some(TOWN), &[("a", -90), ("b", -70)]),
        uplink("t", 250, Some(east), &[("a", -90)]),
        uplink("u", 299, Some(east), &[("a", -90)]),
        uplink("t", 290, Some(east), &[("a", -95)]),
    ];
    let fleet = replay("", &lines);
    let [(at, news)] = &heard(&fleet, 0)[..] else { panic!("not one batch") };
    assert_eq!((*at, news.len()), (250, 3));
    assert_eq!(fleet.groups[0].witnesses.len(), 2);
    assert_eq!(fleet.groups[0].devices[0].measured, 2);
}

#[test]
fn cells_and_positions_share_one_grid() {
    let fleet = replay("", &[uplink("t", 1, Some(TOWN), &[("a", -90)])]);
    let Asset::Hotspot { position } = fleet.groups[0].devices[0].asset else {
        panic!("not a hotspot")
    };
    // The tester stood beside the hotspot.
    assert_eq!(heard(&fleet, 0)[0].1[0].cell.axial(), position);
    assert!(fleet.groups[0].devices[0].asset.attribute().is_some());
}

#[test]
fn what_lies_outside_of_the_region_is_left_out_with_a_message() {
    let far = (48.85, 2.35);
    let lines = [
        uplink("t", 1, Some(TOWN), &[("a", -90), ("overseas", -90)]),
        uplink("t", 2, Some(TOWN), &[("a", -90)]),
        uplink("t", 3, Some(far), &[("a", -90)]),
    ];
    let fleet = replay("", &lines);
    assert_eq!(folder::measured(&fleet), [("2022-02-24".into(), 1)]);
    let said = |part: &str| fleet.notes.iter().any(|note| note.contains(part));
    assert!(said("1 observations lie outside of the region 82"), "{:?}", fleet.notes);
    assert!(said("hotspot overseas is too far"), "{:?}", fleet.notes);
}

#[test]
fn days_are_local_and_begin_with_the_first_located_one() {
    let day = 86_400;
    let lines = [
        uplink("t", 5, None, &[("a", -90)]),
        uplink("t", day + 100, Some(TOWN), &[("a", -90)]),
        uplink("t", 2 * day + 50, Some(TOWN), &[("a", -70)]),
        uplink("t", 3 * day, Some(TOWN), &[("b", -70)]),
    ];
    let fleet = replay("from = \"2022-02-24\"\ndays = 2", &lines);
    assert_eq!(folder::measured(&fleet), [("2022-02-25/2022-02-26".into(), 1)]);
    let west = replay("utc_offset = \"-01:00\"", &lines);
    assert_eq!(west.groups[0].devices[0].day, "2022-02-24");
    assert_eq!(heard(&west, 0)[0].0, 23 * 3600 + 100);
}

#[test]
fn a_witness_covers_the_members_of_one_cohort() {
    let lines = [uplink("t", 9, Some(TOWN), &[("a", -90), ("b", -70), ("c", -90)])];
    let fleet = replay("", &lines);
    let witness = &fleet.groups[0].witnesses[0];
    let second = witness.covering(2, 2);
    let members: BTreeMap<u8, usize> = second
        .steps
        .iter()
        .flat_map(|step| match &step.reading {
            Reading::Heard(heard) => heard.clone(),
            _ => Vec::new(),
        })
        .map(|hearing| (hearing.member, 1))
        .collect();
    assert_eq!(members.into_keys().collect::<Vec<_>>(), [0]);
    assert!(witness.covering(3, 2).steps.is_empty());
}

#[test]
fn nothing_located_gives_no_devices_and_a_message() {
    let fleet = replay("", &[uplink("t", 5, None, &[("a", -90)])]);
    assert!(fleet.groups[0].devices.is_empty());
    assert!(fleet.notes.iter().any(|note| note.contains("no located uplink")));
}
