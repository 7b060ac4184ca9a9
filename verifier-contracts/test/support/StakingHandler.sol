// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Bond} from "../../contracts/StakingTypes.sol";
import {StakingFixture} from "./StakingFixture.sol";

/// @title Random steps of holders, payers, evidence and judges, with a second set of books
contract StakingHandler is StakingFixture {
    address[4] private _holders = [ANN, BEN, PROVER, OPERATOR];
    uint256 public came;
    uint256 private _steps;

    function _bond(uint8 which) private view returns (uint256) {
        return which % 2 == 0 ? bond : deviceBond;
    }

    function stakes(uint8 who, uint8 on, uint96 amount) external {
        give(_holders[who % 4], amount);
        vm.prank(_holders[who % 4]);
        try staking.stake(_bond(on), amount) {
            came += amount;
        } catch {}
    }

    function leaves(uint8 who, uint8 on, uint128 shares) external {
        address holder = _holders[who % 4];
        uint128 held = staking.holdingOf(_bond(on), holder).shares;
        if (held == 0) return;
        vm.prank(holder);
        staking.unstake(_bond(on), 1 + shares % held);
    }

    function withdraws(uint8 who, uint8 on, uint32 time) external {
        vm.warp(block.timestamp + time % 10 days);
        vm.prank(_holders[who % 4]);
        try staking.withdraw(_bond(on)) returns (uint128 paid) {
            came -= paid;
        } catch {}
    }

    function pays(uint8 to, uint96 amount) external {
        if (amount == 0) return;
        pay(_bond(to), amount);
        came += amount;
    }

    function claims(uint8 who, uint8 from) external {
        try staking.claimRewards(_bond(from), _holders[who % 4]) returns (uint128 paid) {
            came -= paid;
        } catch {}
    }

    function reports(uint8 of_) external {
        uint256 before = token.balanceOf(address(0x1F));
        staking.report(_bond(of_), fault, bytes32(++_steps), address(0x1F));
        came -= token.balanceOf(address(0x1F)) - before;
    }

    function judges(uint8 of_, uint8 how) external {
        uint256 on = _bond(of_);
        if (staking.suspensionOf(on).deadline == 0) {
            suspend(on, bytes32(++_steps));
            came += DEPOSIT;
            return;
        }
        bool lifts = how % 2 == 0 || block.timestamp >= staking.suspensionOf(on).deadline;
        vm.prank(DECIDER);
        if (lifts) return staking.lift(on);
        staking.uphold(on);
        came -= DEPOSIT;
    }

    function restores(uint8 to) external {
        staking.payRestitution(_bond(to), staking.fund() / 3);
    }

    /// @notice What all holders, the fund and running suspensions are owed.
    function liabilities() external view returns (uint256 sum) {
        sum = staking.fund();
        for (uint8 i = 0; i < 2; ++i) {
            Bond memory pool = staking.stakeOf(_bond(i));
            sum += uint256(pool.tokens) + pool.leavingTokens;
            sum += uint256(staking.suspensionOf(_bond(i)).deposit) + staking.suspensionOf(_bond(i)).withheld;
            for (uint256 j = 0; j < 4; ++j) {
                sum += staking.claimable(_bond(i), _holders[j]);
            }
        }
    }

    function balance() external view returns (uint256) {
        return token.balanceOf(address(staking));
    }

    /// @notice Whether holders' shares add up to each bond's.
    function sharesAddUp() external view returns (bool) {
        for (uint8 i = 0; i < 2; ++i) {
            Bond memory pool = staking.stakeOf(_bond(i));
            for (uint256 j = 0; j < 4; ++j) {
                pool.shares -= staking.holdingOf(_bond(i), _holders[j]).shares;
                pool.leavingShares -= staking.holdingOf(_bond(i), _holders[j]).leavingShares;
            }
            if (pool.shares != 0 || pool.leavingShares != 0) return false;
        }
        return true;
    }
}
