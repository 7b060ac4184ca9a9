//! Where a cell lies relative to its region (§ 3.3): a sum over the bits of its digits, checked against H3's own coordinates.

/// A position on the hexagonal grid: `i − k` and `j − k` of H3's IJK⁺ coordinates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Axial {
    /// `i − k`.
    pub a: i32,
    /// `j − k`.
    pub b: i32,
}

impl Axial {
    /// The squared length in units of the spacing of neighbouring cells.
    pub fn squared_length(self) -> i64 {
        let (a, b) = (i64::from(self.a), i64::from(self.b));
        a * a + b * b - a * b
    }
}

impl std::ops::Sub for Axial {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            a: self.a - other.a,
            b: self.b - other.b,
        }
    }
}

/// For each of the six digits from the coarsest (resolution 3) to the finest (8): where its bits 2 (i) and 1 (j) move.
/// Bit 0 (k) moves by minus their sum.
///
/// Descending to an odd resolution maps (a, b) to (2a + b, 3b − a), to an even one to (3a − b, a + 2b); one after the
/// other they multiply by 7, so the steps repeat in pairs.
pub const STEPS: [[Axial; 2]; 6] = [
    [step(147, 49), step(-49, 98)],
    [step(49, 0), step(0, 49)],
    [step(21, 7), step(-7, 14)],
    [step(7, 0), step(0, 7)],
    [step(3, 1), step(-1, 2)],
    [step(1, 0), step(0, 1)],
];

const fn step(a: i32, b: i32) -> Axial {
    Axial { a, b }
}

/// The position of a cell relative to its region's centre; `digits` from the coarsest, each 0 to 6.
pub fn position(digits: [u8; 6]) -> Axial {
    let mut at = Axial::default();
    for (digit, [i, j]) in digits.into_iter().zip(STEPS) {
        let bit = |n: u8| i32::from(digit >> n & 1);
        let (along_i, along_j) = (bit(2) - bit(0), bit(1) - bit(0));
        at.a += along_i * i.a + along_j * j.a;
        at.b += along_i * i.b + along_j * j.b;
    }
    at
}
