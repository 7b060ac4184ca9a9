// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Accumulator, Accumulators} from "../../contracts/Accumulator.sol";

/// @title What halmos proves of shared payments
contract AccumulatorProofs {
    using Accumulators for Accumulator;

    Accumulator private _income;

    /// @dev All shares together earn at most a payment, whatever the last one left.
    function check_shares_earn_at_most_a_payment(uint120 amount, uint96 shares, uint96 remainder) external {
        if (remainder >= shares) return;
        _income.remainder = remainder;
        _income.add(amount, shares);
        assert(Accumulators.earned(_income.perShare, 0, shares) <= amount);
    }

    /// @dev Two holders earn no more than one with the shares of both: what is transferred is not counted twice.
    function check_splitting_shares_earns_nothing(uint96 one, uint96 other, uint120 step) external pure {
        uint256 together = Accumulators.earned(step, 0, uint256(one) + other);
        uint256 apart = uint256(Accumulators.earned(step, 0, one)) + Accumulators.earned(step, 0, other);
        assert(apart <= together);
    }

    /// @dev Nor does who settles after each of two payments earn more than who waits for both; at most one unit less.
    function check_settling_often_earns_nothing(uint96 shares, uint120 first, uint120 second) external pure {
        uint256 total = uint256(first) + second;
        uint256 once = Accumulators.earned(total, 0, shares);
        uint256 twice = uint256(Accumulators.earned(first, 0, shares)) + Accumulators.earned(total, first, shares);
        assert(twice <= once && once <= twice + 1);
    }
}
