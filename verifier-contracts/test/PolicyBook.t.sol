// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {EpochSettlement} from "../contracts/EpochSettlement.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {PolicyBook} from "../contracts/PolicyBook.sol";
import {Batch} from "../contracts/SettlementTypes.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title Policies are bounded, and an epoch that has begun keeps the rules it began with
contract PolicyBookTest is Fixture {
    function test_a_policy_takes_effect_with_the_next_epoch() public {
        vm.warp(GENESIS + 2 * DAY); // epoch 2 has begun
        uint256[] memory words = policyOf(Kinds.ENERGY);
        words[1] = 110;
        settlement.setPolicy(Kinds.ENERGY, words);
        vm.assertEq(settlement.policyAt(Kinds.ENERGY, 0), policyOf(Kinds.ENERGY));
        vm.assertEq(settlement.policyAt(Kinds.ENERGY, 2), policyOf(Kinds.ENERGY));
        vm.assertEq(settlement.policyAt(Kinds.ENERGY, 3), words);
        words[1] = 120;
        settlement.setPolicy(Kinds.ENERGY, words); // again before epoch 3: replaces
        vm.assertEq(settlement.policyAt(Kinds.ENERGY, 3), words);
        vm.assertEq(settlement.policyAt(Kinds.ENERGY, 99), words);
    }

    function test_an_epoch_before_the_first_policy_cannot_settle() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 2, 2);
        EpochSettlement fresh = new EpochSettlement(address(this), registry, router, WINDOW);
        vm.assertEq(fresh.policyAt(Kinds.UPTIME, 0).length, 0);
        vm.warp(endOf(0));
        fresh.setPolicy(Kinds.UPTIME, policyOf(Kinds.UPTIME)); // from epoch 2 on
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 2));
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.NoPolicy.selector, Kinds.UPTIME, 0));
        fresh.settle(batch, none());
    }

    function test_the_number_of_words_is_fixed_by_the_kind() public {
        uint256[4] memory lengths = [uint256(0), 1, 3, 6];
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            uint256[] memory longer = new uint256[](lengths[kind] + 1);
            vm.expectRevert(
                abi.encodeWithSelector(PolicyBook.WrongPolicyLength.selector, kind, lengths[kind], lengths[kind] + 1)
            );
            settlement.setPolicy(kind, longer);
        }
        vm.expectRevert(abi.encodeWithSelector(Kinds.NotPaidKind.selector, 0));
        settlement.setPolicy(Kinds.WITNESS, new uint256[](1));
        vm.expectRevert(abi.encodeWithSelector(Kinds.NotPaidKind.selector, 4));
        settlement.setPolicy(4, new uint256[](1));
    }

    function test_tiers_reach_the_whole_and_no_more() public {
        uint256[] memory words = new uint256[](1);
        uint256 quarter = 2_500 << 16;
        words[0] = quarter | (quarter << 32) | (quarter << 64) | (quarter << 96);
        settlement.setPolicy(Kinds.UPTIME, words);
        words[0] += 1 << 16;
        _assertOutOfBounds(Kinds.UPTIME, 0, words);
        words[0] = 1 << 128;
        _assertOutOfBounds(Kinds.UPTIME, 0, words);
    }

    function test_minimums_are_below_512_for_every_kind() public {
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            for (uint256 step = 0; step < 4; ++step) {
                uint256[] memory words = policyOf(kind);
                words[0] = 511 << (32 * step);
                settlement.setPolicy(kind, words);
                words[0] = 512 << (32 * step);
                _assertOutOfBounds(kind, 0, words);
                words[0] = 0xffff << (32 * step);
                _assertOutOfBounds(kind, 0, words);
            }
        }
    }

    function test_reaches_are_below_2_to_the_20() public {
        for (uint256 class = 0; class < 4; ++class) {
            uint256[] memory words = policyOf(Kinds.COVERAGE);
            words[2] = ((1 << 20) - 1) << (32 * class + 8);
            settlement.setPolicy(Kinds.COVERAGE, words);
            words[2] = 1 << (32 * class + 28);
            _assertOutOfBounds(Kinds.COVERAGE, 2, words);
            words[2] = 1 << (32 * class + 31);
            _assertOutOfBounds(Kinds.COVERAGE, 2, words);
        }
    }

    function test_words_of_coverage_are_bounded() public {
        uint256[] memory words = policyOf(Kinds.COVERAGE);
        words[1] = 0;
        _assertOutOfBounds(Kinds.COVERAGE, 1, words);
        words[1] = 256;
        _assertOutOfBounds(Kinds.COVERAGE, 1, words);
        words[1] = 255;
        uint256 most = 255 | (((1 << 20) - 1) << 8);
        words[2] = most | (most << 32) | (most << 64) | (most << 96);
        settlement.setPolicy(Kinds.COVERAGE, words);
        words[2] = 1 << 128;
        _assertOutOfBounds(Kinds.COVERAGE, 2, words);
    }

    function test_words_of_energy_are_bounded() public {
        uint256[] memory words = policyOf(Kinds.ENERGY);
        words[1] = 256;
        _assertOutOfBounds(Kinds.ENERGY, 1, words);
        words[1] = 255;
        for (uint256 i = 2; i < 6; ++i) {
            words[i] = (1 << 192) - 1;
            settlement.setPolicy(Kinds.ENERGY, words);
            words[i] = 1 << 192;
            _assertOutOfBounds(Kinds.ENERGY, i, words);
            words[i] = 0;
        }
    }

    function test_only_the_owner_sets_policy() public {
        vm.prank(PROVER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, PROVER));
        settlement.setPolicy(Kinds.UPTIME, policyOf(Kinds.UPTIME));
    }

    function _assertOutOfBounds(uint8 kind, uint256 position, uint256[] memory words) private {
        vm.expectRevert(abi.encodeWithSelector(PolicyBook.PolicyOutOfBounds.selector, kind, position, words[position]));
        settlement.setPolicy(kind, words);
    }
}
