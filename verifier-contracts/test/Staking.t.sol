// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Payee} from "../contracts/Payee.sol";
import {StakePool} from "../contracts/StakePool.sol";
import {Bond, Holding} from "../contracts/StakingTypes.sol";
import {StakingFixture} from "./support/StakingFixture.sol";

/// @title Stake earns pro rata, waits before it leaves, and is never paid more than came in
contract StakingTest is StakingFixture {
    function test_bonds_are_named_by_role_and_number() public {
        vm.assertEq(staking.bondOf(1, 1), (uint256(1) << 160) + 1);
        vm.assertEq(staking.operatorOf(bond), PROVER);
        vm.assertEq(staking.operatorOf(deviceBond), OPERATOR);
        vm.assertEq(staking.operatorOf(staking.bondOf(2, 1)), address(0xA77E57));
        uint256[4] memory unknown = [uint256(0), (uint256(2) << 160) + 2, (uint256(3) << 160), uint256(4) << 160];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(abi.encodeWithSelector(StakePool.UnknownBond.selector, unknown[i]));
            staking.operatorOf(unknown[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(StakePool.UnknownBond.selector, uint256(4) << 160));
        staking.bondOf(4, 0);
    }

    function test_stake_is_withdrawn_after_the_unbonding_period_and_not_before() public {
        stake(bond, ANN, 100 ether);
        vm.prank(ANN);
        staking.unstake(bond, 40 ether);
        vm.warp(START + UNBONDING - 1);
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(StakePool.StillUnbonding.selector, START + UNBONDING));
        staking.withdraw(bond);
        vm.warp(START + UNBONDING);
        vm.prank(ANN);
        vm.assertEq(staking.withdraw(bond), 40 ether);
        vm.assertEq(token.balanceOf(ANN), 40 ether);
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(StakePool.NothingThere.selector, bond, ANN));
        staking.withdraw(bond);
    }

    function test_more_shares_than_held_do_not_leave() public {
        stake(bond, ANN, 10);
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(StakePool.NotEnoughShares.selector, 10, 11));
        staking.unstake(bond, 11);
        vm.prank(ANN);
        vm.expectRevert(StakePool.ZeroAmount.selector);
        staking.unstake(bond, 0);
        vm.expectRevert(StakePool.ZeroAmount.selector);
        staking.stake(bond, 0);
        vm.expectRevert(StakePool.ZeroAmount.selector);
        staking.payRewards(bond, 0);
    }

    function test_rewards_are_shared_by_stake_after_the_operators_commission() public {
        vm.prank(PROVER);
        staking.setCommission(bond, 1_000);
        vm.warp(START + UNBONDING);
        stake(bond, PROVER, 100 ether);
        stake(bond, ANN, 300 ether);
        pay(bond, 40 ether);
        assertPart(staking.claimable(bond, PROVER), 4 ether + 9 ether);
        assertPart(staking.claimable(bond, ANN), 27 ether);
        staking.claimRewards(bond, ANN); // anyone may claim for anyone
        assertPart(token.balanceOf(ANN), 27 ether);
        vm.expectRevert(abi.encodeWithSelector(StakePool.NothingThere.selector, bond, ANN));
        staking.claimRewards(bond, ANN);
    }

    function test_stake_that_came_after_a_payment_has_no_part_in_it() public {
        stake(bond, ANN, 1 ether);
        pay(bond, 10 ether);
        stake(bond, BEN, 1000 ether);
        assertPart(staking.claimable(bond, BEN), 0);
        assertPart(staking.claimable(bond, ANN), 10 ether);
    }

    function test_leaving_stake_keeps_what_it_earned_and_earns_no_more() public {
        stake(bond, ANN, 1 ether);
        stake(bond, BEN, 1 ether);
        pay(bond, 10 ether);
        vm.prank(ANN);
        staking.unstake(bond, 1 ether);
        pay(bond, 10 ether);
        assertPart(staking.claimable(bond, ANN), 5 ether);
        assertPart(staking.claimable(bond, BEN), 15 ether);
    }

    function test_rewards_without_stake_are_the_operators() public {
        pay(deviceBond, 7);
        assertPart(staking.claimable(deviceBond, OPERATOR), 7);
    }

    function test_a_commission_is_the_operators_to_set_bounded_and_announced() public {
        vm.expectRevert(abi.encodeWithSelector(StakePool.NotOperator.selector, PROVER, address(this)));
        staking.setCommission(bond, 1);
        vm.prank(PROVER);
        vm.expectRevert(abi.encodeWithSelector(StakePool.CommissionTooHigh.selector, 5_000, 5_001));
        staking.setCommission(bond, 5_001);
        vm.prank(PROVER);
        staking.setCommission(bond, 5_000);
        vm.warp(START + UNBONDING - 1);
        vm.assertEq(staking.commissionOf(bond), 0);
        vm.warp(START + UNBONDING);
        vm.assertEq(staking.commissionOf(bond), 5_000);
    }

    function test_a_payee_passes_a_provers_fees_on_to_its_bond() public {
        Payee payee = new Payee(staking, bond);
        stake(bond, ANN, 1 ether);
        token.mint(address(payee), 5 ether);
        vm.assertEq(payee.sweep(), 5 ether);
        assertPart(staking.claimable(bond, ANN), 5 ether);
        vm.assertEq(token.balanceOf(address(payee)), 0);
        vm.expectRevert(StakePool.ZeroAmount.selector);
        payee.sweep();
    }

    function testFuzz_rewards_are_conserved(uint128[3] memory stakes, uint128[3] memory amounts) public {
        address[3] memory holders = [ANN, BEN, PROVER];
        uint256 came = 0;
        for (uint256 i = 0; i < 3; ++i) {
            stake(bond, holders[i], 1 + stakes[i] % 1e27);
            uint128 amount = 1 + amounts[i] % 1e27;
            pay(bond, amount);
            came += amount;
        }
        uint256 paid = 0;
        for (uint256 i = 0; i < 3; ++i) {
            paid += staking.claimable(bond, holders[i]);
        }
        vm.assertLe(paid, came, "paid");
        vm.assertLe(came - paid, 6, "less than one unit of each holder is lost at each settlement, and one remains");
    }

    function testFuzz_stake_comes_back_to_the_unit(uint128[2] memory amounts, uint128 part) public {
        uint128 first = 1 + amounts[0] % 1e27;
        uint128 second = 1 + amounts[1] % 1e27;
        stake(bond, ANN, first);
        stake(bond, BEN, second);
        part = 1 + part % first;
        vm.prank(ANN);
        vm.assertEq(staking.unstake(bond, part), part);
        Bond memory pool = staking.stakeOf(bond);
        vm.assertEq(pool.tokens, first + second - part);
        vm.assertEq(pool.leavingTokens, part);
        Holding memory holding = staking.holdingOf(bond, ANN);
        vm.assertEq(holding.shares, first - part);
        vm.assertEq(holding.leavingShares, part);
    }
}
