// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title The two prime fields of BN254
/// @notice `docs/specification.md`: entries are elements of the scalar field.
library Field {
    /// @notice Order of the scalar field (`r`): proofs' inputs, words, coordinates of BabyJubJub.
    uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @notice Order of the base field (`q`): coordinates of the proofs' points.
    uint256 internal constant Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
}
