// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {AssetFixture} from "./AssetFixture.sol";

/// @title Random transfers, payments and claims of shares, with a second set of books
contract AssetHandler is AssetFixture {
    address[4] private _holders = [OPERATOR, ANN, BEN, PROVER];
    uint256 public came;
    uint256 public paid;

    function setUp() public override {
        super.setUp();
        issue();
    }

    function pays(uint96 amount) external {
        token.mint(address(shares), amount);
        came += amount;
    }

    function moves(uint8 from, uint8 to, uint128 amount) external {
        address holder = _holders[from % 4];
        uint256 held = shares.balanceOf(holder);
        vm.prank(holder);
        shares.transfer(_holders[to % 4], amount % (held + 1));
    }

    function claims(uint8 who) external {
        try shares.claim(address(token), _holders[who % 4]) returns (uint128 amount) {
            paid += amount;
        } catch {}
    }

    function syncs() external {
        shares.sync(address(token));
    }

    function liabilities() external view returns (uint256 sum) {
        for (uint256 i = 0; i < 4; ++i) {
            sum += shares.claimable(address(token), _holders[i]);
        }
    }

    function balance() external view returns (uint256) {
        return token.balanceOf(address(shares));
    }

    function supply() external view returns (uint256 sum) {
        for (uint256 i = 0; i < 4; ++i) {
            sum += shares.balanceOf(_holders[i]);
        }
    }
}
