// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {BabyJubJub, KeyProof} from "../contracts/BabyJubJub.sol";
import {Field} from "../contracts/Field.sol";
import {Curve} from "./support/Curve.sol";
import {Test} from "./support/Vm.sol";

/// @title Only keys of prime order pass, given by their eighth and three doublings
contract KeysTest is Test {
    /// @dev A generator of the eight points of small order, by circomlibjs.
    uint256 private constant ORDER8_X = 4342719913949491028786768530115087822524712248835451589697801404893164183326;
    uint256 private constant ORDER8_Y = 4826523245007015323400664741523384119579596407052839571721035538011798951543;
    uint256 private constant ORDER4_X = 18930368022820495955728484915491405972470733850014661777449844430438130630919;

    /// @dev External, so that a revert can be expected and the proof is calldata.
    function check(KeyProof calldata proof) external pure {
        BabyJubJub.check(proof);
    }

    /// @dev The key of the private key 01…01, by circomlibjs.
    function _valid() private pure returns (KeyProof memory proof) {
        proof.eighth = [
            uint256(15669816660323172542464051389272888646066499861096432228171379988059393820801),
            21533328842926652712253637275512474264240553259215125609215976388297209913296
        ];
        proof.quarter = [
            uint256(17835876368690919352003998002846502569909955294680407821213791636371579904940),
            2618614202156036434438828916508073433645845938675420062437922807760874802924
        ];
        proof.half = [
            uint256(17684126903094418979487526942718839174658900749824079451923512221818589778334),
            6878603780942219264799019577159733294687398292230752800982623513541261623190
        ];
        proof.key = [
            uint256(15944627324083773346390189001500210680939402028015651549526524193195473201952),
            17251889856797524237981285661279357764562574766148660962999867467495459148286
        ];
    }

    function test_a_key_of_circomlibjs_passes() public view {
        this.check(_valid());
    }

    function test_the_tests_own_doubling_agrees_with_circomlibjs() public view {
        KeyProof memory proof = Curve.proofOf(_valid().eighth);
        vm.assertEq(keccak256(abi.encode(proof)), keccak256(abi.encode(_valid())));
    }

    function test_the_identity_is_refused_as_a_key() public {
        KeyProof memory proof = Curve.proofOf([uint256(0), 1]);
        vm.expectRevert(BabyJubJub.IdentityKey.selector);
        this.check(proof);
    }

    function test_all_points_of_small_order_are_refused() public {
        uint256[2] memory point = [ORDER8_X, ORDER8_Y];
        uint256[2] memory current = point;
        for (uint256 i = 0; i < 8; ++i) {
            // As the eighth: eight times it is the identity.
            KeyProof memory proof = Curve.proofOf(current);
            vm.expectRevert(BabyJubJub.IdentityKey.selector);
            this.check(proof);
            // As the key itself: no eighth leads to it.
            proof = _valid();
            proof.key = current;
            vm.expectRevert(abi.encodeWithSelector(BabyJubJub.NotDoubled.selector, current[0], current[1]));
            this.check(proof);
            current = Curve.add(current, point);
        }
    }

    function test_a_key_plus_a_point_of_small_order_is_refused() public {
        KeyProof memory proof = _valid();
        proof.key = Curve.add(proof.key, [ORDER4_X, uint256(0)]);
        vm.expectRevert(abi.encodeWithSelector(BabyJubJub.NotDoubled.selector, proof.key[0], proof.key[1]));
        this.check(proof);
    }

    function test_a_point_off_the_curve_is_refused() public {
        KeyProof memory proof = _valid();
        proof.eighth = [uint256(1), 1];
        vm.expectRevert(abi.encodeWithSelector(BabyJubJub.NotOnCurve.selector, 1, 1));
        this.check(proof);
    }

    function test_the_negative_of_a_double_is_refused() public {
        KeyProof memory proof = _valid();
        proof.half[0] = Field.R - proof.half[0];
        vm.expectRevert(abi.encodeWithSelector(BabyJubJub.NotDoubled.selector, proof.half[0], proof.half[1]));
        this.check(proof);
    }

    function test_a_coordinate_plus_r_is_refused_at_each_place() public {
        for (uint256 i = 0; i < 8; ++i) {
            KeyProof memory proof = _valid();
            uint256[2] memory point = i < 2 ? proof.eighth : i < 4 ? proof.quarter : i < 6 ? proof.half : proof.key;
            point[i % 2] += Field.R;
            vm.expectRevert(abi.encodeWithSelector(BabyJubJub.CoordinateNotCanonical.selector, point[i % 2]));
            this.check(proof);
        }
    }

    function testFuzz_a_flipped_bit_is_refused(uint8 word, uint8 bit) public {
        uint256[8] memory words = abi.decode(abi.encode(_valid()), (uint256[8]));
        words[word % 8] ^= uint256(1) << bit;
        KeyProof memory proof = abi.decode(abi.encode(words), (KeyProof));
        (bool ok,) = address(this).call(abi.encodeCall(this.check, (proof)));
        vm.assertFalse(ok);
    }
}
