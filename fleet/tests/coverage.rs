//! Uplinks become covered hotspots and witnesses in one region.
#![allow(clippy::unwrap_used)]

#[path = "support/folder.rs"]
mod folder;

use std::collections::BTreeMap;

use ergon_fleet::region::Region;
use ergon_fleet::{Asset, Fleet, FleetError, Reading};
use ergon_types::Offset;
use ergon_types::record::witness::Hearing;
use h3o::LatLng;

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
fn cells_are_seen_from_the_hotspot_that_served_them() {
    let fleet = replay("", &[uplink("t", 1, Some(TOWN), &[("a", -90)])]);
    assert!(matches!(fleet.groups[0].devices[0].asset, Asset::Hotspot { .. }));
    // The tester stood beside the hotspot.
    assert_eq!(heard(&fleet, 0)[0].1[0].offset, Offset::HERE);
    assert!(fleet.groups[0].devices[0].asset.attribute().is_some());
}

#[test]
fn cells_beyond_the_border_of_the_region_count_like_any_other() {
    let region = |place: (f64, f64)| Region::at(LatLng::new(place.0, place.1).unwrap());
    let east = |step: i32| (TOWN.0, TOWN.1 + 0.05 * f64::from(step));
    let border = (1..).find(|step| region(east(*step)) != region(TOWN)).unwrap();
    let lines = [
        uplink("t", 1, Some(TOWN), &[("a", -90)]),
        uplink("t", 2, Some(TOWN), &[("a", -90)]),
        uplink("t", 300, Some(east(border - 1)), &[("a", -120)]),
        uplink("t", 600, Some(east(border)), &[("a", -120)]),
    ];
    let fleet = replay("", &lines);
    assert_eq!(fleet.groups[0].region, region(TOWN).map(Region::index));
    assert_eq!(folder::measured(&fleet), [("2022-02-24".into(), 3)]);
    let offsets: Vec<Offset> = heard(&fleet, 0).iter().map(|(_, news)| news[0].offset).collect();
    let [_, inside, outside] = offsets[..] else { panic!("{offsets:?}") };
    let across = Offset::between(inside.axial(), outside.axial()).unwrap();
    // 0.05 degrees of longitude are 3.9 km there.
    assert!((9..=36).contains(&across.squared_distance()), "{across:?}");
}

