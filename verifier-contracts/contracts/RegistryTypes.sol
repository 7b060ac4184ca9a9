// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DeviceRegistry} from "./DeviceRegistry.sol";

/// @notice A group of places for devices of one class; one proof covers it for one epoch.
/// @param kind what its members are paid for; 0 for witnesses
/// @param size number of places
/// @param count number of places taken so far
/// @param region H3 index of a coverage cohort, else 0
/// @param witnessCohort the cohort whose members attest a coverage cohort, else 0
/// @param attestor who seals its epochs; 0 for witnesses
/// @param firstEpoch the first epoch that its members can be paid for
struct Cohort {
    uint8 kind;
    uint32 size;
    uint32 count;
    uint64 region;
    uint32 witnessCohort;
    uint32 attestor;
    uint64 firstEpoch;
}

/// @notice A place of a cohort and the device in it; all zero when it is empty.
/// @param device the device's identifier
/// @param operator its owner: rewards of the epochs that its membership names it for go there
/// @param attribute what the kind's rule needs to know (`docs/specification.md` § 5.3)
/// @param keyX the key it signs with, from the next epoch on if it was rotated in this one
/// @param keyY the same
/// @param suspended whether it is left out of the membership
struct Member {
    uint64 device;
    address operator;
    uint64 attribute;
    uint256 keyX;
    uint256 keyY;
    bool suspended;
}

/// @notice Who admits readings and seals epochs.
/// @param operator its owner; differs from its members' operators
/// @param keyX the key it seals with
/// @param keyY the key it seals with
struct Attestor {
    address operator;
    uint256 keyX;
    uint256 keyY;
}

/// @title Who says whether there is cause to keep a device out of its cohort's membership
interface ISuspensions {
    /// @notice Whose devices it speaks of.
    function registry() external view returns (DeviceRegistry);
    /// @notice Whether a device is to be kept out now: accused and not decided yet, or found against.
    function isKeptOut(uint64 device) external view returns (bool);
}
