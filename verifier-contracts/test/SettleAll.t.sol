// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EpochSettlement} from "../contracts/EpochSettlement.sol";
import {Field} from "../contracts/Field.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Batch} from "../contracts/SettlementTypes.sol";
import {VerifierRouter} from "../contracts/VerifierRouter.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title Many batches in one transaction settle as each would alone; one that does not hold settles none
contract SettleAllTest is Fixture {
    uint32[3] private cohorts;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 3; ++i) {
            cohorts[i] = newCohort(Kinds.UPTIME, 4, 4);
        }
        vm.warp(endOf(0));
    }

    function test_many_batches_leave_what_each_would_leave_alone() public {
        (Batch[] memory batches, bytes[] memory previous) = _batches();
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < 3; ++i) {
            settlement.settle(batches[i], none());
        }
        bytes32 alone = _left();
        vm.revertToState(snapshot);
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectEmit();
            emit EpochSettlement.Settled(
                cohorts[i], 0, Kinds.UPTIME, PROVER, batches[i].seal, 46 + 4 * i, batches[i].units
            );
        }
        settlement.settleAll(batches, previous);
        vm.assertEq(_left(), alone);
        vm.assertEq(settlement.totalUnits(Kinds.UPTIME, 0), 46 + 50 + 54);
    }

    function test_a_proof_that_does_not_hold_settles_none_of_them() public {
        (Batch[] memory batches, bytes[] memory previous) = _batches();
        bytes32 before = _left();
        for (uint256 i = 0; i < 3; ++i) {
            addUnits(batches[i], 1, 1);
            _assertRejected(batches, previous);
            addUnits(batches[i], 1, -1);
            batches[i].prover = OTHER_PROVER;
            _assertRejected(batches, previous);
            batches[i].prover = PROVER;
        }
        (batches[0].proof, batches[2].proof) = (batches[2].proof, batches[0].proof);
        _assertRejected(batches, previous);
        vm.assertEq(_left(), before);
    }

    function test_units_moved_from_one_batch_to_another_are_rejected() public {
        // The sum over all words would stay as it is.
        (Batch[] memory batches, bytes[] memory previous) = _batches();
        addUnits(batches[0], 1, 1);
        addUnits(batches[1], 1, -1);
        _assertRejected(batches, previous);
    }

    function test_a_copied_batch_is_skipped_and_does_not_stop_the_others() public {
        (Batch[] memory batches, bytes[] memory previous) = _batches();
        vm.prank(OTHER_PROVER);
        settlement.settle(batches[1], none());
        vm.expectEmit();
        emit EpochSettlement.Skipped(cohorts[1], 0);
        settlement.settleAll(batches, previous);
        vm.assertEq(settlement.addedBy(Kinds.UPTIME, 0, PROVER), 46 + 50 + 54);
        // Again: all are skipped.
        settlement.settleAll(batches, previous);
        vm.assertEq(settlement.totalUnits(Kinds.UPTIME, 0), 46 + 50 + 54);
    }

    function test_a_batch_given_twice_counts_once() public {
        (Batch[] memory batches, bytes[] memory previous) = _batches();
        batches[1] = batches[0];
        settlement.settleAll(batches, previous);
        vm.assertEq(settlement.totalUnits(Kinds.UPTIME, 0), 46 + 54);
    }

    function test_a_skipped_batch_needs_no_proof_and_leaves_nothing() public {
        (Batch[] memory batches, bytes[] memory previous) = _batches();
        settlement.settle(batches[1], none());
        addUnits(batches[1], 0, 1_000);
        batches[1].proof[0] = 1;
        settlement.settleAll(batches, previous);
        vm.assertEq(settlement.totalUnits(Kinds.UPTIME, 0), 46 + 50 + 54);
    }

    function test_replacements_and_first_batches_go_together() public {
        (Batch[] memory batches, bytes[] memory previous) = _batches();
        uint64[] memory partial_ = unitsFrom(10, 4);
        partial_[3] = 0;
        settlement.settle(newBatchBy(OTHER_PROVER, cohorts[0], 0, partial_), none());
        previous[0] = packed(partial_);
        settlement.settleAll(batches, previous);
        vm.assertEq(settlement.addedBy(Kinds.UPTIME, 0, PROVER), 13 + 50 + 54);
        vm.assertEq(settlement.addedBy(Kinds.UPTIME, 0, OTHER_PROVER), 33);
    }

    function test_a_replacement_that_was_overtaken_is_skipped() public {
        (Batch[] memory batches, bytes[] memory previous) = _batches();
        settlement.settle(newBatch(cohorts[0], 0, unitsFrom(1, 4)), none());
        previous[0] = packed(unitsFrom(1, 4));
        settlement.settle(newBatchBy(OTHER_PROVER, cohorts[0], 0, unitsFrom(2, 4)), packed(unitsFrom(1, 4)));
        settlement.settleAll(batches, previous);
        vm.assertEq(settlement.totalUnits(Kinds.UPTIME, 0), 14 + 50 + 54);
    }

    function test_a_replacement_that_lowers_or_adds_nothing_settles_none() public {
        (Batch[] memory batches, bytes[] memory previous) = _batches();
        settlement.settle(newBatch(cohorts[0], 0, unitsFrom(11, 4)), none());
        previous[0] = packed(unitsFrom(11, 4));
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.UnitsLowered.selector, 0, 11, 10));
        settlement.settleAll(batches, previous);
        batches[0] = newBatch(cohorts[0], 0, unitsFrom(11, 4));
        vm.expectRevert(EpochSettlement.NothingAdded.selector);
        settlement.settleAll(batches, previous);
    }

    function test_another_route_and_previous_units_of_more_or_fewer_are_refused() public {
        (Batch[] memory batches, bytes[] memory previous) = _batches();
        bytes[] memory two = new bytes[](2);
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.WrongPreviousCount.selector, 3, 2));
        settlement.settleAll(batches, two);
        bytes32 route = batches[2].route;
        batches[2].route = routeFor(Kinds.UPTIME, 8);
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.OtherRoute.selector, route, batches[2].route));
        settlement.settleAll(batches, previous);
        batches[2].route = route;
        router.freeze(route);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.RouteIsFrozen.selector, route));
        settlement.settleAll(batches, previous);
    }

    function test_an_epoch_that_is_not_open_settles_none() public {
        (Batch[] memory batches, bytes[] memory previous) = _batches();
        vm.warp(endOf(0) + WINDOW);
        vm.expectPartialRevert(EpochSettlement.OutsideWindow.selector);
        settlement.settleAll(batches, previous);
    }

    function test_an_energy_cohorts_state_goes_on_from_what_stands() public {
        uint32[2] memory meters = [newCohort(Kinds.ENERGY, 4, 4), newCohort(Kinds.ENERGY, 4, 4)];
        vm.warp(endOf(2));
        Batch[] memory batches = new Batch[](2);
        for (uint256 i = 0; i < 2; ++i) {
            batches[i] = newBatch(meters[i], 2, unitsFrom(7, 4));
        }
        settlement.settleAll(batches, new bytes[](2));
        for (uint256 i = 0; i < 2; ++i) {
            vm.assertEq(settlement.standing(meters[i], 2).stateBefore, GENESIS_STATE);
            vm.assertEq(settlement.standing(meters[i], 2).stateAfter, batches[i].stateAfter);
        }
    }

    function test_nothing_to_settle_changes_nothing() public {
        settlement.settleAll(new Batch[](0), new bytes[](0));
    }

    function _batches() private returns (Batch[] memory batches, bytes[] memory previous) {
        batches = new Batch[](3);
        for (uint64 i = 0; i < 3; ++i) {
            batches[i] = newBatch(cohorts[i], 0, unitsFrom(10 + i, 4));
        }
        previous = new bytes[](3);
    }

    /// @dev What stands, in one hash.
    function _left() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                settlement.standing(cohorts[0], 0),
                settlement.standing(cohorts[1], 0),
                settlement.standing(cohorts[2], 0),
                settlement.totalUnits(Kinds.UPTIME, 0),
                settlement.addedBy(Kinds.UPTIME, 0, PROVER)
            )
        );
    }

    function _assertRejected(Batch[] memory batches, bytes[] memory previous) private {
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.ProofRejected.selector, batches[0].route));
        settlement.settleAll(batches, previous);
    }
}
