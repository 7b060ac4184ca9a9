// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Field} from "../contracts/Field.sol";
import {Groth16Verifier} from "../contracts/Groth16Verifier.sol";
import {Trapdoor} from "./support/Trapdoor.sol";
import {Test} from "./support/Vm.sol";

/// @title Many proofs checked together hold when each of them does, and never otherwise
contract ManyProofsTest is Test {
    Groth16Verifier private verifier;

    function setUp() public {
        verifier = new Groth16Verifier(Trapdoor.key());
    }

    function testFuzz_proofs_that_hold_hold_together(uint256[3][] memory any) public view {
        uint256 count = any.length % 9 == 0 ? 1 : any.length % 9;
        (uint256[8][] memory proofs, uint256[3][] memory inputs) = _proven(count);
        for (uint256 i = 0; i < count && i < any.length; ++i) {
            for (uint256 j = 0; j < 3; ++j) {
                inputs[i][j] = any[i][j] % Field.R;
            }
            proofs[i] = Trapdoor.prove(inputs[i], i + 1);
        }
        vm.assertTrue(verifier.verifyAll(proofs, inputs));
    }

    function testFuzz_a_flipped_bit_anywhere_is_rejected(uint8 which, uint8 word, uint8 bit) public view {
        (uint256[8][] memory proofs, uint256[3][] memory inputs) = _proven(4);
        (uint256 i, uint256 place) = (which % 4, word % 11);
        if (place < 8) proofs[i][place] ^= uint256(1) << bit;
        else inputs[i][place - 8] ^= uint256(1) << bit;
        vm.assertFalse(verifier.verifyAll(proofs, inputs));
    }

    function test_faults_that_cancel_in_a_plain_sum_are_rejected() public view {
        // All proofs here have the same B, so that of A, of C and of the inputs only the sums would count.
        (uint256[8][] memory proofs, uint256[3][] memory inputs) = _proven(3);
        for (uint256 place = 0; place < 8; place += 6) {
            _swap(proofs, place);
            vm.assertFalse(verifier.verifyAll(proofs, inputs));
            _swap(proofs, place);
        }
        for (uint256 j = 0; j < 3; ++j) {
            (inputs[0][j], inputs[2][j]) = (inputs[2][j], inputs[0][j]);
            vm.assertFalse(verifier.verifyAll(proofs, inputs));
            (inputs[0][j], inputs[2][j]) = (inputs[2][j], inputs[0][j]);
        }
        vm.assertTrue(verifier.verifyAll(proofs, inputs));
    }

    function test_faults_that_cancel_under_the_challenge_of_the_true_proofs_are_rejected() public view {
        // The challenge follows from what is given: whoever chooses faults for one gets another.
        (uint256[8][] memory proofs, uint256[3][] memory inputs) = _proven(2);
        uint256 challenge = uint256(keccak256(abi.encodePacked(_flat(proofs, inputs)))) % Field.R;
        // C₀ + challenge·G and C₁ − G: Σ challengeⁱ·Cᵢ stays as it was.
        (proofs[0][6], proofs[0][7]) = Trapdoor.g1(addmod(1, challenge, Field.R));
        (proofs[1][6], proofs[1][7]) = Trapdoor.g1(1);
        vm.assertFalse(verifier.verifyAll(proofs, inputs));
    }

    function test_an_input_plus_r_is_rejected() public view {
        (uint256[8][] memory proofs, uint256[3][] memory inputs) = _proven(2);
        for (uint256 k = 0; k < 6; ++k) {
            inputs[k / 3][k % 3] += Field.R;
            vm.assertFalse(verifier.verifyAll(proofs, inputs));
            inputs[k / 3][k % 3] -= Field.R;
        }
    }

    function test_a_coordinate_plus_q_or_a_point_off_the_curve_is_rejected() public view {
        for (uint256 k = 0; k < 16; ++k) {
            (uint256[8][] memory proofs, uint256[3][] memory inputs) = _proven(2);
            proofs[k / 8][k % 8] += Field.Q;
            vm.assertFalse(verifier.verifyAll(proofs, inputs));
            (proofs[k / 8][k % 8 & 6], proofs[k / 8][k % 8 | 1]) = (1, 1);
            vm.assertFalse(verifier.verifyAll(proofs, inputs));
        }
    }

    function test_no_proofs_and_inputs_of_more_or_fewer_are_rejected() public view {
        (uint256[8][] memory proofs, uint256[3][] memory inputs) = _proven(2);
        (uint256[8][] memory three, uint256[3][] memory inputsOfThree) = _proven(3);
        vm.assertFalse(verifier.verifyAll(proofs, inputsOfThree));
        vm.assertFalse(verifier.verifyAll(three, inputs));
        vm.assertFalse(verifier.verifyAll(new uint256[8][](0), new uint256[3][](0)));
    }

    function test_points_at_infinity_prove_nothing() public view {
        (, uint256[3][] memory inputs) = _proven(2);
        vm.assertFalse(verifier.verifyAll(new uint256[8][](2), inputs));
    }

    function test_a_precompile_that_answers_nothing_or_too_much_is_no_proof() public {
        (uint256[8][] memory proofs, uint256[3][] memory inputs) = _proven(2);
        vm.mockCall(address(8), "", abi.encode(1));
        vm.assertTrue(verifier.verifyAll(proofs, inputs));
        vm.mockCall(address(8), "", "");
        vm.assertFalse(verifier.verifyAll(proofs, inputs));
        vm.mockCall(address(8), "", abi.encode(1, 1));
        vm.assertFalse(verifier.verifyAll(proofs, inputs));
        vm.mockCall(address(8), "", abi.encode(1));
        vm.mockCall(address(7), "", "");
        vm.assertFalse(verifier.verifyAll(proofs, inputs));
    }

    function _proven(uint256 count) private view returns (uint256[8][] memory proofs, uint256[3][] memory inputs) {
        proofs = new uint256[8][](count);
        inputs = new uint256[3][](count);
        for (uint256 i = 0; i < count; ++i) {
            inputs[i] = [3 + i, 5 + 7 * i, 8 + 11 * i];
            proofs[i] = Trapdoor.prove(inputs[i], i + 1);
        }
    }

    /// @dev Exchanges a point of the first proof and of the last.
    function _swap(uint256[8][] memory proofs, uint256 place) private pure {
        (uint256[8] memory first, uint256[8] memory last) = (proofs[0], proofs[2]);
        (first[place], last[place]) = (last[place], first[place]);
        (first[place + 1], last[place + 1]) = (last[place + 1], first[place + 1]);
    }

    function _flat(uint256[8][] memory proofs, uint256[3][] memory inputs) private pure returns (uint256[] memory all) {
        all = new uint256[](11 * proofs.length);
        for (uint256 i = 0; i < proofs.length; ++i) {
            for (uint256 j = 0; j < 8; ++j) {
                all[8 * i + j] = proofs[i][j];
            }
            for (uint256 j = 0; j < 3; ++j) {
                all[8 * proofs.length + 3 * i + j] = inputs[i][j];
            }
        }
    }
}
