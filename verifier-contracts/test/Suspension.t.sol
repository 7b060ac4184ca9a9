// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {StakePool} from "../contracts/StakePool.sol";
import {Staking} from "../contracts/Staking.sol";
import {StakingFixture} from "./support/StakingFixture.sol";

/// @title A suspension has a signed reason, a deadline and a decider, and who is wronged gets everything back
contract SuspensionTest is StakingFixture {
    bytes32 private constant REASON = keccak256("the meter was moved");

    function setUp() public override {
        super.setUp();
        stake(bond, ANN, 100 ether);
    }

    function test_a_lifted_suspension_pays_what_was_withheld_and_the_deposit() public {
        suspend(bond, REASON);
        vm.assertFalse(staking.isGood(bond, 1));
        pay(bond, 10 ether);
        assertPart(staking.claimable(bond, ANN), 0);
        vm.assertEq(staking.suspensionOf(bond).withheld, 10 ether);
        vm.prank(DECIDER);
        staking.lift(bond);
        assertPart(staking.claimable(bond, ANN), 10 ether + DEPOSIT);
        vm.assertTrue(staking.isGood(bond, 100 ether));
    }

    function test_without_a_decision_anyone_lifts_it_from_the_deadline_on() public {
        suspend(bond, REASON);
        uint64 deadline = staking.suspensionOf(bond).deadline;
        vm.warp(deadline - 1);
        vm.expectRevert(abi.encodeWithSelector(Staking.NotDecider.selector, DECIDER, address(this)));
        staking.lift(bond);
        vm.warp(deadline);
        vm.prank(DECIDER);
        vm.expectRevert(abi.encodeWithSelector(Staking.TooLate.selector, deadline));
        staking.uphold(bond);
        staking.lift(bond);
        assertPart(staking.claimable(bond, ANN), DEPOSIT);
    }

    function test_an_upheld_suspension_forfeits_what_was_withheld_and_leaves_the_stake() public {
        pay(bond, 3 ether);
        suspend(bond, REASON);
        pay(bond, 10 ether);
        vm.prank(DECIDER);
        staking.uphold(bond);
        assertPart(staking.claimable(bond, ANN), 3 ether); // earned before
        vm.assertEq(staking.fund(), 10 ether);
        vm.assertEq(token.balanceOf(address(0xACC0)), DEPOSIT);
        vm.assertEq(staking.stakeOf(bond).tokens, 100 ether);
        vm.expectRevert(abi.encodeWithSelector(Staking.NotSuspended.selector, bond));
        staking.lift(bond);
    }

    function test_stake_neither_comes_nor_goes_while_suspended_but_earned_rewards_do() public {
        pay(bond, 5 ether);
        vm.prank(ANN);
        staking.unstake(bond, 50 ether);
        vm.warp(START + UNBONDING);
        suspend(bond, REASON);
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(StakePool.BondSuspended.selector, bond));
        staking.withdraw(bond);
        give(BEN, 1 ether);
        vm.prank(BEN);
        vm.expectRevert(abi.encodeWithSelector(StakePool.BondSuspended.selector, bond));
        staking.stake(bond, 1 ether);
        assertPart(staking.claimRewards(bond, ANN), 5 ether);
        vm.warp(staking.suspensionOf(bond).deadline);
        staking.lift(bond);
        vm.prank(ANN);
        vm.assertEq(staking.withdraw(bond), 50 ether);
    }

    function test_an_accusation_needs_an_accusers_signature_over_exactly_it() public {
        uint64 deadline = START + 10 days;
        address accuser = vm.addr(ACCUSER_KEY);
        bytes memory signature = accusation(bond, REASON, deadline);
        _assertNotAccused(deviceBond, accuser, REASON, deadline, signature);
        _assertNotAccused(bond, accuser, "another", deadline, signature);
        _assertNotAccused(bond, accuser, REASON, deadline - 1, signature);
        _assertNotAccused(bond, ANN, REASON, deadline, signature);
        staking.setAccuser(accuser, false);
        _assertNotAccused(bond, accuser, REASON, deadline, signature);
    }

    function _assertNotAccused(uint256 of_, address by, bytes32 reason, uint64 deadline, bytes memory signature)
        private
    {
        vm.expectRevert(abi.encodeWithSelector(Staking.NotAccused.selector, of_, by));
        staking.suspend(of_, by, reason, deadline, signature);
    }

    function test_a_reason_counts_once_and_one_suspension_at_a_time() public {
        suspend(bond, REASON);
        uint64 deadline = uint64(block.timestamp + 10 days);
        address accuser = vm.addr(ACCUSER_KEY);
        bytes memory signature = accusation(bond, "another", deadline);
        vm.expectRevert(abi.encodeWithSelector(StakePool.BondSuspended.selector, bond));
        staking.suspend(bond, accuser, "another", deadline, signature);
        vm.prank(DECIDER);
        staking.lift(bond);
        signature = accusation(bond, REASON, deadline);
        vm.expectRevert(abi.encodeWithSelector(Staking.ReasonUsed.selector, bond, REASON));
        staking.suspend(bond, accuser, REASON, deadline, signature);
    }

    function test_deadlines_are_ahead_and_not_far() public {
        address accuser = vm.addr(ACCUSER_KEY);
        uint64[2] memory refused = [START, START + 30 days + 1];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Staking.WrongDeadline.selector, START + 30 days, refused[i]));
            staking.suspend(bond, accuser, REASON, refused[i], "");
        }
    }

    function test_nobody_judges_an_accusation_of_its_own() public {
        address accuser = vm.addr(ACCUSER_KEY);
        staking.setDecider(accuser);
        vm.expectRevert(abi.encodeWithSelector(Staking.AccuserDecides.selector, accuser));
        staking.suspend(bond, accuser, REASON, START + 1, "");
        staking.setDecider(address(0));
        vm.expectRevert(Staking.NoDecider.selector);
        staking.suspend(bond, accuser, REASON, START + 1, "");
    }

    function test_a_suspension_keeps_the_decider_it_began_with() public {
        suspend(bond, REASON);
        staking.setDecider(BEN);
        vm.prank(BEN);
        vm.expectRevert(abi.encodeWithSelector(Staking.NotDecider.selector, DECIDER, BEN));
        staking.uphold(bond);
        vm.prank(DECIDER);
        staking.uphold(bond);
    }
}
