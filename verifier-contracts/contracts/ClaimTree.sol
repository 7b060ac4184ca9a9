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
        bytes32 inner = keccak256(abi.encode(Kinds.CLAIM_TAG, kind, epoch, cohort, index, units));
        return keccak256(bytes.concat(inner));
    }

    /// @notice The root over the units of all members; their number is a power of two.
    /// @dev In assembly because every settlement pays for two hashes a member and one a node; one buffer serves all
    /// leaves, of which only index and units differ, and nodes overwrite the level below them.
    function root(uint8 kind, uint64 epoch, uint32 cohort, uint64[] memory units) internal pure returns (bytes32 top) {
        bytes32[] memory nodes = new bytes32[](units.length);
        bytes memory words = abi.encode(Kinds.CLAIM_TAG, kind, epoch, cohort, uint256(0), uint256(0));
        assembly ("memory-safe") {
            let width := mload(units)
            for { let i := 0 } lt(i, width) { i := add(i, 1) } {
                let offset := add(0x20, shl(5, i))
                mstore(add(words, 0xa0), i)
                // What lies above the 64 bits is not part of the value.
                mstore(add(words, 0xc0), and(mload(add(units, offset)), 0xffffffffffffffff))
                mstore(0, keccak256(add(words, 0x20), 0xc0))
                mstore(add(nodes, offset), keccak256(0, 0x20))
            }
            nodes := add(nodes, 0x20)
            for {} gt(width, 1) { width := shr(1, width) } {
                for { let i := 0 } lt(i, width) { i := add(i, 2) } {
                    mstore(add(nodes, shl(4, i)), keccak256(add(nodes, shl(5, i)), 0x40))
                }
            }
            top := mload(nodes)
        }
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
}
