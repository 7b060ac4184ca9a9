// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {BabyJubJub, KeyProof} from "../../contracts/BabyJubJub.sol";
import {Field} from "../../contracts/Field.sol";

/// @title Arithmetic on BabyJubJub for the tests' keys
library Curve {
    uint256 private constant R = Field.R;

    /// @notice circomlib's base point, of prime order.
    function base8() internal pure returns (uint256[2] memory) {
        return [
            uint256(5299619240641551281634865583518297030282874472190772894086521144482721001553),
            16950150798460657717958625567821834550301663161624707787222815936182638968203
        ];
    }

    /// @notice The sum of two points.
    function add(uint256[2] memory p, uint256[2] memory q) internal view returns (uint256[2] memory sum) {
        uint256 x1y2 = mulmod(p[0], q[1], R);
        uint256 y1x2 = mulmod(p[1], q[0], R);
        uint256 product = mulmod(BabyJubJub.D, mulmod(x1y2, y1x2, R), R);
        uint256 ax = mulmod(BabyJubJub.A, mulmod(p[0], q[0], R), R);
        uint256 top = addmod(mulmod(p[1], q[1], R), R - ax, R);
        sum[0] = mulmod(addmod(x1y2, y1x2, R), _inverse(addmod(1, product, R)), R);
        sum[1] = mulmod(top, _inverse(addmod(1, R - product, R)), R);
    }

    /// @notice The key 8·eighth with its proof.
    function proofOf(uint256[2] memory eighth) internal view returns (KeyProof memory proof) {
        proof.eighth = eighth;
        proof.quarter = add(eighth, eighth);
        proof.half = add(proof.quarter, proof.quarter);
        proof.key = add(proof.half, proof.half);
    }

    function _inverse(uint256 value) private view returns (uint256) {
        (bool ok, bytes memory answer) =
            address(5).staticcall(abi.encode(uint256(32), uint256(32), uint256(32), value, R - 2, R));
        require(ok, "modexp");
        return abi.decode(answer, (uint256));
    }
}
