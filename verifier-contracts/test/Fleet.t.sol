// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {KeyProof} from "../contracts/BabyJubJub.sol";
import {DeviceRegistry} from "../contracts/DeviceRegistry.sol";
import {Attestation, Certificate, Enrolment} from "../contracts/Enrolment.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Memberships} from "../contracts/Memberships.sol";
import {Multicall} from "../contracts/Multicall.sol";
import {P256} from "../contracts/P256.sol";
import {Fixture} from "./support/Fixture.sol";
import {SecureElement} from "./support/SecureElement.sol";

/// @title A fleet enrols in one transaction, all of it or nothing
contract FleetTest is Fixture {
    uint256 private constant ISSUER = 0x155;
    address private constant OWNER = address(0x0D);
    uint32 private cohort;

    function setUp() public override {
        super.setUp();
        registry.addIssuer(SecureElement.key(ISSUER));
        cohort = registry.createCohort(Kinds.ENERGY, 8, 0, 0, attestor);
        registry.setOpen(cohort, true);
    }

    /// @dev A call that enrols a device, whose secure element signs for the nonce that is next when it is executed.
    function _call(uint256 element, uint256 nonce) private returns (bytes memory) {
        KeyProof memory key = newKey();
        Certificate memory certificate = Certificate(SecureElement.key(element), Kinds.ENERGY, 5_000, 0, 0);
        Attestation memory attestation;
        attestation.issuer = 1;
        attestation.byIssuer = SecureElement.sign(ISSUER, registry.certificateDigest(certificate));
        bytes32 digest = registry.enrolmentDigest(OWNER, key.key[0], key.key[1], nonce);
        attestation.byHardware = SecureElement.sign(element, digest);
        return abi.encodeCall(registry.enrolAttested, (cohort, certificate, attestation, key));
    }

    function _fleet(uint256 size) private returns (bytes[] memory calls) {
        calls = new bytes[](size);
        for (uint256 i = 0; i < size; ++i) {
            calls[i] = _call(100 + i, i);
        }
    }

    /// @dev How a call is refused, and that nothing of the others is left.
    function _assertRefused(address by, bytes[] memory calls, uint256 index, bytes memory reason) private {
        vm.prank(by);
        vm.expectRevert(abi.encodeWithSelector(Multicall.CallRefused.selector, index, reason));
        registry.multicall(calls);
        vm.assertEq(registry.deviceCount(), 0);
        vm.assertEq(registry.enrolmentNonce(OWNER), 0);
    }

    function test_a_fleet_is_enrolled_at_once_and_its_membership_committed_once() public {
        bytes[] memory calls = _fleet(8);
        vm.prank(OWNER);
        bytes[] memory answers = registry.multicall(calls);
        for (uint32 i = 0; i < 8; ++i) {
            vm.assertEq(keccak256(answers[i]), keccak256(abi.encode(i + 1, i)));
            vm.assertEq(registry.memberOf(cohort, i).operator, OWNER);
            vm.assertTrue(registry.isAttested(i + 1));
        }
        vm.assertEq(registry.balanceOf(OWNER), 8);
        vm.assertEq(registry.enrolmentNonce(OWNER), 8);
        commit(cohort);
        vm.assertTrue(registry.rootAt(cohort, 0) != 0);
    }

    function test_one_refused_device_refuses_all_and_is_named() public {
        bytes[] memory calls = _fleet(3);
        calls[2] = _call(100, 2); // the first one's secure element
        uint256 x = SecureElement.key(100).x;
        uint256 y = SecureElement.key(100).y;
        _assertRefused(OWNER, calls, 2, abi.encodeWithSelector(Enrolment.HardwareUsed.selector, x, y));
    }

    function test_a_fleet_in_another_order_than_its_nonces_is_refused() public {
        bytes[] memory calls = _fleet(3);
        (calls[1], calls[2]) = (calls[2], calls[1]);
        vm.prank(OWNER);
        vm.expectPartialRevert(Multicall.CallRefused.selector);
        registry.multicall(calls);
        vm.assertEq(registry.deviceCount(), 0);
    }

    function test_a_copied_fleet_is_refused_from_another_sender() public {
        bytes[] memory calls = _fleet(2);
        vm.prank(address(0xBAD));
        (bool ok, bytes memory answer) = address(registry).call(abi.encodeCall(registry.multicall, (calls)));
        vm.assertFalse(ok);
        (uint256 index, bytes memory reason) = _decode(answer);
        vm.assertEq(index, 0);
        vm.assertTrue(bytes4(reason) == P256.SignatureRejected.selector);
    }

    function _decode(bytes memory answer) private pure returns (uint256 index, bytes memory reason) {
        vm.assertTrue(bytes4(answer) == Multicall.CallRefused.selector);
        bytes memory fields = new bytes(answer.length - 4);
        for (uint256 i = 0; i < fields.length; ++i) {
            fields[i] = answer[i + 4];
        }
        return abi.decode(fields, (uint256, bytes));
    }

    function test_more_devices_than_places_are_refused() public {
        bytes[] memory calls = _fleet(9);
        _assertRefused(OWNER, calls, 8, abi.encodeWithSelector(DeviceRegistry.CohortFull.selector, cohort, 8));
    }

    function test_the_registrys_owner_enrols_a_fleet_of_many_operators() public {
        bytes[] memory calls = new bytes[](8);
        for (uint32 i = 0; i < 8; ++i) {
            calls[i] = abi.encodeCall(registry.enrol, (cohort, operatorOf(cohort, i), newKey(), 5_000));
        }
        registry.multicall(calls);
        vm.assertEq(registry.memberOf(cohort, 7).operator, operatorOf(cohort, 7));
    }

    function test_what_only_the_owner_may_do_is_refused_to_others_among_other_calls_too() public {
        bytes[] memory calls = _fleet(2);
        calls[1] = abi.encodeCall(registry.enrol, (cohort, OWNER, newKey(), 5_000));
        bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, OWNER);
        _assertRefused(OWNER, calls, 1, reason);
        // The call within a call has the same sender.
        bytes[] memory outer = new bytes[](1);
        outer[0] = abi.encodeCall(registry.multicall, (calls));
        reason = abi.encodeWithSelector(Multicall.CallRefused.selector, 1, reason);
        _assertRefused(OWNER, outer, 0, reason);
    }

    function test_what_is_no_function_is_refused() public {
        bytes[] memory calls = new bytes[](1);
        _assertRefused(OWNER, calls, 0, "");
        calls[0] = hex"01020304";
        _assertRefused(OWNER, calls, 0, "");
    }

    function test_nobody_can_leave_an_epoch_without_a_membership_by_enrolling_a_fleet() public {
        bytes[] memory calls = _fleet(2);
        vm.prank(OWNER);
        registry.multicall(calls);
        vm.warp(GENESIS);
        calls = new bytes[](1);
        calls[0] = _call(200, 2);
        bytes memory reason = abi.encodeWithSelector(Memberships.MembershipNotCommitted.selector, cohort);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Multicall.CallRefused.selector, 0, reason));
        registry.multicall(calls);
    }
}
