// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Several calls in one transaction, all or none of them
/// @notice Enrols a fleet at once: each device pays for its own words and signatures only. OpenZeppelin's contract of
/// this name does not say which call failed.
abstract contract Multicall {
    /// @notice A call that succeeds was expected; `index` counts from 0, `reason` is what it reverted with.
    error CallRefused(uint256 index, bytes reason);

    /// @notice Makes the calls in their order, each as from the caller.
    /// @param calls functions of this contract with their arguments
    /// @return answers what each returned
    function multicall(bytes[] calldata calls) external returns (bytes[] memory answers) {
        answers = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            // To itself, so the caller stays the caller. Nothing here takes value, which would count once for each call.
            (bool ok, bytes memory answer) = address(this).delegatecall(calls[i]);
            if (!ok) revert CallRefused(i, answer);
            answers[i] = answer;
        }
    }
}
