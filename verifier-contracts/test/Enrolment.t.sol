// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {KeyProof} from "../contracts/BabyJubJub.sol";
import {DeviceRegistry} from "../contracts/DeviceRegistry.sol";
import {Attestation, Certificate, Enrolment} from "../contracts/Enrolment.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Memberships} from "../contracts/Memberships.sol";
import {P256, P256Key} from "../contracts/P256.sol";
import {Member} from "../contracts/RegistryTypes.sol";
import {Fixture} from "./support/Fixture.sol";
import {SecureElement} from "./support/SecureElement.sol";

/// @title A device enrols on the word of its issuer and of its secure element, once
contract EnrolmentTest is Fixture {
    uint256 private constant ISSUER = 0x155;
    uint256 private constant ELEMENT = 0xe1e;
    address private constant OWNER = address(0x0D);

    uint32 private issuer;
    uint32 private cohort;
    KeyProof private key;

    function setUp() public override {
        super.setUp();
        issuer = registry.addIssuer(SecureElement.key(ISSUER));
        cohort = registry.createCohort(Kinds.ENERGY, 4, 0, 0, attestor);
        registry.setOpen(cohort, true);
        key = newKey();
    }

    function _certificate(uint256 element) private pure returns (Certificate memory) {
        return Certificate(SecureElement.key(element), Kinds.ENERGY, 5_000, 0, 0);
    }

    function _attest(DeviceRegistry at_, Certificate memory certificate, uint256 element, address owner)
        private
        view
        returns (Attestation memory attestation)
    {
        attestation.issuer = issuer;
        attestation.byIssuer = SecureElement.sign(ISSUER, at_.certificateDigest(certificate));
        bytes32 digest = at_.enrolmentDigest(owner, key.key[0], key.key[1], at_.enrolmentNonce(owner));
        attestation.byHardware = SecureElement.sign(element, digest);
    }

    function _valid() private view returns (Certificate memory certificate, Attestation memory attestation) {
        certificate = _certificate(ELEMENT);
        attestation = _attest(registry, certificate, ELEMENT, OWNER);
    }

    function _enrol(Certificate memory certificate, Attestation memory attestation) private {
        vm.prank(OWNER);
        registry.enrolAttested(cohort, certificate, attestation, key);
    }

    function _assertRejected(Certificate memory certificate, Attestation memory attestation) private {
        vm.prank(OWNER);
        vm.expectPartialRevert(P256.SignatureRejected.selector);
        registry.enrolAttested(cohort, certificate, attestation, key);
    }

    function test_the_owner_enrols_its_certified_device() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        vm.expectEmit();
        emit Enrolment.DeviceAttested(issuer, certificate.hardware.x, certificate.hardware.y, OWNER);
        _enrol(certificate, attestation);
        Member memory member = registry.memberOf(cohort, 0);
        vm.assertEq(member.operator, OWNER);
        vm.assertEq(member.attribute, 5_000 | (1 << 32));
        vm.assertEq(member.keyX, key.key[0]);
        vm.assertEq(registry.enrolmentNonce(OWNER), 1);
        vm.assertTrue(registry.isHardwareUsed(certificate.hardware));
    }

    function test_the_digests_are_sha_256_over_113_and_200_bytes() public view {
        Certificate memory c = Certificate(P256Key(1, 2), Kinds.COVERAGE, 0, REGION, 0x80018002);
        bytes memory signed = abi.encodePacked(bytes32("ergon/1/certificate"), uint256(1), uint256(2));
        signed = bytes.concat(signed, hex"02", hex"00000000", hex"0811fbffffffffff", hex"80018002");
        vm.assertEq(signed.length, 113);
        vm.assertEq(registry.certificateDigest(c), sha256(signed));
        signed = bytes.concat("ergon/1/enrolment", new bytes(15), bytes32(block.chainid));
        signed = bytes.concat(signed, bytes20(address(registry)), bytes20(OWNER));
        signed = bytes.concat(signed, bytes32(uint256(3)), bytes32(uint256(4)), bytes32(uint256(5)));
        vm.assertEq(signed.length, 200);
        vm.assertEq(registry.enrolmentDigest(OWNER, 3, 4, 5), sha256(signed));
    }

    function test_a_copied_enrolment_is_refused_from_another_sender() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        vm.prank(address(0xBAD));
        vm.expectPartialRevert(P256.SignatureRejected.selector);
        registry.enrolAttested(cohort, certificate, attestation, key);
    }

    function test_a_copied_enrolment_is_refused_on_another_chain_or_registry() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        uint256 chain = block.chainid;
        vm.chainId(chain + 1);
        _assertRejected(certificate, attestation);
        vm.chainId(chain);
        DeviceRegistry other = new DeviceRegistry(address(this), router, GENESIS, DAY);
        other.registerAttestor(address(0xA77E57), newKey());
        other.addIssuer(SecureElement.key(ISSUER));
        other.createCohort(Kinds.ENERGY, 4, 0, 0, 1);
        other.setOpen(1, true);
        vm.prank(OWNER);
        vm.expectPartialRevert(P256.SignatureRejected.selector);
        other.enrolAttested(1, certificate, attestation, key);
    }

    function test_a_secure_element_is_enrolled_once() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        _enrol(certificate, attestation);
        key = newKey();
        attestation = _attest(registry, certificate, ELEMENT, OWNER);
        vm.prank(OWNER);
        vm.expectRevert(
            abi.encodeWithSelector(Enrolment.HardwareUsed.selector, certificate.hardware.x, certificate.hardware.y)
        );
        registry.enrolAttested(cohort, certificate, attestation, key);
    }

    function test_a_key_of_records_is_enrolled_once() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        _enrol(certificate, attestation);
        certificate = _certificate(ELEMENT + 1);
        attestation = _attest(registry, certificate, ELEMENT + 1, OWNER);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Memberships.KeyUsed.selector, key.key[0], key.key[1]));
        registry.enrolAttested(cohort, certificate, attestation, key);
    }

    function test_another_key_of_records_than_the_signed_one_is_refused() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        key = newKey();
        _assertRejected(certificate, attestation);
    }

    function test_the_higher_s_is_refused_of_both_signatures() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        attestation.byIssuer.s = SecureElement.ORDER - attestation.byIssuer.s;
        _assertRejected(certificate, attestation);
        (certificate, attestation) = _valid();
        attestation.byHardware.s = SecureElement.ORDER - attestation.byHardware.s;
        _assertRejected(certificate, attestation);
    }

    function test_an_unknown_wrong_or_revoked_issuer_certifies_nothing() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        attestation.issuer = issuer + 1;
        vm.expectRevert(abi.encodeWithSelector(Enrolment.UnknownIssuer.selector, issuer + 1));
        registry.enrolAttested(cohort, certificate, attestation, key);
        registry.addIssuer(SecureElement.key(ISSUER + 1));
        _assertRejected(certificate, attestation);
        attestation.issuer = issuer;
        registry.revokeIssuer(issuer);
        vm.expectRevert(abi.encodeWithSelector(Enrolment.UnknownIssuer.selector, issuer));
        registry.enrolAttested(cohort, certificate, attestation, key);
        vm.expectRevert(abi.encodeWithSelector(Enrolment.UnknownIssuer.selector, issuer));
        registry.revokeIssuer(issuer);
        vm.assertEq(registry.issuerOf(issuer).x, 0);
    }

    function testFuzz_an_altered_certificate_is_refused(uint32 nameplate) public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        vm.assume(nameplate != certificate.nameplate);
        certificate.nameplate = nameplate;
        _assertRejected(certificate, attestation);
    }

    function test_a_certificate_for_another_kind_region_or_number_is_refused() public {
        Certificate memory certificate = _certificate(ELEMENT);
        certificate.kind = Kinds.UPTIME;
        Attestation memory attestation = _attest(registry, certificate, ELEMENT, address(this));
        vm.expectRevert(
            abi.encodeWithSelector(DeviceRegistry.WrongCertificate.selector, Kinds.ENERGY, 0, Kinds.UPTIME, 0)
        );
        registry.enrolAttested(cohort, certificate, attestation, key);
        certificate = _certificate(ELEMENT);
        certificate.region = REGION;
        vm.expectRevert(
            abi.encodeWithSelector(DeviceRegistry.WrongCertificate.selector, Kinds.ENERGY, 0, Kinds.ENERGY, REGION)
        );
        registry.enrolAttested(cohort, certificate, attestation, key);
        certificate = _certificate(ELEMENT);
        certificate.position = 9;
        attestation = _attest(registry, certificate, ELEMENT, address(this));
        vm.expectRevert(abi.encodeWithSelector(Memberships.NotForThisKind.selector, Kinds.ENERGY, 9));
        registry.enrolAttested(cohort, certificate, attestation, key);
    }

    function test_revoked_enrolments_are_refused() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        vm.prank(OWNER);
        registry.revokeEnrolments();
        _assertRejected(certificate, attestation);
    }

    function test_a_chain_without_the_precompile_enrols_nothing() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        vm.mockCall(address(0x100), "", "");
        _assertRejected(certificate, attestation);
    }

    function test_nobody_can_leave_an_epoch_without_a_membership_by_enrolling() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        _enrol(certificate, attestation);
        vm.warp(GENESIS);
        key = newKey();
        certificate = _certificate(ELEMENT + 1);
        attestation = _attest(registry, certificate, ELEMENT + 1, OWNER);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Memberships.MembershipNotCommitted.selector, cohort));
        registry.enrolAttested(cohort, certificate, attestation, key);
        commit(cohort);
        _enrol(certificate, attestation);
        vm.assertTrue(registry.rootAt(cohort, 0) != 0);
    }

    function test_an_owner_chooses_only_among_cohorts_that_are_open() public {
        (Certificate memory certificate, Attestation memory attestation) = _valid();
        registry.setOpen(cohort, false);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.CohortClosed.selector, cohort));
        registry.enrolAttested(cohort, certificate, attestation, key);
        vm.expectRevert(abi.encodeWithSelector(Memberships.UnknownCohort.selector, 99));
        registry.setOpen(99, true);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, OWNER));
        registry.setOpen(cohort, true);
    }

    function test_only_the_owner_of_the_registry_names_issuers() public {
        P256Key memory added = SecureElement.key(1);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, OWNER));
        registry.addIssuer(added);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, OWNER));
        registry.revokeIssuer(issuer);
        vm.expectRevert(Enrolment.ZeroIssuer.selector);
        registry.addIssuer(P256Key(1, 0));
    }
}
