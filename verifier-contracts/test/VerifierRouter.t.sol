// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Field} from "../contracts/Field.sol";
import {Route, VerifierRouter} from "../contracts/VerifierRouter.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title Words, route and c are bound to the proof; wrong questions are refused by name
contract VerifierRouterTest is Fixture {
    bytes32 private constant TAG = "ergon/1/batch/uptime";
    bytes32 private route;
    uint256[] private words;

    function setUp() public override {
        super.setUp();
        words = [uint256(5), 0, Field.R - 2, 9];
        route = router.addRoute(address(verifier), TAG, 8, 4, 0);
    }

    function test_the_route_is_the_hash_of_key_tag_members_and_length() public view {
        vm.assertEq(route, keccak256(abi.encode(verifier.keyHash(), TAG, uint32(8), uint32(4))));
        Route memory stored = router.routeOf(route);
        vm.assertEq(stored.verifier, address(verifier));
        vm.assertEq(stored.tag, TAG);
        vm.assertEq(stored.members, 8);
        vm.assertEq(stored.length, 4);
    }

    function test_a_proof_of_the_words_holds() public view {
        (uint256 c, uint256[8] memory proof) = prove(TAG, route, words);
        vm.assertTrue(router.verify(route, TAG, 8, c, words, proof));
    }

    function test_each_altered_word_is_rejected() public {
        (uint256 c, uint256[8] memory proof) = prove(TAG, route, words);
        for (uint256 i = 0; i < words.length; ++i) {
            uint256 kept = words[i];
            words[i] = kept ^ 1;
            vm.assertFalse(router.verify(route, TAG, 8, c, words, proof));
            words[i] = kept;
        }
    }

    function test_another_c_is_rejected() public view {
        (uint256 c, uint256[8] memory proof) = prove(TAG, route, words);
        vm.assertFalse(router.verify(route, TAG, 8, (c + 1) % Field.R, words, proof));
    }

    function test_a_proof_for_another_route_is_rejected() public {
        bytes32 other = router.addRoute(address(verifier), TAG, 16, 4, 0);
        (uint256 c, uint256[8] memory proof) = prove(TAG, route, words);
        vm.assertFalse(router.verify(other, TAG, 16, c, words, proof));
    }

    function test_a_word_or_c_plus_r_is_refused() public {
        (uint256 c, uint256[8] memory proof) = prove(TAG, route, words);
        for (uint256 i = 0; i < words.length; ++i) {
            words[i] += Field.R;
            vm.expectRevert(abi.encodeWithSelector(VerifierRouter.NotCanonical.selector, words[i]));
            router.verify(route, TAG, 8, c, words, proof);
            words[i] -= Field.R;
        }
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.NotCanonical.selector, c + Field.R));
        router.verify(route, TAG, 8, c + Field.R, words, proof);
    }

    function test_each_word_of_any_number_of_words_is_bound_and_below_r() public {
        // Words are taken four at a time, and what is left one by one.
        for (uint32 length = 1; length <= 9; ++length) {
            bytes32 route_ = length == 4 ? route : router.addRoute(address(verifier), TAG, 8, length, 0);
            uint256[] memory list = new uint256[](length);
            for (uint256 i = 0; i < length; ++i) {
                list[i] = 7 * i + length;
            }
            (uint256 c, uint256[8] memory proof) = prove(TAG, route_, list);
            vm.assertTrue(router.verify(route_, TAG, 8, c, list, proof));
            for (uint256 i = 0; i < length; ++i) {
                list[i] ^= 1;
                vm.assertFalse(router.verify(route_, TAG, 8, c, list, proof));
                list[i] = (list[i] ^ 1) + Field.R;
                vm.expectRevert(abi.encodeWithSelector(VerifierRouter.NotCanonical.selector, list[i]));
                router.verify(route_, TAG, 8, c, list, proof);
                list[i] -= Field.R;
            }
        }
    }

    function test_a_wrong_tag_size_or_length_is_refused() public {
        (uint256 c, uint256[8] memory proof) = prove(TAG, route, words);
        bytes32 energy = "ergon/1/batch/energy";
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.WrongTag.selector, TAG, energy));
        router.verify(route, energy, 8, c, words, proof);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.WrongMembers.selector, 8, 7));
        router.verify(route, TAG, 7, c, words, proof);
        words.push(0); // a word of zero would leave the polynomial unchanged
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.WrongLength.selector, 4, 5));
        router.verify(route, TAG, 8, c, words, proof);
    }

    function test_an_unknown_route_is_refused() public {
        (uint256 c, uint256[8] memory proof) = prove(TAG, route, words);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.UnknownRoute.selector, bytes32(uint256(1))));
        router.verify(bytes32(uint256(1)), TAG, 8, c, words, proof);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.UnknownRoute.selector, bytes32(uint256(1))));
        router.freeze(bytes32(uint256(1)));
    }

    function test_a_frozen_route_is_refused_and_the_guardian_can_only_freeze() public {
        address guardian = address(0x6A);
        router.setGuardian(guardian);
        (uint256 c, uint256[8] memory proof) = prove(TAG, route, words);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, guardian));
        router.addRoute(address(verifier), TAG, 4, 4, 0);
        vm.prank(guardian);
        router.freeze(route);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.RouteIsFrozen.selector, route));
        router.verify(route, TAG, 8, c, words, proof);
    }

    function test_a_stranger_neither_adds_nor_freezes() public {
        address stranger = address(0x57);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.NotGuardian.selector, stranger));
        router.freeze(route);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        router.addRoute(address(verifier), TAG, 4, 4, 0);
    }

    function test_a_route_is_added_once_and_not_revived_after_a_freeze() public {
        router.freeze(route);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.RouteExists.selector, route));
        router.addRoute(address(verifier), TAG, 8, 4, 0);
    }

    function test_an_empty_route_and_a_state_from_r_on_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.EmptyRoute.selector, 0, 4));
        router.addRoute(address(verifier), TAG, 0, 4, 0);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.NotCanonical.selector, Field.R));
        router.addRoute(address(verifier), TAG, 9, 4, Field.R);
    }

    function test_a_route_is_accepted_after_the_delay_and_not_before() public {
        router.raiseDelay(2 days);
        bytes32 later = router.addRoute(address(verifier), TAG, 4, 4, 0);
        uint40 active = router.activeFrom(later);
        vm.assertEq(active, block.timestamp + 2 days);
        (uint256 c, uint256[8] memory proof) = prove(TAG, later, words);
        vm.warp(active - 1);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.RouteNotActive.selector, later, active));
        router.verify(later, TAG, 4, c, words, proof);
        vm.warp(active);
        vm.assertTrue(router.verify(later, TAG, 4, c, words, proof));
    }

    function test_the_guardian_freezes_a_route_before_it_is_accepted() public {
        address guardian = address(0x6A);
        router.setGuardian(guardian);
        router.raiseDelay(2 days);
        bytes32 later = router.addRoute(address(verifier), TAG, 4, 4, 0);
        vm.prank(guardian);
        router.freeze(later);
        (uint256 c, uint256[8] memory proof) = prove(TAG, later, words);
        vm.warp(router.activeFrom(later));
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.RouteIsFrozen.selector, later));
        router.verify(later, TAG, 4, c, words, proof);
    }

    function test_the_delay_is_only_raised_by_the_owner_and_not_without_end() public {
        address stranger = address(0x57);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        router.raiseDelay(1);
        router.raiseDelay(2 days);
        uint40[3] memory refused = [uint40(2 days), 0, 30 days + 1];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(VerifierRouter.DelayNotRaised.selector, 2 days, 30 days, refused[i]));
            router.raiseDelay(refused[i]);
        }
        vm.assertEq(router.delay(), 2 days);
    }
}
