// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Field} from "../contracts/Field.sol";
import {Groth16Verifier} from "../contracts/Groth16Verifier.sol";
import {Trapdoor} from "./support/Trapdoor.sol";
import {Test} from "./support/Vm.sol";

/// @title The verifier accepts what the equation accepts, and nothing malformed
contract Groth16VerifierTest is Test {
    /// @dev What a proof of any content may cost: three additions, three multiplications, one pairing, and around them.
    uint256 private constant MOST_GAS = 240_000;

    Groth16Verifier private verifier;
    uint256[3] private inputs = [uint256(3), 5, 8];

    function setUp() public {
        verifier = new Groth16Verifier(Trapdoor.key());
    }

    function test_the_key_hash_names_the_22_words() public view {
        vm.assertEq(verifier.keyHash(), keccak256(abi.encodePacked(Trapdoor.key())));
    }

    function testFuzz_a_proof_holds_for_its_inputs(uint256[3] memory any, uint256 blind) public view {
        for (uint256 i = 0; i < 3; ++i) {
            any[i] %= Field.R;
        }
        vm.assertTrue(verifier.verify(Trapdoor.prove(any, 1 + blind % (Field.R - 1)), any));
    }

    function testFuzz_a_flipped_bit_of_an_input_is_rejected(uint8 word, uint8 bit) public view {
        uint256[8] memory proof = Trapdoor.prove(inputs, 1);
        uint256[3] memory flipped = inputs;
        flipped[word % 3] ^= uint256(1) << bit;
        vm.assertFalse(verifier.verify(proof, flipped));
    }

    function testFuzz_a_flipped_bit_of_a_proof_is_rejected_within_the_gas_cap(uint8 word, uint8 bit) public view {
        uint256[8] memory proof = Trapdoor.prove(inputs, 1);
        proof[word % 8] ^= uint256(1) << bit;
        _assertRejectedCheaply(proof);
    }

    function test_an_input_plus_r_is_rejected() public view {
        uint256[8] memory proof = Trapdoor.prove(inputs, 1);
        for (uint256 i = 0; i < 3; ++i) {
            // r fits five times into a word
            for (uint256 k = 1; k <= 5; ++k) {
                uint256[3] memory alias_ = inputs;
                alias_[i] += k * Field.R;
                vm.assertFalse(verifier.verify(proof, alias_));
            }
        }
    }

    function test_a_coordinate_plus_q_is_rejected() public view {
        for (uint256 i = 0; i < 8; ++i) {
            uint256[8] memory proof = Trapdoor.prove(inputs, 1);
            proof[i] += Field.Q;
            _assertRejectedCheaply(proof);
        }
    }

    function test_a_point_off_the_curve_is_rejected_within_the_gas_cap() public view {
        for (uint256 i = 0; i < 8; i += 2) {
            uint256[8] memory proof = Trapdoor.prove(inputs, 1);
            (proof[i], proof[i + 1]) = (1, 1);
            _assertRejectedCheaply(proof);
        }
    }

    function test_points_at_infinity_prove_nothing() public view {
        uint256[8] memory proof;
        _assertRejectedCheaply(proof);
        proof = Trapdoor.prove(inputs, 1);
        (proof[6], proof[7]) = (0, 0);
        _assertRejectedCheaply(proof);
    }

    function test_a_negated_pair_is_the_same_statement() public view {
        // Groth16 proofs are malleable: nothing may be derived from a proof's bytes.
        uint256[8] memory proof = Trapdoor.prove(inputs, 1);
        proof[1] = Field.Q - proof[1];
        proof[4] = Field.Q - proof[4];
        proof[5] = Field.Q - proof[5];
        vm.assertTrue(verifier.verify(proof, inputs));
    }

    function test_too_little_gas_for_the_pairing_is_no_proof() public view {
        (bool ok, bytes memory answer) = address(verifier).staticcall{gas: 150_000}(
            abi.encodeCall(verifier.verify, (Trapdoor.prove(inputs, 1), inputs))
        );
        vm.assertFalse(ok && abi.decode(answer, (bool)));
    }

    function test_a_precompile_that_answers_nothing_or_too_much_is_no_proof() public {
        // A call to an address without code succeeds with an empty answer: success alone says nothing.
        uint256[8] memory proof = Trapdoor.prove(inputs, 1);
        vm.mockCall(address(8), "", abi.encode(1));
        vm.assertTrue(verifier.verify(proof, inputs));
        vm.mockCall(address(8), "", "");
        vm.assertFalse(verifier.verify(proof, inputs));
        vm.mockCall(address(8), "", abi.encode(1, 1));
        vm.assertFalse(verifier.verify(proof, inputs));
        vm.mockCall(address(8), "", abi.encode(1));
        vm.mockCall(address(6), "", "");
        vm.assertFalse(verifier.verify(proof, inputs));
    }

    function test_a_key_of_which_gamma_is_delta_is_refused() public {
        uint256[22] memory vk = Trapdoor.key();
        for (uint256 i = 6; i < 10; ++i) {
            vk[i + 4] = vk[i];
        }
        vm.expectRevert(Groth16Verifier.GammaEqualsDelta.selector);
        new Groth16Verifier(vk);
    }

    function test_a_key_whose_second_phase_nobody_contributed_to_is_refused() public {
        uint256[22] memory vk = Trapdoor.key();
        // The generator of G2, as δ begins.
        vk[10] = 11559732032986387107991004021392285783925812861821192530917403151452391805634;
        vk[11] = 10857046999023057135944570762232829481370756359578518086990519993285655852781;
        vk[12] = 4082367875863433681332203403145435568316851327593401208105741076214120093531;
        vk[13] = 8495653923123431417604973247489272438418190587263600148770280649306958101930;
        vm.expectRevert(Groth16Verifier.DeltaIsGenerator.selector);
        new Groth16Verifier(vk);
    }

    function test_a_key_without_a_point_that_binds_something_is_refused() public {
        uint256[6] memory positions = [uint256(2), 6, 10, 16, 18, 20];
        for (uint256 i = 0; i < 6; ++i) {
            uint256[22] memory vk = Trapdoor.key();
            for (uint256 j = 0; j < (i < 3 ? 4 : 2); ++j) {
                vk[positions[i] + j] = 0;
            }
            vm.expectRevert(abi.encodeWithSelector(Groth16Verifier.KeyPointMissing.selector, positions[i]));
            new Groth16Verifier(vk);
        }
    }

    function test_a_key_that_binds_two_inputs_to_one_point_or_its_negative_is_refused() public {
        for (uint256 i = 16; i < 20; i += 2) {
            uint256[22] memory vk = Trapdoor.key();
            (vk[20], vk[21]) = (vk[i], i == 16 ? vk[i + 1] : Field.Q - vk[i + 1]);
            vm.expectRevert(abi.encodeWithSelector(Groth16Verifier.InputsLinked.selector, i, 20));
            new Groth16Verifier(vk);
        }
    }

    function testFuzz_a_key_with_a_coordinate_from_q_on_is_refused(uint8 position, uint256 word) public {
        uint256[22] memory vk = Trapdoor.key();
        uint256 at_ = position % 22;
        vk[at_] = Field.Q + word % (type(uint256).max - Field.Q);
        vm.expectRevert(abi.encodeWithSelector(Groth16Verifier.KeyNotCanonical.selector, at_, vk[at_]));
        new Groth16Verifier(vk);
    }

    function _assertRejectedCheaply(uint256[8] memory proof) private view {
        uint256[3] memory given = inputs;
        uint256 before = gasleft();
        bool holds = verifier.verify(proof, given);
        vm.assertLe(before - gasleft(), MOST_GAS, "gas of a rejected proof");
        vm.assertFalse(holds);
    }
}
