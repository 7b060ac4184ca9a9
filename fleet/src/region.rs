//! Regions, cells and positions on H3's grid: the bridge from degrees to the numbers that a record carries (§ 3.3).

use ergon_types::Cell;
use ergon_types::cell::Axial;
use h3o::{CellIndex, LatLng, Resolution};

/// A hexagon of resolution 2; its cells are its descendants of resolution 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(CellIndex);

impl Region {
    /// A region by its cell of resolution 2; none for a pentagon or another resolution.
    pub fn of(cell: CellIndex) -> Option<Self> {
        (cell.resolution() == Resolution::Two && !cell.is_pentagon()).then_some(Self(cell))
    }

    /// The region of the cell at a place; none below a pentagon. H3's cells do not nest exactly, so near a border
    /// this may be another hexagon than the one that contains the place.
    pub fn at(place: LatLng) -> Option<Self> {
        Self::of(place.to_cell(Resolution::Eight).parent(Resolution::Two)?)
    }

    /// The H3 index.
    pub fn index(self) -> u64 {
        self.0.into()
    }

    /// The cell at a place; none outside of the region.
    pub fn cell_at(self, place: LatLng) -> Option<Cell> {
        let index = place.to_cell(Resolution::Eight);
        (index.parent(Resolution::Two) == Some(self.0)).then(|| cell(index))
    }

    /// The position of a place relative to the region's centre, also outside of it as far as H3's grid unfolds.
    pub fn position(self, place: LatLng) -> Option<Axial> {
        self.position_of(place.to_cell(Resolution::Eight))
    }

    /// The position of an H3 cell of resolution 8 relative to the region's centre, by H3's own coordinates.
    pub fn position_of(self, index: CellIndex) -> Option<Axial> {
        let centre = self.0.center_child(Resolution::Eight)?;
        let origin = centre.to_local_ij(centre).ok()?.coord;
        let there = index.to_local_ij(centre).ok()?.coord;
        Some(Axial { a: there.i - origin.i, b: there.j - origin.j })
    }
}

/// The digits below resolution 2 of an H3 cell of resolution 8.
pub fn cell(index: CellIndex) -> Cell {
    let digit = |level| index.direction_at(level).map_or(0, u8::from);
    Cell::from_digits(
        [
            Resolution::Three,
            Resolution::Four,
            Resolution::Five,
            Resolution::Six,
            Resolution::Seven,
            Resolution::Eight,
        ]
        .map(digit),
    )
}
