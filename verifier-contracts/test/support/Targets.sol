// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "./Vm.sol";

/// @title Tells forge which functions of which contract make up the random steps
abstract contract Targets is Test {
    /// @dev What forge asks a test for: the functions that it may call.
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    FuzzSelector private _steps;

    function target(address handler, bytes4[] memory selectors) internal {
        _steps = FuzzSelector(handler, selectors);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = _steps;
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = _steps.addr;
    }
}
