// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Work units as they are sent and logged: eight bytes of each member, the highest first
/// @notice Calldata and logs are paid for by the byte; a word each would cost four times as much.
library Units {
    /// @notice Bytes of one member.
    uint256 internal constant SIZE = 8;

    /// @notice The members' units, and their sum: a cohort has too few members for one of 64-bit numbers to overflow.
    function unpack(bytes calldata packed) internal pure returns (uint64[] memory units, uint256 sum) {
        units = new uint64[](packed.length / SIZE);
        assembly ("memory-safe") {
            let from := packed.offset
            let end := add(add(units, 0x20), shl(5, mload(units)))
            for { let at := add(units, 0x20) } lt(at, end) { at := add(at, 0x20) } {
                let unit := shr(192, calldataload(from))
                mstore(at, unit)
                sum := add(sum, unit)
                from := add(from, 8)
            }
        }
    }
}
