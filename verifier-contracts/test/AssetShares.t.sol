// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DeviceRegistry} from "../contracts/DeviceRegistry.sol";
import {Asset, AssetShares, ITransferGate} from "../contracts/AssetShares.sol";
import {RevenueShares} from "../contracts/RevenueShares.sol";
import {AssetFixture} from "./support/AssetFixture.sol";
import {BlindCoin, CallingCoin} from "./support/HostileTokens.sol";

/// @title Shares of a device earn what comes in while they are held, and all of them bring the device back
contract AssetSharesTest is AssetFixture, ITransferGate {
    function mayTransfer(address, address to, uint256) external pure returns (bool) {
        return to != BEN;
    }

    function test_shares_are_issued_when_the_device_is_here() public {
        vm.expectRevert(abi.encodeWithSelector(AssetShares.DeviceMissing.selector, 1, OPERATOR));
        shares.issue();
        issue();
        vm.assertEq(shares.balanceOf(OPERATOR), SUPPLY);
        vm.assertEq(registry.memberOf(1, 0).operator, address(shares));
        vm.assertEq(shares.name(), "Roof 7");
        vm.assertEq(shares.symbol(), "ROOF7");
        vm.assertTrue(factory.isAsset(address(shares)));
        vm.expectRevert(AssetShares.AlreadyIssued.selector);
        shares.issue();
    }

    function test_rewards_and_revenue_reach_holders_pro_rata() public {
        issue();
        handTo(ANN, 250 ether);
        token.mint(address(shares), 100 ether);
        coin.mint(address(shares), 40);
        assertPart(shares.claimable(address(token), ANN), 25 ether);
        shares.claim(address(token), ANN); // anyone may claim for anyone
        shares.claim(address(coin), OPERATOR);
        assertPart(token.balanceOf(ANN), 25 ether);
        assertPart(coin.balanceOf(OPERATOR), 30);
        vm.expectRevert(abi.encodeWithSelector(RevenueShares.NothingToClaim.selector, address(token), ANN));
        shares.claim(address(token), ANN);
    }

    function test_a_transfer_keeps_what_was_earned_even_if_nobody_synced() public {
        issue();
        handTo(ANN, 500 ether);
        token.mint(address(shares), 100 ether);
        vm.prank(ANN);
        shares.transfer(BEN, 500 ether);
        assertPart(shares.claimable(address(token), ANN), 50 ether);
        vm.assertEq(shares.claimable(address(token), BEN), 0);
        token.mint(address(shares), 100 ether);
        assertPart(shares.claimable(address(token), BEN), 50 ether);
        assertPart(shares.claimable(address(token), ANN), 50 ether);
    }

    function test_what_comes_before_the_issue_is_the_sponsors() public {
        token.mint(address(shares), 9);
        vm.assertEq(shares.claimable(address(token), OPERATOR), 9);
        issue();
        handTo(ANN, SUPPLY);
        shares.claim(address(token), OPERATOR);
        vm.assertEq(token.balanceOf(OPERATOR), 9);
    }

    function test_whoever_holds_all_shares_redeems_the_device_and_its_later_rewards() public {
        issue();
        handTo(ANN, 1);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(AssetShares.NotAllShares.selector, SUPPLY, SUPPLY - 1));
        shares.redeem();
        handTo(ANN, SUPPLY - 1);
        vm.prank(ANN);
        shares.redeem();
        token.mint(address(shares), 5); // arrives before the device has left
        vm.assertEq(shares.claimable(address(token), ANN), 5);
        vm.warp(block.timestamp + 8 days);
        commitAsIs();
        vm.prank(ANN);
        registry.acceptDevice(1);
        vm.assertEq(registry.memberOf(1, 0).operator, ANN);
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(AssetShares.NotAllShares.selector, 0, 0));
        shares.redeem();
        vm.expectRevert(AssetShares.AlreadyIssued.selector);
        shares.issue();
    }

    function test_a_sponsor_can_give_up_before_the_issue_but_take_nothing_after_it() public {
        vm.prank(OPERATOR);
        registry.offerDevice(1, address(shares));
        vm.warp(START + 8 days);
        commitAsIs();
        shares.accept(0);
        vm.prank(OPERATOR);
        shares.release(1, OPERATOR);
        shares.issue();
        vm.warp(block.timestamp + 30 days);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOffered.selector, 1, OPERATOR));
        registry.acceptDevice(1);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(AssetShares.NotHeir.selector, OPERATOR, OPERATOR));
        shares.release(1, OPERATOR);
    }

    function test_a_stranger_releases_nothing_and_initializes_nothing() public {
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(AssetShares.NotHeir.selector, OPERATOR, ANN));
        shares.release(1, ANN);
        Asset memory asset = assetOf(address(coin), address(0));
        vm.expectRevert(abi.encodeWithSelector(AssetShares.NotFactory.selector, address(this)));
        shares.initialize(asset);
        AssetShares implementation = factory.implementation();
        vm.expectRevert(abi.encodeWithSelector(AssetShares.NotFactory.selector, address(this)));
        implementation.initialize(asset);
    }

    function test_wrong_assets_are_refused() public {
        Asset memory asset = assetOf(address(token), address(0));
        vm.expectRevert(abi.encodeWithSelector(RevenueShares.WrongCurrency.selector, address(token)));
        factory.create(asset);
        asset = assetOf(address(1), address(0));
        vm.expectRevert(abi.encodeWithSelector(RevenueShares.WrongCurrency.selector, address(1)));
        factory.create(asset);
        asset.currencies = new address[](5);
        vm.expectRevert(abi.encodeWithSelector(RevenueShares.WrongCurrencyCount.selector, 4, 5));
        factory.create(asset);
        asset.devices = new uint64[](0);
        vm.expectRevert(abi.encodeWithSelector(AssetShares.WrongDeviceCount.selector, 64, 0));
        factory.create(asset);
        asset.supply = 0;
        vm.expectRevert(AssetShares.NothingToIssue.selector);
        factory.create(asset);
        vm.expectRevert(abi.encodeWithSelector(RevenueShares.UnknownCurrency.selector, address(7)));
        shares.sync(address(7));
    }

    function test_a_gate_decides_who_may_hold_shares() public {
        shares = factory.create(assetOf(address(coin), address(this)));
        issue();
        handTo(ANN, 5);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(AssetShares.TransferRefused.selector, OPERATOR, BEN, 5));
        shares.transfer(BEN, 5);
    }

    function test_votes_count_as_they_were_at_a_time() public {
        issue();
        vm.prank(OPERATOR);
        shares.delegate(OPERATOR);
        vm.warp(block.timestamp + 1);
        handTo(ANN, SUPPLY);
        vm.assertEq(shares.getVotes(OPERATOR), 0);
        vm.assertEq(shares.getPastVotes(OPERATOR, block.timestamp - 1), SUPPLY);
        vm.assertEq(shares.CLOCK_MODE(), "mode=timestamp");
    }

    function test_a_currency_that_calls_back_while_paid_out_earns_nothing_by_it() public {
        CallingCoin calling = new CallingCoin();
        shares = factory.create(assetOf(address(calling), address(0)));
        issue();
        calling.mint(address(shares), 100);
        bytes[2] memory calls = [
            abi.encodeCall(shares.sync, (address(calling))), abi.encodeCall(shares.claim, (address(calling), OPERATOR))
        ];
        for (uint256 i = 0; i < 2; ++i) {
            calling.set(address(shares), calls[i]);
            shares.claim(address(calling), OPERATOR);
            vm.assertFalse(calling.succeeded());
            vm.assertEq(shares.claimable(address(calling), OPERATOR), 0);
            calling.mint(address(shares), 100);
        }
    }

    function test_a_transfer_of_shares_while_a_currency_is_paid_out_counts_nothing_twice() public {
        CallingCoin calling = new CallingCoin();
        shares = factory.create(assetOf(address(calling), address(0)));
        issue();
        handTo(address(calling), 10 ether);
        calling.mint(address(shares), 1_000);
        calling.set(address(shares), abi.encodeCall(shares.transfer, (ANN, 10 ether)));
        shares.claim(address(calling), OPERATOR);
        vm.assertTrue(calling.succeeded());
        uint256 owed = shares.claimable(address(calling), address(calling)) + shares.claimable(address(calling), ANN);
        vm.assertLe(owed, calling.balanceOf(address(shares)), "owed");
    }

    function test_a_currency_that_fails_stops_neither_transfers_nor_other_claims() public {
        BlindCoin blind = new BlindCoin();
        shares = factory.create(assetOf(address(blind), address(0)));
        issue();
        blind.blind();
        token.mint(address(shares), 4);
        handTo(ANN, SUPPLY);
        shares.claim(address(token), OPERATOR);
        vm.assertTrue(token.balanceOf(OPERATOR) > 0);
    }

    function testFuzz_holders_get_what_came_in_but_for_rounding(uint96[4] memory amounts, uint128[4] memory moves)
        public
    {
        issue();
        address[3] memory holders = [OPERATOR, ANN, BEN];
        uint256 came = 0;
        for (uint256 i = 0; i < 4; ++i) {
            token.mint(address(shares), amounts[i]);
            came += amounts[i];
            address from = holders[i % 3];
            uint256 moved = moves[i] % (shares.balanceOf(from) + 1);
            vm.prank(from);
            shares.transfer(holders[(i + 1) % 3], moved);
        }
        uint256 paid = 0;
        for (uint256 i = 0; i < 3; ++i) {
            paid += shares.claimable(address(token), holders[i]);
        }
        vm.assertLe(paid, came, "paid");
        vm.assertLe(came - paid, 9, "less than a unit for each settlement is lost");
    }
}
