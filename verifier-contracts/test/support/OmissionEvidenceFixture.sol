// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ContradictionEvidence} from "../../contracts/ContradictionEvidence.sol";
import {Evidence} from "../../contracts/Evidence.sol";
import {Kinds} from "../../contracts/Kinds.sol";
import {Lack, Missing, OmissionEvidence, Proof} from "../../contracts/OmissionEvidence.sol";
import {Staking} from "../../contracts/Staking.sol";
import {FaultRule} from "../../contracts/StakingTypes.sol";
import {Parameter, Parameters} from "../../contracts/Parameters.sol";
import {Fixture} from "./Fixture.sol";

/// @title An attestor with a bond, cohorts of each kind, and proofs of what its seals leave out
abstract contract OmissionEvidenceFixture is Fixture {
    address internal constant REPORTER = address(0x4e9);
    uint8 internal constant FAULT = 3;
    uint8 internal constant CONTRADICTION = 1;
    uint256 internal constant NOW = GENESIS + 8 * DAY;
    uint256 internal constant DUE = NOW + 2 days;
    uint128 internal constant DEPOSIT = 5 ether;
    /// @notice A record that is not the acknowledged one.
    uint256 internal constant OTHER = 77;
    Staking internal staking;
    OmissionEvidence internal evidence;
    ContradictionEvidence internal contradictions;
    uint256 internal bond;
    uint32[3] internal cohorts;
    uint64[3] internal devices;
    uint64 internal witness;

    function setUp() public override {
        super.setUp();
        bytes32[] memory names = new bytes32[](2);
        Parameter[] memory values = new Parameter[](2);
        (names[0], names[1]) = ("staking/unbonding", "staking/deposit");
        values[0] = Parameter(7 days, 3 days, 30 days, 1, 1, 0);
        values[1] = Parameter(DEPOSIT, 1, 10 ether, 1, 1, 0);
        staking = new Staking(address(this), token, registry, new Parameters(address(this), names, values));
        contradictions = new ContradictionEvidence(CONTRADICTION, staking, address(settlement));
        evidence = new OmissionEvidence(FAULT, staking, address(settlement), contradictions);
        staking.setFaultRule(FAULT, FaultRule(address(evidence), 1_000, 2_000, 1_000));
        staking.setFaultRule(CONTRADICTION, FaultRule(address(contradictions), 1_000, 2_000, 1_000));
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            // The witness cohort's two devices come before the members of coverage.
            if (kind == Kinds.COVERAGE) witness = devices[0] + 1;
            cohorts[kind - 1] = newCohort(kind, 4, 1);
            devices[kind - 1] = kind == Kinds.COVERAGE ? witness + 2 : kind == Kinds.UPTIME ? 1 : devices[1] + 1;
        }
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            ensureRoute(tagOf(missing(kind)), 4, 12);
            ensureRoute(answerTagOf(missing(kind)), 1, 8);
        }
        ensureRoute(tagOf(ofWitness()), 4, 12);
        ensureRoute(answerTagOf(ofWitness()), 1, 8);
        ensureRoute("ergon/1/contradict/energy", 2, 7);
        ensureRoute("ergon/1/contradict/witness", 2, 7);
        bond = staking.bondOf(2, attestor);
        vm.startPrank(address(distributor));
        token.mint(address(this), 100 ether);
        token.mint(OTHER_PROVER, 100 ether);
        vm.stopPrank();
        token.approve(address(staking), 100 ether);
        staking.stake(bond, 100 ether);
        vm.prank(OTHER_PROVER);
        token.approve(address(evidence), 100 ether);
        vm.warp(NOW);
    }

    function missing(uint8 kind) internal view returns (Missing memory) {
        return Missing(attestor, cohorts[kind - 1], 5, devices[kind - 1]);
    }

    function ofWitness() internal view returns (Missing memory) {
        return Missing(attestor, cohorts[1], 5, witness);
    }

    function schemaOf(Missing memory what) internal view returns (string memory) {
        if (what.device == devices[0]) return "uptime";
        if (what.device == devices[1]) return "coverage";
        if (what.device == devices[2]) return "energy";
        return "witness";
    }

    function tagOf(Missing memory what) internal view returns (bytes32) {
        return bytes32(bytes(string.concat("ergon/1/omission/", schemaOf(what))));
    }

    function answerTagOf(Missing memory what) internal view returns (bytes32) {
        return bytes32(bytes(string.concat("ergon/1/answer/", schemaOf(what))));
    }

    function nothing() internal pure returns (Lack memory) {
        return Lack(0, 9, false);
    }

    function other() internal pure returns (Lack memory) {
        return Lack(OTHER, 9, false);
    }

    function proven(Missing memory what, Lack memory lack, address reporter) internal returns (Proof memory proof) {
        bytes32 tag = tagOf(what);
        proof.route = ensureRoute(tag, 4, 12);
        (proof.c, proof.proof) = prove(tag, proof.route, evidence.words(what, lack, reporter));
    }

    function shown(Missing memory what, Lack memory lack) internal returns (uint256) {
        Proof memory proof = proven(what, lack, REPORTER);
        vm.prank(OTHER_PROVER);
        return evidence.show(what, lack, REPORTER, proof);
    }

    function answering(Missing memory what, uint256 head, uint64 counter) internal returns (Proof memory proof) {
        bytes32 tag = answerTagOf(what);
        proof.route = ensureRoute(tag, 1, 8);
        (proof.c, proof.proof) = prove(tag, proof.route, evidence.answerWords(what, head, counter));
    }

    function contradictionOf(Missing memory what) internal returns (bytes32 route, uint256 c, uint256[8] memory proof) {
        bytes32 tag =
            what.device == witness ? bytes32("ergon/1/contradict/witness") : bytes32("ergon/1/contradict/energy");
        route = ensureRoute(tag, 2, 7);
        (c, proof) = prove(tag, route, contradictions.words(what.device, what.epoch, OTHER_PROVER));
    }

    /// @notice Has the device of these words shown to contradict itself.
    function contradict(Missing memory what) internal {
        (bytes32 route, uint256 c, uint256[8] memory proof) = contradictionOf(what);
        contradictions.show(what.device, what.epoch, OTHER_PROVER, route, c, proof);
    }

    function expectRejected(bytes32 route) internal {
        vm.expectRevert(abi.encodeWithSelector(Evidence.EvidenceRejected.selector, route));
    }
}
