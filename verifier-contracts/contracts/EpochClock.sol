// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Epochs by the chain's clock
/// @notice `docs/specification.md` § 7.2: epoch e covers [genesis + e·length, genesis + (e+1)·length).
abstract contract EpochClock {
    /// @notice Start of epoch 0, in seconds.
    uint64 public immutable genesis;
    /// @notice Length of an epoch, in seconds.
    uint64 public immutable epochLength;

    /// @notice An epoch length of at least one second was expected.
    error ZeroEpochLength();

    constructor(uint64 genesis_, uint64 epochLength_) {
        if (epochLength_ == 0) revert ZeroEpochLength();
        genesis = genesis_;
        epochLength = epochLength_;
    }

    /// @notice The first epoch that has not begun: the one that a change takes effect with.
    function nextEpoch() public view returns (uint64) {
        if (block.timestamp < genesis) return 0;
        return uint64((block.timestamp - genesis) / epochLength + 1);
    }

    /// @notice When an epoch ends, in seconds.
    function endOf(uint64 epoch) public view returns (uint256) {
        return genesis + (uint256(epoch) + 1) * epochLength;
    }
}
