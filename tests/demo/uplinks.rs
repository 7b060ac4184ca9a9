//! Uplinks of two field testers between Bern and its surroundings, heard by three located hotspots and one that is not.

use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(crate) const ENTRY: &str = r#"
[[records]]
kind = "coverage"
path = "uplinks.ndjson"
format = "helium-ndjson"
utc_offset = "Z"
from = "2024-03-05"
"#;

/// 2024-03-05T00:00Z in milliseconds.
const MIDNIGHT: u64 = 1_709_596_800_000;
/// Where all hotspots stand.
const BERN: (f64, f64) = (46.95, 7.45);
/// Three kilometres of longitude there: places lie in cells of their own.
const STEP: f64 = 0.0394;

/// Tester, place in steps to the east, and (hotspot, dBm) of who heard it.
type Uplink = (&'static str, u32, &'static [(&'static str, i32)]);

const UPLINKS: [Uplink; 12] = [
    ("tester-1", 0, &[("alpha", -75), ("beta", -99)]),
    ("tester-1", 1, &[("alpha", -101), ("beta", -120), ("lost", -90)]),
    ("tester-1", 2, &[("alpha", -110), ("gamma", -130)]),
    ("tester-1", 3, &[("alpha", -100), ("beta", -115)]),
    // The other tester in the same places: counted once, by the better signal.
    ("tester-2", 0, &[("alpha", -90), ("beta", -79)]),
    ("tester-2", 1, &[("beta", -100)]),
    ("tester-2", 4, &[("alpha", -116), ("gamma", -114)]),
    // Again and again the same.
    ("tester-2", 4, &[("alpha", -116)]),
    ("tester-2", 4, &[("alpha", -118)]),
    // Nobody hears −60 dBm from 30 km away.
    ("tester-2", 10, &[("alpha", -60)]),
    ("tester-1", 5, &[("lost", -80)]),
    ("tester-1", 2, &[("beta", -104)]),
];

/// The file, with a day before that is not used.
pub(crate) fn ndjson() -> String {
    let line = |at: u64, (tester, steps, heard): &Uplink| {
        let hotspots: Vec<Value> = heard
            .iter()
            .map(|(id, rssi)| {
                let (lat, long) =
                    if *id == "lost" { (None, None) } else { (Some(BERN.0), Some(BERN.1)) };
                let reported = at + 800;
                json!({"id": id, "lat": lat, "long": long, "rssi": rssi, "reported_at": reported})
            })
            .collect();
        let place = json!({"latitude": BERN.0, "longitude": BERN.1 + STEP * f64::from(*steps)});
        json!({"dev_eui": tester, "_timestamp": at, "_devLocation": place, "hotspots": hotspots})
    };
    let day = UPLINKS.iter().zip(0u64..).map(|(uplink, i)| line(MIDNIGHT + i * 1_000_000, uplink));
    let before = line(MIDNIGHT - 60_000, &("tester-1", 7, &[("gamma", -90)]));
    std::iter::once(before).chain(day).map(|line| format!("{line}\n")).collect()
}

/// What must come out of a hotspot's day.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) name: &'static str,
    /// Distinct places from which it was heard.
    pub(crate) claimed: u64,
    /// Those where that signal is possible.
    pub(crate) measured: u64,
    /// By the weights of the standard policy: one more for each class.
    pub(crate) units: u64,
}

/// Counts by place, the most heard hotspot first.
pub(crate) fn served() -> Vec<Served> {
    let mut best: BTreeMap<&str, BTreeMap<u32, i32>> = BTreeMap::new();
    let mut heard: BTreeMap<&'static str, u64> = BTreeMap::new();
    for (_, steps, hotspots) in UPLINKS {
        for (name, rssi) in hotspots.iter().filter(|(name, _)| *name != "lost") {
            let best = best.entry(name).or_default().entry(steps).or_insert(i32::MIN);
            *best = (*best).max(*rssi);
            *heard.entry(name).or_default() += 1;
        }
    }
    let mut names: Vec<_> = heard.into_iter().collect();
    names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let class = |rssi: i32| [-115, -100, -80].iter().filter(|least| rssi >= **least).count() as u64;
    let of = |(name, _): (&'static str, u64)| {
        let places = &best[name];
        let possible = places.iter().filter(|(steps, rssi)| class(**rssi) < 3 || **steps < 2);
        let classes: Vec<u64> = possible.map(|(_, rssi)| class(*rssi)).collect();
        Served {
            name,
            claimed: places.len() as u64,
            measured: classes.len() as u64,
            units: classes.iter().map(|class| (class + 1) * 10_000).sum(),
        }
    };
    names.into_iter().map(of).collect()
}
