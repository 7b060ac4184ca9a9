// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {DeviceRegistry} from "../contracts/DeviceRegistry.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Memberships} from "../contracts/Memberships.sol";
import {ISuspensions} from "../contracts/RegistryTypes.sol";
import {Staking} from "../contracts/Staking.sol";
import {AssetFixture} from "./support/AssetFixture.sol";
import {Curve} from "./support/Curve.sol";

/// @title A device leaves its cohort for a reason that somebody signed, until somebody else decides or nobody does in time
contract DeviceSuspensionTest is AssetFixture {
    bytes32 private constant REASON = keccak256("the meter was moved");
    uint64 private constant DEVICE = 1;

    function setUp() public override {
        super.setUp();
        registry.setStaking(staking);
        commitAsIs();
    }

    function _isSuspended() private view returns (bool) {
        return registry.memberOf(1, 0).suspended;
    }

    function _without(bool keptOut) private pure returns (bytes memory) {
        return abi.encodeWithSelector(DeviceRegistry.WithoutCause.selector, DEVICE, keptOut);
    }

    function test_anyone_suspends_an_accused_device_from_the_next_epoch_on() public {
        suspend(deviceBond, REASON);
        uint64 next = registry.nextEpoch();
        uint256 root = registry.rootAt(1, next - 1);
        vm.expectEmit();
        emit DeviceRegistry.DeviceSuspended(DEVICE);
        vm.prank(BEN);
        registry.suspend(DEVICE);
        vm.assertTrue(_isSuspended());
        vm.assertEq(registry.rootAt(1, next - 1), root);
        vm.assertEq(registry.rootAt(1, next), 0);
        vm.assertEq(registry.membershipWords(1)[6], 0);
        // Whose the epochs until then were does not change.
        vm.assertEq(registry.operatorAt(1, 0, next - 1), OPERATOR);
    }

    function test_nobody_suspends_a_device_without_a_signed_reason_not_even_the_owner() public {
        vm.expectRevert(_without(false));
        registry.suspend(DEVICE);
        suspend(bond, REASON); // a prover's
        vm.expectRevert(_without(false));
        registry.suspend(DEVICE);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.UnknownDevice.selector, 9));
        registry.suspend(9);
    }

    function test_nobody_resumes_a_device_before_the_decision_not_even_the_owner() public {
        suspend(deviceBond, REASON);
        registry.suspend(DEVICE);
        vm.expectRevert(_without(true));
        registry.resume(DEVICE);
        vm.prank(OPERATOR);
        vm.expectRevert(_without(true));
        registry.resume(DEVICE);
    }

    function test_a_device_whose_suspension_was_lifted_is_resumed_by_anyone_and_its_bond_gets_the_deposit() public {
        suspend(deviceBond, REASON);
        registry.suspend(DEVICE);
        commitAsIs();
        vm.prank(DECIDER);
        staking.lift(deviceBond);
        vm.prank(OPERATOR);
        registry.resume(DEVICE);
        vm.assertFalse(_isSuspended());
        assertPart(staking.claimable(deviceBond, OPERATOR), DEPOSIT);
    }

    function test_without_a_decision_anyone_resumes_a_device_from_the_deadline_on() public {
        suspend(deviceBond, REASON);
        registry.suspend(DEVICE);
        commitAsIs();
        uint64 deadline = staking.suspensionOf(deviceBond).deadline;
        vm.warp(deadline - 1);
        vm.expectRevert(_without(true));
        registry.resume(DEVICE);
        vm.warp(deadline); // nobody has lifted it
        vm.prank(BEN);
        registry.resume(DEVICE);
        vm.assertFalse(_isSuspended());
        vm.prank(DECIDER);
        vm.expectRevert(abi.encodeWithSelector(Staking.TooLate.selector, deadline));
        staking.uphold(deviceBond);
        vm.expectRevert(_without(false));
        registry.suspend(DEVICE);
    }

    function test_an_upheld_device_stays_out_until_the_owner_pardons_it() public {
        suspend(deviceBond, REASON);
        registry.suspend(DEVICE);
        commitAsIs();
        vm.prank(DECIDER);
        staking.uphold(deviceBond);
        vm.warp(block.timestamp + 100 days);
        vm.expectRevert(_without(true));
        registry.resume(DEVICE);
        vm.prank(DECIDER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, DECIDER));
        staking.pardon(deviceBond);
        staking.pardon(deviceBond);
        registry.resume(DEVICE);
        vm.assertFalse(_isSuspended());
        vm.expectRevert(abi.encodeWithSelector(Staking.NotUpheld.selector, deviceBond));
        staking.pardon(deviceBond);
    }

    function test_a_device_found_against_before_anyone_suspended_it_is_suspended_all_the_same() public {
        suspend(deviceBond, REASON);
        vm.prank(DECIDER);
        staking.uphold(deviceBond);
        registry.suspend(DEVICE);
        vm.assertTrue(_isSuspended());
    }

    function test_a_later_accusation_that_is_lifted_does_not_end_one_that_was_upheld() public {
        suspend(deviceBond, REASON);
        vm.prank(DECIDER);
        staking.uphold(deviceBond);
        registry.suspend(DEVICE);
        suspend(deviceBond, "another");
        vm.prank(DECIDER);
        staking.lift(deviceBond);
        vm.expectRevert(_without(true));
        registry.resume(DEVICE);
    }

    function test_nobody_leaves_an_epoch_without_a_membership_by_suspending_or_resuming() public {
        uint256[2] memory second = Curve.add(Curve.base8(), Curve.base8());
        second = Curve.add(second, second);
        registry.enrol(1, BEN, Curve.proofOf(second), 0);
        suspend(deviceBond, REASON);
        bytes memory expected = abi.encodeWithSelector(Memberships.MembershipNotCommitted.selector, 1);
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(expected);
        registry.suspend(DEVICE);
        commitAsIs();
        registry.suspend(DEVICE);
        vm.prank(DECIDER);
        staking.lift(deviceBond); // what is withheld does not wait for a membership
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(expected);
        registry.resume(DEVICE);
        commitAsIs();
        registry.resume(DEVICE);
    }

    function test_a_suspended_device_is_not_handed_over() public {
        suspend(deviceBond, REASON);
        registry.suspend(DEVICE);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.WrongSuspension.selector, DEVICE, true));
        registry.transferFrom(OPERATOR, BEN, DEVICE);
    }

    function test_what_the_owner_suspended_before_is_resumed_by_anyone_without_an_accusation() public {
        DeviceRegistry other = new DeviceRegistry(address(this), registry.router(), START, 1 days);
        other.registerAttestor(address(0xA77E57), Curve.proofOf(Curve.base8()));
        other.createCohort(Kinds.UPTIME, 4, 0, 0, 1);
        other.enrol(1, OPERATOR, Curve.proofOf(Curve.add(Curve.base8(), Curve.base8())), 0);
        other.suspend(1);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, OPERATOR));
        other.resume(1);
        other.setStaking(new Staking(address(this), token, other, parameters));
        vm.prank(OPERATOR);
        other.resume(1);
        vm.assertFalse(other.memberOf(1, 0).suspended);
    }

    function test_whose_word_counts_is_said_once_by_the_owner_and_for_good() public {
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.StakingAlreadySet.selector, address(staking)));
        registry.setStaking(staking);
        DeviceRegistry other = new DeviceRegistry(address(this), registry.router(), START, 1 days);
        vm.prank(BEN);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, BEN));
        other.setStaking(staking);
        vm.expectRevert(bytes("")); // nobody there who could answer
        other.setStaking(ISuspensions(BEN));
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.ForeignStaking.selector, address(staking)));
        other.setStaking(staking);
    }
}
