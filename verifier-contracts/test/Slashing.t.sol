// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Slashing} from "../contracts/Slashing.sol";
import {Bond, FaultRule} from "../contracts/StakingTypes.sol";
import {StakingFixture} from "./support/StakingFixture.sol";

/// @title Faults cost stake wherever it is, once each, and no more than their caps
contract SlashingTest is StakingFixture {
    address private constant INFORMANT = address(0x1F);

    function test_a_fault_costs_all_stake_of_the_bond_pro_rata_and_pays_the_informant() public {
        stake(bond, ANN, 300 ether);
        stake(bond, BEN, 100 ether);
        vm.assertEq(staking.report(bond, fault, "fact", INFORMANT), 40 ether);
        vm.assertEq(staking.stakeOf(bond).tokens, 360 ether);
        vm.assertEq(token.balanceOf(INFORMANT), 2 ether);
        vm.assertEq(staking.fund(), 38 ether);
        vm.prank(ANN);
        vm.assertEq(staking.unstake(bond, 300 ether), 270 ether);
    }

    function test_a_slash_reaches_stake_that_is_leaving() public {
        stake(bond, ANN, 100 ether);
        vm.prank(ANN);
        staking.unstake(bond, 100 ether);
        vm.warp(START + UNBONDING - 1); // evidence at the last moment
        vm.assertEq(staking.report(bond, fault, "fact", address(0)), 10 ether);
        vm.warp(START + UNBONDING);
        vm.prank(ANN);
        vm.assertEq(staking.withdraw(bond), 90 ether);
    }

    function test_a_fact_counts_once() public {
        stake(bond, ANN, 100 ether);
        staking.report(bond, fault, "fact", INFORMANT);
        vm.assertTrue(staking.isReported(fault, "fact"));
        vm.expectRevert(abi.encodeWithSelector(Slashing.AlreadyReported.selector, fault, bytes32("fact")));
        staking.report(bond, fault, "fact", ANN);
    }

    function test_only_the_contract_that_checks_the_evidence_reports() public {
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(Slashing.NotEvidence.selector, fault, address(this), ANN));
        staking.report(bond, fault, "fact", ANN);
        vm.expectRevert(abi.encodeWithSelector(Slashing.NotEvidence.selector, 4, address(0), address(this)));
        staking.report(bond, 4, "fact", ANN);
    }

    function test_faults_of_one_kind_cost_no_more_than_their_cap_in_a_period() public {
        stake(bond, ANN, 1000 ether);
        uint256 lost = 0;
        for (uint256 i = 0; i < 5; ++i) {
            lost += staking.report(bond, fault, bytes32(i), address(0));
        }
        vm.assertEq(lost, 200 ether);
        vm.warp(START + 30 days);
        vm.assertEq(staking.report(bond, fault, "later", address(0)), 80 ether);
    }

    function test_all_faults_together_cost_no_more_than_the_total_cap() public {
        stake(bond, ANN, 1000 ether);
        staking.setFaultRule(fault, FaultRule(address(this), 4_000, 4_000, 0));
        vm.assertEq(staking.report(bond, fault, "first", address(0)), 400 ether);
        OtherEvidence other = new OtherEvidence();
        staking.setFaultRule(4, FaultRule(address(other), 4_000, 5_000, 0));
        vm.prank(address(other));
        vm.assertEq(staking.report(bond, 4, "second", address(0)), 100 ether);
        vm.assertEq(staking.stakeOf(bond).tokens, 500 ether);
    }

    function test_a_fault_shown_while_there_is_no_stake_shields_none_later() public {
        staking.report(bond, fault, "early", address(0));
        stake(bond, ANN, 100 ether);
        vm.assertEq(staking.report(bond, fault, "later", address(0)), 10 ether);
    }

    function test_rewards_that_were_earned_are_not_slashed() public {
        stake(bond, ANN, 100 ether);
        pay(bond, 10 ether);
        staking.report(bond, fault, "fact", address(0));
        assertPart(staking.claimRewards(bond, ANN), 10 ether);
    }

    function test_rules_beyond_the_bounds_are_refused() public {
        FaultRule[4] memory refused = [
            FaultRule(address(this), 2_001, 2_000, 0),
            FaultRule(address(this), 1_000, 5_001, 0),
            FaultRule(address(this), 1_000, 2_000, 1_001),
            FaultRule(address(new OtherEvidence()), 1_000, 2_000, 0)
        ];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Slashing.WrongFaultRule.selector, fault));
            staking.setFaultRule(fault, refused[i]);
        }
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, ANN));
        staking.setFaultRule(fault, FaultRule(ANN, 0, 0, 0));
    }

    function test_the_fund_pays_restitution_to_a_bonds_holders_and_nothing_else() public {
        stake(bond, ANN, 100 ether);
        staking.report(bond, fault, "wrong", address(0));
        vm.expectRevert(abi.encodeWithSelector(Slashing.FundTooSmall.selector, 10 ether, 11 ether));
        staking.payRestitution(bond, 11 ether);
        staking.payRestitution(bond, 10 ether);
        assertPart(staking.claimable(bond, ANN), 10 ether);
        vm.assertEq(staking.fund(), 0);
    }

    function testFuzz_no_number_of_faults_takes_more_than_half_in_a_period(uint128 amount, uint128 leaving, uint8 many)
        public
    {
        amount = 1 + amount % 1e27;
        stake(bond, ANN, amount);
        leaving = leaving % (amount + 1);
        if (leaving > 0) {
            vm.prank(ANN);
            staking.unstake(bond, leaving);
        }
        staking.setFaultRule(fault, FaultRule(address(this), 5_000, 5_000, 1_000));
        for (uint256 i = 0; i < many % 8; ++i) {
            staking.report(bond, fault, bytes32(i), address(0));
        }
        Bond memory pool = staking.stakeOf(bond);
        uint256 left = uint256(pool.tokens) + pool.leavingTokens;
        vm.assertGe(left, amount / 2, "left");
        vm.assertEq(left + staking.fund(), amount);
    }
}

contract OtherEvidence {
    uint8 public constant fault = 4;
}
