// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @notice A governed number and how far a vote can move it.
/// @param value the number now
/// @param min the least it can be
/// @param max the most it can be
/// @param step the most it moves in one change
/// @param interval seconds between two changes
/// @param changedAt when it was changed last; 0 when never
struct Parameter {
    uint128 value;
    uint128 min;
    uint128 max;
    uint128 step;
    uint64 interval;
    uint64 changedAt;
}

/// @title Governed numbers within bounds that no vote can move
/// @notice Names, bounds, steps and intervals are fixed at deployment: a majority that is bought, or wrong, cannot set a
/// fee or a waiting time that takes what others have earned, nor move it faster than holders can leave.
contract Parameters is Ownable2Step {
    mapping(bytes32 name => Parameter) private _parameters;

    event ParameterDefined(bytes32 indexed name, Parameter parameter);
    event ParameterSet(bytes32 indexed name, uint128 value);

    /// @notice A name that is defined was expected.
    error UnknownParameter(bytes32 name);
    /// @notice A name that is not defined yet was expected.
    error ParameterExists(bytes32 name);
    /// @notice As many parameters as names were expected.
    error WrongCount(uint256 names, uint256 parameters);
    /// @notice A value from `min` to `max` was expected.
    error OutOfBounds(bytes32 name, uint128 min, uint128 max, uint128 actual);
    /// @notice A value at most `step` from the present one was expected.
    error StepTooLarge(bytes32 name, uint128 step, uint128 present, uint128 actual);
    /// @notice A time from `allowedFrom` on was expected.
    error TooSoon(bytes32 name, uint256 allowedFrom);

    /// @param names one for each parameter
    /// @param parameters values with their bounds; `changedAt` is ignored
    constructor(address owner, bytes32[] memory names, Parameter[] memory parameters) Ownable(owner) {
        if (names.length != parameters.length) revert WrongCount(names.length, parameters.length);
        for (uint256 i = 0; i < names.length; ++i) {
            Parameter memory parameter = parameters[i];
            _requireBetween(names[i], parameter.min, parameter.max, parameter.value);
            if (_parameters[names[i]].max != 0) revert ParameterExists(names[i]);
            parameter.changedAt = 0;
            _parameters[names[i]] = parameter;
            emit ParameterDefined(names[i], parameter);
        }
    }

    /// @notice Sets a number within its bounds, one step at a time.
    function set(bytes32 name, uint128 value) external onlyOwner {
        Parameter storage parameter = _at(name);
        _requireBetween(name, parameter.min, parameter.max, value);
        uint128 present = parameter.value;
        uint128 distance = value > present ? value - present : present - value;
        if (distance > parameter.step) revert StepTooLarge(name, parameter.step, present, value);
        uint256 allowedFrom = uint256(parameter.changedAt) + parameter.interval;
        if (parameter.changedAt != 0 && block.timestamp < allowedFrom) revert TooSoon(name, allowedFrom);
        parameter.value = value;
        parameter.changedAt = uint64(block.timestamp);
        emit ParameterSet(name, value);
    }

    /// @notice A number as it is now.
    function valueOf(bytes32 name) external view returns (uint128) {
        return _at(name).value;
    }

    /// @notice A number with its bounds.
    function parameterOf(bytes32 name) external view returns (Parameter memory) {
        return _at(name);
    }

    /// @notice Reverts unless a number can never leave [min, max]: for contracts that use it, when they are deployed.
    function requireWithin(bytes32 name, uint128 min, uint128 max) external view {
        Parameter storage parameter = _at(name);
        _requireBetween(name, min, max, parameter.min);
        _requireBetween(name, min, max, parameter.max);
    }

    function _requireBetween(bytes32 name, uint128 min, uint128 max, uint128 value) private pure {
        if (value < min || value > max) revert OutOfBounds(name, min, max, value);
    }

    /// @dev A defined parameter has a maximum other than 0, or it could only be 0.
    function _at(bytes32 name) private view returns (Parameter storage parameter) {
        parameter = _parameters[name];
        if (parameter.max == 0) revert UnknownParameter(name);
    }
}
