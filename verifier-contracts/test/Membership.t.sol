// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DeviceRegistry} from "../contracts/DeviceRegistry.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Memberships} from "../contracts/Memberships.sol";
import {Member} from "../contracts/RegistryTypes.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title Which membership root holds in which epoch
contract MembershipTest is Fixture {
    function test_the_words_are_those_of_the_specification() public {
        uint32 cohort = newCohort(Kinds.COVERAGE, 4, 2);
        uint256[] memory words = registry.membershipWords(cohort);
        vm.assertEq(words.length, 4 + 5 * 4);
        vm.assertEq(words[0], block.chainid);
        vm.assertEq(words[1], uint160(address(registry)));
        vm.assertEq(words[2], cohort);
        vm.assertEq(words[3], REGION);
        for (uint32 i = 0; i < 4; ++i) {
            Member memory member = registry.memberOf(cohort, i);
            vm.assertEq(words[4 + 5 * i], member.keyX);
            vm.assertEq(words[5 + 5 * i], member.keyY);
            vm.assertEq(words[6 + 5 * i], member.device);
            vm.assertEq(words[7 + 5 * i], uint160(member.operator));
            vm.assertEq(words[8 + 5 * i], member.attribute);
            vm.assertTrue(i < 2 ? member.device != 0 : member.device == 0);
        }
    }

    function test_a_suspended_members_words_are_zero_until_it_is_resumed() public {
        uint32 cohort = newCohort(Kinds.ENERGY, 2, 2);
        uint256[] memory before = registry.membershipWords(cohort);
        registry.suspend(1);
        uint256[] memory words = registry.membershipWords(cohort);
        for (uint256 i = 4; i < 9; ++i) {
            vm.assertEq(words[i], 0);
        }
        for (uint256 i = 9; i < 14; ++i) {
            vm.assertEq(words[i], before[i]);
        }
        registry.resume(1);
        vm.assertEq(registry.membershipWords(cohort), before);
    }

    function test_suspending_twice_or_resuming_the_active_is_refused() public {
        newCohort(Kinds.UPTIME, 2, 1);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.WrongSuspension.selector, 1, false));
        registry.resume(1);
        registry.suspend(1);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.WrongSuspension.selector, 1, true));
        registry.suspend(1);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.UnknownDevice.selector, 9));
        registry.suspend(9);
    }

    function test_a_commit_holds_from_the_epoch_of_the_change_on() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 2, 1);
        uint256 root = registry.rootAt(cohort, 0);
        vm.assertTrue(root != 0);
        vm.assertEq(registry.rootAt(cohort, 99), root);
    }

    function test_a_change_without_a_commit_leaves_later_epochs_without_a_root() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 2, 1);
        uint256 root = registry.rootAt(cohort, 0);
        vm.warp(GENESIS + 5 * DAY); // epoch 5 has begun
        registry.enrol(cohort, operatorOf(cohort, 1), newKey(), 0);
        vm.assertEq(registry.rootAt(cohort, 5), root);
        vm.assertEq(registry.rootAt(cohort, 6), 0);
        vm.assertEq(registry.rootAt(cohort, 7), 0);
        vm.warp(GENESIS + 7 * DAY);
        commit(cohort);
        vm.assertEq(registry.rootAt(cohort, 5), root);
        vm.assertTrue(registry.rootAt(cohort, 6) != 0 && registry.rootAt(cohort, 6) != root);
        vm.assertEq(registry.rootAt(cohort, 7), registry.rootAt(cohort, 6));
    }

    function test_a_second_change_before_the_same_epoch_voids_the_commit() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 1);
        registry.enrol(cohort, operatorOf(cohort, 1), newKey(), 0);
        vm.assertEq(registry.rootAt(cohort, 0), 0);
        commit(cohort);
        vm.assertTrue(registry.rootAt(cohort, 0) != 0);
    }

    function test_every_change_voids_the_root() public {
        uint32 cohort = newCohort(Kinds.ENERGY, 4, 1);
        registry.suspend(1);
        vm.assertEq(registry.rootAt(cohort, 0), 0);
        commit(cohort);
        registry.resume(1);
        vm.assertEq(registry.rootAt(cohort, 0), 0);
        commit(cohort);
        registry.replaceMeter(1, 9);
        vm.assertEq(registry.rootAt(cohort, 0), 0);
        commit(cohort);
        vm.assertTrue(registry.rootAt(cohort, 0) != 0);
    }

    function test_a_change_that_was_never_committed_leaves_a_gap() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 1);
        vm.warp(GENESIS);
        registry.suspend(1); // from epoch 1
        vm.warp(GENESIS + DAY);
        registry.resume(1); // from epoch 2
        commit(cohort);
        vm.assertTrue(registry.rootAt(cohort, 0) != 0);
        vm.assertEq(registry.rootAt(cohort, 1), 0);
        vm.assertTrue(registry.rootAt(cohort, 2) != 0);
    }

    function test_nothing_is_committed_twice_or_for_an_empty_cohort() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 2, 1);
        (bytes32 route, uint256 c, uint256[8] memory proof) = provenMembership(cohort);
        vm.expectRevert(abi.encodeWithSelector(Memberships.NothingToCommit.selector, cohort));
        registry.commitMembership(cohort, route, c, proof);
        uint32 empty = newCohort(Kinds.UPTIME, 2, 0);
        (route, c, proof) = provenMembership(empty);
        vm.expectRevert(abi.encodeWithSelector(Memberships.NothingToCommit.selector, empty));
        registry.commitMembership(empty, route, c, proof);
    }

    function test_anyone_may_commit() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 2, 0);
        registry.enrol(cohort, operatorOf(cohort, 0), newKey(), 0);
        (bytes32 route, uint256 c, uint256[8] memory proof) = provenMembership(cohort);
        vm.prank(address(0x57));
        registry.commitMembership(cohort, route, c, proof);
        vm.assertEq(registry.rootAt(cohort, 0), c);
    }

    function test_a_proof_of_other_words_is_rejected() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 2, 1);
        registry.suspend(1);
        uint256[] memory words = registry.membershipWords(cohort);
        bytes32 route = ensureRoute(Kinds.MEMBERS_TAG, 2, words.length);
        for (uint256 i = 0; i < words.length; ++i) {
            words[i] += 1;
            (uint256 c, uint256[8] memory proof) = prove(Kinds.MEMBERS_TAG, route, words);
            vm.expectRevert(abi.encodeWithSelector(Memberships.MembershipRejected.selector, cohort, c));
            registry.commitMembership(cohort, route, c, proof);
            words[i] -= 1;
        }
    }

    function test_another_cohorts_proof_and_a_root_of_zero_are_rejected() public {
        uint32 first = newCohort(Kinds.UPTIME, 2, 1);
        uint32 second = newCohort(Kinds.UPTIME, 2, 1);
        registry.suspend(1);
        registry.suspend(2);
        (bytes32 route, uint256 c, uint256[8] memory proof) = provenMembership(first);
        vm.expectRevert(abi.encodeWithSelector(Memberships.MembershipRejected.selector, second, c));
        registry.commitMembership(second, route, c, proof);
        proof = proveAs(Kinds.MEMBERS_TAG, route, 0, registry.membershipWords(first));
        vm.expectRevert(abi.encodeWithSelector(Memberships.MembershipRejected.selector, first, 0));
        registry.commitMembership(first, route, 0, proof);
    }

    function test_a_proof_made_for_another_chain_is_rejected() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 2, 0);
        registry.enrol(cohort, operatorOf(cohort, 0), newKey(), 0);
        (bytes32 route, uint256 c, uint256[8] memory proof) = provenMembership(cohort);
        vm.chainId(block.chainid + 1);
        vm.expectRevert(abi.encodeWithSelector(Memberships.MembershipRejected.selector, cohort, c));
        registry.commitMembership(cohort, route, c, proof);
    }
}
