// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC20Wrapper} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Wrapper.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title The token, deposited to vote
/// @notice One vote for each token deposited; it is paid out again at any time. Votes are counted as they were at a past
/// time (ERC-6372, in seconds), so tokens that are borrowed within a transaction have none.
/// @dev Apart from the reward token so that those who only claim do not pay for histories of votes.
contract VotesToken is ERC20, ERC20Permit, ERC20Wrapper, ERC20Votes {
    constructor(IERC20 token) ERC20("Ergon Votes", "vERG") ERC20Permit("Ergon Votes") ERC20Wrapper(token) {}

    /// @notice Decimals of the token.
    function decimals() public view override(ERC20, ERC20Wrapper) returns (uint8) {
        return super.decimals();
    }

    /// @notice Time, in seconds, as the clock of votes.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice The clock's description (ERC-6372).
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @notice The next nonce of the holder's signatures.
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 amount) internal override(ERC20, ERC20Votes) {
        super._update(from, to, amount);
    }
}
