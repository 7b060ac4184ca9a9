// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DeviceRegistry} from "../contracts/DeviceRegistry.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Memberships} from "../contracts/Memberships.sol";
import {RewardDistributor} from "../contracts/RewardDistributor.sol";
import {Fixture} from "./support/Fixture.sol";
import {Tree} from "./support/Tree.sol";

/// @title A device changes hands when both sides want it, not every epoch, and what it earned before stays where it was
contract HandoverTest is Fixture {
    address private constant BUYER = address(0xB1);
    address private constant LATER_BUYER = address(0xB2);
    uint32 private cohort;
    address private seller;

    function setUp() public override {
        super.setUp();
        cohort = newCohort(Kinds.UPTIME, 4, 2);
        seller = operatorOf(cohort, 0);
    }

    function _offer(address from, address to) private {
        vm.prank(from);
        registry.offerDevice(1, to);
    }

    function _handOver(address from, address to) private {
        _offer(from, to);
        vm.prank(to);
        registry.acceptDevice(1);
    }

    function _handOverIn(uint64 epoch, address from, address to) private {
        vm.warp(GENESIS + epoch * DAY);
        _handOver(from, to);
        commit(cohort);
    }

    /// @dev Settles an epoch with the same units for all of them, so that proofs can be made later.
    function _settle(uint64 epoch) private {
        settleFirst(cohort, epoch, unitsFrom(1, 4));
    }

    function _freeze(uint64 epoch) private {
        if (block.timestamp < settlement.closesAt(epoch)) vm.warp(settlement.closesAt(epoch));
        distributor.freeze(Kinds.UPTIME, epoch);
    }

    function _claim(uint64 epoch) private returns (uint256) {
        bytes32[] memory leaves = Tree.leaves(Kinds.UPTIME, epoch, cohort, unitsFrom(1, 4));
        return distributor.claim(cohort, epoch, 0, 1, Tree.proof(leaves, 0));
    }

    function test_the_next_epochs_membership_names_the_new_operator() public {
        vm.warp(GENESIS);
        _offer(seller, BUYER);
        vm.expectEmit();
        emit DeviceRegistry.DeviceTransferred(1, seller, BUYER, 1);
        vm.prank(BUYER);
        registry.acceptDevice(1);
        vm.assertEq(registry.memberOf(cohort, 0).operator, BUYER);
        vm.assertEq(registry.membershipWords(cohort)[7], uint160(BUYER));
        vm.assertTrue(registry.rootAt(cohort, 0) != 0);
        vm.assertEq(registry.rootAt(cohort, 1), 0);
    }

    function test_a_claim_pays_who_operated_the_device_in_its_epoch() public {
        _handOverIn(1, seller, BUYER); // with effect from epoch 2
        for (uint64 epoch = 0; epoch < 4; ++epoch) {
            _settle(epoch);
        }
        for (uint64 epoch = 0; epoch < 4; ++epoch) {
            _freeze(epoch);
        }
        uint256 before = _claim(0);
        vm.assertEq(token.balanceOf(seller), before, "an epoch before the handover");
        uint256 during = _claim(1);
        vm.assertEq(token.balanceOf(seller), before + during, "the epoch of the handover is the former operator's");
        vm.assertEq(token.balanceOf(BUYER), 0);
        uint256 next = _claim(2);
        vm.assertEq(token.balanceOf(BUYER), next, "the next epoch");
        uint256 later = _claim(3);
        vm.assertEq(token.balanceOf(BUYER), next + later, "an epoch later");
        vm.assertEq(token.balanceOf(seller), before + during);
    }

    function test_the_payment_names_who_is_paid() public {
        _settle(0);
        _freeze(0);
        _handOver(seller, BUYER);
        uint256 share = uint256(EMISSION - EMISSION * FEE_BPS / 10_000) / 10;
        vm.expectEmit();
        emit RewardDistributor.Claimed(cohort, 0, 0, seller, 1, share);
        _claim(0);
    }

    function test_claims_of_many_epochs_in_one_transaction_pay_each_its_own() public {
        uint64[3] memory epochs = [uint64(1), 5, 12];
        _handOverIn(1, seller, BUYER);
        _settle(1);
        _settle(5);
        _handOverIn(8, BUYER, LATER_BUYER);
        _settle(12);
        for (uint256 i = 0; i < 3; ++i) {
            _freeze(epochs[i]);
        }
        bytes[] memory claims = new bytes[](3);
        for (uint256 i = 0; i < 3; ++i) {
            bytes32[] memory leaves = Tree.leaves(Kinds.UPTIME, epochs[i], cohort, unitsFrom(1, 4));
            claims[i] = abi.encodeCall(distributor.claim, (cohort, epochs[i], 0, 1, Tree.proof(leaves, 0)));
        }
        new Calls(address(distributor), claims);
        uint256 share = uint256(EMISSION - EMISSION * FEE_BPS / 10_000) / 10;
        vm.assertEq(token.balanceOf(seller), share, "seller");
        vm.assertEq(token.balanceOf(BUYER), share, "buyer");
        vm.assertEq(token.balanceOf(LATER_BUYER), share, "later buyer");
    }

    function test_two_handovers_leave_each_operator_its_epochs() public {
        _handOverIn(0, seller, BUYER);
        _handOverIn(7, BUYER, LATER_BUYER);
        for (uint64 epoch = 0; epoch < 12; ++epoch) {
            address expected = epoch < 1 ? seller : epoch < 8 ? BUYER : LATER_BUYER;
            vm.assertEq(registry.operatorAt(cohort, 0, epoch), expected);
        }
        vm.assertEq(registry.operatorAt(cohort, 0, type(uint64).max), LATER_BUYER);
        vm.assertEq(registry.operatorAt(cohort, 1, 0), operatorOf(cohort, 1));
        vm.assertEq(registry.operatorAt(cohort, 2, 0), address(0));
    }

    function test_a_handover_before_the_genesis_takes_effect_with_epoch_0() public {
        _handOver(seller, BUYER);
        vm.assertEq(registry.operatorAt(cohort, 0, 0), BUYER);
    }

    function test_a_device_does_not_change_hands_twice_within_seven_epochs() public {
        _handOverIn(1, seller, BUYER);
        _offer(BUYER, LATER_BUYER);
        uint256[2] memory times = [uint256(GENESIS + 1 * DAY), GENESIS + 8 * DAY - 1]; // the same epoch, the seventh
        for (uint256 i = 0; i < 2; ++i) {
            vm.warp(times[i]);
            vm.prank(LATER_BUYER);
            vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.HandedOverLately.selector, 1, 9));
            registry.acceptDevice(1);
        }
        vm.warp(GENESIS + 8 * DAY);
        vm.prank(LATER_BUYER);
        registry.acceptDevice(1);
        vm.assertEq(registry.operatorAt(cohort, 0, 1), seller);
        vm.assertEq(registry.operatorAt(cohort, 0, 8), BUYER);
        vm.assertEq(registry.operatorAt(cohort, 0, 9), LATER_BUYER);
    }

    /// @dev Everybody who can change a device does; what was read of epochs that had begun is read again afterwards.
    function testFuzz_nobody_rewrites_whose_an_epoch_was(uint8[12] calldata passes, uint8[12] calldata whose) public {
        address[3] memory people = [seller, BUYER, LATER_BUYER];
        address[] memory seen = new address[](200);
        uint64 known = 0;
        vm.warp(GENESIS);
        for (uint256 i = 0; i < 12; ++i) {
            vm.warp(block.timestamp + uint256(passes[i] % 12) * DAY);
            for (; known < registry.nextEpoch(); ++known) {
                seen[known] = registry.operatorAt(cohort, 0, known);
            }
            if (registry.rootAt(cohort, registry.nextEpoch()) == 0) commit(cohort);
            address to = people[whose[i] % 3];
            _offer(registry.memberOf(cohort, 0).operator, to);
            vm.prank(to);
            try registry.acceptDevice(1) {} catch {}
            if (registry.memberOf(cohort, 0).suspended) registry.resume(1);
            else registry.suspend(1);
            vm.assertEq(registry.operatorAt(cohort, 0, known), registry.memberOf(cohort, 0).operator);
            for (uint64 epoch = 0; epoch < known; ++epoch) {
                vm.assertEq(registry.operatorAt(cohort, 0, epoch), seen[epoch]);
            }
        }
    }

    function test_only_the_operator_offers_and_only_whom_it_names_accepts() public {
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOperator.selector, seller, BUYER));
        registry.offerDevice(1, BUYER);
        _offer(seller, address(0xC2));
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOffered.selector, 1, BUYER));
        registry.acceptDevice(1);
    }

    function test_a_former_operator_offers_nothing() public {
        _handOver(seller, BUYER);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOperator.selector, BUYER, seller));
        registry.offerDevice(1, seller);
    }

    function test_an_offer_can_be_withdrawn() public {
        _offer(seller, BUYER);
        _offer(seller, address(0));
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOffered.selector, 1, BUYER));
        registry.acceptDevice(1);
    }

    function test_an_offer_is_accepted_once() public {
        _handOver(seller, BUYER);
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOffered.selector, 1, BUYER));
        registry.acceptDevice(1);
    }

    function test_the_attestors_operator_accepts_no_member_of_its_cohorts() public {
        address operator = registry.attestorOf(attestor).operator;
        _offer(seller, operator);
        vm.prank(operator);
        vm.expectRevert(abi.encodeWithSelector(Memberships.OperatorIsAttestor.selector, operator));
        registry.acceptDevice(1);
    }

    function test_nobody_can_leave_an_epoch_without_a_membership_by_accepting() public {
        _offer(seller, BUYER);
        vm.warp(GENESIS + 6 * DAY);
        registry.suspend(2);
        vm.warp(GENESIS + 7 * DAY);
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(Memberships.MembershipNotCommitted.selector, cohort));
        registry.acceptDevice(1);
        commit(cohort);
        vm.prank(BUYER);
        registry.acceptDevice(1);
        vm.assertTrue(registry.rootAt(cohort, 7) != 0);
    }
}

/// @notice Makes calls in one transaction, as a claimer for many epochs would.
contract Calls {
    constructor(address callee, bytes[] memory calls) {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool ok,) = callee.call(calls[i]);
            require(ok, "call");
        }
    }
}
