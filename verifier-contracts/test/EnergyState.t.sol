// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EpochSettlement} from "../contracts/EpochSettlement.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Batch, Standing} from "../contracts/SettlementTypes.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title Energy's state goes from settled epoch to settled epoch, each final before the next
contract EnergyStateTest is Fixture {
    uint32 private cohort;

    function setUp() public override {
        super.setUp();
        cohort = newCohort(Kinds.ENERGY, 4, 4);
    }

    function test_the_first_epoch_begins_with_the_routes_genesis_state() public {
        settleFirst(cohort, 0, unitsFrom(1, 4));
        vm.assertEq(settlement.standing(cohort, 0).stateBefore, GENESIS_STATE);
    }

    function test_each_epoch_begins_with_the_state_that_the_one_before_ended_with() public {
        uint256 last = GENESIS_STATE;
        for (uint64 epoch = 0; epoch < 4; ++epoch) {
            settleFirst(cohort, epoch, unitsFrom(1, 4));
            Standing memory stands = settlement.standing(cohort, epoch);
            vm.assertEq(stands.stateBefore, last);
            vm.assertTrue(stands.stateAfter != last);
            last = stands.stateAfter;
        }
    }

    function test_an_epoch_that_nobody_settled_is_skipped() public {
        settleFirst(cohort, 0, unitsFrom(1, 4));
        uint256 last = settlement.standing(cohort, 0).stateAfter;
        settleFirst(cohort, 3, unitsFrom(1, 4));
        vm.assertEq(settlement.standing(cohort, 3).stateBefore, last);
    }

    function test_a_later_batch_of_an_epoch_begins_with_the_same_state() public {
        settleFirst(cohort, 0, unitsFrom(1, 4));
        Batch memory batch = newBatchBy(OTHER_PROVER, cohort, 0, unitsFrom(2, 4));
        settlement.settle(batch, packed(unitsFrom(1, 4)));
        Standing memory stands = settlement.standing(cohort, 0);
        vm.assertEq(stands.stateBefore, GENESIS_STATE);
        vm.assertEq(stands.stateAfter, batch.stateAfter);
        settleFirst(cohort, 1, unitsFrom(1, 4));
        vm.assertEq(settlement.standing(cohort, 1).stateBefore, batch.stateAfter);
    }

    function test_a_later_batch_keeps_everyone_whom_the_standing_state_counts() public {
        vm.warp(endOf(0));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        batch.included = 5;
        sign(batch, Kinds.ENERGY);
        settlement.settle(batch, none());
        vm.assertEq(settlement.standing(cohort, 0).included, 5);
        uint128[4] memory refused = [uint128(0), 1, 10, 14];
        for (uint256 i = 0; i < refused.length; ++i) {
            Batch memory worse = newBatchBy(OTHER_PROVER, cohort, 0, unitsFrom(2, 4));
            worse.included = refused[i];
            vm.expectRevert(abi.encodeWithSelector(EpochSettlement.MembersLeftOut.selector, 5, refused[i]));
            settlement.settle(worse, packed(unitsFrom(1, 4)));
        }
        Batch memory better = newBatchBy(OTHER_PROVER, cohort, 0, unitsFrom(2, 4));
        better.included = 13;
        sign(better, Kinds.ENERGY);
        settlement.settle(better, packed(unitsFrom(1, 4)));
        vm.assertEq(settlement.standing(cohort, 0).included, 13);
    }

    function test_the_next_epoch_may_include_anyone() public {
        settleFirst(cohort, 0, unitsFrom(1, 4));
        vm.warp(settlement.opensAt(Kinds.ENERGY, 1));
        Batch memory batch = newBatch(cohort, 1, unitsFrom(1, 4));
        batch.included = 0;
        sign(batch, Kinds.ENERGY);
        settlement.settle(batch, none());
        vm.assertEq(settlement.standing(cohort, 1).included, 0);
    }

    function test_a_proof_from_a_stale_state_is_rejected() public {
        settleFirst(cohort, 0, unitsFrom(1, 4));
        vm.warp(settlement.opensAt(Kinds.ENERGY, 1));
        Batch memory batch = newBatch(cohort, 1, unitsFrom(1, 4));
        uint256[] memory words = settlement.batchWords(batch);
        words[8] = GENESIS_STATE;
        (batch.c, batch.proof) = prove(Kinds.batchTag(Kinds.ENERGY), batch.route, words);
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.ProofRejected.selector, batch.route));
        settlement.settle(batch, none());
    }

    function test_an_epoch_opens_when_the_one_before_is_final() public {
        vm.assertEq(settlement.opensAt(Kinds.ENERGY, 0), endOf(0));
        vm.assertEq(settlement.opensAt(Kinds.ENERGY, 1), endOf(0) + WINDOW);
        vm.assertEq(settlement.opensAt(Kinds.UPTIME, 1), endOf(1));
        Batch memory batch = newBatch(cohort, 1, unitsFrom(1, 4));
        vm.warp(endOf(0) + WINDOW - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                EpochSettlement.OutsideWindow.selector, endOf(0) + WINDOW, endOf(1) + WINDOW, block.timestamp
            )
        );
        settlement.settle(batch, none());
        vm.warp(endOf(0) + WINDOW);
        settlement.settle(batch, none());
    }

    function test_a_cohorts_first_epoch_opens_with_its_end() public {
        vm.warp(GENESIS + 5 * DAY);
        uint32 late = newCohort(Kinds.ENERGY, 2, 2); // from epoch 6 on
        vm.assertEq(registry.cohortOf(late).firstEpoch, 6);
        Batch memory batch = newBatch(late, 6, unitsFrom(1, 2));
        vm.warp(endOf(6) - 1);
        vm.expectPartialRevert(EpochSettlement.OutsideWindow.selector);
        settlement.settle(batch, none());
        vm.warp(endOf(6));
        settlement.settle(batch, none());
    }

    function test_with_a_short_window_an_epoch_still_opens_with_its_end() public {
        EpochSettlement brief = new EpochSettlement(address(this), registry, router, 1 hours);
        vm.assertEq(brief.opensAt(Kinds.ENERGY, 3), endOf(3));
    }

    function test_cohorts_have_states_of_their_own() public {
        uint32 second = newCohort(Kinds.ENERGY, 4, 4);
        settleFirst(cohort, 0, unitsFrom(1, 4));
        settleFirst(second, 0, unitsFrom(5, 4));
        vm.assertEq(settlement.standing(second, 0).stateBefore, GENESIS_STATE);
    }
}
