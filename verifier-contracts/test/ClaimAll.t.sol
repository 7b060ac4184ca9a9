// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Kinds} from "../contracts/Kinds.sol";
import {Claim, RewardDistributor} from "../contracts/RewardDistributor.sol";
import {Fixture} from "./support/Fixture.sol";
import {Tree} from "./support/Tree.sol";

/// @title Many claims in one call pay what each would pay alone, each once
contract ClaimAllTest is Fixture {
    uint32 private cohort;
    uint64[] private units;
    uint64 private constant EPOCHS = 3;

    function setUp() public override {
        super.setUp();
        cohort = newCohort(Kinds.UPTIME, 4, 4);
        units = [uint64(10), 0, 7, 13];
        for (uint64 epoch = 0; epoch < EPOCHS; ++epoch) {
            settleFirst(cohort, epoch, units);
        }
        vm.warp(settlement.closesAt(EPOCHS - 1));
        for (uint64 epoch = 0; epoch < EPOCHS; ++epoch) {
            distributor.freeze(Kinds.UPTIME, epoch);
        }
    }

    function test_many_epochs_pay_each_operator_what_each_claim_would() public {
        Claim[] memory claims = _all();
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < claims.length; ++i) {
            Claim memory one = claims[i];
            distributor.claim(one.cohort, one.epoch, one.index, one.units, one.proof);
        }
        uint256[4] memory alone = _balances();
        vm.revertToState(snapshot);
        vm.prank(OTHER_PROVER);
        uint256 paid = distributor.claimAll(claims);
        uint256[4] memory together = _balances();
        uint256 sum = 0;
        for (uint256 i = 0; i < 4; ++i) {
            vm.assertEq(together[i], alone[i]);
            sum += alone[i];
        }
        vm.assertEq(paid, sum);
        vm.assertTrue(alone[0] > 0 && alone[1] == 0);
        vm.assertEq(token.balanceOf(OTHER_PROVER), 0);
    }

    function test_what_is_paid_is_skipped_also_within_a_call() public {
        Claim[] memory claims = _all();
        claims[5] = claims[4];
        distributor.claim(cohort, claims[0].epoch, claims[0].index, claims[0].units, claims[0].proof);
        distributor.claimAll(claims);
        uint256[4] memory once = _balances();
        vm.assertEq(distributor.claimAll(claims), 0);
        uint256[4] memory again = _balances();
        for (uint256 i = 0; i < 4; ++i) {
            vm.assertEq(again[i], once[i]);
        }
        vm.assertFalse(distributor.isClaimed(cohort, 2, 1));
        vm.assertTrue(distributor.isClaimed(cohort, 1, 1));
    }

    function test_a_claim_that_does_not_hold_pays_none() public {
        Claim[] memory claims = _all();
        claims[7].units += 1;
        vm.expectPartialRevert(RewardDistributor.ClaimRejected.selector);
        distributor.claimAll(claims);
        claims[7].units -= 1;
        claims[7].epoch = EPOCHS;
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NotFrozen.selector, Kinds.UPTIME, EPOCHS));
        distributor.claimAll(claims);
        claims[7].epoch = 1;
        claims[7].index = 4;
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NoSuchMember.selector, 4, 4));
        distributor.claimAll(claims);
        vm.assertEq(token.balanceOf(operatorOf(cohort, 0)), 0);
    }

    function test_no_claims_pay_nothing() public {
        vm.assertEq(distributor.claimAll(new Claim[](0)), 0);
    }

    /// @dev Member by member, all epochs.
    function _all() private view returns (Claim[] memory claims) {
        claims = new Claim[](4 * EPOCHS);
        for (uint32 index = 0; index < 4; ++index) {
            for (uint64 epoch = 0; epoch < EPOCHS; ++epoch) {
                bytes32[] memory proof = Tree.proof(Tree.leaves(Kinds.UPTIME, epoch, cohort, units), index);
                claims[index * EPOCHS + epoch] = Claim(cohort, epoch, index, units[index], proof);
            }
        }
    }

    function _balances() private view returns (uint256[4] memory all) {
        for (uint32 index = 0; index < 4; ++index) {
            all[index] = token.balanceOf(operatorOf(cohort, index));
        }
    }
}
