// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Which H3 indexes are regions of a coverage cohort
/// @notice `docs/specification.md` § 3.3: a hexagon (no pentagon) of resolution 1.
/// @dev An index is, from the highest bit: reserved(1) | mode(4) | reserved(3) | resolution(4) | base cell(7) | 15
/// digits of 3 bits, the coarsest first.
library H3Region {
    /// @notice An H3 index of a hexagonal cell of resolution 1 was expected.
    error NotRegion(uint64 region);

    /// @dev Mode 1 (cell), reserved bits 0, resolution 1.
    uint64 private constant HEADER = 0x081;
    /// @dev Digits 2 to 15 are unused at resolution 1: all 7.
    uint64 private constant UNUSED = (1 << 42) - 1;
    uint64 private constant BASE_CELLS = 122;
    /// @dev Bit b is set when base cell b is one of the twelve pentagons: 4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117.
    uint256 private constant PENTAGONS = (1 << 4) | (1 << 14) | (1 << 24) | (1 << 38) | (1 << 49) | (1 << 58)
        | (1 << 63) | (1 << 72) | (1 << 83) | (1 << 97) | (1 << 107) | (1 << 117);

    /// @notice Reverts unless the index is a hexagon of resolution 1.
    function check(uint64 region) internal pure {
        if (!isRegion(region)) revert NotRegion(region);
    }

    /// @notice Whether the index is a hexagon of resolution 1.
    function isRegion(uint64 region) internal pure returns (bool) {
        uint64 base = (region >> 45) & 0x7f;
        uint64 digit = (region >> 42) & 7;
        if (region >> 52 != HEADER || region & UNUSED != UNUSED) return false;
        if (base >= BASE_CELLS || digit == 7) return false;
        if ((PENTAGONS >> base) & 1 == 0) return true;
        // In a pentagon's base cell 0 is the pentagon and 1 is the direction that a pentagon lacks.
        return digit > 1;
    }
}
