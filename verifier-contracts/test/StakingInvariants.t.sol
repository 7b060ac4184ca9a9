// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {StakingHandler} from "./support/StakingHandler.sol";
import {Targets} from "./support/Targets.sol";

/// @title Whatever the order of steps, stakes and rewards are covered
/// forge-config: default.invariant.runs = 32
contract StakingInvariantsTest is Targets {
    StakingHandler private handler;

    function setUp() public {
        handler = new StakingHandler();
        handler.setUp();
        bytes4[] memory steps = new bytes4[](8);
        steps[0] = StakingHandler.stakes.selector;
        steps[1] = StakingHandler.leaves.selector;
        steps[2] = StakingHandler.withdraws.selector;
        steps[3] = StakingHandler.pays.selector;
        steps[4] = StakingHandler.claims.selector;
        steps[5] = StakingHandler.reports.selector;
        steps[6] = StakingHandler.judges.selector;
        steps[7] = StakingHandler.restores.selector;
        target(address(handler), steps);
    }

    /// @dev Without this the invariant could hold because nothing ever happens.
    function test_the_steps_lead_to_payments() public {
        handler.stakes(0, 0, 1_000);
        handler.pays(0, 500);
        handler.reports(0);
        handler.judges(0, 0);
        handler.judges(0, 1);
        handler.restores(0);
        handler.leaves(0, 0, 400);
        uint256 came = handler.came();
        handler.claims(0, 0);
        handler.withdraws(0, 0, 9 days);
        vm.assertTrue(handler.came() < came - 400);
    }

    function invariant_staking_holds_what_it_owes_and_pays_no_more_than_came_in() public view {
        vm.assertEq(handler.balance(), handler.came(), "what came in and was not paid is here");
        vm.assertGe(handler.balance(), handler.liabilities(), "balance");
        vm.assertTrue(handler.sharesAddUp(), "shares");
    }
}
