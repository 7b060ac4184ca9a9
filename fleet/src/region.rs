//! Regions and positions on H3's grid: the bridge from degrees to the numbers that a record carries (§ 3.3).

use ergon_types::cell::{Axial, CELL_RESOLUTION, REGION_RESOLUTION};
use h3o::{CellIndex, LatLng, Resolution};

/// A hexagon of the regions' resolution, around whose centre cells have positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(CellIndex);

impl Region {
    /// A region by its H3 cell; none for a pentagon or another resolution.
    pub fn of(cell: CellIndex) -> Option<Self> {
        let fits = u8::from(cell.resolution()) == REGION_RESOLUTION;
        (fits && !cell.is_pentagon()).then_some(Self(cell))
    }

    /// The region of the cell at a place; none below a pentagon. H3's cells do not nest exactly, so near a border
    /// this may be another hexagon than the one that contains the place.
    pub fn at(place: LatLng) -> Option<Self> {
        Self::of(place.to_cell(cells()?).parent(regions()?)?)
    }

    /// The H3 index.
    pub fn index(self) -> u64 {
        self.0.into()
    }

    /// The position of a place's cell relative to the region's centre, also outside of it as far as H3's grid unfolds.
    pub fn position(self, place: LatLng) -> Option<Axial> {
        self.position_of(place.to_cell(cells()?))
    }

    /// The position of an H3 cell of the cells' resolution relative to the region's centre, by H3's own coordinates.
    pub fn position_of(self, index: CellIndex) -> Option<Axial> {
        let centre = self.0.center_child(cells()?)?;
        let origin = centre.to_local_ij(centre).ok()?.coord;
        let there = index.to_local_ij(centre).ok()?.coord;
        Some(Axial { a: there.i - origin.i, b: there.j - origin.j })
    }
}

fn regions() -> Option<Resolution> {
    Resolution::try_from(REGION_RESOLUTION).ok()
}

fn cells() -> Option<Resolution> {
    Resolution::try_from(CELL_RESOLUTION).ok()
}
