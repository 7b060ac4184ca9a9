// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {P256, P256Key, P256Signature} from "../contracts/P256.sol";
import {SecureElement} from "./support/SecureElement.sol";
import {Test} from "./support/Vm.sol";

/// @title Signatures hold only where the precompile says so, in one form each
contract P256Test is Test {
    bytes32 private constant DIGEST = keccak256("a digest");
    uint256 private constant SECRET = 0x1d2e3f;

    function _holds(bytes32 digest, P256Signature memory signature, P256Key memory key) private view returns (bool) {
        return P256.verify(digest, signature.r, signature.s, key.x, key.y);
    }

    /// @notice What an enrolment calls.
    function check(bytes32 digest, P256Signature calldata signature, uint256 x, uint256 y) external view {
        P256.check(digest, signature, x, y);
    }

    function testFuzz_a_signature_holds_for_its_digest_and_key_only(uint256 secret, bytes32 digest, uint8 bit) public {
        secret = 1 + secret % (SecureElement.ORDER - 1);
        P256Key memory key = SecureElement.key(secret);
        P256Signature memory signature = SecureElement.sign(secret, digest);
        vm.assertTrue(_holds(digest, signature, key));
        vm.assertFalse(_holds(digest ^ bytes32(uint256(1) << bit), signature, key));
        vm.assertFalse(_holds(digest, signature, SecureElement.key(secret == 7 ? 8 : 7)));
        this.check(digest, signature, key.x, key.y);
        vm.expectRevert(abi.encodeWithSelector(P256.SignatureRejected.selector, digest, key.y, key.x));
        this.check(digest, signature, key.y, key.x);
    }

    function test_the_signature_of_rfc_6979_holds() public view {
        // Appendix A.2.5, SHA-256 of "sample"; its s is high, so n − s stands here.
        P256Key memory key = P256Key(
            0x60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6,
            0x7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299
        );
        uint256 s = 0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8;
        uint256 r = 0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716;
        vm.assertTrue(_holds(sha256("sample"), P256Signature(r, SecureElement.ORDER - s), key));
        vm.assertFalse(_holds(sha256("sample"), P256Signature(r, s), key));
    }

    function test_the_higher_s_is_refused_though_the_precompile_accepts_it() public view {
        P256Key memory key = SecureElement.key(SECRET);
        P256Signature memory signature = SecureElement.sign(SECRET, DIGEST);
        signature.s = SecureElement.ORDER - signature.s;
        (, bytes memory answer) = address(0x100).staticcall(abi.encode(DIGEST, signature, key));
        vm.assertEq(abi.decode(answer, (uint256)), 1);
        vm.assertFalse(_holds(DIGEST, signature, key));
    }

    function testFuzz_words_that_are_no_signature_are_refused(uint256 r, uint256 s) public view {
        P256Key memory key = SecureElement.key(SECRET);
        vm.assertFalse(_holds(DIGEST, P256Signature(r, s), key));
        vm.assertFalse(_holds(DIGEST, P256Signature(0, s), key));
        vm.assertFalse(_holds(DIGEST, P256Signature(r, 0), key));
    }

    function test_keys_with_a_zero_or_off_the_curve_are_refused() public view {
        P256Key memory key = SecureElement.key(SECRET);
        P256Signature memory signature = SecureElement.sign(SECRET, DIGEST);
        vm.assertFalse(_holds(DIGEST, signature, P256Key(0, key.y)));
        vm.assertFalse(_holds(DIGEST, signature, P256Key(key.x, 0)));
        vm.assertFalse(_holds(DIGEST, signature, P256Key(0, 0)));
        vm.assertFalse(_holds(DIGEST, signature, P256Key(key.x, key.y ^ 1)));
    }

    /// forge-config: default.evm_version = "prague"
    function test_a_chain_without_the_precompile_accepts_no_signature() public view {
        P256Key memory key = SecureElement.key(SECRET);
        P256Signature memory signature = SecureElement.sign(SECRET, DIGEST);
        // The call succeeds all the same.
        (bool ok, bytes memory answer) = address(0x100).staticcall(abi.encode(DIGEST, signature, key));
        vm.assertTrue(ok);
        vm.assertEq(answer.length, 0);
        vm.assertFalse(_holds(DIGEST, signature, key));
    }

    function test_only_one_word_equal_to_one_is_a_yes() public {
        P256Key memory key = SecureElement.key(SECRET);
        P256Signature memory signature = SecureElement.sign(SECRET, DIGEST);
        bytes[5] memory answers = [bytes(""), hex"01", abi.encode(2), abi.encode(0), abi.encode(1, 1)];
        for (uint256 i = 0; i < answers.length; ++i) {
            vm.mockCall(address(0x100), "", answers[i]);
            vm.assertFalse(_holds(DIGEST, signature, key));
        }
        vm.mockCall(address(0x100), "", abi.encode(1));
        vm.assertTrue(_holds(DIGEST, signature, key));
    }
}
