// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Field} from "./Field.sol";

/// @title Groth16 on BN254 with three public inputs
/// @notice One artifact for every key: the verifying key is given to the constructor and kept as immutables
/// (`docs/specification.md` § 5.1). Checks e(A, B) = e(α, β)·e(IC₀ + Σ inputᵢ·ICᵢ₊₁, γ)·e(C, δ).
/// @dev Points are in the order of the precompiles (EIP-197): of an element of the quadratic extension the imaginary
/// part comes first. β, γ and δ are stored negated, so that a proof's points go to the precompile as they came; the
/// precompile itself refuses coordinates ≥ q, points off the curve and, in G2, off the subgroup.
contract Groth16Verifier {
    /// @dev EIP-1108 prices with room; a failed call consumes all of what it was given, so it is given no more.
    uint256 private constant ADD_GAS = 500;
    uint256 private constant MUL_GAS = 8_000;
    uint256 private constant PAIRING_GAS = 200_000;

    /// @notice keccak256 of the 22 words of the verifying key; names the key in routes.
    bytes32 public immutable keyHash;

    uint256 private immutable _alphaX;
    uint256 private immutable _alphaY;
    uint256 private immutable _betaXi;
    uint256 private immutable _betaXr;
    uint256 private immutable _minusBetaYi;
    uint256 private immutable _minusBetaYr;
    uint256 private immutable _gammaXi;
    uint256 private immutable _gammaXr;
    uint256 private immutable _minusGammaYi;
    uint256 private immutable _minusGammaYr;
    uint256 private immutable _deltaXi;
    uint256 private immutable _deltaXr;
    uint256 private immutable _minusDeltaYi;
    uint256 private immutable _minusDeltaYr;
    uint256 private immutable _ic0X;
    uint256 private immutable _ic0Y;
    uint256 private immutable _ic1X;
    uint256 private immutable _ic1Y;
    uint256 private immutable _ic2X;
    uint256 private immutable _ic2Y;
    uint256 private immutable _ic3X;
    uint256 private immutable _ic3Y;

    /// @notice Coordinates below the base field's order were expected in the verifying key.
    error KeyNotCanonical(uint256 position, uint256 word);
    /// @notice γ ≠ δ was expected: with a key that skipped its second phase anything can be proven.
    error GammaEqualsDelta();

    /// @param vk α, β, γ, δ, IC₀ … IC₃: 2 + 4 + 4 + 4 + 4·2 words
    constructor(uint256[22] memory vk) {
        for (uint256 i = 0; i < 22; ++i) {
            if (vk[i] >= Field.Q) revert KeyNotCanonical(i, vk[i]);
        }
        if (vk[6] == vk[10] && vk[7] == vk[11]) revert GammaEqualsDelta();
        keyHash = keccak256(abi.encodePacked(vk));
        _alphaX = vk[0];
        _alphaY = vk[1];
        _betaXi = vk[2];
        _betaXr = vk[3];
        _minusBetaYi = _minus(vk[4]);
        _minusBetaYr = _minus(vk[5]);
        _gammaXi = vk[6];
        _gammaXr = vk[7];
        _minusGammaYi = _minus(vk[8]);
        _minusGammaYr = _minus(vk[9]);
        _deltaXi = vk[10];
        _deltaXr = vk[11];
        _minusDeltaYi = _minus(vk[12]);
        _minusDeltaYr = _minus(vk[13]);
        _ic0X = vk[14];
        _ic0Y = vk[15];
        _ic1X = vk[16];
        _ic1Y = vk[17];
        _ic2X = vk[18];
        _ic2Y = vk[19];
        _ic3X = vk[20];
        _ic3Y = vk[21];
    }

    /// @notice Whether the proof holds for the inputs; a malformed proof or an input ≥ r is `false`, not a revert.
    /// @param proof A.x, A.y, B.x (imaginary, real), B.y (imaginary, real), C.x, C.y
    /// @param inputs c, z, y
    function verify(uint256[8] calldata proof, uint256[3] calldata inputs) external view returns (bool) {
        // x and x + r would otherwise be the same input.
        if (inputs[0] >= Field.R || inputs[1] >= Field.R || inputs[2] >= Field.R) return false;
        (bool ok, uint256 x, uint256 y) = _combine(inputs);
        if (!ok) return false;
        uint256[24] memory pairs;
        for (uint256 i = 0; i < 6; ++i) {
            pairs[i] = proof[i];
        }
        pairs[6] = _alphaX;
        pairs[7] = _alphaY;
        pairs[8] = _betaXi;
        pairs[9] = _betaXr;
        pairs[10] = _minusBetaYi;
        pairs[11] = _minusBetaYr;
        pairs[12] = x;
        pairs[13] = y;
        pairs[14] = _gammaXi;
        pairs[15] = _gammaXr;
        pairs[16] = _minusGammaYi;
        pairs[17] = _minusGammaYr;
        pairs[18] = proof[6];
        pairs[19] = proof[7];
        pairs[20] = _deltaXi;
        pairs[21] = _deltaXr;
        pairs[22] = _minusDeltaYi;
        pairs[23] = _minusDeltaYr;
        uint256 product;
        assembly ("memory-safe") {
            ok := staticcall(PAIRING_GAS, 8, pairs, 0x300, 0, 0x20)
            ok := and(ok, eq(returndatasize(), 0x20))
            product := mload(0)
        }
        return ok && product == 1;
    }

    /// @dev IC₀ + Σ inputᵢ·ICᵢ₊₁
    function _combine(uint256[3] calldata inputs) private view returns (bool ok, uint256 x, uint256 y) {
        (ok, x, y) = _addMultiple(true, _ic0X, _ic0Y, _ic1X, _ic1Y, inputs[0]);
        (ok, x, y) = _addMultiple(ok, x, y, _ic2X, _ic2Y, inputs[1]);
        (ok, x, y) = _addMultiple(ok, x, y, _ic3X, _ic3Y, inputs[2]);
    }

    /// @dev (x, y) + scalar·(px, py); `ok` stays false once it is.
    function _addMultiple(bool ok, uint256 x, uint256 y, uint256 px, uint256 py, uint256 scalar)
        private
        view
        returns (bool, uint256, uint256)
    {
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, px)
            mstore(add(buffer, 0x20), py)
            mstore(add(buffer, 0x40), scalar)
            ok := and(ok, staticcall(MUL_GAS, 7, buffer, 0x60, buffer, 0x40))
            ok := and(ok, eq(returndatasize(), 0x40))
            mstore(add(buffer, 0x40), x)
            mstore(add(buffer, 0x60), y)
            ok := and(ok, staticcall(ADD_GAS, 6, buffer, 0x80, buffer, 0x40))
            ok := and(ok, eq(returndatasize(), 0x40))
            x := mload(buffer)
            y := mload(add(buffer, 0x20))
        }
        return (ok, x, y);
    }

    function _minus(uint256 coordinate) private pure returns (uint256) {
        return coordinate == 0 ? 0 : Field.Q - coordinate;
    }
}
