// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ContradictionEvidence} from "../contracts/ContradictionEvidence.sol";
import {Evidence} from "../contracts/Evidence.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Missing, OmissionEvidence} from "../contracts/OmissionEvidence.sol";
import {Attestor} from "../contracts/RegistryTypes.sol";
import {Slashing} from "../contracts/Slashing.sol";
import {Staking} from "../contracts/Staking.sol";
import {FaultRule} from "../contracts/StakingTypes.sol";
import {Parameter, Parameters} from "../contracts/Parameters.sol";
import {VerifierRouter} from "../contracts/VerifierRouter.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title An attestor with a bond, cohorts of each kind, and proofs of what its seals leave out
abstract contract OmissionEvidenceFixture is Fixture {
    address internal constant REPORTER = address(0x4e9);
    uint8 internal constant FAULT = 3;
    uint8 internal constant CONTRADICTION = 1;
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
        values[0] = values[1] = Parameter(7 days, 3 days, 30 days, 1, 1, 0);
        staking = new Staking(address(this), token, registry, new Parameters(address(this), names, values));
        evidence = new OmissionEvidence(FAULT, staking, address(settlement), CONTRADICTION);
        contradictions = new ContradictionEvidence(CONTRADICTION, staking, address(settlement));
        staking.setFaultRule(FAULT, FaultRule(address(evidence), 1_000, 2_000, 1_000));
        staking.setFaultRule(CONTRADICTION, FaultRule(address(contradictions), 1_000, 2_000, 1_000));
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            // The witness cohort's two devices come before the members of coverage.
            if (kind == Kinds.COVERAGE) witness = devices[0] + 1;
            cohorts[kind - 1] = newCohort(kind, 4, 1);
            devices[kind - 1] = kind == Kinds.COVERAGE ? witness + 2 : kind == Kinds.UPTIME ? 1 : devices[1] + 1;
        }
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            ensureRoute(tagOf(missing(kind)), 4, 9);
        }
        ensureRoute(tagOf(ofWitness()), 4, 9);
        bond = staking.bondOf(2, attestor);
        vm.prank(address(distributor));
        token.mint(address(this), 100 ether);
        token.approve(address(staking), 100 ether);
        staking.stake(bond, 100 ether);
        vm.warp(GENESIS + 8 * DAY);
    }

    function missing(uint8 kind) internal view returns (Missing memory) {
        return Missing(attestor, cohorts[kind - 1], 5, devices[kind - 1]);
    }

    function ofWitness() internal view returns (Missing memory) {
        return Missing(attestor, cohorts[1], 5, witness);
    }

    function tagOf(Missing memory what) internal view returns (bytes32) {
        if (what.device == devices[0]) return "ergon/1/omission/uptime";
        if (what.device == devices[1]) return "ergon/1/omission/coverage";
        if (what.device == devices[2]) return "ergon/1/omission/energy";
        return "ergon/1/omission/witness";
    }

    function proven(Missing memory what, bool everything, address reporter)
        internal
        returns (bytes32 route, uint256 c, uint256[8] memory proof)
    {
        bytes32 tag = tagOf(what);
        route = ensureRoute(tag, 4, 9);
        (c, proof) = prove(tag, route, evidence.words(what, everything, reporter));
    }

    function shown(Missing memory what, bool everything) internal returns (uint256) {
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(what, everything, REPORTER);
        vm.prank(OTHER_PROVER);
        return evidence.show(what, everything, REPORTER, route, c, proof);
    }

    /// @notice Has the device of these words shown to contradict itself.
    function contradict(Missing memory what) internal {
        bytes32 tag =
            what.device == witness ? bytes32("ergon/1/contradict/witness") : bytes32("ergon/1/contradict/energy");
        bytes32 route = ensureRoute(tag, 2, 7);
        (uint256 c, uint256[8] memory proof) =
            prove(tag, route, contradictions.words(what.device, what.epoch, OTHER_PROVER));
        contradictions.show(what.device, what.epoch, OTHER_PROVER, route, c, proof);
    }

    function expectRejected(bytes32 route) internal {
        vm.expectRevert(abi.encodeWithSelector(Evidence.EvidenceRejected.selector, route));
    }
}

