// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Evidence} from "../contracts/Evidence.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Attestor} from "../contracts/RegistryTypes.sol";
import {SealEvidence} from "../contracts/SealEvidence.sol";
import {Slashing} from "../contracts/Slashing.sol";
import {Staking} from "../contracts/Staking.sol";
import {FaultRule} from "../contracts/StakingTypes.sol";
import {Parameter, Parameters} from "../contracts/Parameters.sol";
import {VerifierRouter} from "../contracts/VerifierRouter.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title An attestor with a bond, and proofs of its second seals
abstract contract SealEvidenceFixture is Fixture {
    bytes32 internal constant TAG = "ergon/1/second-seal";
    address internal constant REPORTER = address(0x4e9);
    uint8 internal constant FAULT = 2;
    Staking internal staking;
    SealEvidence internal evidence;
    uint256 internal bond;
    uint32 internal cohort;

    function setUp() public override {
        super.setUp();
        bytes32[] memory names = new bytes32[](2);
        Parameter[] memory values = new Parameter[](2);
        (names[0], names[1]) = ("staking/unbonding", "staking/deposit");
        values[0] = values[1] = Parameter(7 days, 3 days, 30 days, 1, 1, 0);
        staking = new Staking(address(this), token, registry, new Parameters(address(this), names, values));
        evidence = new SealEvidence(FAULT, staking, address(settlement));
        staking.setFaultRule(FAULT, FaultRule(address(evidence), 1_000, 2_000, 1_000));
        cohort = newCohort(Kinds.UPTIME, 4, 1);
        bond = staking.bondOf(2, attestor);
        vm.prank(address(distributor));
        token.mint(address(this), 100 ether);
        token.approve(address(staking), 100 ether);
        staking.stake(bond, 100 ether);
        vm.warp(GENESIS + 8 * DAY);
    }

    /// @notice A proof of two seals of the cohort's epoch, by the attestor that is registered first.
    function proven(uint64 epoch, address reporter)
        internal
        returns (bytes32 route, uint256 c, uint256[8] memory proof)
    {
        return provenFor(evidence, epoch, reporter);
    }

    function provenFor(SealEvidence to, uint64 epoch, address reporter)
        internal
        returns (bytes32 route, uint256 c, uint256[8] memory proof)
    {
        route = ensureRoute(TAG, 2, 7);
        (c, proof) = prove(TAG, route, to.words(attestor, cohort, epoch, reporter));
    }

    function expectRejected(bytes32 route) internal {
        vm.expectRevert(abi.encodeWithSelector(Evidence.EvidenceRejected.selector, route));
    }
}

