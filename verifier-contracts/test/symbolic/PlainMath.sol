// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title What OpenZeppelin's `Math` does for products below 2^256, without the part for longer ones
/// @notice StakePool and Slashing multiply numbers of at most 129 bits; a longer product would revert here, and count as
/// no proof.
library Math {
    function mulDiv(uint256 x, uint256 y, uint256 denominator) internal pure returns (uint256) {
        return x * y / denominator;
    }

    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}
