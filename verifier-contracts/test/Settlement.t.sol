// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EpochSettlement} from "../contracts/EpochSettlement.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Batch, Standing} from "../contracts/SettlementTypes.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title When batches settle, and what a later batch under the same seal may change
contract SettlementTest is Fixture {
    uint32 private cohort;

    function setUp() public override {
        super.setUp();
        cohort = newCohort(Kinds.UPTIME, 4, 4);
        vm.warp(endOf(0));
    }

    function test_a_proven_batch_settles() public {
        Batch memory batch = newBatch(cohort, 0, unitsFrom(10, 4));
        vm.expectEmit();
        emit EpochSettlement.Settled(cohort, 0, Kinds.UPTIME, PROVER, batch.seal, 46, batch.units);
        settlement.settle(batch, none());
        Standing memory stands = settlement.standing(cohort, 0);
        vm.assertEq(stands.seal, batch.seal);
        vm.assertTrue(stands.claimRoot != 0);
        vm.assertEq(stands.stateAfter, 0);
        vm.assertEq(settlement.totalUnits(Kinds.UPTIME, 0), 46);
        vm.assertEq(settlement.addedBy(Kinds.UPTIME, 0, PROVER), 46);
    }

    function test_an_epoch_is_open_from_its_end_for_the_window() public {
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        vm.assertEq(settlement.opensAt(Kinds.UPTIME, 0), endOf(0));
        vm.assertEq(settlement.closesAt(0), endOf(0) + WINDOW);
        uint256[2] memory outside = [endOf(0) - 1, endOf(0) + WINDOW];
        for (uint256 i = 0; i < 2; ++i) {
            vm.warp(outside[i]);
            vm.expectRevert(
                abi.encodeWithSelector(EpochSettlement.OutsideWindow.selector, endOf(0), endOf(0) + WINDOW, outside[i])
            );
            settlement.settle(batch, none());
        }
        vm.warp(endOf(0) + WINDOW - 1);
        settlement.settle(batch, none());
    }

    function test_a_second_seal_is_refused() public {
        settleFirst(cohort, 0, unitsFrom(1, 4));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(2, 4));
        uint256 seal = batch.seal;
        batch.seal += 1;
        sign(batch, Kinds.UPTIME);
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.WrongSeal.selector, seal, seal + 1));
        settlement.settle(batch, packed(unitsFrom(1, 4)));
    }

    function test_the_same_batch_again_is_refused() public {
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        settlement.settle(batch, none());
        vm.expectRevert(EpochSettlement.NothingAdded.selector);
        settlement.settle(batch, batch.units);
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.WrongUnitsLength.selector, 32, 0));
        settlement.settle(batch, none());
    }

    function test_raising_one_member_and_lowering_another_is_refused() public {
        settleFirst(cohort, 0, unitsFrom(10, 4));
        uint64[] memory units = unitsFrom(10, 4);
        units[0] = 1_000;
        units[3] -= 1;
        Batch memory batch = newBatch(cohort, 0, units);
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.UnitsLowered.selector, 3, 13, 12));
        settlement.settle(batch, packed(unitsFrom(10, 4)));
    }

    function test_a_later_batch_adds_what_the_first_left_out_and_earns_for_that_only() public {
        uint64[] memory partial_ = unitsFrom(10, 4);
        partial_[2] = 0; // omitted by the first prover
        settleFirst(cohort, 0, partial_);
        settlement.settle(newBatchBy(OTHER_PROVER, cohort, 0, unitsFrom(10, 4)), packed(partial_));
        vm.assertEq(settlement.totalUnits(Kinds.UPTIME, 0), 46);
        vm.assertEq(settlement.addedBy(Kinds.UPTIME, 0, PROVER), 34);
        vm.assertEq(settlement.addedBy(Kinds.UPTIME, 0, OTHER_PROVER), 12);
    }

    function test_previous_units_must_be_those_that_stand() public {
        settleFirst(cohort, 0, unitsFrom(10, 4));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(20, 4));
        vm.expectPartialRevert(EpochSettlement.WrongPrevious.selector);
        settlement.settle(batch, packed(unitsFrom(9, 4)));
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.WrongUnitsLength.selector, 32, 24));
        settlement.settle(batch, packed(unitsFrom(10, 3)));
    }

    function test_previous_units_before_anything_is_settled_are_refused() public {
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.NothingSettled.selector, cohort, 0));
        settlement.settle(batch, packed(unitsFrom(0, 4)));
    }

    function test_units_of_another_size_are_refused() public {
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        batch.units = packed(unitsFrom(1, 8));
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.WrongUnitsLength.selector, 32, 64));
        settlement.settle(batch, none());
    }

    function test_an_epoch_without_a_membership_is_refused() public {
        Batch memory batch = newBatch(cohort, 1, unitsFrom(1, 4));
        registry.suspend(1); // from epoch 2 on
        vm.warp(endOf(2));
        batch.epoch = 2;
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.NoMembership.selector, cohort, 2));
        settlement.settle(batch, none());
    }

    function test_no_prover_no_seal_and_a_state_for_uptime_are_refused() public {
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        batch.prover = address(0);
        vm.expectRevert(EpochSettlement.ZeroProver.selector);
        settlement.settle(batch, none());
        batch.prover = PROVER;
        batch.seal = 0;
        vm.expectRevert(EpochSettlement.ZeroSeal.selector);
        settlement.settle(batch, none());
        batch.seal = 1;
        batch.stateAfter = 1;
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.StateNotForKind.selector, Kinds.UPTIME, 1, 0));
        settlement.settle(batch, none());
        (batch.stateAfter, batch.included) = (0, 2);
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.StateNotForKind.selector, Kinds.UPTIME, 0, 2));
        settlement.settle(batch, none());
    }

    function test_witnesses_and_unknown_cohorts_are_paid_nothing() public {
        uint32 witnesses = newCohort(Kinds.WITNESS, 4, 4);
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        batch.cohort = witnesses;
        vm.expectRevert(abi.encodeWithSelector(Kinds.NotPaidKind.selector, 0));
        settlement.settle(batch, none());
        batch.cohort = 99;
        vm.expectRevert(abi.encodeWithSelector(Kinds.NotPaidKind.selector, 0));
        settlement.settle(batch, none());
    }

    function test_kinds_and_epochs_are_summed_over_cohorts() public {
        uint32 second = newCohort(Kinds.UPTIME, 2, 2); // its first membership holds from epoch 2 on
        vm.warp(endOf(2));
        settleFirst(cohort, 2, unitsFrom(1, 4));
        settleFirst(second, 2, unitsFrom(100, 2));
        vm.assertEq(settlement.totalUnits(Kinds.UPTIME, 2), 10 + 201);
        vm.assertEq(settlement.totalUnits(Kinds.ENERGY, 2), 0);
        vm.assertEq(settlement.totalUnits(Kinds.UPTIME, 1), 0);
    }

    function testFuzz_only_raises_settle(uint64[4] memory first, uint64[4] memory second) public {
        uint64[] memory before = new uint64[](4);
        uint64[] memory then_ = new uint64[](4);
        bool lowered = false;
        bool raised = false;
        for (uint256 i = 0; i < 4; ++i) {
            (before[i], then_[i]) = (first[i], second[i]);
            lowered = lowered || second[i] < first[i];
            raised = raised || second[i] > first[i];
        }
        settleFirst(cohort, 0, before);
        Batch memory batch = newBatch(cohort, 0, then_);
        (bool ok,) = address(settlement).call(abi.encodeCall(settlement.settle, (batch, packed(before))));
        vm.assertTrue(ok == (raised && !lowered));
        uint256 total = 0;
        for (uint256 i = 0; i < 4; ++i) {
            total += ok ? then_[i] : before[i];
        }
        vm.assertEq(settlement.totalUnits(Kinds.UPTIME, 0), total);
    }

    function test_units_that_are_not_eight_bytes_each_are_refused() public {
        Batch memory batch = newBatch(cohort, 0, unitsFrom(10, 4));
        bytes memory units = batch.units;
        batch.units = bytes.concat(units, hex"00");
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.WrongUnitsLength.selector, 32, 33));
        settlement.settle(batch, none());
        batch.units = units;
        settlement.settle(batch, none());
        batch = newBatch(cohort, 0, unitsFrom(11, 4));
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.WrongUnitsLength.selector, 32, 33));
        settlement.settle(batch, bytes.concat(units, hex"00"));
    }

    function test_a_window_of_zero_is_refused() public {
        vm.expectRevert(EpochSettlement.ZeroWindow.selector);
        new EpochSettlement(address(this), registry, router, 0);
    }
}
