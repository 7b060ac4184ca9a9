// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ContradictionEvidence} from "../contracts/ContradictionEvidence.sol";
import {Evidence} from "../contracts/Evidence.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Lack, Missing, OmissionEvidence, Proof} from "../contracts/OmissionEvidence.sol";
import {Attestor} from "../contracts/RegistryTypes.sol";
import {Slashing} from "../contracts/Slashing.sol";
import {FaultRule} from "../contracts/StakingTypes.sol";
import {VerifierRouter} from "../contracts/VerifierRouter.sol";
import {OmissionEvidenceFixture} from "./support/OmissionEvidenceFixture.sol";

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
        emit OmissionEvidence.OmissionShown(attestor, cohorts[0], 5, devices[0], 0, 9, REPORTER, 0);
        vm.expectEmit();
        emit OmissionEvidence.OmissionPunished(attestor, cohorts[0], 5, devices[0], 10 ether);
        vm.assertEq(shown(missing(Kinds.UPTIME), nothing()), 10 ether);
        vm.assertEq(token.balanceOf(REPORTER), 1 ether);
        vm.assertEq(token.balanceOf(OTHER_PROVER), 100 ether);
        vm.assertEq(staking.stakeOf(bond).tokens, 90 ether);
    }

    function test_slots_never_contradict_so_a_place_sealed_as_nothing_costs_at_once() public {
        vm.assertEq(shown(missing(Kinds.UPTIME), nothing()), 10 ether);
        vm.assertEq(shown(missing(Kinds.COVERAGE), nothing()), 9 ether);
    }

    function test_a_missing_arrival_costs_at_once_and_only_uptime_has_arrivals() public {
        Lack memory lack = Lack(OTHER, 9, true);
        vm.assertEq(shown(missing(Kinds.UPTIME), lack), 10 ether);
        Missing[3] memory others = [missing(Kinds.COVERAGE), missing(Kinds.ENERGY), ofWitness()];
        for (uint256 i = 0; i < 3; ++i) {
            Proof memory proof = proven(others[i], lack, REPORTER);
            vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NoArrivals.selector, others[i].device));
            evidence.show(others[i], lack, REPORTER, proof);
        }
    }

    function test_another_record_in_the_acknowledged_ones_place_costs_when_nobody_answers_in_time() public {
        Missing[4] memory all = [missing(Kinds.UPTIME), missing(Kinds.COVERAGE), missing(Kinds.ENERGY), ofWitness()];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectEmit();
            emit OmissionEvidence.OmissionShown(
                attestor, all[i].cohort, 5, all[i].device, OTHER, 9, REPORTER, uint64(DUE)
            );
            vm.assertEq(shown(all[i], other()), 0);
            (uint64 due, uint128 deposit) = evidence.waitingOf(all[i], OTHER, 9);
            vm.assertEq(due, DUE);
            vm.assertEq(deposit, DEPOSIT);
        }
        vm.assertEq(token.balanceOf(OTHER_PROVER), 100 ether - 4 * DEPOSIT);
        vm.warp(DUE - 1);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NotDue.selector, DUE));
        evidence.punish(all[0], OTHER, 9);
        vm.warp(DUE);
        vm.assertEq(evidence.punish(all[0], OTHER, 9), 10 ether);
        vm.assertEq(token.balanceOf(REPORTER), 1 ether);
        vm.assertEq(evidence.punish(all[1], OTHER, 9), 9 ether);
        evidence.punish(all[2], OTHER, 9);
        evidence.punish(all[3], OTHER, 9);
        vm.assertEq(token.balanceOf(OTHER_PROVER), 100 ether);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NotDue.selector, 0));
        evidence.punish(all[0], OTHER, 9);
    }

    function test_a_later_record_answers_and_the_attestors_operator_gets_the_deposit() public {
        Missing[4] memory all = [missing(Kinds.UPTIME), missing(Kinds.COVERAGE), missing(Kinds.ENERGY), ofWitness()];
        address operator = registry.attestorOf(attestor).operator;
        for (uint256 i = 0; i < 4; ++i) {
            shown(all[i], other());
            Proof memory proof = answering(all[i], OTHER, 9);
            vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NotAnswered.selector, 0, 9));
            evidence.collect(all[i], OTHER, 9);
            vm.expectEmit();
            emit OmissionEvidence.OmissionAnswered(attestor, all[i].cohort, 5, all[i].device, OTHER, 9);
            evidence.answer(all[i], OTHER, 9, proof);
            evidence.collect(all[i], OTHER, 9);
            vm.assertEq(token.balanceOf(operator), (i + 1) * DEPOSIT);
            vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NotAnswered.selector, 10, 9));
            evidence.collect(all[i], OTHER, 9);
        }
        vm.warp(DUE);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NotDue.selector, 0));
        evidence.punish(all[0], OTHER, 9);
        vm.assertEq(staking.stakeOf(bond).tokens, 100 ether);
    }

    /// @dev Else who has many acknowledgements would have it answer many times.
    function test_one_answer_serves_for_all_lower_counters_before_and_after() public {
        Missing memory what = missing(Kinds.ENERGY);
        shown(what, Lack(OTHER, 4, false));
        shown(what, Lack(OTHER, 9, false));
        evidence.answer(what, OTHER, 20, answering(what, OTHER, 20));
        // A lower one lowers nothing.
        evidence.answer(what, OTHER, 3, answering(what, OTHER, 3));
        evidence.collect(what, OTHER, 4);
        vm.warp(DUE);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.AlreadyAnswered.selector, 21, 9));
        evidence.punish(what, OTHER, 9);
        evidence.collect(what, OTHER, 9);
        Lack memory last = Lack(OTHER, 20, false);
        Proof memory proof = proven(what, last, REPORTER);
        vm.prank(OTHER_PROVER);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.AlreadyAnswered.selector, 21, 20));
        evidence.show(what, last, REPORTER, proof);
        shown(what, Lack(OTHER, 21, false));
    }

    function test_an_answer_serves_for_its_device_head_and_counter_only() public {
        Missing memory what = missing(Kinds.ENERGY);
        shown(what, other());
        Proof memory proof = answering(what, OTHER, 9);
        expectRejected(proof.route);
        evidence.answer(what, OTHER + 1, 9, proof);
        expectRejected(proof.route);
        evidence.answer(what, OTHER, 10, proof);
        // More was acknowledged than the record that answers has.
        evidence.answer(what, OTHER, 8, answering(what, OTHER, 8));
        Missing memory sibling = missing(Kinds.UPTIME);
        vm.expectPartialRevert(VerifierRouter.WrongTag.selector);
        evidence.answer(sibling, OTHER, 9, proof);
        // A contradiction is sealed as 0, so it is no excuse for another record.
        contradict(what);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NotAnswered.selector, 9, 9));
        evidence.collect(what, OTHER, 9);
        vm.warp(DUE);
        vm.assertEq(evidence.punish(what, OTHER, 9), 10 ether);
    }

    function test_the_words_of_an_answer_are_those_of_the_specification() public view {
        Missing memory what = missing(Kinds.ENERGY);
        uint256[] memory words = evidence.answerWords(what, OTHER, 9);
        (uint256 keyX, uint256 keyY) = registry.keyAt(what.device, 5);
        vm.assertEq(words.length, 8);
        vm.assertEq(words[0], block.chainid);
        vm.assertEq(words[1], uint160(address(settlement)));
        vm.assertEq(words[2], 5);
        vm.assertEq(words[3], what.device);
        vm.assertEq(words[4], keyX);
        vm.assertEq(words[5], keyY);
        vm.assertEq(words[6], OTHER);
        vm.assertEq(words[7], 9);
    }

    /// @dev An attestor signs acknowledgements of records that nobody sent, to accuse itself of them.
    function test_nothing_that_is_shown_later_puts_off_what_waits_or_takes_its_reward() public {
        Missing memory what = missing(Kinds.ENERGY);
        shown(what, other());
        for (uint64 counter = 8; counter < 11; ++counter) {
            vm.warp(NOW + 1 days);
            Lack memory lack = Lack(OTHER, counter, false);
            Proof memory proof = proven(what, lack, OTHER_PROVER);
            if (counter == 9) vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.AlreadyShown.selector, DUE));
            vm.prank(OTHER_PROVER);
            evidence.show(what, lack, OTHER_PROVER, proof);
        }
        vm.warp(DUE);
        vm.assertEq(evidence.punish(what, OTHER, 9), 10 ether);
        vm.assertEq(token.balanceOf(REPORTER), 1 ether);
        // The others cost nothing more, and get their deposits back.
        vm.warp(DUE + 1 days);
        vm.assertEq(evidence.punish(what, OTHER, 8), 0);
        vm.assertEq(evidence.punish(what, OTHER, 10), 0);
        vm.assertEq(token.balanceOf(OTHER_PROVER), 100 ether);
    }

    function test_omissions_are_shown_while_an_attestor_keeps_what_it_answers_with() public {
        Missing memory what = missing(Kinds.UPTIME);
        uint256 latest = settlement.closesAt(5) + evidence.SHOWN();
        Proof memory proof = proven(what, nothing(), REPORTER);
        vm.warp(latest);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NotShowable.selector, 0, latest));
        evidence.show(what, nothing(), REPORTER, proof);
        vm.warp(latest - 1);
        vm.assertEq(evidence.show(what, nothing(), REPORTER, proof), 10 ether);
        OmissionEvidence young = new OmissionEvidence(FAULT, staking, address(settlement), contradictions);
        vm.expectPartialRevert(OmissionEvidence.NotShowable.selector);
        young.show(what, nothing(), REPORTER, proof);
    }

    function test_deposits_come_back_when_another_contract_checks_the_fault() public {
        Missing memory what = missing(Kinds.ENERGY);
        shown(what, other());
        staking.setFaultRule(FAULT, FaultRule(address(0), 0, 0, 0));
        Lack memory lack = Lack(OTHER, 10, false);
        Proof memory proof = proven(what, lack, REPORTER);
        bytes32 fact = evidence.factOf(what);
        vm.prank(OTHER_PROVER);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NothingToGain.selector, fact));
        evidence.show(what, lack, REPORTER, proof);
        vm.warp(DUE);
        vm.assertEq(evidence.punish(what, OTHER, 9), 0);
        vm.assertEq(token.balanceOf(OTHER_PROVER), 100 ether);
    }

    function test_a_meter_or_witness_sealed_as_nothing_costs_when_nobody_answers_in_time() public {
        Missing[2] memory both = [missing(Kinds.ENERGY), ofWitness()];
        shown(both[0], nothing());
        shown(both[1], nothing());
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NotAnswered.selector, 0, 9));
        evidence.collect(both[0], 0, 9);
        vm.warp(DUE);
        vm.assertEq(evidence.punish(both[0], 0, 9), 10 ether);
        vm.assertEq(evidence.punish(both[1], 0, 9), 9 ether);
        vm.assertEq(token.balanceOf(OTHER_PROVER), 100 ether);
    }

    function test_a_contradiction_answers_for_a_place_sealed_as_nothing() public {
        Missing[2] memory both = [missing(Kinds.ENERGY), ofWitness()];
        address operator = registry.attestorOf(attestor).operator;
        for (uint256 i = 0; i < 2; ++i) {
            shown(both[i], nothing());
            contradict(both[i]);
        }
        vm.warp(DUE);
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.Contradicted.selector, both[i].device, 5));
            evidence.punish(both[i], 0, 9);
            evidence.collect(both[i], 0, 9);
            vm.assertEq(token.balanceOf(operator), (i + 1) * DEPOSIT);
        }
        vm.assertEq(staking.stakeOf(bond).tokens, 100 ether);
    }

    /// @dev No vote that ends the rule of contradictions takes the answer away.
    function test_an_established_contradiction_answers_whatever_became_of_its_fault() public {
        Missing memory what = missing(Kinds.ENERGY);
        shown(what, nothing());
        staking.setFaultRule(CONTRADICTION, FaultRule(address(0), 0, 0, 0));
        (bytes32 route, uint256 c, uint256[8] memory proof) = contradictionOf(what);
        contradictions.establish(what.device, what.epoch, OTHER_PROVER, route, c, proof);
        evidence.collect(what, 0, 9);
        vm.assertEq(token.balanceOf(registry.attestorOf(attestor).operator), DEPOSIT);
    }

    function test_what_was_answered_before_cannot_be_shown() public {
        Missing memory what = missing(Kinds.ENERGY);
        contradict(what);
        Proof memory proof = proven(what, nothing(), REPORTER);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.Contradicted.selector, what.device, 5));
        evidence.show(what, nothing(), REPORTER, proof);
    }

    function test_a_contradiction_of_another_epoch_or_device_answers_nothing() public {
        Missing memory what = missing(Kinds.ENERGY);
        shown(what, nothing());
        contradict(Missing(attestor, what.cohort, 4, what.device));
        contradict(ofWitness());
        vm.warp(DUE);
        vm.assertEq(evidence.punish(what, 0, 9), 10 ether);
    }

    function test_an_omission_costs_once_however_it_was_shown() public {
        Missing memory what = missing(Kinds.UPTIME);
        shown(what, other());
        vm.assertEq(shown(what, nothing()), 10 ether);
        bytes32 fact = evidence.factOf(what);
        Proof memory proof = proven(what, nothing(), REPORTER);
        vm.expectRevert(abi.encodeWithSelector(Slashing.AlreadyReported.selector, FAULT, fact));
        evidence.show(what, nothing(), REPORTER, proof);
        vm.warp(DUE);
        vm.assertEq(evidence.punish(what, OTHER, 9), 0);
        vm.assertEq(token.balanceOf(OTHER_PROVER), 100 ether);
    }

    function test_nothing_is_punished_that_nobody_showed() public {
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NotDue.selector, 0));
        evidence.punish(missing(Kinds.ENERGY), 0, 9);
    }

    function test_stake_that_leaves_during_the_answer_is_slashed_too() public {
        shown(missing(Kinds.ENERGY), nothing());
        staking.unstake(bond, 100 ether);
        vm.warp(block.timestamp + evidence.ANSWER());
        vm.assertEq(evidence.punish(missing(Kinds.ENERGY), 0, 9), 10 ether);
    }

    function test_without_a_deposit_nothing_waits() public {
        Missing memory what = missing(Kinds.ENERGY);
        Proof memory proof = proven(what, other(), REPORTER);
        vm.expectPartialRevert(bytes4(keccak256("ERC20InsufficientAllowance(address,uint256,uint256)")));
        evidence.show(what, other(), REPORTER, proof);
    }

    function test_the_words_are_those_of_the_specification() public view {
        Missing memory what = ofWitness();
        uint256[] memory words = evidence.words(what, Lack(OTHER, 9, true), REPORTER);
        Attestor memory who = registry.attestorOf(attestor);
        (uint32 witnesses,) = registry.positionOf(witness);
        vm.assertEq(words.length, 12);
        vm.assertEq(words[0], block.chainid);
        vm.assertEq(words[1], uint160(address(settlement)));
        vm.assertEq(words[2], 5);
        vm.assertEq(words[3], what.cohort);
        vm.assertEq(words[4], who.keyX);
        vm.assertEq(words[5], who.keyY);
        vm.assertEq(words[6], uint160(REPORTER));
        vm.assertEq(words[7], what.device);
        vm.assertEq(words[8], registry.rootAt(witnesses, 5));
        vm.assertEq(words[9], OTHER);
        vm.assertEq(words[10], 9);
        vm.assertEq(words[11], 1);
        vm.assertEq(evidence.words(what, nothing(), REPORTER)[11], 0);
    }

    function test_a_proof_serves_for_none_but_its_words() public {
        Missing memory what = missing(Kinds.UPTIME);
        Proof memory proof = proven(what, nothing(), REPORTER);
        expectRejected(proof.route);
        evidence.show(what, nothing(), OTHER_PROVER, proof);
        Lack[3] memory lacks = [other(), Lack(0, 8, false), Lack(0, 9, true)];
        for (uint256 i = 0; i < 3; ++i) {
            expectRejected(proof.route);
            evidence.show(what, lacks[i], REPORTER, proof);
        }
        what.epoch = 6;
        expectRejected(proof.route);
        evidence.show(what, nothing(), REPORTER, proof);
        (what.epoch, what.cohort) = (5, cohorts[2]);
        expectRejected(proof.route);
        evidence.show(what, nothing(), REPORTER, proof);
        (what.cohort, what.attestor) = (cohorts[0], registry.registerAttestor(address(0xA77E58), newKey()));
        expectRejected(proof.route);
        evidence.show(what, nothing(), REPORTER, proof);
        // Another device of the kind.
        what.attestor = attestor;
        (what.device,) = registry.enrol(what.cohort, operatorOf(what.cohort, 1), newKey(), 0);
        expectRejected(proof.route);
        evidence.show(what, nothing(), REPORTER, proof);
    }

    function test_a_proof_about_one_schema_is_none_about_another() public {
        Missing memory what = missing(Kinds.ENERGY);
        bytes32 tag = "ergon/1/omission/uptime";
        Proof memory proof;
        proof.route = ensureRoute(tag, 4, 12);
        (proof.c, proof.proof) = prove(tag, proof.route, evidence.words(what, nothing(), REPORTER));
        vm.expectPartialRevert(VerifierRouter.WrongTag.selector);
        evidence.show(what, nothing(), REPORTER, proof);
    }

    function test_a_proof_of_another_chain_or_settlement_convicts_nobody() public {
        Missing memory what = missing(Kinds.UPTIME);
        Proof memory proof = proven(what, nothing(), REPORTER);
        vm.chainId(block.chainid + 1);
        expectRejected(proof.route);
        evidence.show(what, nothing(), REPORTER, proof);
        vm.chainId(block.chainid - 1);
        OmissionEvidence elsewhere = new OmissionEvidence(FAULT, staking, address(distributor), contradictions);
        vm.assertEq(elsewhere.words(what, nothing(), REPORTER)[1], uint160(address(distributor)));
    }

    /// @dev An attestor may be told of a change too late; what it then seals cannot be settled, and convicts it of nothing.
    function test_an_epoch_without_a_committed_membership_convicts_nobody() public {
        Missing memory what = missing(Kinds.UPTIME);
        registry.enrol(what.cohort, operatorOf(what.cohort, 1), newKey(), 0);
        vm.warp(NOW + 2 days);
        what.epoch = registry.nextEpoch() - 1;
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.NoMembership.selector, what.device, what.epoch));
        evidence.words(what, nothing(), REPORTER);
    }

    function test_an_epoch_that_has_not_begun_an_unknown_attestor_and_an_unknown_device_are_refused() public {
        Proof memory none;
        Missing memory what = missing(Kinds.UPTIME);
        what.epoch = 9;
        vm.expectRevert(abi.encodeWithSelector(Evidence.NotBegun.selector, 9, 9));
        evidence.show(what, nothing(), REPORTER, none);
        (what.epoch, what.attestor) = (5, attestor + 1);
        vm.expectRevert(abi.encodeWithSelector(OmissionEvidence.UnknownAttestor.selector, attestor + 1));
        evidence.show(what, nothing(), REPORTER, none);
        (what.attestor, what.device) = (attestor, 999);
        vm.expectPartialRevert(bytes4(keccak256("UnknownDevice(uint64)")));
        evidence.show(what, nothing(), REPORTER, none);
    }
}

/// @title What it costs to show an omission
/// forge-config: default.isolate = true
contract GasOmissionEvidenceTest is OmissionEvidenceFixture {
    function test_an_omission() public {
        Missing memory what = missing(Kinds.UPTIME);
        Proof memory proof = proven(what, nothing(), REPORTER);
        evidence.show(what, nothing(), REPORTER, proof);
        vm.snapshotGasLastCall("gas", "show an omission");
    }

    function test_an_omission_that_may_be_answered() public {
        Missing memory what = missing(Kinds.ENERGY);
        shown(what, other());
        vm.snapshotGasLastCall("gas", "show an omission that may be answered");
        Proof memory proof = answering(what, OTHER, 8);
        evidence.answer(what, OTHER, 8, proof);
        vm.snapshotGasLastCall("gas", "answer an omission");
        vm.warp(DUE);
        evidence.punish(what, OTHER, 9);
        vm.snapshotGasLastCall("gas", "punish an omission");
    }
}
