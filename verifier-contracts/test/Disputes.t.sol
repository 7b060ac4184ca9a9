// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ContradictionEvidence} from "../contracts/ContradictionEvidence.sol";
import {Evidence} from "../contracts/Evidence.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Parameter, Parameters} from "../contracts/Parameters.sol";
import {Claim, IDisputes, RewardDistributor} from "../contracts/RewardDistributor.sol";
import {Staking} from "../contracts/Staking.sol";
import {FaultRule} from "../contracts/StakingTypes.sol";
import {Fixture} from "./support/Fixture.sol";
import {Tree} from "./support/Tree.sol";

/// @title Four meters with a settled day, of which one may have contradicted itself
abstract contract DisputesFixture is Fixture {
    bytes32 internal constant TAG = "ergon/1/contradict/energy";
    uint64 internal constant EPOCH = 2;
    /// @notice In place 1.
    uint64 internal constant LIAR = 2;
    uint256 internal constant MEMBERS = EMISSION - EMISSION * FEE_BPS / 10_000;
    Staking internal staking;
    ContradictionEvidence internal evidence;
    uint32 internal cohort;
    uint64[] internal units;

    function setUp() public override {
        super.setUp();
        bytes32[] memory names = new bytes32[](2);
        Parameter[] memory values = new Parameter[](2);
        (names[0], names[1]) = ("staking/unbonding", "staking/deposit");
        values[0] = values[1] = Parameter(7 days, 3 days, 30 days, 1, 1, 0);
        staking = new Staking(address(this), token, registry, new Parameters(address(this), names, values));
        evidence = new ContradictionEvidence(1, staking, address(settlement));
        staking.setFaultRule(1, FaultRule(address(evidence), 1_000, 2_000, 1_000));
        cohort = newCohort(Kinds.ENERGY, 4, 4);
        ensureRoute(TAG, 2, 7);
        units = [uint64(10), 20, 30, 40];
    }

    function settled() internal {
        settleFirst(cohort, EPOCH, units);
    }

    function frozen() internal {
        settled();
        vm.warp(settlement.closesAt(EPOCH));
        distributor.freeze(Kinds.ENERGY, EPOCH);
    }

    function disputable() internal {
        distributor.setDisputes(evidence);
    }

    function evidenceOf(uint64 device, uint64 epoch)
        internal
        view
        returns (bytes32 route, uint256 c, uint256[8] memory proof)
    {
        route = keccak256(abi.encode(verifier.keyHash(), TAG, uint32(2), uint32(7)));
        (c, proof) = prove(TAG, route, evidence.words(device, epoch, PROVER));
    }

    function establish(uint64 device, uint64 epoch) internal {
        (bytes32 route, uint256 c, uint256[8] memory proof) = evidenceOf(device, epoch);
        evidence.establish(device, epoch, PROVER, route, c, proof);
    }

    function proofOf(uint32 index) internal view returns (bytes32[] memory) {
        return Tree.proof(Tree.leaves(Kinds.ENERGY, EPOCH, cohort, units), index);
    }

    function claim(uint32 index) internal returns (uint256) {
        return distributor.claim(cohort, EPOCH, index, units[index], proofOf(index));
    }
}

