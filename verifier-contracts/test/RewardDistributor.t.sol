// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ClaimTree} from "../contracts/ClaimTree.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Pool, RewardDistributor} from "../contracts/RewardDistributor.sol";
import {Fixture} from "./support/Fixture.sol";
import {Tree} from "./support/Tree.sol";

/// @title Frozen pools pay proven units, once, to their owners
contract RewardDistributorTest is Fixture {
    uint32 private cohort;
    uint64[] private units;
    uint256 private constant MEMBERS = EMISSION - EMISSION * FEE_BPS / 10_000;

    function setUp() public override {
        super.setUp();
        cohort = newCohort(Kinds.UPTIME, 4, 4);
        units = [uint64(10), 0, 7, 13];
        settleFirst(cohort, 0, units);
    }

    function _freeze() private {
        vm.warp(settlement.closesAt(0));
        distributor.freeze(Kinds.UPTIME, 0);
    }

    function _proof(uint256 index) private view returns (bytes32[] memory) {
        return Tree.proof(Tree.leaves(Kinds.UPTIME, 0, cohort, units), index);
    }

    function test_a_pool_is_frozen_once_and_not_before_settlement_closes() public {
        uint64 closes = settlement.closesAt(0);
        vm.warp(closes - 1);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.StillOpen.selector, closes, closes - 1));
        distributor.freeze(Kinds.UPTIME, 0);
        _freeze();
        Pool memory pool = distributor.poolOf(Kinds.UPTIME, 0);
        vm.assertEq(pool.amount, EMISSION);
        vm.assertEq(pool.members, MEMBERS);
        vm.assertEq(pool.units, 30);
        vm.assertTrue(pool.frozen);
        vm.assertEq(token.balanceOf(address(distributor)), EMISSION);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.AlreadyFrozen.selector, Kinds.UPTIME, 0));
        distributor.freeze(Kinds.UPTIME, 0);
    }

    function test_without_units_nothing_is_minted() public {
        vm.warp(settlement.closesAt(0));
        distributor.freeze(Kinds.ENERGY, 0);
        vm.assertEq(distributor.poolOf(Kinds.ENERGY, 0).amount, 0);
        vm.assertEq(token.totalSupply(), 0);
    }

    function test_anyone_claims_for_the_operator() public {
        _freeze();
        bytes32[] memory proof = _proof(3);
        vm.expectEmit();
        emit RewardDistributor.Claimed(cohort, 0, 3, operatorOf(cohort, 3), 13, MEMBERS * 13 / 30);
        vm.prank(OTHER_PROVER);
        vm.assertEq(distributor.claim(cohort, 0, 3, 13, proof), MEMBERS * 13 / 30);
        vm.assertEq(token.balanceOf(operatorOf(cohort, 3)), MEMBERS * 13 / 30);
        vm.assertEq(token.balanceOf(OTHER_PROVER), 0);
        vm.assertTrue(distributor.isClaimed(cohort, 0, 3));
        vm.assertFalse(distributor.isClaimed(cohort, 0, 2));
    }

    function test_a_claim_before_the_freeze_is_refused() public {
        bytes32[] memory proof = _proof(0);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NotFrozen.selector, Kinds.UPTIME, 0));
        distributor.claim(cohort, 0, 0, 10, proof);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NotFrozen.selector, Kinds.UPTIME, 0));
        distributor.claimFee(Kinds.UPTIME, 0, PROVER);
    }

    function test_a_claim_is_paid_once() public {
        _freeze();
        bytes32[] memory proof = _proof(0);
        distributor.claim(cohort, 0, 0, 10, proof);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.AlreadyClaimed.selector, cohort, 0, 0));
        distributor.claim(cohort, 0, 0, 10, proof);
    }

    function test_anothers_units_and_other_units_are_rejected() public {
        _freeze();
        bytes32[] memory proof = _proof(3);
        vm.expectPartialRevert(RewardDistributor.ClaimRejected.selector);
        distributor.claim(cohort, 0, 0, 13, proof); // member 3's units for member 0
        vm.expectPartialRevert(RewardDistributor.ClaimRejected.selector);
        distributor.claim(cohort, 0, 3, 14, proof);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NoSuchMember.selector, 4, 7));
        distributor.claim(cohort, 0, 7, 13, proof); // 7 is 3 beyond the tree
        vm.expectRevert(abi.encodeWithSelector(ClaimTree.WrongProofLength.selector, 2, 0));
        distributor.claim(cohort, 0, 3, 13, new bytes32[](0));
    }

    function test_units_of_an_epoch_that_did_not_settle_are_rejected() public {
        vm.warp(settlement.closesAt(1));
        distributor.freeze(Kinds.UPTIME, 1);
        bytes32[] memory proof = _proof(0);
        vm.expectPartialRevert(RewardDistributor.ClaimRejected.selector);
        distributor.claim(cohort, 1, 0, 10, proof);
    }

    function test_a_claim_of_no_units_pays_nothing() public {
        _freeze();
        vm.assertEq(distributor.claim(cohort, 0, 1, 0, _proof(1)), 0);
        vm.assertEq(token.balanceOf(operatorOf(cohort, 1)), 0);
    }

    function test_the_fee_is_split_by_units_added() public {
        uint64[] memory more = units;
        more[1] = 15;
        settlement.settle(newBatchBy(OTHER_PROVER, cohort, 0, more), packed(units));
        units = more;
        _freeze();
        uint256 fee = EMISSION - MEMBERS;
        vm.assertEq(distributor.claimFee(Kinds.UPTIME, 0, PROVER), fee * 30 / 45);
        vm.assertEq(distributor.claimFee(Kinds.UPTIME, 0, OTHER_PROVER), fee * 15 / 45);
        vm.assertEq(token.balanceOf(OTHER_PROVER), fee * 15 / 45);
        vm.assertTrue(distributor.isFeeClaimed(Kinds.UPTIME, 0, PROVER));
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.FeeAlreadyClaimed.selector, Kinds.UPTIME, 0, PROVER));
        distributor.claimFee(Kinds.UPTIME, 0, PROVER);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NoFee.selector, Kinds.UPTIME, 0, address(7)));
        distributor.claimFee(Kinds.UPTIME, 0, address(7));
    }

    function testFuzz_all_claims_pay_the_pool_but_for_rounding(uint32[4] memory any, uint96 emission) public {
        uint64[] memory many = new uint64[](4);
        for (uint256 i = 0; i < 4; ++i) {
            many[i] = uint64(units[i]) + any[i];
        }
        vm.assume(uint256(any[0]) + any[1] + any[2] + any[3] > 0);
        settlement.settle(newBatch(cohort, 0, many), packed(units));
        units = many;
        vm.warp(GENESIS - 1);
        distributor.setEmission(Kinds.UPTIME, emission);
        _freeze();
        uint256 paid = distributor.claimFee(Kinds.UPTIME, 0, PROVER);
        for (uint32 i = 0; i < 4; ++i) {
            paid += distributor.claim(cohort, 0, i, units[i], _proof(i));
        }
        vm.assertLe(paid, emission, "paid");
        vm.assertLt(emission - paid, 5, "at most one unit of each claim is lost to rounding");
        vm.assertEq(token.balanceOf(address(distributor)), emission - paid);
    }

    function test_emission_takes_effect_with_the_next_epoch() public {
        vm.warp(GENESIS + 2 * DAY);
        distributor.setEmission(Kinds.UPTIME, 5);
        vm.assertEq(distributor.emissionAt(Kinds.UPTIME, 2), EMISSION);
        vm.assertEq(distributor.emissionAt(Kinds.UPTIME, 3), 5);
        vm.prank(PROVER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, PROVER));
        distributor.setEmission(Kinds.UPTIME, 5);
        vm.expectRevert(abi.encodeWithSelector(Kinds.NotPaidKind.selector, 0));
        distributor.setEmission(0, 5);
        vm.expectRevert(abi.encodeWithSelector(Kinds.NotPaidKind.selector, 4));
        distributor.freeze(4, 0);
    }

    function test_a_fee_above_the_whole_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.FeeTooHigh.selector, 10_000, 10_001));
        new RewardDistributor(address(this), settlement, token, 10_001);
    }
}
