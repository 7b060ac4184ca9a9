// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {BabyJubJub, KeyProof} from "../contracts/BabyJubJub.sol";
import {DeviceRegistry} from "../contracts/DeviceRegistry.sol";
import {EpochClock} from "../contracts/EpochClock.sol";
import {H3Region} from "../contracts/H3Region.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Memberships} from "../contracts/Memberships.sol";
import {Attestor, Cohort, Member} from "../contracts/RegistryTypes.sol";
import {Curve} from "./support/Curve.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title Who can be registered, in which cohorts
contract DeviceRegistryTest is Fixture {
    address private constant OPERATOR = address(0x0D);

    function test_attestors_cohorts_and_devices_are_numbered_from_1() public {
        vm.assertEq(attestor, 1);
        vm.assertEq(registry.createCohort(Kinds.UPTIME, 2, 0, 0, attestor), 1);
        vm.assertEq(registry.createCohort(Kinds.WITNESS, 4, 0, 0, 0), 2);
        (uint64 device, uint32 index) = registry.enrol(1, OPERATOR, newKey(), 0);
        vm.assertEq(device, 1);
        vm.assertEq(index, 0);
        (device, index) = registry.enrol(2, OPERATOR, newKey(), 0);
        vm.assertEq(device, 2);
        vm.assertEq(index, 0);
        (device, index) = registry.enrol(1, OPERATOR, newKey(), 0);
        vm.assertEq(device, 3);
        vm.assertEq(index, 1);
        (uint32 cohort, uint32 place) = registry.positionOf(3);
        vm.assertEq(cohort, 1);
        vm.assertEq(place, 1);
    }

    function test_what_was_registered_is_read_back() public {
        KeyProof memory key = newKey();
        uint32 witnesses = registry.createCohort(Kinds.WITNESS, 4, 0, 0, 0);
        uint32 cohort = registry.createCohort(Kinds.COVERAGE, 8, REGION, witnesses, attestor);
        registry.enrol(cohort, OPERATOR, key, 0x80018002);
        Member memory member = registry.memberOf(cohort, 0);
        vm.assertEq(member.device, 1);
        vm.assertEq(member.operator, OPERATOR);
        vm.assertEq(member.attribute, 0x80018002);
        vm.assertEq(member.keyX, key.key[0]);
        vm.assertEq(member.keyY, key.key[1]);
        vm.assertFalse(member.suspended);
        Cohort memory group = registry.cohortOf(cohort);
        vm.assertEq(abi.encode(group).length, 7 * 32);
        vm.assertEq(
            keccak256(abi.encode(group)), keccak256(abi.encode(Kinds.COVERAGE, 8, 1, REGION, witnesses, attestor, 0))
        );
        Attestor memory stored = registry.attestorOf(attestor);
        vm.assertEq(stored.operator, address(0xA77E57));
    }

    function test_a_key_is_registered_once_whatever_for() public {
        uint32 cohort = registry.createCohort(Kinds.UPTIME, 4, 0, 0, attestor);
        KeyProof memory key = newKey();
        registry.enrol(cohort, OPERATOR, key, 0);
        bytes memory expected = abi.encodeWithSelector(Memberships.KeyUsed.selector, key.key[0], key.key[1]);
        vm.expectRevert(expected);
        registry.enrol(cohort, address(0x0E), key, 0);
        vm.expectRevert(expected);
        registry.registerAttestor(address(0x0E), key);
    }

    function test_a_key_of_small_order_is_not_enrolled() public {
        uint32 cohort = registry.createCohort(Kinds.UPTIME, 4, 0, 0, attestor);
        KeyProof memory key = Curve.proofOf([uint256(0), 1]);
        vm.expectRevert(BabyJubJub.IdentityKey.selector);
        registry.enrol(cohort, OPERATOR, key, 0);
        vm.expectRevert(BabyJubJub.IdentityKey.selector);
        registry.registerAttestor(OPERATOR, key);
    }

    function test_sizes_are_powers_of_two_that_circuits_exist_for() public {
        uint32[4] memory refused = [uint32(0), 3, 129, 256];
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            uint32 witnesses = kind == Kinds.COVERAGE ? registry.createCohort(Kinds.WITNESS, 4, 0, 0, 0) : 0;
            uint64 region = kind == Kinds.COVERAGE ? REGION : 0;
            for (uint256 i = 0; i < refused.length; ++i) {
                vm.expectRevert(abi.encodeWithSelector(Memberships.WrongSize.selector, 128, refused[i]));
                registry.createCohort(kind, refused[i], region, witnesses, attestor);
            }
            registry.createCohort(kind, 1, region, witnesses, attestor);
            registry.createCohort(kind, 128, region, witnesses, attestor);
        }
    }

    function test_a_witness_cohort_has_the_places_that_coverages_circuits_have() public {
        uint32[4] memory refused = [uint32(0), 2, 3, 8];
        for (uint256 i = 0; i < refused.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Memberships.WrongWitnessSize.selector, 4, refused[i]));
            registry.createCohort(Kinds.WITNESS, refused[i], 0, 0, 0);
        }
        registry.createCohort(Kinds.WITNESS, 4, 0, 0, 0);
    }

    function test_a_coverage_cohort_needs_a_hexagon_and_witnesses() public {
        uint32 witnesses = registry.createCohort(Kinds.WITNESS, 4, 0, 0, 0);
        uint32 uptime = registry.createCohort(Kinds.UPTIME, 2, 0, 0, attestor);
        vm.expectRevert(abi.encodeWithSelector(H3Region.NotRegion.selector, uint64(0x81083ffffffffff)));
        registry.createCohort(Kinds.COVERAGE, 8, 0x81083ffffffffff, witnesses, attestor);
        vm.expectRevert(abi.encodeWithSelector(Memberships.NotWitnessCohort.selector, uptime));
        registry.createCohort(Kinds.COVERAGE, 8, REGION, uptime, attestor);
        vm.expectRevert(abi.encodeWithSelector(Memberships.NotWitnessCohort.selector, 99));
        registry.createCohort(Kinds.COVERAGE, 8, REGION, 99, attestor);
    }

    function test_fields_of_other_kinds_are_refused() public {
        uint32 witnesses = registry.createCohort(Kinds.WITNESS, 4, 0, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(Memberships.NotForThisKind.selector, Kinds.UPTIME, REGION));
        registry.createCohort(Kinds.UPTIME, 8, REGION, 0, attestor);
        vm.expectRevert(abi.encodeWithSelector(Memberships.NotForThisKind.selector, Kinds.ENERGY, witnesses));
        registry.createCohort(Kinds.ENERGY, 8, 0, witnesses, attestor);
        vm.expectRevert(abi.encodeWithSelector(Memberships.NotForThisKind.selector, Kinds.WITNESS, attestor));
        registry.createCohort(Kinds.WITNESS, 4, 0, 0, attestor);
        vm.expectRevert(abi.encodeWithSelector(Memberships.UnknownAttestor.selector, 9));
        registry.createCohort(Kinds.UPTIME, 8, 0, 0, 9);
        vm.expectRevert(abi.encodeWithSelector(Memberships.UnknownKind.selector, 4));
        registry.createCohort(4, 8, 0, 0, attestor);
    }

    function test_a_full_or_unknown_cohort_takes_no_device() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 2, 2);
        KeyProof memory key = newKey();
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.CohortFull.selector, cohort, 2));
        registry.enrol(cohort, OPERATOR, key, 0);
        vm.expectRevert(abi.encodeWithSelector(Memberships.UnknownCohort.selector, 99));
        registry.enrol(99, OPERATOR, key, 0);
    }

    function test_the_attestors_operator_is_no_member_of_its_cohorts() public {
        uint32 cohort = registry.createCohort(Kinds.UPTIME, 2, 0, 0, attestor);
        KeyProof memory key = newKey();
        vm.expectRevert(abi.encodeWithSelector(Memberships.OperatorIsAttestor.selector, address(0xA77E57)));
        registry.enrol(cohort, address(0xA77E57), key, 0);
        vm.expectRevert(Memberships.ZeroOperator.selector);
        registry.enrol(cohort, address(0), key, 0);
    }

    function test_attributes_are_bounded_by_kind() public {
        uint64 tooLarge = 1 << 32;
        _assertAttributeRefused(Kinds.ENERGY, 1, type(uint32).max, 0);
        _assertAttributeRefused(Kinds.ENERGY, 1, type(uint32).max, tooLarge);
        _assertAttributeRefused(Kinds.COVERAGE, 0, type(uint32).max, tooLarge);
        _assertAttributeRefused(Kinds.UPTIME, 0, 0, 1);
        _assertAttributeRefused(Kinds.WITNESS, 0, 0, 1);
    }

    function test_a_meter_starts_with_generation_1_and_each_new_one_raises_it() public {
        uint32 cohort = newCohort(Kinds.ENERGY, 2, 1);
        vm.assertEq(registry.memberOf(cohort, 0).attribute, 5_000 | (1 << 32));
        registry.replaceMeter(1, 8_000);
        vm.assertEq(registry.memberOf(cohort, 0).attribute, 8_000 | (uint256(2) << 32));
        vm.expectRevert(
            abi.encodeWithSelector(Memberships.WrongAttribute.selector, Kinds.ENERGY, 1, type(uint32).max, 0)
        );
        registry.replaceMeter(1, 0);
        newCohort(Kinds.UPTIME, 2, 1);
        vm.expectRevert(abi.encodeWithSelector(Memberships.NotForThisKind.selector, Kinds.UPTIME, 5));
        registry.replaceMeter(2, 5);
    }

    function test_no_generation_follows_the_last_one() public {
        uint32 cohort = newCohort(Kinds.ENERGY, 2, 1);
        for (uint256 generation = 2; generation <= type(uint16).max; ++generation) {
            registry.replaceMeter(1, 8_000);
        }
        vm.assertEq(registry.memberOf(cohort, 0).attribute, 8_000 | (uint256(type(uint16).max) << 32));
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        registry.replaceMeter(1, 8_000);
    }

    function test_only_the_owner_changes_the_registry() public {
        uint32 cohort = newCohort(Kinds.ENERGY, 2, 1);
        KeyProof memory key = newKey();
        bytes[] memory calls = new bytes[](6);
        calls[0] = abi.encodeCall(registry.registerAttestor, (OPERATOR, key));
        calls[1] = abi.encodeCall(registry.createCohort, (Kinds.UPTIME, 2, 0, 0, attestor));
        calls[2] = abi.encodeCall(registry.enrol, (cohort, OPERATOR, key, 1));
        calls[3] = abi.encodeCall(registry.suspend, (1));
        calls[4] = abi.encodeCall(registry.resume, (1));
        calls[5] = abi.encodeCall(registry.replaceMeter, (1, 1));
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(OPERATOR);
            (bool ok, bytes memory answer) = address(registry).call(calls[i]);
            vm.assertFalse(ok);
            bytes memory expected = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, OPERATOR);
            vm.assertEq(keccak256(answer), keccak256(expected));
        }
    }

    function test_the_clock_counts_epochs_from_genesis() public {
        vm.assertEq(registry.nextEpoch(), 0);
        vm.warp(GENESIS);
        vm.assertEq(registry.nextEpoch(), 1);
        vm.warp(GENESIS + DAY - 1);
        vm.assertEq(registry.nextEpoch(), 1);
        vm.warp(GENESIS + DAY);
        vm.assertEq(registry.nextEpoch(), 2);
        vm.expectRevert(EpochClock.ZeroEpochLength.selector);
        new DeviceRegistry(address(this), router, GENESIS, 0);
    }

    function _assertAttributeRefused(uint8 kind, uint64 min, uint64 max, uint64 attribute) private {
        uint32 cohort = newCohort(kind, 4, 0);
        KeyProof memory key = newKey();
        vm.expectRevert(abi.encodeWithSelector(Memberships.WrongAttribute.selector, kind, min, max, attribute));
        registry.enrol(cohort, OPERATOR, key, attribute);
    }
}