/// @title A proven omission costs the attestor's bond once, after its answer if there can be one
contract OmissionEvidenceTest is OmissionEvidenceFixture {
    function test_the_fixture_names_a_device_of_each_kind() public view {
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            (uint32 cohort,) = registry.positionOf(devices[kind - 1]);
            vm.assertEq(cohort, cohorts[kind - 1]);
        }
        (uint32 witnesses,) = registry.positionOf(witness);
        vm.assertEq(registry.cohortOf(witnesses).kind, Kinds.WITNESS);
    }

    function test_an_omission_slashes_the_attestor_and_pays_the_reporter_whoever_sends_it() public {
        vm.expectEmit();
        emit OmissionEvidence.OmissionShown(attestor, cohorts[0], 5, devices[0], REPORTER, 0);
        vm.expectEmit();
        emit OmissionEvidence.OmissionPunished(attestor, cohorts[0], 5, devices[0], 10 ether);
        vm.assertEq(shown(missing(Kinds.UPTIME), true), 10 ether);
        vm.assertEq(token.balanceOf(REPORTER), 1 ether);
        vm.assertEq(token.balanceOf(OTHER_PROVER), 0);
        vm.assertEq(staking.stakeOf(bond).tokens, 90 ether);
    }

    function test_slots_never_contradict_so_a_place_sealed_as_nothing_costs_at_once() public {
        vm.assertEq(shown(missing(Kinds.UPTIME), true), 10 ether);
        vm.assertEq(shown(missing(Kinds.COVERAGE), true), 9 ether);
    }

    function test_an_earlier_record_of_a_meter_or_witness_costs_at_once() public {
        vm.assertEq(shown(missing(Kinds.ENERGY), false), 10 ether);
        vm.assertEq(shown(ofWitness(), false), 9 ether);
    }

    function test_a_meter_or_witness_sealed_as_nothing_costs_when_nobody_answers_in_time() public {
        Missing[2] memory both = [missing(Kinds.ENERGY), ofWitness()];
        uint256 due = block.timestamp + 2 days;
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectEmit();
            emit OmissionEvidence.OmissionShown(attestor, both[i].cohort, 5, both[i].device, REPORTER, uint64(due));
            vm.assertEq(shown(both[i], true), 0);
            (uint64 found, address reporter) = evidence.waitingOf(both[i]);
            vm.assertEq(found, due);
            vm.assertEq(reporter, REPORTER);
        }
        vm.warp(due - 1);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NotDue.selector, due));
        evidence.punish(both[0]);
        vm.warp(due);
        vm.prank(OTHER_PROVER);
        vm.assertEq(evidence.punish(both[0]), 10 ether);
        vm.assertEq(token.balanceOf(REPORTER), 1 ether);
        vm.assertEq(evidence.punish(both[1]), 9 ether);
        vm.expectPartialRevert(Slashing.AlreadyReported.selector);
        evidence.punish(both[0]);
    }

    function test_a_contradiction_answers_for_a_place_sealed_as_nothing() public {
        Missing[2] memory both = [missing(Kinds.ENERGY), ofWitness()];
        for (uint256 i = 0; i < 2; ++i) {
            shown(both[i], true);
            contradict(both[i]);
            vm.warp(block.timestamp + 2 days);
            vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.Contradicted.selector, both[i].device, 5));
            evidence.punish(both[i]);
        }
        vm.assertEq(staking.stakeOf(bond).tokens, 100 ether);
    }

    function test_what_was_answered_before_cannot_be_shown() public {
        Missing memory what = missing(Kinds.ENERGY);
        contradict(what);
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(what, true, REPORTER);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.Contradicted.selector, what.device, 5));
        evidence.show(what, true, REPORTER, route, c, proof);
    }

    function test_a_contradiction_of_another_epoch_or_device_answers_nothing() public {
        Missing memory what = missing(Kinds.ENERGY);
        shown(what, true);
        contradict(Missing(attestor, what.cohort, 4, what.device));
        contradict(ofWitness());
        vm.warp(block.timestamp + 2 days);
        vm.assertEq(evidence.punish(what), 10 ether);
    }

    function test_an_earlier_record_beside_a_contradiction_still_costs() public {
        // Who seals an earlier record does not say that the device contradicts itself.
        contradict(missing(Kinds.ENERGY));
        vm.assertEq(shown(missing(Kinds.ENERGY), false), 10 ether);
    }

    function test_an_omission_waits_once_and_counts_once() public {
        Missing memory what = missing(Kinds.ENERGY);
        shown(what, true);
        (uint64 due,) = evidence.waitingOf(what);
        // Another reporter cannot put the answer off, nor take the first one's part.
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(what, true, OTHER_PROVER);
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.AlreadyShown.selector, due));
        evidence.show(what, true, OTHER_PROVER, route, c, proof);
        vm.assertEq(shown(what, false), 10 ether);
        vm.warp(due);
        bytes32 fact = evidence.factOf(what);
        vm.expectRevert(abi.encodeWithSelector(Slashing.AlreadyReported.selector, FAULT, fact));
        evidence.punish(what);
    }

    function test_nothing_is_punished_that_nobody_showed() public {
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NotDue.selector, 0));
        evidence.punish(missing(Kinds.ENERGY));
    }

    function test_stake_that_leaves_during_the_answer_is_slashed_too() public {
        shown(missing(Kinds.ENERGY), true);
        staking.unstake(bond, 100 ether);
        vm.warp(block.timestamp + evidence.ANSWER());
        vm.assertEq(evidence.punish(missing(Kinds.ENERGY)), 10 ether);
    }

    function test_the_words_are_those_of_the_specification() public view {
        Missing memory what = missing(Kinds.ENERGY);
        uint256[] memory words = evidence.words(what, true, REPORTER);
        Attestor memory who = registry.attestorOf(attestor);
        vm.assertEq(words.length, 9);
        vm.assertEq(words[0], block.chainid);
        vm.assertEq(words[1], uint160(address(settlement)));
        vm.assertEq(words[2], 5);
        vm.assertEq(words[3], what.cohort);
        vm.assertEq(words[4], who.keyX);
        vm.assertEq(words[5], who.keyY);
        vm.assertEq(words[6], uint160(REPORTER));
        vm.assertEq(words[7], what.device);
        vm.assertEq(words[8], 1);
        vm.assertEq(evidence.words(what, false, REPORTER)[8], 0);
    }

    function test_a_proof_serves_for_none_but_its_words() public {
        Missing memory what = missing(Kinds.ENERGY);
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(what, false, REPORTER);
        expectRejected(route);
        evidence.show(what, false, OTHER_PROVER, route, c, proof);
        expectRejected(route);
        evidence.show(what, true, REPORTER, route, c, proof);
        what.epoch = 6;
        expectRejected(route);
        evidence.show(what, false, REPORTER, route, c, proof);
        (what.epoch, what.cohort) = (5, cohorts[0]);
        expectRejected(route);
        evidence.show(what, false, REPORTER, route, c, proof);
        (what.cohort, what.attestor) = (cohorts[2], registry.registerAttestor(address(0xA77E58), newKey()));
        expectRejected(route);
        evidence.show(what, false, REPORTER, route, c, proof);
        // Another device of the kind.
        what.attestor = attestor;
        (what.device,) = registry.enrol(what.cohort, operatorOf(what.cohort, 1), newKey(), attributeOf(Kinds.ENERGY));
        expectRejected(route);
        evidence.show(what, false, REPORTER, route, c, proof);
    }

    function test_a_proof_about_one_schema_is_none_about_another() public {
        Missing memory what = missing(Kinds.ENERGY);
        bytes32 tag = "ergon/1/omission/uptime";
        bytes32 route = ensureRoute(tag, 4, 9);
        (uint256 c, uint256[8] memory proof) = prove(tag, route, evidence.words(what, true, REPORTER));
        vm.expectPartialRevert(VerifierRouter.WrongTag.selector);
        evidence.show(what, true, REPORTER, route, c, proof);
    }

    function test_a_proof_of_another_chain_or_settlement_convicts_nobody() public {
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(missing(Kinds.UPTIME), true, REPORTER);
        vm.chainId(block.chainid + 1);
        expectRejected(route);
        evidence.show(missing(Kinds.UPTIME), true, REPORTER, route, c, proof);
        vm.chainId(block.chainid - 1);
        OmissionEvidence elsewhere = new OmissionEvidence(FAULT, staking, address(distributor), CONTRADICTION);
        staking.setFaultRule(FAULT, FaultRule(address(elsewhere), 1_000, 2_000, 1_000));
        expectRejected(route);
        elsewhere.show(missing(Kinds.UPTIME), true, REPORTER, route, c, proof);
    }

    function test_an_epoch_that_has_not_begun_an_unknown_attestor_and_an_unknown_device_are_refused() public {
        uint256[8] memory none;
        Missing memory what = missing(Kinds.UPTIME);
        what.epoch = 9;
        vm.expectRevert(abi.encodeWithSelector(Evidence.NotBegun.selector, 9, 9));
        evidence.show(what, true, REPORTER, bytes32(0), 0, none);
        (what.epoch, what.attestor) = (5, attestor + 1);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.UnknownAttestor.selector, attestor + 1));
        evidence.show(what, true, REPORTER, bytes32(0), 0, none);
        (what.attestor, what.device) = (attestor, 999);
        vm.expectPartialRevert(bytes4(keccak256("UnknownDevice(uint64)")));
        evidence.show(what, true, REPORTER, bytes32(0), 0, none);
    }
}

/// @title What it costs to show an omission
/// forge-config: default.isolate = true
contract GasOmissionEvidenceTest is OmissionEvidenceFixture {
    function test_an_omission() public {
        Missing memory what = missing(Kinds.UPTIME);
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(what, true, REPORTER);
        evidence.show(what, true, REPORTER, route, c, proof);
        vm.snapshotGasLastCall("gas", "show an omission");
    }

    function test_an_omission_that_may_be_answered() public {
        Missing memory what = missing(Kinds.ENERGY);
        (bytes32 route, uint256 c, uint256[8] memory proof) = proven(what, true, REPORTER);
        evidence.show(what, true, REPORTER, route, c, proof);
        vm.snapshotGasLastCall("gas", "show an omission that may be answered");
        vm.warp(block.timestamp + 2 days);
        evidence.punish(what);
        vm.snapshotGasLastCall("gas", "punish an omission");
    }
}
