// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Asset, AssetShares} from "../contracts/AssetShares.sol";
import {AssetSharesFactory} from "../contracts/AssetSharesFactory.sol";
import {BabyJubJub, KeyProof} from "../contracts/BabyJubJub.sol";
import {DeviceRegistry} from "../contracts/DeviceRegistry.sol";
import {Attestation, Certificate, Enrolment} from "../contracts/Enrolment.sol";
import {EpochSettlement} from "../contracts/EpochSettlement.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Memberships} from "../contracts/Memberships.sol";
import {P256, P256Key, P256Signature} from "../contracts/P256.sol";
import {Batch} from "../contracts/SettlementTypes.sol";
import {Curve} from "./support/Curve.sol";
import {Fixture} from "./support/Fixture.sol";
import {SecureElement} from "./support/SecureElement.sol";

/// @title A device's key is replaced when everyone agrees who agreed to the first one, and epochs that have begun keep theirs
contract RotationTest is Fixture {
    uint256 private constant ISSUER = 0x155;
    uint256 private constant ELEMENT = 0xe1e;
    address private constant OWNER = address(0x0D);
    address private constant BUYER = address(0xB1);
    uint64 private constant PLAIN = 1; // enrolled by the registry's owner
    uint64 private constant ATTESTED = 2;
    uint32 private cohort;
    KeyProof private first;
    KeyProof private second;

    function setUp() public override {
        super.setUp();
        registry.addIssuer(SecureElement.key(ISSUER));
        cohort = registry.createCohort(Kinds.UPTIME, 4, 0, 0, attestor);
        registry.setOpen(cohort, true);
        registry.enrol(cohort, OWNER, newKey(), 0);
        first = newKey();
        _enrol(ELEMENT, first);
        commit(cohort);
        second = newKey();
        vm.warp(GENESIS + 3 * DAY); // epoch 3 has begun
    }

    function _enrol(uint256 element, KeyProof memory key) private {
        Certificate memory certificate = Certificate(SecureElement.key(element), Kinds.UPTIME, 0, 0, 0);
        Attestation memory attestation;
        attestation.issuer = 1;
        attestation.byIssuer = SecureElement.sign(ISSUER, registry.certificateDigest(certificate));
        bytes32 digest = registry.enrolmentDigest(OWNER, key.key[0], key.key[1], registry.enrolmentNonce(OWNER));
        attestation.byHardware = SecureElement.sign(element, digest);
        vm.prank(OWNER);
        registry.enrolAttested(cohort, certificate, attestation, key);
    }

    function _signed(uint256 element, address owner, KeyProof memory key) private view returns (P256Signature memory) {
        uint256 nonce = registry.enrolmentNonce(owner);
        return SecureElement.sign(element, registry.rotationDigest(owner, key.key[0], key.key[1], nonce));
    }

    /// @dev Everything is prepared before the prank, which holds for one call.
    function _rotate(address by, KeyProof memory key) private {
        P256Signature memory signature = _signed(ELEMENT, by, key);
        P256Key memory hardware = SecureElement.key(ELEMENT);
        vm.prank(by);
        registry.rotateKeyAttested(ATTESTED, key, hardware, signature);
    }

    function _expectRefused(bytes memory expected, address by, KeyProof memory key) private {
        P256Signature memory signature = _signed(ELEMENT, by, key);
        P256Key memory hardware = SecureElement.key(ELEMENT);
        vm.prank(by);
        vm.expectRevert(expected);
        registry.rotateKeyAttested(ATTESTED, key, hardware, signature);
    }

    function _request(address by, KeyProof memory key) private {
        vm.prank(by);
        registry.requestKey(PLAIN, key.key[0], key.key[1]);
    }

    function _handOver(uint64 device, address from, address to) private {
        vm.prank(from);
        registry.offerDevice(device, to);
        vm.prank(to);
        registry.acceptDevice(device);
    }

    function _assertKeyAt(uint64 device, uint64 epoch, KeyProof memory expected) private view {
        (uint256 x, uint256 y) = registry.keyAt(device, epoch);
        vm.assertEq(x, expected.key[0]);
        vm.assertEq(y, expected.key[1]);
    }

    function _lately(uint64 device, uint64 fromEpoch) private pure returns (bytes memory) {
        return abi.encodeWithSelector(DeviceRegistry.KeyRotatedLately.selector, device, fromEpoch);
    }

    function test_the_next_epochs_membership_names_the_new_key() public {
        uint256 root = registry.rootAt(cohort, 3);
        vm.expectEmit();
        emit DeviceRegistry.KeyRotated(ATTESTED, second.key[0], second.key[1], 4);
        _rotate(OWNER, second);
        vm.assertEq(registry.membershipWords(cohort)[9], second.key[0]);
        vm.assertEq(registry.membershipWords(cohort)[10], second.key[1]);
        vm.assertEq(registry.memberOf(cohort, 1).keyX, second.key[0]);
        vm.assertEq(registry.rootAt(cohort, 3), root);
        vm.assertEq(registry.rootAt(cohort, 4), 0);
        commit(cohort);
        vm.assertTrue(registry.rootAt(cohort, 4) != 0 && registry.rootAt(cohort, 4) != root);
    }

    function test_epochs_that_have_begun_keep_the_key_that_signed_them() public {
        _rotate(OWNER, second);
        _assertKeyAt(ATTESTED, 0, first);
        _assertKeyAt(ATTESTED, 3, first);
        _assertKeyAt(ATTESTED, 4, second);
        _assertKeyAt(ATTESTED, type(uint64).max, second);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.UnknownDevice.selector, 9));
        registry.keyAt(9, 0);
    }

    function test_an_epoch_that_was_open_at_the_rotation_is_settled_under_the_membership_of_the_old_key() public {
        uint256 root = registry.rootAt(cohort, 3);
        _rotate(OWNER, second);
        vm.warp(endOf(3));
        Batch memory batch = newBatch(cohort, 3, unitsFrom(1, 4));
        vm.assertEq(settlement.batchWords(batch)[5], root);
        settlement.settle(batch, none());
        batch.epoch = 4;
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.NoMembership.selector, cohort, 4));
        settlement.batchWords(batch);
        commit(cohort);
        vm.assertTrue(settlement.batchWords(batch)[5] != root);
    }

    function test_several_rotations_leave_each_epoch_its_key() public {
        KeyProof[4] memory keys = [first, second, newKey(), newKey()];
        for (uint256 i = 1; i < 4; ++i) {
            _rotate(OWNER, keys[i]); // with effect from 4, 11, 18
            commit(cohort);
            vm.warp(block.timestamp + 7 * DAY);
        }
        for (uint64 epoch = 0; epoch < 30; ++epoch) {
            _assertKeyAt(ATTESTED, epoch, keys[epoch < 4 ? 0 : (epoch - 4) / 7 >= 2 ? 3 : (epoch - 4) / 7 + 1]);
        }
        vm.assertTrue(registry.isAttested(ATTESTED));
        vm.assertFalse(registry.isAttested(PLAIN));
    }

    function test_a_rotation_before_the_genesis_holds_from_epoch_0_on() public {
        vm.warp(GENESIS - 1);
        _rotate(OWNER, second);
        _assertKeyAt(ATTESTED, 0, second);
    }

    function test_a_key_that_was_used_before_is_never_a_key_again() public {
        _rotate(OWNER, second);
        commit(cohort);
        vm.warp(block.timestamp + 7 * DAY);
        _expectRefused(abi.encodeWithSelector(Memberships.KeyUsed.selector, first.key[0], first.key[1]), OWNER, first);
        _expectRefused(
            abi.encodeWithSelector(Memberships.KeyUsed.selector, second.key[0], second.key[1]), OWNER, second
        );
        vm.expectRevert(abi.encodeWithSelector(Memberships.KeyUsed.selector, first.key[0], first.key[1]));
        registry.enrol(cohort, OWNER, first, 0);
    }

    function test_a_key_of_small_order_is_not_rotated_to() public {
        _expectRefused(abi.encodeWithSelector(BabyJubJub.IdentityKey.selector), OWNER, Curve.proofOf([uint256(0), 1]));
    }

    function test_only_the_operator_rotates_and_a_copied_signature_is_worth_nothing() public {
        P256Signature memory signature = _signed(ELEMENT, OWNER, second);
        P256Key memory hardware = SecureElement.key(ELEMENT);
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOperator.selector, OWNER, BUYER));
        registry.rotateKeyAttested(ATTESTED, second, hardware, signature);
        _handOver(ATTESTED, OWNER, BUYER);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOperator.selector, BUYER, OWNER));
        registry.rotateKeyAttested(ATTESTED, second, hardware, signature);
        vm.prank(BUYER); // it names the operator before
        vm.expectPartialRevert(P256.SignatureRejected.selector);
        registry.rotateKeyAttested(ATTESTED, second, hardware, signature);
    }

    function test_another_devices_secure_element_or_one_that_is_not_enrolled_rotates_nothing() public {
        _enrol(ELEMENT + 1, newKey());
        uint256[2] memory elements = [ELEMENT + 1, ELEMENT + 2];
        for (uint256 i = 0; i < 2; ++i) {
            P256Signature memory signature = _signed(elements[i], OWNER, second);
            P256Key memory hardware = SecureElement.key(elements[i]);
            vm.prank(OWNER);
            vm.expectRevert(abi.encodeWithSelector(Enrolment.WrongHardware.selector, ATTESTED, hardware.x, hardware.y));
            registry.rotateKeyAttested(ATTESTED, second, hardware, signature);
            vm.prank(OWNER); // nor has a device without one a secure element
            vm.expectRevert(abi.encodeWithSelector(Enrolment.WrongHardware.selector, PLAIN, hardware.x, hardware.y));
            registry.rotateKeyAttested(PLAIN, second, hardware, signature);
        }
    }

    function test_a_signature_over_another_key_nonce_or_for_an_enrolment_is_refused() public {
        P256Key memory hardware = SecureElement.key(ELEMENT);
        (uint256 x, uint256 y) = (second.key[0], second.key[1]);
        bytes32[5] memory digests = [
            registry.rotationDigest(OWNER, x, y, 0), // used up by the enrolment
            registry.rotationDigest(OWNER, x, y, 2),
            registry.rotationDigest(OWNER, y, x, 1),
            registry.rotationDigest(BUYER, x, y, 1),
            registry.enrolmentDigest(OWNER, x, y, 1)
        ];
        for (uint256 i = 0; i < 5; ++i) {
            P256Signature memory signature = SecureElement.sign(ELEMENT, digests[i]);
            vm.prank(OWNER);
            vm.expectPartialRevert(P256.SignatureRejected.selector);
            registry.rotateKeyAttested(ATTESTED, second, hardware, signature);
        }
    }

    function test_a_signature_is_void_on_another_chain_and_after_a_revocation_and_used_once() public {
        P256Signature memory signature = _signed(ELEMENT, OWNER, second);
        P256Key memory hardware = SecureElement.key(ELEMENT);
        uint256 chain = block.chainid;
        vm.chainId(chain + 1);
        vm.prank(OWNER);
        vm.expectPartialRevert(P256.SignatureRejected.selector);
        registry.rotateKeyAttested(ATTESTED, second, hardware, signature);
        vm.chainId(chain);
        vm.prank(OWNER);
        registry.revokeEnrolments();
        vm.prank(OWNER);
        vm.expectPartialRevert(P256.SignatureRejected.selector);
        registry.rotateKeyAttested(ATTESTED, second, hardware, signature);
        _rotate(OWNER, second);
        vm.assertEq(registry.enrolmentNonce(OWNER), 3);
    }

    function test_the_digest_is_sha_256_over_200_bytes() public view {
        bytes memory signed = bytes.concat("ergon/1/rotation", new bytes(16), bytes32(block.chainid));
        signed = bytes.concat(signed, bytes20(address(registry)), bytes20(OWNER));
        signed = bytes.concat(signed, bytes32(uint256(3)), bytes32(uint256(4)), bytes32(uint256(5)));
        vm.assertEq(signed.length, 200);
        vm.assertEq(registry.rotationDigest(OWNER, 3, 4, 5), sha256(signed));
    }

    function test_a_key_is_not_rotated_twice_within_seven_epochs() public {
        _rotate(OWNER, second);
        commit(cohort);
        KeyProof memory third = newKey();
        uint256[3] memory times = [block.timestamp, GENESIS + 4 * DAY, GENESIS + 10 * DAY - 1];
        for (uint256 i = 0; i < 3; ++i) {
            vm.warp(times[i]);
            _expectRefused(_lately(ATTESTED, 11), OWNER, third);
        }
        vm.warp(GENESIS + 10 * DAY);
        _rotate(OWNER, third);
        _assertKeyAt(ATTESTED, 3, first);
        _assertKeyAt(ATTESTED, 10, second);
        _assertKeyAt(ATTESTED, 11, third);
    }

    function test_a_sellers_last_rotation_does_not_keep_the_buyer_from_a_key_of_its_own() public {
        KeyProof memory bought = newKey();
        _rotate(OWNER, second);
        _handOver(ATTESTED, OWNER, BUYER);
        _rotate(BUYER, bought);
        // With effect from the same epoch: the seller's was no membership's key, and the one before both stays.
        _assertKeyAt(ATTESTED, 3, first);
        _assertKeyAt(ATTESTED, 4, bought);
        commit(cohort);
        // The pause is the buyer's from then on.
        _expectRefused(_lately(ATTESTED, 11), BUYER, newKey());
        vm.warp(block.timestamp + DAY);
        _expectRefused(_lately(ATTESTED, 11), BUYER, newKey());
        _assertKeyAt(ATTESTED, 5, bought);
    }

    function test_a_handover_to_oneself_ends_no_pause() public {
        _rotate(OWNER, second);
        _handOver(ATTESTED, OWNER, OWNER);
        _expectRefused(_lately(ATTESTED, 11), OWNER, newKey());
    }

    function test_nobody_can_leave_an_epoch_without_a_membership_by_rotating() public {
        registry.suspend(PLAIN);
        vm.warp(GENESIS + 4 * DAY);
        bytes memory expected = abi.encodeWithSelector(Memberships.MembershipNotCommitted.selector, cohort);
        _expectRefused(expected, OWNER, second);
        KeyProof memory third = newKey();
        _request(OWNER, third);
        vm.expectRevert(expected);
        registry.rotateKey(PLAIN, third);
        commit(cohort);
        _rotate(OWNER, second);
        vm.assertTrue(registry.rootAt(cohort, 4) != 0);
    }

    function test_a_suspended_device_rotates_its_key_and_stays_suspended() public {
        registry.suspend(ATTESTED);
        _rotate(OWNER, second);
        vm.assertTrue(registry.memberOf(cohort, 1).suspended);
        vm.assertEq(registry.membershipWords(cohort)[9], 0);
        registry.resume(ATTESTED);
        vm.assertEq(registry.membershipWords(cohort)[9], second.key[0]);
    }

    function test_a_device_without_a_secure_element_rotates_on_its_operators_word_and_the_owners() public {
        _request(OWNER, second);
        registry.rotateKey(PLAIN, second);
        _assertKeyAt(PLAIN, 4, second);
        // A request counts once.
        vm.expectRevert(
            abi.encodeWithSelector(DeviceRegistry.KeyNotRequested.selector, PLAIN, second.key[0], second.key[1])
        );
        registry.rotateKey(PLAIN, second);
    }

    function test_the_owner_gives_no_device_a_key_that_its_operator_did_not_ask_for() public {
        bytes memory expected =
            abi.encodeWithSelector(DeviceRegistry.KeyNotRequested.selector, PLAIN, second.key[0], second.key[1]);
        vm.expectRevert(expected);
        registry.rotateKey(PLAIN, second);
        _request(OWNER, newKey());
        vm.expectRevert(expected);
        registry.rotateKey(PLAIN, second);
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOperator.selector, OWNER, BUYER));
        registry.requestKey(PLAIN, second.key[0], second.key[1]);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.UnknownDevice.selector, 9));
        registry.rotateKey(9, second);
    }

    function test_a_request_ends_with_the_operator_who_made_it() public {
        _request(OWNER, second);
        _handOver(PLAIN, OWNER, BUYER);
        vm.expectRevert(
            abi.encodeWithSelector(DeviceRegistry.KeyNotRequested.selector, PLAIN, second.key[0], second.key[1])
        );
        registry.rotateKey(PLAIN, second);
    }

    function test_an_operator_alone_rotates_no_device_without_a_secure_element() public {
        _request(OWNER, second);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, OWNER));
        registry.rotateKey(PLAIN, second);
    }

    function test_the_owners_word_replaces_no_secure_elements() public {
        vm.prank(OWNER);
        registry.requestKey(ATTESTED, second.key[0], second.key[1]);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.DeviceIsAttested.selector, ATTESTED));
        registry.rotateKey(ATTESTED, second);
    }

    /// @dev Whoever rotates, hands over and lets time pass: what was read of epochs that had begun is read again.
    function testFuzz_nobody_rewrites_which_key_an_epoch_had(uint8[10] calldata passes, bool[10] calldata sells)
        public
    {
        uint256[] memory seen = new uint256[](200);
        uint64 known = 0;
        for (uint256 i = 0; i < 10; ++i) {
            vm.warp(block.timestamp + uint256(passes[i] % 10) * DAY);
            for (; known < registry.nextEpoch(); ++known) {
                (seen[known],) = registry.keyAt(ATTESTED, known);
            }
            if (registry.rootAt(cohort, registry.nextEpoch()) == 0) commit(cohort);
            address operator = registry.memberOf(cohort, 1).operator;
            if (sells[i]) {
                address to = operator == OWNER ? BUYER : OWNER;
                vm.prank(operator);
                registry.offerDevice(ATTESTED, to);
                vm.prank(to);
                try registry.acceptDevice(ATTESTED) {
                    operator = to;
                } catch {}
            }
            KeyProof memory key = newKey();
            P256Signature memory signature = _signed(ELEMENT, operator, key);
            P256Key memory hardware = SecureElement.key(ELEMENT);
            vm.prank(operator);
            try registry.rotateKeyAttested(ATTESTED, key, hardware, signature) {} catch {}
            (uint256 next,) = registry.keyAt(ATTESTED, known);
            vm.assertEq(next, registry.memberOf(cohort, 1).keyX);
            for (uint64 epoch = 0; epoch < known; ++epoch) {
                (uint256 x,) = registry.keyAt(ATTESTED, epoch);
                vm.assertEq(x, seen[epoch]);
            }
        }
    }

    function test_a_device_of_an_asset_gets_another_key_on_the_word_of_its_secure_element() public {
        AssetShares shares = _shared();
        KeyProof memory third = newKey();
        P256Key memory hardware = SecureElement.key(ELEMENT);
        P256Signature memory signature = _signed(ELEMENT, OWNER, second);
        // What was signed for a former operator holds for it alone.
        vm.expectPartialRevert(P256.SignatureRejected.selector);
        shares.rotateKey(ATTESTED, second, hardware, signature);
        signature = _signed(ELEMENT, address(shares), second);
        vm.expectPartialRevert(P256.SignatureRejected.selector);
        shares.rotateKey(ATTESTED, third, hardware, signature);
        uint64 next = registry.nextEpoch();
        vm.prank(BUYER);
        shares.rotateKey(ATTESTED, second, hardware, signature);
        (uint256 keyX, uint256 keyY) = registry.keyAt(ATTESTED, next);
        vm.assertEq(keyX, second.key[0]);
        vm.assertEq(keyY, second.key[1]);
    }

    /// @dev The device, divided into shares.
    function _shared() private returns (AssetShares shares) {
        Asset memory asset = Asset("Roof", "ROOF", 1 ether, OWNER, new uint64[](1), new address[](1), address(0));
        (asset.devices[0], asset.currencies[0]) = (ATTESTED, address(token));
        shares = new AssetSharesFactory(registry).create(asset);
        vm.prank(OWNER);
        registry.offerDevice(ATTESTED, address(shares));
        shares.accept(0);
        shares.issue();
        vm.warp(block.timestamp + 8 days);
        commit(cohort);
    }
}
