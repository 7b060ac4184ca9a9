// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Purchase} from "../../contracts/MarketTypes.sol";
import {MarketFixture} from "./MarketFixture.sol";

/// @title Random purchases, receipts, refunds and payments, with a second set of books
contract MarketHandler is MarketFixture {
    uint256 public came;
    uint256 public paid;

    /// @dev Both offers in one currency, so that one could pay with the other's money.
    function setUp() public override {
        super.setUp();
        daily = market.offer(terms(1, address(coin), 86_399, 0));
        metered = market.offer(terms(2, address(coin), 777, 3 days));
        fund(buyer);
    }

    function buys(bool byDay, uint8 units) external {
        uint48 offer = byDay ? daily : metered;
        vm.prank(buyer);
        try market.buy(offer, units % 20) returns (uint256 purchase) {
            came += market.purchaseOf(purchase).paid;
        } catch {}
    }

    function serves(uint8 which, uint128 served) external {
        uint256 purchase = _any(which);
        uint128 total = market.purchaseOf(purchase).total;
        if (total == 0) return;
        bytes memory signature = receipt(purchase, served % (total + 2));
        try market.acknowledge(purchase, served % (total + 2), signature) {} catch {}
    }

    function passes(uint32 time, uint8 which) external {
        vm.warp(block.timestamp + time % 2 days);
        try market.release(_any(which)) {} catch {}
    }

    function ends(uint8 which, bool cancels) external {
        uint256 purchase = _any(which);
        vm.prank(buyer);
        if (cancels) {
            try market.cancel(purchase) {} catch {}
        } else {
            try market.close(purchase) {} catch {}
        }
    }

    function fetches(uint8 who) external {
        address[5] memory payees = [buyer, HOLDERS, GATEWAY, HOST, TREASURY];
        try market.fetch(address(coin), payees[who % 5]) returns (uint256 amount) {
            paid += amount;
        } catch {}
    }

    function _any(uint8 which) private view returns (uint256) {
        uint256 count = market.purchaseCount();
        return count == 0 ? 0 : 1 + which % count;
    }

    /// @notice What payees can fetch, and what is kept for purchases that run.
    function liabilities() external view returns (uint256 sum) {
        address[5] memory payees = [buyer, HOLDERS, GATEWAY, HOST, TREASURY];
        for (uint256 i = 0; i < 5; ++i) {
            sum += creditOf(address(coin), payees[i]);
        }
        for (uint256 i = 1; i <= market.purchaseCount(); ++i) {
            Purchase memory purchase = market.purchaseOf(i);
            if (!purchase.closed) sum += purchase.paid - purchase.released;
        }
    }

    function balance() external view returns (uint256) {
        return coin.balanceOf(address(market));
    }
}
