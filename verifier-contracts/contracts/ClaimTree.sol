// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {Kinds} from "./Kinds.sol";

/// @title The Merkle tree of a settled batch's claims
/// @notice `docs/specification.md` § 7.3: a full binary tree over one positional leaf for each member. A leaf is
/// hashed twice and an inner node once, so that neither passes for the other; a proof's length is the tree's depth.
library ClaimTree {
    /// @notice A proof as long as the tree is deep was expected.
    error WrongProofLength(uint256 expected, uint256 actual);

    /// @notice The leaf of one member.
    function leaf(uint8 kind, uint64 epoch, uint32 cohort, uint256 index, uint64 units)
        internal
        pure
        returns (bytes32)
    {
        return _twice(abi.encode(Kinds.CLAIM_TAG, kind, epoch, cohort, index, units));
    }

    /// @notice The root over the units of all members; their number is a power of two.
    function root(uint8 kind, uint64 epoch, uint32 cohort, uint64[] calldata units) internal pure returns (bytes32) {
        uint256 width = units.length;
        bytes32[] memory nodes = new bytes32[](width);
        bytes memory words = abi.encode(Kinds.CLAIM_TAG, kind, epoch, cohort, uint256(0), uint256(0));
        for (uint256 i = 0; i < width; ++i) {
            uint256 value = units[i];
            // One buffer for all leaves: only index and units differ between them.
            assembly ("memory-safe") {
                mstore(add(words, 0xa0), i)
                mstore(add(words, 0xc0), value)
            }
            nodes[i] = _twice(words);
        }
        for (; width > 1; width >>= 1) {
            for (uint256 i = 0; i < width; i += 2) {
                nodes[i >> 1] = Hashes.efficientKeccak256(nodes[i], nodes[i + 1]);
            }
        }
        return nodes[0];
    }

    /// @notice The root that the proof leads to from a leaf at a position.
    function climb(bytes32 node, uint256 index, uint32 size, bytes32[] calldata proof) internal pure returns (bytes32) {
        uint256 depth = 0;
        while (uint256(1) << depth < size) ++depth;
        if (proof.length != depth) revert WrongProofLength(depth, proof.length);
        for (uint256 i = 0; i < depth; ++i) {
            node = (index >> i) & 1 == 0
                ? Hashes.efficientKeccak256(node, proof[i])
                : Hashes.efficientKeccak256(proof[i], node);
        }
        return node;
    }

    function _twice(bytes memory words) private pure returns (bytes32 value) {
        value = keccak256(words);
        assembly ("memory-safe") {
            mstore(0, value)
            value := keccak256(0, 0x20)
        }
    }
}
