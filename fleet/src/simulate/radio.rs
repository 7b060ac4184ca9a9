//! Hotspots on rooftops and three field testers driving past them; no signal is above what free space allows.

use std::collections::BTreeSet;

use ergon_types::cell::Axial;
use ergon_types::record::witness::Hearing;
use ergon_types::{Kind, Offset};
use h3o::LatLng;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{SIMULATED, device, up};
use crate::coverage::{Heard, class};
use crate::day::{Asset, Group};
use crate::region::Region;
use crate::uptime;

const WITNESSES: usize = 3;
/// Transmitted power and antenna gains, in dBm.
const SENT: f64 = 18.0;
/// Free-space loss at 1 km and 868 MHz, in dB.
const LOSS_AT_1_KM: f64 = 91.2;
/// The weakest level that a hotspot decodes, in dBm.
const WEAKEST: f64 = -125.0;
const KM_PER_DEGREE: f64 = 111.2;

/// Kilometres east and north of the town's centre.
type Place = (f64, f64);

pub(super) fn group(rng: &mut ChaCha8Rng, devices: usize) -> Group {
    let mut group = Group {
        source: SIMULATED.to_owned(),
        kind: Kind::Coverage,
        region: None,
        devices: Vec::new(),
        witnesses: Vec::new(),
    };
    // A town well inside of its region.
    let Some(region) = degrees((0.0, 0.0)).and_then(Region::at) else {
        return group;
    };
    let mut around = |km: f64| (rng.random_range(-km..km), rng.random_range(-km..km));
    let places: Vec<Place> = (0..devices.min(255)).map(|_| around(4.0)).collect();
    let starts: Vec<Place> = (0..WITNESSES).map(|_| around(3.0)).collect();
    let placed = |place: &Place| Some((*place, region.position(degrees(*place)?)?));
    let hotspots: Vec<(Place, Axial)> = places.iter().filter_map(placed).collect();
    let mut heard = Heard::default();
    for (number, start) in (1..).zip(starts) {
        drive(rng, &mut heard, &format!("tester#{number}"), start, &hotspots, region);
    }
    group.region = Some(region.index());
    for (index, (_, position)) in (0u8..).zip(&hotspots) {
        let cells: BTreeSet<_> = heard.cells(index).collect();
        let (asset, steps) = (Asset::Hotspot { position: *position }, uptime::steps(up(rng)));
        let name = format!("hotspot#{}", index + 1);
        group.devices.push(device(name, (asset, cells.len() as u64, steps)));
    }
    group.witnesses = heard.into_days(SIMULATED, SIMULATED);
    group
}

/// Half an hour along a wandering road, an uplink every minute.
fn drive(
    rng: &mut ChaCha8Rng,
    heard: &mut Heard,
    tester: &str,
    (mut east, mut north): Place,
    hotspots: &[(Place, Axial)],
    region: Region,
) {
    let begin = rng.random_range(7 * 3_600..17 * 3_600);
    let mut heading: f64 = rng.random_range(0.0..std::f64::consts::TAU);
    for minute in 0..36 {
        heading += rng.random_range(-0.5..0.5);
        if east.hypot(north) > 4.0 {
            heading = (-north).atan2(-east);
        }
        east += 0.25 * heading.cos();
        north += 0.25 * heading.sin();
        let Some(cell) = degrees((east, north)).and_then(|place| region.position(place)) else {
            continue;
        };
        for (member, ((x, y), position)) in (0u8..).zip(hotspots) {
            let Some(offset) = Offset::between(*position, cell) else { continue };
            let km = (east - x).hypot(north - y).max(0.02);
            // Walls and trees only take away from what free space leaves.
            let level = SENT - LOSS_AT_1_KM - 20.0 * km.log10() - rng.random_range(5.0..45.0);
            if level >= WEAKEST {
                let class = class(level);
                heard.note(tester, begin + minute * 60, Hearing { member, offset, class });
            }
        }
    }
}

/// Degrees of a place around Bern.
fn degrees((east, north): Place) -> Option<LatLng> {
    let latitude = 46.95 + north / KM_PER_DEGREE;
    LatLng::new(latitude, 7.45 + east / (KM_PER_DEGREE * latitude.to_radians().cos())).ok()
}
