//! Cells of a coverage region: seven H3 child digits, and where they lie (§ 3.3).

use serde::{Deserialize, Serialize};

/// Child digits below the region: resolutions 2 to 8.
pub const DIGITS: usize = 7;
/// Bits of a cell.
pub const CELL_BITS: usize = 3 * DIGITS;
/// Resolution of regions.
pub const REGION_RESOLUTION: u8 = 1;
/// Resolution of cells.
pub const CELL_RESOLUTION: u8 = 8;

/// Axial coordinates relative to the centre of the region, in cell spacings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axial {
    /// Along H3's i axis.
    pub a: i32,
    /// Along H3's j axis, 120° from i.
    pub b: i32,
}

impl Axial {
    /// Squared distance in cell spacings.
    pub fn squared_distance(&self, other: &Self) -> u64 {
        let (a, b) = (i64::from(self.a - other.a), i64::from(self.b - other.b));
        (a * a + b * b - a * b).unsigned_abs()
    }

    /// The registry's attribute of a covered device at this position (§ 5.3); `None` when out of range.
    pub fn attribute(&self) -> Option<u64> {
        let part = |value: i32| u16::try_from(value + (1 << 15)).ok().map(u64::from);
        Some(part(self.a)? | (part(self.b)? << 16))
    }

    /// The position in a registry attribute.
    pub fn from_attribute(attribute: u64) -> Self {
        let part = |shift: u32| ((attribute >> shift) & 0xffff) as i32 - (1 << 15);
        Self { a: part(0), b: part(16) }
    }
}

/// Seven child digits, three bits each, the coarsest in the highest bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cell(pub u32);

impl Cell {
    /// From the digits of resolutions 2 to 8.
    pub fn from_digits(digits: [u8; DIGITS]) -> Self {
        Self(digits.iter().fold(0, |cell, digit| (cell << 3) | u32::from(*digit & 7)))
    }

    /// The digits of resolutions 2 to 8.
    pub fn digits(&self) -> [u8; DIGITS] {
        core::array::from_fn(|i| ((self.0 >> (3 * (DIGITS - 1 - i))) & 7) as u8)
    }

    /// Whether some digit is 7, which names no cell.
    pub fn is_phantom(&self) -> bool {
        self.digits().contains(&7)
    }

    /// Position relative to the region's centre.
    pub fn axial(&self) -> Axial {
        let mut position = Axial { a: 0, b: 0 };
        for bit in 0..CELL_BITS {
            if (self.0 >> bit) & 1 == 1 {
                let (a, b) = axial_of_bit(bit);
                position.a += a;
                position.b += b;
            }
        }
        position
    }
}

/// What one bit of a cell adds to its axial position: a digit is its own IJK⁺ vector (4i + 2j + k),
/// carried down to the cells' resolution by the aperture-7 steps of the finer resolutions.
pub fn axial_of_bit(bit: usize) -> (i32, i32) {
    let from_finest = bit / 3;
    let mut point = match bit % 3 {
        0 => (-1, -1),
        1 => (0, 1),
        _ => (1, 0),
    };
    let resolution = CELL_RESOLUTION as usize - from_finest;
    for finer in resolution + 1..=CELL_RESOLUTION as usize {
        point = down(point, finer % 2 == 1);
    }
    point
}

/// One aperture-7 step to the next finer resolution; class III resolutions are the odd ones.
fn down((i, j): (i32, i32), class_three: bool) -> (i32, i32) {
    // Images of the unit vectors in IJK: i → (3,0,1), j → (1,3,0) for class III; i → (3,1,0), j → (0,3,1) for class II.
    if class_three { (2 * i + j, -i + 3 * j) } else { (3 * i - j, i + 2 * j) }
}
