// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {KeyProof} from "../contracts/BabyJubJub.sol";
import {ContradictionEvidence} from "../contracts/ContradictionEvidence.sol";
import {Evidence} from "../contracts/Evidence.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Parameter, Parameters} from "../contracts/Parameters.sol";
import {Member} from "../contracts/RegistryTypes.sol";
import {Slashing} from "../contracts/Slashing.sol";
import {Staking} from "../contracts/Staking.sol";
import {FaultRule} from "../contracts/StakingTypes.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title A proven contradiction costs the device's bond once, and pays whom the proof names
contract ContradictionEvidenceTest is Fixture {
    bytes32 private constant TAG = "ergon/1/contradict/energy";
    address private constant REPORTER = address(0x4e9);
    Staking private staking;
    ContradictionEvidence private evidence;
    uint256 private bond;

    function setUp() public override {
        super.setUp();
        bytes32[] memory names = new bytes32[](2);
        Parameter[] memory values = new Parameter[](2);
        (names[0], names[1]) = ("staking/unbonding", "staking/deposit");
        values[0] = values[1] = Parameter(7 days, 3 days, 30 days, 1, 1, 0);
        staking = new Staking(address(this), token, registry, new Parameters(address(this), names, values));
        evidence = new ContradictionEvidence(1, staking, address(settlement));
        staking.setFaultRule(1, FaultRule(address(evidence), 1_000, 2_000, 1_000));
        newCohort(Kinds.ENERGY, 4, 1);
        bond = staking.bondOf(1, 1);
        vm.prank(address(distributor));
        token.mint(address(this), 100 ether);
        token.approve(address(staking), 100 ether);
        staking.stake(bond, 100 ether);
        vm.warp(GENESIS + 8 * DAY);
    }

    function _proof(uint64 epoch, address reporter)
        private
        returns (bytes32 route, uint256 c, uint256[8] memory proof)
    {
        route = ensureRoute(TAG, 1, 7);
        (c, proof) = prove(TAG, route, evidence.words(1, epoch, reporter));
    }

    function test_evidence_about_an_epoch_that_has_not_begun_is_refused() public {
        // Whoever showed faults of its own ahead would commit them unpunished.
        vm.expectRevert(abi.encodeWithSelector(Evidence.NotBegun.selector, 9, 9));
        evidence.words(1, 9, REPORTER);
        vm.expectRevert(abi.encodeWithSelector(Evidence.NotBegun.selector, 9, 9));
        evidence.show(1, 9, REPORTER, bytes32(0), 0, [uint256(0), 0, 0, 0, 0, 0, 0, 0]);
    }

    function test_a_contradiction_slashes_the_device_and_pays_the_reporter_whoever_sends_it() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = _proof(5, REPORTER);
        vm.prank(OTHER_PROVER);
        vm.assertEq(evidence.show(1, 5, REPORTER, route, c, proof), 10 ether);
        vm.assertEq(token.balanceOf(REPORTER), 1 ether);
        vm.assertEq(token.balanceOf(OTHER_PROVER), 0);
    }

    function test_an_epochs_contradiction_counts_once_for_all_reporters() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = _proof(5, REPORTER);
        evidence.show(1, 5, REPORTER, route, c, proof);
        (route, c, proof) = _proof(5, OTHER_PROVER);
        vm.expectPartialRevert(Slashing.AlreadyReported.selector);
        evidence.show(1, 5, OTHER_PROVER, route, c, proof);
    }

    function test_a_proof_convicts_nobody_of_another_epoch_and_pays_no_other_reporter() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = _proof(5, REPORTER);
        vm.expectRevert(abi.encodeWithSelector(Evidence.EvidenceRejected.selector, route));
        evidence.show(1, 6, REPORTER, route, c, proof);
        vm.expectRevert(abi.encodeWithSelector(Evidence.EvidenceRejected.selector, route));
        evidence.show(1, 5, OTHER_PROVER, route, c, proof);
    }

    /// @dev A proof of two records that a key signed, whatever the registry says of it.
    function _proofUnder(KeyProof memory key, uint64 epoch)
        private
        returns (bytes32 route, uint256 c, uint256[8] memory proof)
    {
        route = ensureRoute(TAG, 1, 7);
        uint256[] memory list = evidence.words(1, epoch, REPORTER);
        (list[4], list[5]) = (key.key[0], key.key[1]);
        (c, proof) = prove(TAG, route, list);
    }

    /// @dev Rotates the device's key in epoch 5, with effect from epoch 6.
    function _rotate() private returns (KeyProof memory old, KeyProof memory key) {
        Member memory member = registry.memberOf(1, 0);
        old.key = [member.keyX, member.keyY];
        key = newKey();
        vm.warp(GENESIS + 5 * DAY);
        vm.prank(member.operator);
        registry.requestKey(1, key.key[0], key.key[1]);
        registry.rotateKey(1, key);
        commit(1);
        vm.warp(GENESIS + 9 * DAY);
    }

    function test_a_contradiction_under_the_old_key_stays_punishable_after_the_rotation() public {
        (KeyProof memory old,) = _rotate();
        uint64[2] memory epochs = [uint64(2), 5]; // long over, and that of the rotation
        for (uint256 i = 0; i < 2; ++i) {
            (bytes32 route, uint256 c, uint256[8] memory proof) = _proofUnder(old, epochs[i]);
            vm.assertTrue(evidence.show(1, epochs[i], REPORTER, route, c, proof) > 0);
        }
    }

    function test_a_contradiction_under_the_new_key_is_punished_from_its_first_epoch_on() public {
        (, KeyProof memory key) = _rotate();
        (bytes32 route, uint256 c, uint256[8] memory proof) = _proofUnder(key, 6);
        vm.assertTrue(evidence.show(1, 6, REPORTER, route, c, proof) > 0);
    }

    function test_a_key_convicts_nobody_of_epochs_that_it_was_not_the_devices_key_in() public {
        (KeyProof memory old, KeyProof memory key) = _rotate();
        // Who stole the old key has no say about epochs after it; who has the new one none about those before.
        _assertAcquitted(old, 6);
        _assertAcquitted(key, 5);
    }

    function _assertAcquitted(KeyProof memory key, uint64 epoch) private {
        (bytes32 route, uint256 c, uint256[8] memory proof) = _proofUnder(key, epoch);
        vm.expectRevert(abi.encodeWithSelector(Evidence.EvidenceRejected.selector, route));
        evidence.show(1, epoch, REPORTER, route, c, proof);
    }

    function test_a_rotation_does_not_let_one_epoch_be_punished_twice() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = _proof(5, REPORTER);
        evidence.show(1, 5, REPORTER, route, c, proof);
        (KeyProof memory old,) = _rotate();
        (route, c, proof) = _proofUnder(old, 5);
        vm.expectPartialRevert(Slashing.AlreadyReported.selector);
        evidence.show(1, 5, REPORTER, route, c, proof);
    }

    function test_devices_whose_records_cannot_contradict_are_not_convicted() public {
        newCohort(Kinds.UPTIME, 4, 1);
        (bytes32 route, uint256 c, uint256[8] memory proof) = _proof(5, REPORTER);
        vm.expectRevert(abi.encodeWithSelector(ContradictionEvidence.CannotContradict.selector, 2, Kinds.UPTIME));
        evidence.show(2, 5, REPORTER, route, c, proof);
    }
}
