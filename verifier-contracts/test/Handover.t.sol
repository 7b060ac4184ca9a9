// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DeviceRegistry} from "../contracts/DeviceRegistry.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Fixture} from "./support/Fixture.sol";
import {Tree} from "./support/Tree.sol";

/// @title A device changes hands when both sides want it, and not every epoch
contract HandoverTest is Fixture {
    address private constant BUYER = address(0xB1);
    uint32 private cohort;
    address private seller;

    function setUp() public override {
        super.setUp();
        cohort = newCohort(Kinds.UPTIME, 4, 2);
        seller = operatorOf(cohort, 0);
    }

    function _offer(address to) private {
        vm.prank(seller);
        registry.offerDevice(1, to);
    }

    function _accept() private {
        vm.warp(GENESIS + 7 * DAY);
        vm.prank(BUYER);
        registry.acceptDevice(1);
    }

    function test_the_new_operator_is_in_the_membership_and_is_paid() public {
        uint64[] memory units = unitsFrom(1, 4);
        settleFirst(cohort, 0, units);
        vm.warp(GENESIS - 1);
        _offer(BUYER);
        vm.expectEmit();
        emit DeviceRegistry.DeviceTransferred(1, seller, BUYER);
        _accept();
        vm.assertEq(registry.memberOf(cohort, 0).operator, BUYER);
        vm.assertEq(registry.membershipWords(cohort)[7], uint160(BUYER));
        vm.assertEq(registry.rootAt(cohort, 8), 0);
        distributor.freeze(Kinds.UPTIME, 0);
        distributor.claim(cohort, 0, 0, 1, Tree.proof(Tree.leaves(Kinds.UPTIME, 0, cohort, units), 0));
        vm.assertTrue(token.balanceOf(BUYER) > 0);
    }

    function test_only_the_operator_offers_and_only_whom_it_names_accepts() public {
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOperator.selector, seller, BUYER));
        registry.offerDevice(1, BUYER);
        _offer(address(0xC2));
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOffered.selector, 1, BUYER));
        registry.acceptDevice(1);
    }

    function test_an_offer_waits_and_can_be_withdrawn() public {
        _offer(BUYER);
        vm.warp(GENESIS + 6 * DAY - 1);
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.OfferNotReady.selector, 1, 7));
        registry.acceptDevice(1);
        _offer(address(0));
        vm.warp(GENESIS + 30 * DAY);
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOffered.selector, 1, BUYER));
        registry.acceptDevice(1);
    }

    function test_an_offer_is_accepted_once() public {
        _offer(BUYER);
        _accept();
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOffered.selector, 1, BUYER));
        registry.acceptDevice(1);
    }

    function test_the_attestors_operator_accepts_no_member_of_its_cohorts() public {
        address operator = registry.attestorOf(attestor).operator;
        _offer(operator);
        vm.warp(GENESIS + 7 * DAY);
        vm.prank(operator);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.OperatorIsAttestor.selector, operator));
        registry.acceptDevice(1);
    }

    function test_nobody_can_leave_an_epoch_without_a_membership_by_accepting() public {
        _offer(BUYER);
        vm.warp(GENESIS + 6 * DAY);
        registry.suspend(2);
        vm.warp(GENESIS + 7 * DAY);
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.MembershipNotCommitted.selector, cohort));
        registry.acceptDevice(1);
        commit(cohort);
        _accept();
        vm.assertTrue(registry.rootAt(cohort, 7) != 0);
    }
}
