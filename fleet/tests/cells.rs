//! Positions and offsets agree with H3's own grid distances and with distances on the globe.
#![allow(clippy::unwrap_used)]

use ergon_fleet::region::Region;
use ergon_types::Offset;
use ergon_types::cell::{CELL_RESOLUTION, REGION_RESOLUTION};
use h3o::{CellIndex, LatLng, Resolution};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The offset between two cells in the coordinates of a region.
fn offset(region: Region, from: CellIndex, to: CellIndex) -> Option<Offset> {
    Offset::between(region.position_of(from)?, region.position_of(to)?)
}

fn regions() -> Resolution {
    REGION_RESOLUTION.try_into().unwrap()
}

fn cells() -> Resolution {
    CELL_RESOLUTION.try_into().unwrap()
}

fn hexagons() -> Vec<CellIndex> {
    CellIndex::base_cells()
        .flat_map(|base| base.children(regions()))
        .filter(|cell| !cell.is_pentagon())
        .collect()
}

#[test]
fn offsets_agree_with_h3s_grid_distances_in_every_region() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut compared = 0;
    for hexagon in hexagons() {
        let region = Region::of(hexagon).unwrap();
        let count = hexagon.children_count(cells());
        for _ in 0..20 {
            let mut pick = || hexagon.child_at(rng.random_range(0..count), cells()).unwrap();
            let (one, two) = (pick(), pick());
            let Some(offset) = offset(region, one, two) else { continue };
            let (a, b) = (offset.axial().a, offset.axial().b);
            let steps = a.abs().max(b.abs()).max((a - b).abs());
            assert_eq!(one.grid_distance(two), Ok(steps), "{one} {two}");
            compared += 1;
        }
    }
    // All cells of the resolution but its twelve pentagons.
    let hexagons = 2 + 120 * 7usize.pow(REGION_RESOLUTION.into()) - 12;
    assert!(compared > hexagons * 10, "{compared}");
}

#[test]
fn squared_lengths_follow_distances_on_the_globe() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let hexagons = hexagons();
    let mut ratios = Vec::new();
    for _ in 0..40 {
        let hexagon = *hexagons.choose(&mut rng).unwrap();
        let region = Region::of(hexagon).unwrap();
        let count = hexagon.children_count(cells());
        for _ in 0..100 {
            let mut pick = || hexagon.child_at(rng.random_range(0..count), cells()).unwrap();
            let (one, two) = (pick(), pick());
            let Some(offset) = offset(region, one, two) else { continue };
            let steps = (offset.squared_distance() as f64).sqrt();
            if steps < 3.0 {
                continue;
            }
            let km = LatLng::from(one).distance_km(LatLng::from(two));
            ratios.push(km / steps);
        }
    }
    let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
    let (low, high) =
        ratios.iter().fold((f64::MAX, 0f64), |(low, high), r| (low.min(*r), high.max(*r)));
    assert!(low > mean * 0.7 && high < mean * 1.2);
}

#[test]
fn positions_go_on_beyond_the_border_of_a_region() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut joined = 0;
    for hexagon in hexagons() {
        let region = Region::of(hexagon).unwrap();
        let count = hexagon.children_count(cells());
        for _ in 0..1_000 {
            let inside = hexagon.child_at(rng.random_range(0..count), cells()).unwrap();
            for neighbour in inside.grid_disk::<Vec<_>>(1) {
                if neighbour.parent(regions()) != Some(hexagon) {
                    let step = offset(region, inside, neighbour).unwrap();
                    assert_eq!(step.squared_distance(), 1, "{neighbour}");
                    joined += 1;
                }
            }
        }
    }
    assert!(joined > 1_000);
}