#[test]
fn what_is_too_far_from_its_hotspot_is_left_out_with_a_message() {
    let far = (38.72, -9.14);
    let lines = [
        uplink("t", 1, Some(TOWN), &[("a", -90), ("overseas", -90)]),
        uplink("t", 2, Some(TOWN), &[("a", -90)]),
        uplink("t", 3, Some(far), &[("a", -90)]),
    ];
    let fleet = replay("", &lines);
    assert_eq!(folder::measured(&fleet), [("2022-02-24".into(), 1)]);
    let said = |part: &str| fleet.notes.iter().any(|note| note.contains(part));
    assert!(said("1 observations were made too far from the hotspot"), "{:?}", fleet.notes);
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
fn nothing_to_cover_is_an_error_that_says_what_was_found() {
    let error = |keys: &str, lines: &[String]| {
        let keys = format!("kind = \"coverage\"\n{keys}");
        let text = lines.join("\n");
        let error = folder::replay(&keys, "up.ndjson", text.as_bytes(), false).unwrap_err();
        assert!(matches!(error, FleetError::Nothing { .. }), "{error}");
        error.to_string()
    };
    let lost = uplink("t", 5, None, &[("a", -90)]);
    assert!(error("", &[lost]).contains("none of its 1 uplinks has a place"));
    let good = uplink("t", 5, Some(TOWN), &[("a", -90)]);
    let late = error("from = \"2030-01-01\"", &[good]);
    assert!(late.contains("2022-02-24, before `from` (2030-01-01)"), "{late}");
    assert!(late.contains("set `from` in records.toml to 2022-02-24 or earlier"), "{late}");
    assert!(error("", &[]).contains("it has no uplink"));
    let nowhere = uplink("t", 5, Some((95.0, 5.0)), &[("a", -90)]);
    let lost = uplink("t", 5, None, &[("a", -90)]);
    let found = error("", &[lost, nowhere]);
    assert!(
        found.contains("1 lines are malformed, the first: line 2: expected a `latitude`"),
        "{found}"
    );
    let unheard = uplink("t", 5, Some(TOWN), &[("lost", -90)]);
    assert!(error("", &[unheard]).contains("no located hotspot"));
    let unmeasured = uplink("t", 5, Some(TOWN), &[("a", -90)]).replace("-90", "null");
    assert!(error("", &[unmeasured]).contains("`rssi`"));
}

/// The only device's and the witness's measured quantities.
fn one(line: &str) -> (String, u64, u64) {
    let fleet = replay("", &[line.to_owned()]);
    let group = &fleet.groups[0];
    (group.devices[0].day.clone(), group.devices[0].measured, group.witnesses[0].measured)
}

#[test]
fn times_and_numbers_are_understood_in_other_forms() {
    let line = uplink("t", 5, Some(TOWN), &[("a", -90)]);
    let expected = ("2022-02-24".to_owned(), 1, 1);
    for (from, to) in [
        ("\"_timestamp\":1645660805000", "\"_timestamp\":1645660805"),
        ("\"_timestamp\":1645660805000", "\"_timestamp\":\"1645660805000\""),
        ("\"_timestamp\":1645660805000", "\"_timestamp\":1.645660805e12"),
        ("\"_timestamp\":1645660805000", "\"_timestamp\":\"2022-02-24T00:00:05.5Z\""),
        ("\"_timestamp\":1645660805000", "\"_timestamp\":null,\"reported_at\":1645660805000"),
        ("\"rssi\":-90", "\"rssi\":\"-90\""),
        ("\"latitude\":45.19", "\"latitude\":\"45.19\""),
        ("\"reported_at\":1645660806500", "\"reported_at\":\"1645660806\""),
        ("\"dev_eui\":\"t\"", "\"dev_eui\":7"),
    ] {
        let other = line.replace(from, to);
        assert_ne!(other, line, "{from}");
        assert_eq!(one(&other), expected, "{other}");
    }
}

#[test]
fn an_uplink_that_nobody_heard_may_have_null_for_hotspots() {
    let line = uplink("t", 5, Some(TOWN), &[]).replace("[]", "null");
    let heard = uplink("t", 6, Some(TOWN), &[("a", -90)]);
    assert_eq!(folder::measured(&replay("", &[line, heard]))[0].1, 1);
}

#[test]
fn malformed_uplinks_are_named_by_key_and_value() {
    let good = uplink("t", 5, Some(TOWN), &[("a", -90)]);
    for (bad, says) in [
        (good.replace("45.19,\"longitude", "95,\"longitude"), "a `latitude` of -90 to 90"),
        (good.replace("\"longitude\":5.71", "\"longitude\":500"), "-180 to 180 in `_devLocation`"),
        (good.replace("\"longitude\":5.71", "\"longitude\":\"east\""), "found {"),
        (good.replace("1645660805000", "7"), "in `_timestamp`, found 7"),
        (good.replace("1645660805000", "1e30"), "in `_timestamp`, found 1e+30"),
        (good.replace("\"dev_eui\"", "\"eui\""), "expected a name in `dev_eui`, found nothing"),
        (good.replace("\"id\"", "\"key\""), "in `id` of each of `hotspots`, found nothing"),
        (format!("[{good}]"), "expected one JSON object, found \"[{"),
        ("{\"dev_eui\":".to_owned(), "expected one JSON object"),
        (good.replace("\"hotspots\":[", "\"hotspots\":7,\"x\":["), "a list in `hotspots`, found 7"),
    ] {
        let text = format!("{good}\n{bad}\n");
        let keys = "kind = \"coverage\"";
        let fleet = folder::replay(keys, "up.ndjson", text.as_bytes(), false).unwrap();
        let note = &fleet.notes[0];
        assert!(note.starts_with("up.ndjson, line 2: expected") && note.contains(says), "{note}");
        assert!(folder::replay(keys, "up.ndjson", text.as_bytes(), true).is_err());
    }
}
