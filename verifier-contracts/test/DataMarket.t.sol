// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DataMarket} from "../contracts/DataMarket.sol";
import {Terms} from "../contracts/MarketTypes.sol";
import {MarketFixture} from "./support/MarketFixture.sol";

/// @title What is served is paid for, what is not is refunded, and proceeds are split to the unit
contract DataMarketTest is MarketFixture {
    function test_days_are_released_as_they_pass_and_the_rest_is_refunded_on_cancel() public {
        uint256 purchase = buy(daily, 10);
        vm.assertTrue(market.hasAccess(purchase, buyer));
        vm.warp(START + 4 days);
        market.release(purchase); // anyone may
        vm.assertEq(creditOf(address(token), HOLDERS), 4 * 86_400 * 80 / 100);
        vm.assertEq(creditOf(address(token), GATEWAY), 4 * 8_640);
        vm.assertEq(creditOf(address(token), HOST), 4 * 4_320);
        vm.assertEq(creditOf(address(token), TREASURY), 4 * 4_320);
        vm.warp(START + 5 days);
        vm.prank(buyer);
        market.cancel(purchase);
        vm.assertEq(creditOf(address(token), buyer), 5 * 86_400);
        vm.assertFalse(market.hasAccess(purchase, buyer));
        vm.expectRevert(abi.encodeWithSelector(DataMarket.NoSuchPurchase.selector, purchase));
        market.release(purchase);
    }

    function test_days_that_have_passed_are_not_refunded() public {
        uint256 purchase = buy(daily, 2);
        vm.expectRevert(abi.encodeWithSelector(DataMarket.NotClosable.selector, purchase, START + 2 days));
        market.close(purchase);
        vm.warp(START + 2 days);
        vm.assertFalse(market.hasAccess(purchase, buyer));
        market.close(purchase);
        vm.assertEq(creditOf(address(token), buyer), 0);
        vm.assertEq(token.balanceOf(address(market)), 2 * 86_400);
    }

    function test_megabytes_are_released_by_the_buyers_receipts() public {
        uint256 purchase = buy(metered, 100);
        acknowledge(purchase, 30);
        vm.assertEq(creditOf(address(coin), HOLDERS), 30 * 800);
        acknowledge(purchase, 100);
        vm.assertEq(creditOf(address(coin), HOLDERS), 100 * 800);
        vm.assertFalse(market.hasAccess(purchase, buyer));
    }

    function test_a_buyer_acknowledges_without_a_signature() public {
        uint256 purchase = buy(metered, 10);
        vm.prank(buyer);
        market.acknowledge(purchase, 1, "");
        vm.assertEq(market.purchaseOf(purchase).served, 1);
    }

    function test_a_gateway_is_paid_nothing_without_a_receipt_for_exactly_that() public {
        uint256 purchase = buy(metered, 100);
        uint256 other = buy(metered, 100);
        bytes memory signature = receipt(purchase, 30);
        vm.expectRevert(abi.encodeWithSelector(DataMarket.ReceiptRejected.selector, purchase));
        market.acknowledge(purchase, 31, signature);
        vm.expectRevert(abi.encodeWithSelector(DataMarket.ReceiptRejected.selector, other));
        market.acknowledge(other, 30, signature);
        market.acknowledge(purchase, 30, signature);
        vm.expectRevert(abi.encodeWithSelector(DataMarket.WrongServed.selector, 30, 100, 30));
        market.acknowledge(purchase, 30, signature); // a replay
        vm.expectRevert(abi.encodeWithSelector(DataMarket.WrongServed.selector, 30, 100, 101));
        market.acknowledge(purchase, 101, signature);
    }

    function test_a_cancelled_purchase_waits_for_the_last_receipt_before_its_refund() public {
        uint256 purchase = buy(metered, 100);
        vm.prank(buyer);
        market.cancel(purchase);
        vm.assertFalse(market.hasAccess(purchase, buyer));
        acknowledge(purchase, 60);
        vm.expectRevert(abi.encodeWithSelector(DataMarket.NotClosable.selector, purchase, START + 1 days));
        market.close(purchase);
        vm.warp(START + 1 days);
        market.close(purchase);
        vm.assertEq(creditOf(address(coin), buyer), 40_000);
        vm.expectRevert(abi.encodeWithSelector(DataMarket.NoSuchPurchase.selector, purchase));
        market.close(purchase);
        bytes memory signature = receipt(purchase, 70);
        vm.expectRevert(abi.encodeWithSelector(DataMarket.NoSuchPurchase.selector, purchase));
        market.acknowledge(purchase, 70, signature);
    }

    function test_anyone_closes_what_has_run_out_for_the_buyer() public {
        uint256 purchase = buy(metered, 100);
        vm.warp(START + 31 days);
        market.close(purchase);
        vm.assertEq(market.fetch(address(coin), buyer), 100_000);
    }

    function test_only_the_buyer_cancels_and_only_the_seller_closes_an_offer() public {
        uint256 purchase = buy(daily, 1);
        vm.expectRevert(abi.encodeWithSelector(DataMarket.NotBuyer.selector, buyer, address(this)));
        market.cancel(purchase);
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(DataMarket.NotSeller.selector, address(this), ANN));
        market.closeOffer(daily);
        market.closeOffer(daily);
        vm.expectRevert(abi.encodeWithSelector(DataMarket.NoSuchOffer.selector, daily));
        market.buy(daily, 1);
        vm.warp(START + 1 days);
        market.close(purchase); // what was bought runs on
        vm.assertTrue(creditOf(address(token), HOLDERS) > 0);
    }

    function test_access_is_the_buyers_alone() public {
        uint256 purchase = buy(daily, 1);
        vm.assertFalse(market.hasAccess(purchase, ANN));
        vm.assertFalse(market.hasAccess(purchase + 1, address(0)));
    }

    function test_a_permit_pays_without_an_approval_and_may_have_been_used_before() public {
        token.mint(buyer, 86_400);
        uint256 deadline = START + 1;
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 inner = keccak256(
                abi.encode(
                    keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                    buyer,
                    address(market),
                    86_400,
                    i,
                    deadline
                )
            );
            bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), inner));
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(BUYER_KEY, digest);
            // The second time somebody has seen it and used it first.
            if (i == 1) token.permit(buyer, address(market), 86_400, deadline, v, r, s);
            vm.prank(buyer);
            market.buyWithPermit(daily, 1, 86_400, deadline, v, r, s);
            token.mint(buyer, 86_400);
        }
        vm.assertEq(token.balanceOf(address(market)), 2 * 86_400);
    }

    function test_fees_in_the_reward_token_count_as_revenue_of_the_epoch_they_are_served_in() public {
        uint256 purchase = buy(daily, 10);
        buy(metered, 10);
        vm.warp(START + 4 days);
        market.release(purchase);
        acknowledge(2, 10);
        vm.assertEq(market.revenueOf(4), 4 * 4_320);
        vm.assertEq(market.revenueOf(3), 0);
    }

    function test_wrong_terms_are_refused() public {
        Terms[8] memory wrong;
        for (uint256 i = 0; i < 8; ++i) {
            wrong[i] = terms(2, address(token), 1, 1 days);
        }
        wrong[0].unit = 4;
        wrong[1].price = 0;
        wrong[2].holders = address(0);
        wrong[3].gateway = address(0);
        wrong[4].host = address(0);
        wrong[5].gatewayBps = 8_501;
        wrong[6].validity = 367 days;
        wrong[7].unit = 1; // days have no validity of their own
        for (uint256 i = 0; i < 8; ++i) {
            vm.expectRevert(DataMarket.WrongTerms.selector);
            market.offer(wrong[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(DataMarket.WrongUnits.selector, 0));
        market.buy(daily, 0);
        vm.expectRevert(abi.encodeWithSelector(DataMarket.WrongUnits.selector, 367));
        market.buy(daily, 367);
    }

    function testFuzz_what_is_paid_is_split_and_refunded_to_the_unit(uint128 price, uint8 units, uint8[3] memory steps)
        public
    {
        price = 1 + price % 1e24;
        uint128 total = 1 + uint128(units);
        uint48 number = market.offer(terms(3, address(coin), price, 30 days));
        uint256 purchase = buy(number, total);
        uint128 served = 0;
        for (uint256 i = 0; i < 3; ++i) {
            uint128 next = served + steps[i] % 50;
            if (next == served || next > total) continue;
            served = next;
            acknowledge(purchase, served);
        }
        vm.warp(START + 32 days);
        market.close(purchase);
        uint256 paidOut = creditOf(address(coin), HOLDERS) + creditOf(address(coin), GATEWAY);
        paidOut += creditOf(address(coin), HOST) + creditOf(address(coin), TREASURY);
        vm.assertEq(paidOut, uint256(price) * served);
        vm.assertEq(creditOf(address(coin), buyer), uint256(price) * (total - served));
    }
}
