// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ClaimTree} from "../../contracts/ClaimTree.sol";

/// @title What halmos proves of claim trees, if no two inputs of one length have the same Keccak hash
contract ClaimProofs {
    /// @dev Whatever the units of all members: from no place do other units, with any path, lead to the root.
    function check_no_other_units_lead_to_the_root_of_4(
        uint8 kind,
        uint64 epoch,
        uint32 cohort,
        uint64[4] calldata all,
        uint64 units,
        bytes32[2] calldata path
    ) external view {
        uint64[] memory list = new uint64[](4);
        for (uint256 i = 0; i < 4; ++i) {
            list[i] = all[i];
        }
        bytes32[] memory proof = new bytes32[](2);
        (proof[0], proof[1]) = (path[0], path[1]);
        bytes32 root = ClaimTree.root(kind, epoch, cohort, list);
        for (uint256 i = 0; i < 4; ++i) {
            bytes32 leaf = ClaimTree.leaf(kind, epoch, cohort, i, units);
            assert(this.climb(leaf, i, 4, proof) != root || units == all[i]);
        }
    }

    /// @dev No two different claims have one leaf.
    function check_a_leaf_stands_for_one_claim(
        uint8[2] calldata kind,
        uint64[2] calldata epoch,
        uint32[2] calldata cohort,
        uint256[2] calldata index,
        uint64[2] calldata units
    ) external pure {
        bytes32 one = ClaimTree.leaf(kind[0], epoch[0], cohort[0], index[0], units[0]);
        bytes32 other = ClaimTree.leaf(kind[1], epoch[1], cohort[1], index[1], units[1]);
        bool same = kind[0] == kind[1] && epoch[0] == epoch[1] && cohort[0] == cohort[1] && index[0] == index[1]
            && units[0] == units[1];
        assert((one == other) == same);
    }

    function climb(bytes32 node, uint256 index, uint32 size, bytes32[] calldata proof) external pure returns (bytes32) {
        return ClaimTree.climb(node, index, size, proof);
    }
}
