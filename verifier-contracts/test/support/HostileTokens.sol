// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A currency that does nothing unusual, and the base of those that do
contract Coin is ERC20("Coin", "C") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @title Keeps one percent of every transfer
contract TaxedCoin is Coin {
    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) super._update(to, address(0xFEE), amount / 100);
    }
}

/// @title Answers `false` instead of reverting
contract FalseCoin is Coin {
    bool public broken;

    function breakDown() external {
        broken = true;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return broken ? false : super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return broken ? false : super.transferFrom(from, to, amount);
    }
}

/// @title Calls whatever it was told to, before each transfer moves anything
contract CallingCoin is Coin {
    address private _callee;
    bytes private _data;
    bool public succeeded;

    function set(address callee, bytes calldata data) external {
        (_callee, _data) = (callee, data);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (_callee != address(0)) {
            address callee = _callee;
            _callee = address(0);
            (succeeded,) = callee.call(_data);
        }
        super._update(from, to, amount);
    }
}

/// @title Fails when asked for a balance
contract BlindCoin is Coin {
    bool private _blind;

    function blind() external {
        _blind = true;
    }

    function balanceOf(address holder) public view override returns (uint256) {
        require(!_blind, "blind");
        return super.balanceOf(holder);
    }
}
