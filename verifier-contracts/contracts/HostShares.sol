// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {DeviceRegistry} from "./DeviceRegistry.sol";

/// @title The part of a device's rewards that goes to whose roof or land it stands on
/// @notice `docs/specification.md` § 7.4. The operator promises it for a term, with effect from the next epoch. Until the
/// term ends only the host can give it up; whoever takes the device over meanwhile keeps the promise.
abstract contract HostShares {
    using Checkpoints for Checkpoints.Trace256;

    /// @notice The most that can be promised, in hundredths of a percent.
    uint16 public constant MAX_HOST_BPS = 5_000;
    /// @notice The longest term, in epochs.
    uint64 public constant MAX_HOST_EPOCHS = 366;
    /// @dev One whole, in hundredths of a percent.
    uint256 internal constant WHOLE = 10_000;

    /// @dev By place, which a device never changes and claims name: first epoch → bps(16) · 2^160 + host(160).
    mapping(uint32 cohort => mapping(uint32 index => Checkpoints.Trace256)) private _hosts;
    /// @notice The first epoch for which the operator may promise something else.
    mapping(uint64 device => uint64) public hostUntil;

    event HostSet(uint64 indexed device, address indexed host, uint16 bps, uint64 fromEpoch, uint64 untilEpoch);
    event HostPaid(uint32 indexed cohort, uint64 indexed epoch, uint32 index, address indexed host, uint256 paid);

    /// @notice A host and a part for it, or neither; parts and terms up to the limits were expected.
    error WrongHostTerms(address host, uint16 bps, uint64 epochs);
    /// @notice A call by the device's operator was expected.
    error NotDeviceOperator(address expected, address actual);
    /// @notice An epoch from `untilEpoch` on was expected, or a host that gives its part up.
    error HostHasTerm(uint64 untilEpoch, uint64 next);

    /// @notice Promises a part of a device's rewards, from the next epoch on and for at least this many.
    function setHost(uint64 device, address host, uint16 bps, uint64 epochs) external {
        if (bps > MAX_HOST_BPS || epochs > MAX_HOST_EPOCHS || (host == address(0)) != (bps == 0)) {
            revert WrongHostTerms(host, bps, epochs);
        }
        DeviceRegistry places = _places();
        (uint32 cohort, uint32 index) = places.positionOf(device);
        uint64 next = places.nextEpoch();
        uint64 until = hostUntil[device];
        if (next < until) {
            (address present,) = _unpack(_hosts[cohort][index].latest());
            if (msg.sender != present || bps != 0) revert HostHasTerm(until, next);
        } else {
            address operator = places.memberOf(cohort, index).operator;
            if (msg.sender != operator) revert NotDeviceOperator(operator, msg.sender);
        }
        until = bps == 0 ? 0 : next + epochs;
        hostUntil[device] = until;
        _hosts[cohort][index].push(next, (uint256(bps) << 160) | uint160(host));
        emit HostSet(device, host, bps, next, until);
    }

    /// @notice Who has which part of the rewards of the device at a place for an epoch; nobody: zero.
    function hostAt(uint32 cohort, uint32 index, uint64 epoch) public view returns (address host, uint16 bps) {
        return _unpack(_hosts[cohort][index].upperLookupRecent(epoch));
    }

    /// @dev What of a reward is the host's.
    function _hostPart(uint32 cohort, uint32 index, uint64 epoch, uint256 reward)
        internal
        view
        returns (address host, uint256 part)
    {
        uint16 bps;
        (host, bps) = hostAt(cohort, index, epoch);
        part = reward * bps / WHOLE;
    }

    /// @dev Where devices and the clock are.
    function _places() internal view virtual returns (DeviceRegistry);

    function _unpack(uint256 word) private pure returns (address host, uint16 bps) {
        return (address(uint160(word)), uint16(word >> 160));
    }
}
