// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {AssetFixture} from "./support/AssetFixture.sol";
import {MarketFixture} from "./support/MarketFixture.sol";

/// @title What stakes and shares cost, each as a transaction of its own, kept in snapshots/gas.json
/// forge-config: default.isolate = true
contract GasSharesTest is AssetFixture {
    function test_stakes() public {
        give(ANN, 100 ether);
        vm.prank(ANN);
        staking.stake(bond, 100 ether);
        _snapshot("stake, first of a bond");
        pay(bond, 1 ether);
        _snapshot("payRewards");
        staking.claimRewards(bond, ANN);
        _snapshot("claimRewards");
        staking.report(bond, fault, "fact", BEN);
        _snapshot("report");
        vm.prank(ANN);
        staking.unstake(bond, 50 ether);
        _snapshot("unstake");
        vm.warp(START + UNBONDING);
        vm.prank(ANN);
        staking.withdraw(bond);
        _snapshot("withdraw");
    }

    function test_shares() public {
        factory.create(assetOf(address(coin), address(0)));
        _snapshot("create an asset of one device");
        issue();
        _snapshot("issue");
        token.mint(address(shares), 1 ether);
        handTo(ANN, 5 ether);
        _snapshot("transfer shares, new holder, with income of one currency");
        token.mint(address(shares), 1 ether);
        shares.claim(address(token), ANN);
        _snapshot("claim income");
    }

    function _snapshot(string memory name) private {
        vm.snapshotGasLastCall("gas", name);
    }
}

/// @title What the market costs
/// forge-config: default.isolate = true
contract GasMarketTest is MarketFixture {
    function test_sales() public {
        uint256 purchase = buy(metered, 100);
        vm.snapshotGasLastCall("gas", "buy");
        acknowledge(purchase, 10);
        vm.snapshotGasLastCall("gas", "acknowledge, first of the payees");
        acknowledge(purchase, 20);
        vm.snapshotGasLastCall("gas", "acknowledge");
        market.fetch(address(coin), HOLDERS);
        vm.snapshotGasLastCall("gas", "fetch");
    }
}
