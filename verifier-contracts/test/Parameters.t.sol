// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Parameter, Parameters} from "../contracts/Parameters.sol";
import {Test} from "./support/Vm.sol";

/// @title Governed numbers keep their bounds, steps and intervals whoever votes
contract ParametersTest is Test {
    bytes32 private constant FEE = "fee";
    Parameters private parameters;

    function setUp() public {
        vm.warp(1_800_000_000);
        parameters = _new(FEE, Parameter(500, 100, 1_000, 200, 7 days, 0));
    }

    function _new(bytes32 name, Parameter memory parameter) private returns (Parameters) {
        bytes32[] memory names = new bytes32[](1);
        Parameter[] memory values = new Parameter[](1);
        (names[0], values[0]) = (name, parameter);
        return new Parameters(address(this), names, values);
    }

    function test_a_number_moves_one_step_at_a_time() public {
        vm.expectRevert(abi.encodeWithSelector(Parameters.StepTooLarge.selector, FEE, 200, 500, 701));
        parameters.set(FEE, 701);
        vm.expectRevert(abi.encodeWithSelector(Parameters.StepTooLarge.selector, FEE, 200, 500, 299));
        parameters.set(FEE, 299);
        parameters.set(FEE, 700);
        vm.expectRevert(abi.encodeWithSelector(Parameters.TooSoon.selector, FEE, block.timestamp + 7 days));
        parameters.set(FEE, 701);
        vm.warp(block.timestamp + 7 days);
        parameters.set(FEE, 701);
        vm.assertEq(parameters.valueOf(FEE), 701);
        vm.assertEq(parameters.parameterOf(FEE).changedAt, block.timestamp);
    }

    function testFuzz_no_number_leaves_its_bounds(uint128[8] memory values) public {
        for (uint256 i = 0; i < 8; ++i) {
            vm.warp(block.timestamp + 7 days);
            (bool ok,) = address(parameters).call(abi.encodeCall(Parameters.set, (FEE, values[i] % 1_200)));
            uint128 now_ = parameters.valueOf(FEE);
            vm.assertTrue(now_ >= 100 && now_ <= 1_000);
            vm.assertTrue(!ok || now_ == values[i] % 1_200);
        }
    }

    function test_unknown_names_and_strangers_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(Parameters.UnknownParameter.selector, bytes32("x")));
        parameters.set("x", 1);
        vm.expectRevert(abi.encodeWithSelector(Parameters.UnknownParameter.selector, bytes32("x")));
        parameters.valueOf("x");
        vm.prank(address(7));
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(7)));
        parameters.set(FEE, 600);
    }

    function test_a_user_of_a_number_can_insist_on_narrower_bounds() public {
        parameters.requireWithin(FEE, 100, 1_000);
        vm.expectRevert(abi.encodeWithSelector(Parameters.OutOfBounds.selector, FEE, 101, 1_000, 100));
        parameters.requireWithin(FEE, 101, 1_000);
        vm.expectRevert(abi.encodeWithSelector(Parameters.OutOfBounds.selector, FEE, 100, 999, 1_000));
        parameters.requireWithin(FEE, 100, 999);
    }

    function test_a_definition_outside_its_own_bounds_or_twice_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(Parameters.OutOfBounds.selector, FEE, 5, 6, 7));
        _new(FEE, Parameter(7, 5, 6, 1, 1, 0));
        bytes32[] memory names = new bytes32[](2);
        Parameter[] memory values = new Parameter[](2);
        (names[0], names[1]) = (FEE, FEE);
        values[0] = values[1] = Parameter(5, 5, 6, 1, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(Parameters.ParameterExists.selector, FEE));
        new Parameters(address(this), names, values);
        vm.expectRevert(abi.encodeWithSelector(Parameters.WrongCount.selector, 2, 1));
        new Parameters(address(this), names, new Parameter[](1));
    }
}
