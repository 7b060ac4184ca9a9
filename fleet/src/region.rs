//! Regions, cells and positions on H3's grid: the bridge between degrees and the numbers that a record carries (§ 3.3).

use h3o::{CellIndex, LatLng, Resolution};

use crate::axial::Axial;

/// A hexagon of resolution 2; its cells are its descendants of resolution 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(CellIndex);

impl Region {
    /// The region that contains a place, or none where H3 has a pentagon there.
    pub fn containing(place: LatLng) -> Option<Self> {
        Self::of(place.to_cell(Resolution::Two))
    }

    /// A region by its cell of resolution 2; none for a pentagon or another resolution.
    pub fn of(cell: CellIndex) -> Option<Self> {
        (cell.resolution() == Resolution::Two && !cell.is_pentagon()).then_some(Self(cell))
    }

    /// The H3 index.
    pub fn index(self) -> u64 {
        self.0.into()
    }

    /// The cell of resolution 8 at the region's centre, from which positions are counted.
    pub fn centre(self) -> Option<CellIndex> {
        self.0.center_child(Resolution::Eight)
    }

    /// The six child digits of the cell at a place, packed as § 3.3 says; none outside of the region.
    pub fn cell_at(self, place: LatLng) -> Option<u32> {
        let cell = place.to_cell(Resolution::Eight);
        (cell.parent(Resolution::Two) == Some(self.0)).then(|| digits(cell))
    }

    /// The position of a place relative to the region's centre, also outside of the region as far as H3's grid unfolds.
    pub fn position(self, place: LatLng) -> Option<Axial> {
        self.position_of(place.to_cell(Resolution::Eight))
    }

    /// The position of a cell of resolution 8 relative to the region's centre.
    pub fn position_of(self, cell: CellIndex) -> Option<Axial> {
        let centre = self.centre()?;
        let origin = centre.to_local_ij(centre).ok()?;
        let there = cell.to_local_ij(centre).ok()?;
        Some(Axial {
            a: there.coord.i - origin.coord.i,
            b: there.coord.j - origin.coord.j,
        })
    }
}

/// The six child digits below resolution 2 of a cell of resolution 8, the coarsest in the highest bits.
pub fn digits(cell: CellIndex) -> u32 {
    (3..=8)
        .filter_map(|level| Resolution::try_from(level).ok())
        .filter_map(|level| cell.direction_at(level))
        .fold(0, |packed, digit| packed << 3 | u32::from(u8::from(digit)))
}
