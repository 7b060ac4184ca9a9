// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title The claim tree, written a second time and recursively, for the tests
library Tree {
    function leaf(uint8 kind, uint64 epoch, uint32 cohort, uint256 index, uint64 units)
        internal
        pure
        returns (bytes32)
    {
        bytes32 inner = keccak256(abi.encode(bytes32("ergon/1/claim"), kind, epoch, cohort, index, units));
        return keccak256(bytes.concat(inner));
    }

    function leaves(uint8 kind, uint64 epoch, uint32 cohort, uint64[] memory units)
        internal
        pure
        returns (bytes32[] memory all)
    {
        all = new bytes32[](units.length);
        for (uint256 i = 0; i < units.length; ++i) {
            all[i] = leaf(kind, epoch, cohort, i, units[i]);
        }
    }

    /// @notice The node over all[from], …, all[from + width − 1].
    function node(bytes32[] memory all, uint256 from, uint256 width) internal pure returns (bytes32) {
        if (width == 1) return all[from];
        bytes32 left = node(all, from, width / 2);
        return keccak256(abi.encodePacked(left, node(all, from + width / 2, width / 2)));
    }

    /// @notice The siblings of a leaf, from the leaf up.
    function proof(bytes32[] memory all, uint256 index) internal pure returns (bytes32[] memory siblings) {
        uint256 depth = 0;
        while (1 << depth < all.length) ++depth;
        siblings = new bytes32[](depth);
        for (uint256 i = 0; i < depth; ++i) {
            siblings[i] = node(all, ((index >> i) ^ 1) << i, 1 << i);
        }
    }
}
