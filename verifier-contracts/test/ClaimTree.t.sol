// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ClaimTree} from "../contracts/ClaimTree.sol";
import {Test} from "./support/Vm.sol";
import {Tree} from "./support/Tree.sol";

/// @title Leaves are positional, depth is exact, nodes are no leaves
contract ClaimTreeTest is Test {
    function root(uint8 kind, uint64 epoch, uint32 cohort, uint64[] memory units) external pure returns (bytes32) {
        return ClaimTree.root(kind, epoch, cohort, units);
    }

    function climb(bytes32 node, uint256 index, uint32 size, bytes32[] calldata proof) external pure returns (bytes32) {
        return ClaimTree.climb(node, index, size, proof);
    }

    function testFuzz_the_root_is_that_of_the_plain_recursive_tree(uint8 depth, uint64 seed) public view {
        uint64[] memory units = _units(depth, seed);
        bytes32[] memory all = Tree.leaves(3, seed, 7, units);
        vm.assertEq(this.root(3, seed, 7, units), Tree.node(all, 0, all.length));
        for (uint256 i = 0; i < units.length; ++i) {
            vm.assertEq(ClaimTree.leaf(3, seed, 7, i, units[i]), all[i]);
        }
    }

    function testFuzz_every_leaf_leads_to_the_root_from_its_own_place_only(uint8 depth, uint64 seed) public view {
        uint64[] memory units = _units(depth, seed);
        bytes32[] memory all = Tree.leaves(1, 2, 3, units);
        bytes32 top = Tree.node(all, 0, all.length);
        uint32 size = uint32(all.length);
        for (uint256 i = 0; i < size; ++i) {
            bytes32[] memory proof = Tree.proof(all, i);
            vm.assertEq(this.climb(all[i], i, size, proof), top);
            if (size > 1) vm.assertTrue(this.climb(all[i], (i + 1) % size, size, proof) != top);
        }
    }

    function test_a_proof_of_another_length_is_refused() public {
        for (uint32 size = 1; size <= 16; size *= 2) {
            bytes32[] memory longer = new bytes32[](5);
            vm.expectPartialRevert(ClaimTree.WrongProofLength.selector);
            this.climb(bytes32(0), 0, size, longer);
        }
        vm.expectRevert(abi.encodeWithSelector(ClaimTree.WrongProofLength.selector, 3, 0));
        this.climb(bytes32(0), 0, 8, new bytes32[](0));
    }

    function testFuzz_an_inner_node_does_not_pass_for_a_leaf(uint64 seed, uint8 level) public {
        bytes32[] memory all = Tree.leaves(1, 2, 3, _units(3, seed));
        uint256 skipped = 1 + level % 3;
        bytes32 inner = Tree.node(all, 0, 1 << skipped);
        // Its honest path is shorter than the tree is deep …
        bytes32[] memory full = Tree.proof(all, 0);
        bytes32[] memory short = new bytes32[](3 - skipped);
        for (uint256 i = 0; i < short.length; ++i) {
            short[i] = full[i + skipped];
        }
        vm.expectRevert(abi.encodeWithSelector(ClaimTree.WrongProofLength.selector, 3, short.length));
        this.climb(inner, 0, 8, short);
        // … and no units hash to it.
        vm.assertTrue(Tree.leaf(1, 2, 3, 0, seed) != inner);
    }

    function testFuzz_each_field_changes_the_leaf(uint8 kind, uint64 epoch, uint32 cohort, uint32 index, uint64 units)
        public
        pure
    {
        bytes32 leaf = ClaimTree.leaf(kind, epoch, cohort, index, units);
        vm.assertTrue(leaf != ClaimTree.leaf(kind ^ 1, epoch, cohort, index, units));
        vm.assertTrue(leaf != ClaimTree.leaf(kind, epoch ^ 1, cohort, index, units));
        vm.assertTrue(leaf != ClaimTree.leaf(kind, epoch, cohort ^ 1, index, units));
        vm.assertTrue(leaf != ClaimTree.leaf(kind, epoch, cohort, index ^ 1, units));
        vm.assertTrue(leaf != ClaimTree.leaf(kind, epoch, cohort, index, units ^ 1));
    }

    function _units(uint8 depth, uint64 seed) private pure returns (uint64[] memory units) {
        units = new uint64[](1 << (depth % 6));
        for (uint256 i = 0; i < units.length; ++i) {
            units[i] = uint64(uint256(keccak256(abi.encode(seed, i))));
        }
    }
}
