// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ErgonToken} from "../contracts/ErgonToken.sol";
import {Test} from "./support/Vm.sol";

/// @title One minter, named once
contract ErgonTokenTest is Test {
    ErgonToken private token = new ErgonToken(address(this));

    function test_the_token_is_ergon_with_18_decimals_and_no_supply() public view {
        vm.assertEq(keccak256(bytes(token.name())), keccak256("Ergon"));
        vm.assertEq(keccak256(bytes(token.symbol())), keccak256("ERG"));
        vm.assertEq(token.decimals(), 18);
        vm.assertEq(token.totalSupply(), 0);
    }

    function test_only_the_minter_mints() public {
        vm.expectRevert(abi.encodeWithSelector(ErgonToken.NotMinter.selector, address(0), address(this)));
        token.mint(address(1), 5);
        token.setMinter(address(2));
        vm.expectRevert(abi.encodeWithSelector(ErgonToken.NotMinter.selector, address(2), address(this)));
        token.mint(address(1), 5);
        vm.prank(address(2));
        token.mint(address(1), 5);
        vm.assertEq(token.balanceOf(address(1)), 5);
    }

    function test_the_minter_is_set_once_by_the_owner() public {
        vm.prank(address(3));
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(3)));
        token.setMinter(address(3));
        vm.expectRevert(ErgonToken.ZeroMinter.selector);
        token.setMinter(address(0));
        token.setMinter(address(2));
        vm.expectRevert(abi.encodeWithSelector(ErgonToken.MinterAlreadySet.selector, address(2)));
        token.setMinter(address(4));
    }
}
