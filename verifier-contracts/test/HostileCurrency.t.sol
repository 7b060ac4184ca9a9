// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Proceeds} from "../contracts/Proceeds.sol";
import {CallingCoin, Coin, FalseCoin, TaxedCoin} from "./support/HostileTokens.sol";
import {MarketFixture} from "./support/MarketFixture.sol";

/// @title Currencies that misbehave harm nobody who uses another
contract HostileCurrencyTest is MarketFixture {
    function _offerIn(Coin hostile) private returns (uint48 number) {
        market.setCurrency(address(hostile), true);
        number = market.offer(terms(3, address(hostile), 1_000, 30 days));
        hostile.mint(buyer, 1e30);
        vm.prank(buyer);
        hostile.approve(address(market), type(uint256).max);
    }

    function test_a_currency_that_keeps_a_part_of_transfers_buys_nothing() public {
        uint48 number = _offerIn(new TaxedCoin());
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Proceeds.TransferFellShort.selector, 10_000, 9_900));
        market.buy(number, 10);
    }

    function test_a_currency_that_answers_false_neither_buys_nor_loses_a_credit() public {
        FalseCoin hostile = new FalseCoin();
        uint48 number = _offerIn(hostile);
        vm.prank(buyer);
        uint256 purchase = market.buy(number, 10);
        acknowledge(purchase, 10);
        hostile.breakDown();
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(hostile)));
        market.fetch(address(hostile), HOLDERS);
        vm.assertEq(creditOf(address(hostile), HOLDERS), 8_000);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(hostile)));
        market.buy(number, 10);
    }

    function test_a_currency_that_calls_back_fetches_nothing_twice_and_buys_nothing_unpaid() public {
        CallingCoin hostile = new CallingCoin();
        uint48 number = _offerIn(hostile);
        vm.prank(buyer);
        uint256 purchase = market.buy(number, 10);
        acknowledge(purchase, 10);
        hostile.set(address(market), abi.encodeCall(market.fetch, (address(hostile), HOLDERS)));
        vm.assertEq(market.fetch(address(hostile), HOLDERS), 8_000);
        vm.assertFalse(hostile.succeeded());
        vm.assertEq(hostile.balanceOf(HOLDERS), 8_000);
        hostile.set(address(market), abi.encodeCall(market.buy, (number, 10)));
        vm.prank(buyer);
        market.buy(number, 10);
        vm.assertFalse(hostile.succeeded());
    }

    function test_a_currency_nobody_allowed_or_that_was_ended_buys_nothing_new() public {
        address unknown = address(new Coin());
        vm.expectRevert(abi.encodeWithSelector(Proceeds.CurrencyNotAllowed.selector, unknown));
        market.offer(terms(3, unknown, 1, 1 days));
        uint256 purchase = buy(metered, 10);
        market.setCurrency(address(coin), false);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Proceeds.CurrencyNotAllowed.selector, address(coin)));
        market.buy(metered, 10);
        acknowledge(purchase, 10); // what was bought runs on
        vm.assertEq(market.fetch(address(coin), HOLDERS), 8_000);
        vm.expectRevert(abi.encodeWithSelector(Proceeds.NothingToFetch.selector, address(coin), HOLDERS));
        market.fetch(address(coin), HOLDERS);
    }

    function test_only_governance_names_currencies_and_the_treasury() public {
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, ANN));
        market.setCurrency(ANN, true);
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, ANN));
        market.setTreasury(ANN);
        vm.expectRevert(Proceeds.ZeroTreasury.selector);
        market.setTreasury(address(0));
    }
}
