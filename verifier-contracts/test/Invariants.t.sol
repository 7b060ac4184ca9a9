// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Kinds} from "../contracts/Kinds.sol";
import {Handler} from "./support/Handler.sol";
import {Test} from "./support/Vm.sol";

/// @title Whatever the order of steps, nothing is paid that was not proven and emitted
/// forge-config: default.invariant.runs = 16
contract InvariantsTest is Test {
    Handler private handler;

    function setUp() public {
        handler = new Handler();
        handler.setUp();
    }

    /// @dev What forge asks a test for: the functions that it may call.
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), new bytes4[](5));
        targets[0].selectors[0] = Handler.pass.selector;
        targets[0].selectors[1] = Handler.settle.selector;
        targets[0].selectors[2] = Handler.freeze.selector;
        targets[0].selectors[3] = Handler.claim.selector;
        targets[0].selectors[4] = Handler.claimFee.selector;
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev Without this the invariants could hold because nothing ever happens.
    function test_the_steps_lead_to_payments() public {
        handler.settle(0, 0, 0, [uint16(1), 2, 3, 4]);
        handler.settle(1, 0, 0, [uint16(1), 0, 0, 0]);
        for (uint256 i = 0; i < 4; ++i) {
            handler.pass(1 days - 1);
        }
        handler.freeze(Kinds.UPTIME, 0);
        handler.claim(0, 0, 1, 1);
        handler.claim(0, 0, 1, 1);
        handler.claimFee(0, Kinds.UPTIME, 0);
        vm.assertTrue(handler.emitted() > handler.paid() && handler.paid() > handler.emitted() / 10);
        vm.assertEq(handler.mostTimesPaid(), 1);
        vm.assertEq(handler.settledUnits(Kinds.UPTIME, 0), 11);
    }

    function invariant_the_sum_paid_is_at_most_the_sum_emitted() public view {
        vm.assertLe(handler.paid(), handler.emitted(), "paid");
        vm.assertEq(handler.balance(), handler.emitted() - handler.paid(), "balance");
    }

    function invariant_each_pool_pays_at_most_its_amount() public view {
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            for (uint64 epoch = 0; epoch < handler.EPOCHS(); ++epoch) {
                vm.assertLe(handler.paidFrom(kind, epoch), handler.poolAmount(kind, epoch), "paid from a pool");
            }
        }
    }

    function invariant_the_balance_covers_what_can_still_be_claimed() public view {
        vm.assertGe(handler.balance(), handler.liabilities(), "balance");
    }

    function invariant_nothing_is_paid_twice() public view {
        vm.assertLe(handler.mostTimesPaid(), 1, "payments of one claim");
    }

    function invariant_units_counted_are_the_units_that_stand() public view {
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            for (uint64 epoch = 0; epoch < handler.EPOCHS(); ++epoch) {
                uint256 units = handler.settledUnits(kind, epoch);
                vm.assertEq(units, handler.standingUnits(kind, epoch), "units");
                uint256 frozen = handler.poolUnits(kind, epoch);
                vm.assertTrue(frozen == 0 || frozen == units, "a frozen pool's units never change");
            }
        }
    }
}
