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
    /// @dev For each pair beyond the four of one proof.
    uint256 private constant PAIR_GAS = 36_000;
    /// @dev x of the generator of G2 (EIP-197).
    uint256 private constant GENERATOR_XI =
        11559732032986387107991004021392285783925812861821192530917403151452391805634;
    uint256 private constant GENERATOR_XR =
        10857046999023057135944570762232829481370756359578518086990519993285655852781;

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
    /// @notice δ other than the generator of G2 was expected: it is what a second phase begins with.
    error DeltaIsGenerator();
    /// @notice A point other than that at infinity was expected at the position.
    error KeyPointMissing(uint256 position);
    /// @notice Different x of the points at both positions were expected: else one input can make up for the other.
    error InputsLinked(uint256 position, uint256 other);

    /// @param vk α, β, γ, δ, IC₀ … IC₃: 2 + 4 + 4 + 4 + 4·2 words
    constructor(uint256[22] memory vk) {
        _requireSound(vk);
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
    /// @dev Everything is put where the pairing reads it: 24 words from the free memory on, A and B first, then
    /// (α, −β), (IC, γ), (C, δ) of which −γ and −δ are kept. While IC is summed up, the words after it are scratch.
    /// @param proof A.x, A.y, B.x (imaginary, real), B.y (imaginary, real), C.x, C.y
    /// @param inputs c, z, y
    function verify(uint256[8] calldata proof, uint256[3] calldata inputs) external view returns (bool) {
        uint256 pairs;
        bool holds;
        assembly ("memory-safe") {
            pairs := mload(0x40)
            calldatacopy(pairs, proof, 0xc0)
        }
        // A place in memory does not overflow.
        unchecked {
            _put(pairs + 0xc0, _alphaX, _alphaY, _betaXi, _betaXr);
            _put(pairs + 0x140, _minusBetaYi, _minusBetaYr, _ic0X, _ic0Y);
            holds = _addMultiple(pairs + 0x180, _ic1X, _ic1Y, inputs[0]);
            holds = holds && _addMultiple(pairs + 0x180, _ic2X, _ic2Y, inputs[1]);
            holds = holds && _addMultiple(pairs + 0x180, _ic3X, _ic3Y, inputs[2]);
            // A proof that cannot hold is not charged for its pairing.
            if (!holds) return false;
            _put(pairs + 0x1c0, _gammaXi, _gammaXr, _minusGammaYi, _minusGammaYr);
            _put(pairs + 0x280, _deltaXi, _deltaXr, _minusDeltaYi, _minusDeltaYr);
        }
        assembly ("memory-safe") {
            calldatacopy(add(pairs, 0x240), add(proof, 0xc0), 0x40)
            // A call to an address without code succeeds and answers nothing, so the answer's length counts too.
            holds := staticcall(PAIRING_GAS, 8, pairs, 0x300, 0, 0x20)
            holds := and(and(holds, eq(returndatasize(), 0x20)), eq(mload(0), 1))
        }
        return holds;
    }

    /// @notice Whether all proofs hold, by one equation: theirs, each raised to another power of a challenge, multiplied.
    /// If one does not hold, the product does for less than `proofs.length` of r challenges, and the challenge is the
    /// hash of everything given. As in `verify` what is malformed is `false`; so are no proofs, and inputs of more or
    /// fewer.
    /// @dev First the pairs (ρⁱ·Aᵢ, Bᵢ), then (Σρⁱ·α, −β), (Σρⁱ·ICᵢ, −γ), (Σρⁱ·Cᵢ, −δ). While a point is summed up, the
    /// words after it are scratch.
    /// @param inputs of each proof c, z, y
    function verifyAll(uint256[8][] calldata proofs, uint256[3][] calldata inputs) external view returns (bool holds) {
        uint256 count = proofs.length;
        if (count == 0 || count != inputs.length) return false;
        uint256[4] memory sums;
        uint256 pairs;
        uint256 challenge;
        assembly ("memory-safe") {
            pairs := mload(0x40)
            calldatacopy(pairs, proofs.offset, shl(8, count))
            calldatacopy(add(pairs, shl(8, count)), inputs.offset, mul(count, 0x60))
            challenge := keccak256(pairs, mul(count, 0x160))
        }
        challenge %= Field.R;
        unchecked {
            uint256 keys = pairs + count * 0xc0;
            _put(keys + 0x180, 0, 0, 0, 0);
            uint256 power = 1;
            for (uint256 i = 0; i < count; ++i) {
                holds = _weigh(pairs + i * 0xc0, keys + 0x180, proofs[i], power) && _sum(sums, inputs[i], power);
                if (!holds) return false;
                power = mulmod(power, challenge, Field.R);
            }
            if (!_putKey(keys, sums)) return false;
            uint256 size = keys + 0x240 - pairs;
            uint256 allowed = PAIRING_GAS + count * PAIR_GAS;
            assembly ("memory-safe") {
                holds := staticcall(allowed, 8, pairs, size, 0, 0x20)
                holds := and(and(holds, eq(returndatasize(), 0x20)), eq(mload(0), 1))
            }
        }
    }

    /// @dev Puts the pair (power·A, B) and adds power·C to the point at `sum`.
    function _weigh(uint256 pair, uint256 sum, uint256[8] calldata proof, uint256 power)
        private
        view
        returns (bool ok)
    {
        _put(pair, 0, 0, 0, 0);
        ok = _addMultiple(pair, proof[0], proof[1], power) && _addMultiple(sum, proof[6], proof[7], power);
        assembly ("memory-safe") {
            calldatacopy(add(pair, 0x40), add(proof, 0x40), 0x80)
        }
    }

    /// @dev Adds power and power·inputs to the sums. False where an input is not below r.
    function _sum(uint256[4] memory sums, uint256[3] calldata inputs, uint256 power) private pure returns (bool) {
        sums[0] = addmod(sums[0], power, Field.R);
        for (uint256 i = 0; i < 3; ++i) {
            if (inputs[i] >= Field.R) return false;
            sums[i + 1] = addmod(sums[i + 1], mulmod(power, inputs[i], Field.R), Field.R);
        }
        return true;
    }

    /// @dev Puts the key's pairs, the last of which has its point already.
    function _putKey(uint256 pair, uint256[4] memory sums) private view returns (bool holds) {
        unchecked {
            _put(pair, 0, 0, 0, 0);
            holds = _addMultiple(pair, _alphaX, _alphaY, sums[0]);
            _put(pair + 0x40, _betaXi, _betaXr, _minusBetaYi, _minusBetaYr);
            uint256 ic = pair + 0xc0;
            _put(ic, 0, 0, 0, 0);
            holds = holds && _addMultiple(ic, _ic0X, _ic0Y, sums[0]);
            holds = holds && _addMultiple(ic, _ic1X, _ic1Y, sums[1]);
            holds = holds && _addMultiple(ic, _ic2X, _ic2Y, sums[2]);
            holds = holds && _addMultiple(ic, _ic3X, _ic3Y, sums[3]);
            _put(ic + 0x40, _gammaXi, _gammaXr, _minusGammaYi, _minusGammaYr);
            _put(pair + 0x1c0, _deltaXi, _deltaXr, _minusDeltaYi, _minusDeltaYr);
        }
    }

    /// @dev Adds scalar·(px, py) to the point at `point`, using the four words after it. False where a scalar ≥ r is one
    /// (x and x + r would be the same input), or a precompile fails.
    function _addMultiple(uint256 point, uint256 px, uint256 py, uint256 scalar) private view returns (bool ok) {
        uint256 r = Field.R;
        assembly ("memory-safe") {
            let product := add(point, 0x40)
            mstore(product, px)
            mstore(add(product, 0x20), py)
            mstore(add(product, 0x40), scalar)
            ok := staticcall(MUL_GAS, 7, product, 0x60, product, 0x40)
            ok := and(ok, eq(returndatasize(), 0x40))
            ok := and(ok, staticcall(ADD_GAS, 6, point, 0x80, point, 0x40))
            ok := and(and(ok, eq(returndatasize(), 0x40)), lt(scalar, r))
        }
    }

    function _put(uint256 place, uint256 a, uint256 b, uint256 c, uint256 d) private pure {
        assembly ("memory-safe") {
            mstore(place, a)
            mstore(add(place, 0x20), b)
            mstore(add(place, 0x40), c)
            mstore(add(place, 0x60), d)
        }
    }

    /// @dev What a careless or malicious setup leaves behind and nobody sees in a deployed key: an input that is bound
    /// to nothing, two inputs bound to the same, a second phase without a contribution.
    function _requireSound(uint256[22] memory vk) private pure {
        for (uint256 i = 0; i < 22; ++i) {
            if (vk[i] >= Field.Q) revert KeyNotCanonical(i, vk[i]);
        }
        if (vk[6] == vk[10] && vk[7] == vk[11]) revert GammaEqualsDelta();
        if (vk[10] == GENERATOR_XI && vk[11] == GENERATOR_XR) revert DeltaIsGenerator();
        for (uint256 i = 2; i < 14; i += 4) {
            if (vk[i] | vk[i + 1] | vk[i + 2] | vk[i + 3] == 0) revert KeyPointMissing(i);
        }
        for (uint256 i = 16; i < 22; i += 2) {
            if (vk[i] | vk[i + 1] == 0) revert KeyPointMissing(i);
            for (uint256 j = 16; j < i; j += 2) {
                // The same x: the same point or its negative.
                if (vk[i] == vk[j]) revert InputsLinked(j, i);
            }
        }
    }

    function _minus(uint256 coordinate) private pure returns (uint256) {
        return coordinate == 0 ? 0 : Field.Q - coordinate;
    }
}
