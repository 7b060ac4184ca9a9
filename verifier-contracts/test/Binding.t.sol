// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EpochSettlement} from "../contracts/EpochSettlement.sol";
import {Field} from "../contracts/Field.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Attestor} from "../contracts/RegistryTypes.sol";
import {Batch} from "../contracts/SettlementTypes.sol";
import {VerifierRouter} from "../contracts/VerifierRouter.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title A batch's proof holds for this chain, contract, cohort, epoch, prover and units, and for nothing else
contract BindingTest is Fixture {
    function test_the_words_are_those_of_the_specification() public {
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            uint32 cohort = newCohort(kind, 4, 4);
            Batch memory batch = newBatch(cohort, 0, unitsFrom(90, 4));
            uint256[] memory policy = policyOf(kind);
            uint256[] memory expected = new uint256[](15 + policy.length + 4);
            Attestor memory sealer = registry.attestorOf(attestor);
            expected[0] = block.chainid;
            expected[1] = uint160(address(settlement));
            expected[2] = uint160(address(registry));
            expected[3] = 0;
            expected[4] = cohort;
            expected[5] = registry.rootAt(cohort, 0);
            if (kind == Kinds.COVERAGE) {
                expected[6] = registry.cohortOf(cohort).witnessCohort;
                expected[7] = registry.rootAt(uint32(expected[6]), 0);
            }
            if (kind == Kinds.ENERGY) {
                (expected[8], expected[9], expected[14]) = (GENESIS_STATE, batch.stateAfter, 15);
            }
            (expected[10], expected[11]) = (sealer.keyX, sealer.keyY);
            (expected[12], expected[13]) = (batch.seal, uint160(PROVER));
            for (uint256 i = 0; i < policy.length; ++i) {
                expected[15 + i] = policy[i];
            }
            for (uint256 i = 0; i < 4; ++i) {
                expected[15 + policy.length + i] = 90 + i;
            }
            vm.assertEq(settlement.batchWords(batch), expected);
        }
    }

    function test_a_proof_with_any_one_word_altered_is_rejected_for_every_kind() public {
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            uint32 cohort = newCohort(kind, 4, 4);
            vm.warp(endOf(0));
            Batch memory batch = newBatch(cohort, 0, unitsFrom(90, 4));
            uint256[] memory words = settlement.batchWords(batch);
            for (uint256 i = 0; i < words.length; ++i) {
                words[i] += 1;
                (batch.c, batch.proof) = prove(Kinds.batchTag(kind), batch.route, words);
                _assertRejected(batch);
                words[i] -= 1;
            }
            sign(batch, kind);
            settlement.settle(batch, none());
            vm.warp(GENESIS - 1);
        }
    }

    function test_a_copied_submission_cannot_name_another_prover() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 4);
        vm.warp(endOf(0));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        batch.prover = OTHER_PROVER;
        _assertRejected(batch);
        // Copied as it is, whoever sends it, it pays the prover that it names.
        batch.prover = PROVER;
        vm.prank(OTHER_PROVER);
        settlement.settle(batch, none());
        vm.assertEq(settlement.addedBy(Kinds.UPTIME, 0, PROVER), 10);
        vm.assertEq(settlement.addedBy(Kinds.UPTIME, 0, OTHER_PROVER), 0);
    }

    function test_a_proof_with_altered_units_seal_state_included_or_c_is_rejected() public {
        uint32 cohort = newCohort(Kinds.ENERGY, 4, 4);
        vm.warp(endOf(0));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        addUnits(batch, 2, 1);
        _assertRejected(batch);
        addUnits(batch, 2, -1);
        batch.seal += 1;
        _assertRejected(batch);
        batch.seal -= 1;
        batch.stateAfter += 1;
        _assertRejected(batch);
        batch.stateAfter -= 1;
        batch.included -= 1;
        _assertRejected(batch);
        batch.included += 1;
        batch.c = (batch.c + 1) % Field.R;
        _assertRejected(batch);
    }

    function test_a_proof_for_another_epoch_or_cohort_is_rejected() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 4);
        uint32 other = newCohort(Kinds.UPTIME, 4, 4);
        vm.warp(endOf(1));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        batch.epoch = 1;
        _assertRejected(batch);
        batch.epoch = 0;
        batch.cohort = other;
        _assertRejected(batch);
    }

    function test_a_proof_for_another_chain_is_rejected() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 4);
        vm.warp(endOf(0));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        uint256 chain = block.chainid;
        vm.chainId(chain + 1);
        _assertRejected(batch);
        vm.chainId(chain);
        settlement.settle(batch, none());
    }

    function test_a_proof_for_another_deployment_is_rejected() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 4);
        EpochSettlement second = new EpochSettlement(address(this), registry, router, WINDOW);
        second.setPolicy(Kinds.UPTIME, policyOf(Kinds.UPTIME));
        vm.warp(endOf(0));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.ProofRejected.selector, batch.route));
        second.settle(batch, none());
    }

    function test_a_route_of_another_kind_size_or_length_is_refused() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 4);
        vm.warp(endOf(0));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        batch.route = routeFor(Kinds.ENERGY, 4);
        vm.expectPartialRevert(VerifierRouter.WrongTag.selector);
        settlement.settle(batch, none());
        batch.route = routeFor(Kinds.UPTIME, 8);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.WrongMembers.selector, 8, 4));
        settlement.settle(batch, none());
        batch.route = ensureRoute(Kinds.batchTag(Kinds.UPTIME), 4, 18);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.WrongLength.selector, 18, 20));
        settlement.settle(batch, none());
        batch.route = bytes32(uint256(5));
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.UnknownRoute.selector, bytes32(uint256(5))));
        settlement.settle(batch, none());
    }

    function test_a_frozen_route_settles_nothing_not_even_past_epochs() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 4);
        vm.warp(endOf(0));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        router.freeze(batch.route);
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.RouteIsFrozen.selector, batch.route));
        settlement.settle(batch, none());
    }

    function test_values_plus_r_are_refused() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 4);
        vm.warp(endOf(0));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        batch.seal += Field.R;
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.NotCanonical.selector, batch.seal));
        settlement.settle(batch, none());
        batch.seal -= Field.R;
        batch.c += Field.R;
        vm.expectRevert(abi.encodeWithSelector(VerifierRouter.NotCanonical.selector, batch.c));
        settlement.settle(batch, none());
    }

    function test_a_mutated_proof_of_a_settled_batch_adds_nothing() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 4);
        vm.warp(endOf(0));
        Batch memory batch = newBatch(cohort, 0, unitsFrom(1, 4));
        settlement.settle(batch, none());
        batch.proof[1] = Field.Q - batch.proof[1];
        batch.proof[4] = Field.Q - batch.proof[4];
        batch.proof[5] = Field.Q - batch.proof[5];
        vm.expectRevert(EpochSettlement.NothingAdded.selector);
        settlement.settle(batch, batch.units);
    }

    function _assertRejected(Batch memory batch) private {
        vm.expectRevert(abi.encodeWithSelector(EpochSettlement.ProofRejected.selector, batch.route));
        settlement.settle(batch, none());
    }
}
