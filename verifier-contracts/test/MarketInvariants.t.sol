// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {MarketHandler} from "./support/MarketHandler.sol";
import {Targets} from "./support/Targets.sol";

/// @title Whatever the order of steps, the market holds exactly what it owes
/// forge-config: default.invariant.runs = 32
contract MarketInvariantsTest is Targets {
    MarketHandler private handler;

    function setUp() public {
        handler = new MarketHandler();
        handler.setUp();
        bytes4[] memory steps = new bytes4[](5);
        steps[0] = MarketHandler.buys.selector;
        steps[1] = MarketHandler.serves.selector;
        steps[2] = MarketHandler.passes.selector;
        steps[3] = MarketHandler.ends.selector;
        steps[4] = MarketHandler.fetches.selector;
        target(address(handler), steps);
    }

    function test_the_steps_lead_to_payments() public {
        handler.buys(true, 3);
        handler.buys(false, 9);
        handler.serves(1, 4);
        handler.passes(1 days, 0);
        handler.ends(0, true);
        handler.fetches(0);
        handler.fetches(1);
        vm.assertTrue(handler.paid() > 190_000);
    }

    function invariant_the_market_holds_exactly_what_it_owes() public view {
        vm.assertEq(handler.balance(), handler.came() - handler.paid(), "what came in and was not paid is here");
        vm.assertEq(handler.balance(), handler.liabilities(), "balance");
    }
}
