// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {AssetHandler} from "./support/AssetHandler.sol";
import {Targets} from "./support/Targets.sol";

/// @title Whatever the order of steps, shares conserve revenue
/// forge-config: default.invariant.runs = 32
contract AssetInvariantsTest is Targets {
    AssetHandler private handler;

    function setUp() public {
        handler = new AssetHandler();
        handler.setUp();
        bytes4[] memory steps = new bytes4[](4);
        steps[0] = AssetHandler.pays.selector;
        steps[1] = AssetHandler.moves.selector;
        steps[2] = AssetHandler.claims.selector;
        steps[3] = AssetHandler.syncs.selector;
        target(address(handler), steps);
    }

    function test_the_steps_lead_to_payments() public {
        handler.pays(1_000);
        handler.moves(0, 1, 5 ether);
        handler.claims(0);
        vm.assertTrue(handler.paid() > 990);
    }

    function invariant_shares_conserve_revenue() public view {
        vm.assertEq(handler.balance(), handler.came() - handler.paid(), "what came in and was not paid is here");
        vm.assertGe(handler.balance(), handler.liabilities(), "balance");
        // A unit at most for each of 64 steps' two settlements.
        vm.assertLe(handler.balance() - handler.liabilities(), 200, "nothing is stranded");
        vm.assertEq(handler.supply(), 1_000 ether);
    }
}
