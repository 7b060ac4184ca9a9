// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title The owner of the other contracts: what it does is announced for a fixed time before
/// @notice Anyone executes what has waited long enough.
contract ErgonTimelock is TimelockController {
    /// @notice The least delay, in seconds: shorter, nobody could leave in time.
    uint256 public constant MIN_DELAY = 2 days;
    /// @notice The most, in seconds: longer, nothing could be repaired in time.
    uint256 public constant MAX_DELAY = 30 days;

    /// @notice A delay within the bounds was expected.
    error WrongDelay(uint256 min, uint256 max, uint256 actual);
    /// @notice The delay never changes.
    error DelayIsFixed();

    /// @param admin names the governor as proposer, then renounces; until then it is trusted with everything
    constructor(uint256 delay, address admin) TimelockController(delay, new address[](0), _anyone(), admin) {
        if (delay < MIN_DELAY || delay > MAX_DELAY) revert WrongDelay(MIN_DELAY, MAX_DELAY, delay);
    }

    /// @notice Reverts: a vote that could shorten the delay could take away the time to leave before the next one.
    function updateDelay(uint256) public pure override {
        revert DelayIsFixed();
    }

    /// @dev The zero address stands for everybody.
    function _anyone() private pure returns (address[] memory executors) {
        executors = new address[](1);
    }
}
