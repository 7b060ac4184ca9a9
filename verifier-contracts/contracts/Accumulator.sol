// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice What one share has earned since the beginning.
/// @param perShare tokens for each share, times 2^96
/// @param remainder tokens, times 2^96, that are not enough for another step of `perShare`, or came without shares
struct Accumulator {
    uint256 perShare;
    uint256 remainder;
}

/// @title Shares a stream of payments pro rata, whatever the number of holders
/// @notice A holder's part is `shares · (perShare now − perShare when last settled)`, rounded down, so the parts never
/// exceed what came in. The remainder is carried to the next payment instead of being lost. Amounts and shares are
/// below 2^128; up to 2^96 shares, a settlement loses less than one unit.
library Accumulators {
    uint256 private constant SCALE = 1 << 96;

    /// @notice Adds a payment for all shares; without any it waits for the next payment that finds some.
    function add(Accumulator storage accumulator, uint128 amount, uint256 shares) internal {
        uint256 scaled = uint256(amount) * SCALE + accumulator.remainder;
        if (shares == 0) {
            accumulator.remainder = scaled;
            return;
        }
        accumulator.perShare += scaled / shares;
        accumulator.remainder = scaled % shares;
    }

    /// @notice `perShare` as a payment would leave it.
    function after_(Accumulator storage accumulator, uint128 amount, uint256 shares) internal view returns (uint256) {
        return accumulator.perShare + (uint256(amount) * SCALE + accumulator.remainder) / shares;
    }

    /// @notice What shares earned between two states of `perShare`.
    function earned(uint256 perShare, uint256 settled, uint256 shares) internal pure returns (uint128) {
        // At most what came in meanwhile, since no holder has more shares than there are; so it fits.
        return uint128(shares * (perShare - settled) / SCALE);
    }
}
