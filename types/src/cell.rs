//! Cells of a coverage region: where they lie on H3's grid, and how a witness writes them down (§ 3.3).

use serde::{Deserialize, Serialize};

/// Resolution of regions.
pub const REGION_RESOLUTION: u8 = 1;
/// Resolution of cells.
pub const CELL_RESOLUTION: u8 = 8;
/// Bits of one coordinate of an offset.
pub const COORDINATE_BITS: usize = 10;
/// Bits of an offset.
pub const OFFSET_BITS: usize = 2 * COORDINATE_BITS;
/// Bits of a squared distance from the member.
pub const REACH_BITS: usize = 20;
/// What makes a coordinate of an offset non-negative: offsets lie in −512…511.
pub const HALF: i32 = 1 << (COORDINATE_BITS - 1);

/// Axial coordinates relative to the centre of the region, in cell spacings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Axial {
    /// Along H3's i axis.
    pub a: i32,
    /// Along H3's j axis, 120° from i.
    pub b: i32,
}

impl Axial {
    /// The registry's attribute of a covered device at this position (§ 5.3); `None` when out of range.
    pub fn attribute(&self) -> Option<u64> {
        let part = |value: i32| u16::try_from(value.checked_add(1 << 15)?).ok().map(u64::from);
        Some(part(self.a)? | (part(self.b)? << 16))
    }

    /// The position in a registry attribute.
    pub fn from_attribute(attribute: u64) -> Self {
        let part = |shift: u32| ((attribute >> shift) & 0xffff) as i32 - (1 << 15);
        Self { a: part(0), b: part(16) }
    }
}

/// A cell as seen from the member that served it: axial coordinates from −512 to 511, 20 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Axial", into = "Axial")]
pub struct Offset {
    a: i16,
    b: i16,
}

impl Offset {
    /// The member's own cell.
    pub const HERE: Self = Self { a: 0, b: 0 };

    /// From coordinates relative to the member; `None` when one is not in −512…511.
    pub fn new(a: i32, b: i32) -> Option<Self> {
        let part = |value: i32| (-HALF..HALF).contains(&value).then_some(value as i16);
        Some(Self { a: part(a)?, b: part(b)? })
    }

    /// The offset of a cell from a member's position, both in their region's coordinates.
    pub fn between(member: Axial, cell: Axial) -> Option<Self> {
        Self::new(cell.a.checked_sub(member.a)?, cell.b.checked_sub(member.b)?)
    }

    /// The coordinates.
    pub fn axial(&self) -> Axial {
        Axial { a: i32::from(self.a), b: i32::from(self.b) }
    }

    /// `b + 512 | (a + 512) << 10`.
    pub fn code(&self) -> u32 {
        let Axial { a, b } = self.axial();
        (((a + HALF) << COORDINATE_BITS) | (b + HALF)) as u32
    }

    /// The offset with a code; the bits above the lowest 20 are ignored.
    pub fn from_code(code: u32) -> Self {
        let part = |shift: usize| {
            let mask = (1u32 << COORDINATE_BITS) - 1;
            (((code >> shift) & mask) as i32 - HALF) as i16
        };
        Self { a: part(COORDINATE_BITS), b: part(0) }
    }

    /// Squared distance from the member in cell spacings, below 2^20.
    pub fn squared_distance(&self) -> u64 {
        let (a, b) = (i64::from(self.a), i64::from(self.b));
        (a * a + b * b - a * b).unsigned_abs()
    }
}

/// An offset further away than a record can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("offset ({}, {}) is out of range; expected −512 to 511 cells along each axis", .0.a, .0.b)]
pub struct TooFar(pub Axial);

impl TryFrom<Axial> for Offset {
    type Error = TooFar;

    fn try_from(axial: Axial) -> Result<Self, TooFar> {
        Self::new(axial.a, axial.b).ok_or(TooFar(axial))
    }
}

impl From<Offset> for Axial {
    fn from(offset: Offset) -> Self {
        offset.axial()
    }
}