/// @title A proven second seal costs the attestor's bond once, and pays whom the proof names
contract SealEvidenceTest is SealEvidenceFixture {
    function test_evidence_about_an_epoch_that_has_not_begun_is_refused() public {
        // Whoever showed faults of its own ahead would commit them unpunished.
        vm.expectRevert(abi.encodeWithSelector(Evidence.NotBegun.selector, 9, 9));
        evidence.words(attestor, cohort, 9, REPORTER);
        vm.expectRevert(abi.encodeWithSelector(Evidence.NotBegun.selector, 9, 9));
        evidence.show(attestor, cohort, 9, REPORTER, bytes32(0), 0, [uint256(0), 0, 0, 0, 0, 0, 0, 0]);
    }

    function test_a_second_seal_slashes_the_attestor_and_pays_the_reporter_whoever_sends_it() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(5, REPORTER);
        vm.prank(OTHER_PROVER);
        vm.expectEmit();
        emit SealEvidence.SecondSealShown(attestor, cohort, 5, REPORTER, 10 ether);
        vm.assertEq(evidence.show(attestor, cohort, 5, REPORTER, route, c, proof), 10 ether);
        vm.assertEq(token.balanceOf(REPORTER), 1 ether);
        vm.assertEq(token.balanceOf(OTHER_PROVER), 0);
        vm.assertEq(staking.stakeOf(bond).tokens, 90 ether);
    }

    function test_the_words_are_those_of_the_specification() public view {
        uint256[] memory words = evidence.words(attestor, cohort, 5, REPORTER);
        Attestor memory who = registry.attestorOf(attestor);
        vm.assertEq(words.length, 7);
        vm.assertEq(words[0], block.chainid);
        vm.assertEq(words[1], uint160(address(settlement)));
        vm.assertEq(words[2], 5);
        vm.assertEq(words[3], cohort);
        vm.assertEq(words[4], who.keyX);
        vm.assertEq(words[5], who.keyY);
        vm.assertEq(words[6], uint160(REPORTER));
    }

    function test_a_copied_proof_pays_no_other_reporter() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(5, REPORTER);
        expectRejected(route);
        evidence.show(attestor, cohort, 5, OTHER_PROVER, route, c, proof);
    }

    function test_a_second_seal_counts_once_for_all_reporters() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(5, REPORTER);
        evidence.show(attestor, cohort, 5, REPORTER, route, c, proof);
        bytes32 fact = keccak256(abi.encode(attestor, cohort, uint64(5)));
        vm.expectRevert(abi.encodeWithSelector(Slashing.AlreadyReported.selector, FAULT, fact));
        evidence.show(attestor, cohort, 5, REPORTER, route, c, proof);
        (route, c, proof) = proven(5, OTHER_PROVER);
        vm.expectRevert(abi.encodeWithSelector(Slashing.AlreadyReported.selector, FAULT, fact));
        evidence.show(attestor, cohort, 5, OTHER_PROVER, route, c, proof);
    }

    function test_each_cohort_and_epoch_counts_by_itself() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(5, REPORTER);
        vm.assertEq(evidence.show(attestor, cohort, 5, REPORTER, route, c, proof), 10 ether);
        (route, c, proof) = proven(6, REPORTER);
        vm.assertEq(evidence.show(attestor, cohort, 6, REPORTER, route, c, proof), 9 ether);
        // The fault's cap of a period is reached with the third.
        cohort = newCohort(Kinds.ENERGY, 4, 1);
        (route, c, proof) = proven(6, REPORTER);
        vm.assertEq(evidence.show(attestor, cohort, 6, REPORTER, route, c, proof), 1 ether);
    }

    function test_a_proof_convicts_nobody_of_another_epoch_or_cohort() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(5, REPORTER);
        expectRejected(route);
        evidence.show(attestor, cohort, 6, REPORTER, route, c, proof);
        expectRejected(route);
        evidence.show(attestor, cohort + 1, 5, REPORTER, route, c, proof);
    }

    function test_a_proof_convicts_no_other_attestor() public {
        uint32 other = registry.registerAttestor(address(0xA77E58), newKey());
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(5, REPORTER);
        expectRejected(route);
        evidence.show(other, cohort, 5, REPORTER, route, c, proof);
    }

    function test_an_attestor_that_nobody_registered_is_unknown() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(5, REPORTER);
        for (uint32 unknown = 0; unknown < 3; unknown += 2) {
            vm.expectRevert(abi.encodeWithSelector(SealEvidence.UnknownAttestor.selector, unknown));
            evidence.show(unknown, cohort, 5, REPORTER, route, c, proof);
        }
    }

    function test_a_proof_of_another_chain_or_settlement_convicts_nobody() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(5, REPORTER);
        vm.chainId(block.chainid + 1);
        expectRejected(route);
        evidence.show(attestor, cohort, 5, REPORTER, route, c, proof);
        vm.chainId(block.chainid - 1);
        SealEvidence elsewhere = new SealEvidence(FAULT, staking, address(distributor));
        staking.setFaultRule(FAULT, FaultRule(address(elsewhere), 1_000, 2_000, 1_000));
        expectRejected(route);
        elsewhere.show(attestor, cohort, 5, REPORTER, route, c, proof);
    }

    function test_a_contract_without_a_rule_or_for_another_fault_slashes_nothing() public {
        SealEvidence other = new SealEvidence(FAULT + 1, staking, address(settlement));
        (bytes32 route, uint256 c, uint256[8] memory proof) = provenFor(other, 5, REPORTER);
        vm.expectPartialRevert(Slashing.NotEvidence.selector);
        other.show(attestor, cohort, 5, REPORTER, route, c, proof);
        vm.expectPartialRevert(Slashing.WrongFaultRule.selector);
        staking.setFaultRule(FAULT, FaultRule(address(other), 1_000, 2_000, 1_000));
        // The rule's contract has changed: what was it before has no say any more.
        other = new SealEvidence(FAULT, staking, address(settlement));
        staking.setFaultRule(FAULT, FaultRule(address(other), 1_000, 2_000, 1_000));
        vm.expectPartialRevert(Slashing.NotEvidence.selector);
        evidence.show(attestor, cohort, 5, REPORTER, route, c, proof);
    }

    function test_a_proof_of_a_contradiction_is_none_of_a_second_seal() public {
        bytes32 tag = "ergon/1/contradict/energy";
        bytes32 route = ensureRoute(tag, 2, 7);
        (uint256 c, uint256[8] memory proof) = prove(tag, route, evidence.words(attestor, cohort, 5, REPORTER));
        vm.expectPartialRevert(VerifierRouter.WrongTag.selector);
        evidence.show(attestor, cohort, 5, REPORTER, route, c, proof);
    }

    function test_a_seal_of_another_attestors_cohort_or_of_none_costs_its_signer() public {
        uint32 other = registry.registerAttestor(address(0xA77E58), newKey());
        cohort = registry.createCohort(Kinds.UPTIME, 4, 0, 0, other);
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(5, REPORTER);
        vm.assertEq(evidence.show(attestor, cohort, 5, REPORTER, route, c, proof), 10 ether);
    }
}

/// @title What it costs to show a second seal
/// forge-config: default.isolate = true
contract GasSealEvidenceTest is SealEvidenceFixture {
    function test_a_second_seal() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(5, REPORTER);
        evidence.show(attestor, cohort, 5, REPORTER, route, c, proof);
        vm.snapshotGasLastCall("gas", "show a second seal");
    }
}