/// @title Who contradicted itself in an epoch is not paid for it, and nobody else is concerned
contract DisputesTest is DisputesFixture {
    function test_a_struck_reward_is_paid_to_nobody_and_the_others_as_before() public {
        disputable();
        frozen();
        establish(LIAR, EPOCH);
        vm.expectEmit();
        emit RewardDistributor.Struck(cohort, EPOCH, 1, LIAR);
        vm.prank(OTHER_PROVER);
        distributor.strike(LIAR, EPOCH);
        vm.assertTrue(distributor.isStruck(cohort, EPOCH, 1));
        bytes32[] memory proof = proofOf(1);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.WasStruck.selector, cohort, EPOCH, 1));
        distributor.claim(cohort, EPOCH, 1, units[1], proof);
        for (uint32 i = 0; i < 4; ++i) {
            if (i == 1) continue;
            vm.assertFalse(distributor.isStruck(cohort, EPOCH, i));
            vm.assertEq(claim(i), MEMBERS * units[i] / 100);
        }
        vm.assertEq(token.balanceOf(operatorOf(cohort, 1)), 0);
    }

    function test_many_claims_skip_what_is_struck() public {
        disputable();
        frozen();
        establish(LIAR, EPOCH);
        distributor.strike(LIAR, EPOCH);
        Claim[] memory claims = new Claim[](4);
        for (uint32 i = 0; i < 4; ++i) {
            claims[i] = Claim(cohort, EPOCH, i, units[i], proofOf(i));
        }
        vm.assertEq(distributor.claimAll(claims), MEMBERS * 10 / 100 + MEMBERS * 30 / 100 + MEMBERS * 40 / 100);
    }

    function test_a_reward_is_struck_before_its_pool_is_frozen_and_before_work_is_settled_too() public {
        disputable();
        vm.warp(endOf(EPOCH));
        establish(LIAR, EPOCH);
        distributor.strike(LIAR, EPOCH);
        frozen();
        bytes32[] memory proof = proofOf(1);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.WasStruck.selector, cohort, EPOCH, 1));
        distributor.claim(cohort, EPOCH, 1, units[1], proof);
        vm.assertEq(claim(2), MEMBERS * 30 / 100);
    }

    function test_what_was_paid_or_struck_is_not_struck_again() public {
        disputable();
        frozen();
        establish(LIAR, EPOCH);
        claim(1);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.AlreadyClaimed.selector, cohort, EPOCH, 1));
        distributor.strike(LIAR, EPOCH);
        establish(1, EPOCH);
        distributor.strike(1, EPOCH);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.WasStruck.selector, cohort, EPOCH, 0));
        distributor.strike(1, EPOCH);
    }

    function test_nothing_is_struck_without_grounds() public {
        frozen();
        establish(LIAR, EPOCH);
        // Nobody named grounds before the epoch.
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NoGrounds.selector, LIAR, EPOCH));
        distributor.strike(LIAR, EPOCH);
        disputable();
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NoGrounds.selector, LIAR, EPOCH));
        distributor.strike(LIAR, EPOCH);
        vm.assertEq(claim(1), MEMBERS * 20 / 100);
    }

    function test_a_contradiction_strikes_no_other_epoch_and_no_other_device() public {
        disputable();
        frozen();
        establish(LIAR, EPOCH);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NoGrounds.selector, LIAR, EPOCH - 1));
        distributor.strike(LIAR, EPOCH - 1);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NoGrounds.selector, LIAR + 1, EPOCH));
        distributor.strike(LIAR + 1, EPOCH);
        // Numbers whose low bits are another device's.
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NoGrounds.selector, LIAR + (1 << 32), EPOCH));
        distributor.strike(LIAR + (1 << 32), EPOCH);
    }

    function test_grounds_are_named_once_by_the_owner() public {
        vm.prank(PROVER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, PROVER));
        distributor.setDisputes(evidence);
        vm.expectEmit();
        emit RewardDistributor.DisputesSet(address(evidence), 0);
        disputable();
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.DisputesAreSet.selector, address(evidence)));
        distributor.setDisputes(IDisputes(address(this)));
    }

    function test_a_contradiction_is_established_whether_or_not_it_was_shown() public {
        vm.warp(endOf(EPOCH));
        (bytes32 route, uint256 c, uint256[8] memory proof) = evidenceOf(LIAR, EPOCH);
        evidence.show(LIAR, EPOCH, PROVER, route, c, proof);
        vm.assertFalse(evidence.isEstablished(LIAR, EPOCH));
        vm.expectEmit();
        emit ContradictionEvidence.ContradictionEstablished(LIAR, EPOCH);
        evidence.establish(LIAR, EPOCH, PROVER, route, c, proof);
        vm.assertTrue(evidence.isEstablished(LIAR, EPOCH));
    }

    function test_nothing_is_established_without_a_proof() public {
        vm.warp(endOf(EPOCH));
        (bytes32 route, uint256 c, uint256[8] memory proof) = evidenceOf(LIAR, EPOCH);
        vm.expectRevert(abi.encodeWithSelector(Evidence.EvidenceRejected.selector, route));
        evidence.establish(LIAR + 1, EPOCH, PROVER, route, c, proof);
        vm.expectRevert(abi.encodeWithSelector(Evidence.EvidenceRejected.selector, route));
        evidence.establish(LIAR, EPOCH - 1, PROVER, route, c, proof);
        vm.assertFalse(evidence.isEstablished(LIAR, EPOCH));
    }

    /// @dev Whoever takes a vote could add a key under which everything has a proof.
    function test_a_key_that_was_added_after_an_epoch_takes_no_reward_of_it() public {
        disputable();
        frozen();
        bytes32 route = ensureRoute(TAG, 4, 7);
        (uint256 c, uint256[8] memory proof) = prove(TAG, route, evidence.words(LIAR, EPOCH, PROVER));
        vm.expectRevert(
            abi.encodeWithSelector(ContradictionEvidence.RouteTooNew.selector, endOf(EPOCH - 1), block.timestamp)
        );
        evidence.establish(LIAR, EPOCH, PROVER, route, c, proof);
        vm.assertEq(claim(1), MEMBERS * 20 / 100);
    }

    /// @dev Whatever is struck, whoever is left gets what it would have got.
    function testFuzz_what_is_struck_is_paid_to_nobody(uint8 struck, uint64[4] memory work) public {
        for (uint256 i = 0; i < 4; ++i) {
            units[i] = work[i] >> 1;
        }
        disputable();
        frozen();
        uint256 sum = uint256(units[0]) + units[1] + units[2] + units[3];
        uint256 paid = 0;
        for (uint32 i = 0; i < 4; ++i) {
            if ((struck >> i) & 1 == 1) {
                establish(i + 1, EPOCH);
                distributor.strike(i + 1, EPOCH);
            } else {
                uint256 expected = units[i] == 0 ? 0 : MEMBERS * units[i] / sum;
                vm.assertEq(claim(i), expected);
                paid += expected;
            }
        }
        vm.assertLe(paid, MEMBERS, "more than the pool");
        vm.assertEq(token.balanceOf(address(distributor)), distributor.poolOf(Kinds.ENERGY, EPOCH).amount - paid);
    }
}

/// @title What it costs to dispute a reward
/// forge-config: default.isolate = true
contract GasDisputesTest is DisputesFixture {
    function test_a_dispute() public {
        disputable();
        frozen();
        (bytes32 route, uint256 c, uint256[8] memory proof) = evidenceOf(LIAR, EPOCH);
        evidence.establish(LIAR, EPOCH, PROVER, route, c, proof);
        vm.snapshotGasLastCall("gas", "establish a contradiction");
        distributor.strike(LIAR, EPOCH);
        vm.snapshotGasLastCall("gas", "strike a reward");
    }
}
