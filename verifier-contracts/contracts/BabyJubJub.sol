// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Field} from "./Field.sol";

/// @notice A public key A with the proof that its order is prime: A = 8·A′ by three doublings.
/// @param eighth A′, any point of the curve
/// @param quarter 2·A′
/// @param half 4·A′
/// @param key A = 8·A′
struct KeyProof {
    uint256[2] eighth;
    uint256[2] quarter;
    uint256[2] half;
    uint256[2] key;
}

/// @title Keys on BabyJubJub in circomlib's form, a·x² + y² = 1 + d·x²·y²
/// @notice `docs/specification.md` § 2.3 and § 7.1. The curve's order is 8·L with L prime, so a point that is eight
/// times another has order L or is the identity. No scalar multiplication is needed to know it.
library BabyJubJub {
    uint256 internal constant A = 168700;
    uint256 internal constant D = 168696;

    /// @notice Coordinates below the field order were expected.
    error CoordinateNotCanonical(uint256 coordinate);
    /// @notice A point of the curve was expected as the eighth of the key.
    error NotOnCurve(uint256 x, uint256 y);
    /// @notice The double of the point before was expected.
    error NotDoubled(uint256 x, uint256 y);
    /// @notice A key of prime order was expected, not the identity.
    error IdentityKey();

    /// @notice Reverts unless the proof's key has prime order and canonical coordinates.
    function check(KeyProof calldata proof) internal pure {
        uint256 x = proof.eighth[0];
        uint256 y = proof.eighth[1];
        if (x >= Field.R) revert CoordinateNotCanonical(x);
        if (y >= Field.R) revert CoordinateNotCanonical(y);
        if (!isOnCurve(x, y)) revert NotOnCurve(x, y);
        // Doubling stays on the curve, so the equation need not be checked again.
        _requireDouble(proof.eighth, proof.quarter);
        _requireDouble(proof.quarter, proof.half);
        _requireDouble(proof.half, proof.key);
        if (proof.key[0] == 0 && proof.key[1] == 1) revert IdentityKey();
    }

    /// @notice Whether the curve's equation holds.
    function isOnCurve(uint256 x, uint256 y) internal pure returns (bool) {
        uint256 xx = mulmod(x, x, Field.R);
        uint256 yy = mulmod(y, y, Field.R);
        uint256 left = addmod(mulmod(A, xx, Field.R), yy, Field.R);
        return left == addmod(1, mulmod(D, mulmod(xx, yy, Field.R), Field.R), Field.R);
    }

    /// @dev x₂·(1 + d·x²y²) = 2xy and y₂·(1 − d·x²y²) = y² − a·x². d is not a square, so neither factor is zero for
    /// a point of the curve and the double is the only solution.
    function _requireDouble(uint256[2] calldata point, uint256[2] calldata double) private pure {
        uint256 r = Field.R;
        uint256 x2 = double[0];
        uint256 y2 = double[1];
        if (x2 >= r) revert CoordinateNotCanonical(x2);
        if (y2 >= r) revert CoordinateNotCanonical(y2);
        uint256 xy = mulmod(point[0], point[1], r);
        uint256 dxxyy = mulmod(D, mulmod(xy, xy, r), r);
        uint256 axx = mulmod(A, mulmod(point[0], point[0], r), r);
        bool xHolds = mulmod(x2, addmod(1, dxxyy, r), r) == addmod(xy, xy, r);
        // dxxyy and axx are below r, so the subtractions cannot underflow.
        bool yHolds = mulmod(y2, addmod(1, r - dxxyy, r), r) == addmod(mulmod(point[1], point[1], r), r - axx, r);
        if (!xHolds || !yHolds) revert NotDoubled(x2, y2);
    }
}
