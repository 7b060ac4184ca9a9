// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title The reward token
/// @notice Minted by one contract only, the distributor (`docs/specification.md` § 7.4); the owner names it once.
contract ErgonToken is ERC20, ERC20Permit, Ownable2Step {
    /// @notice The only address that may mint; zero until it is set.
    address public minter;

    event MinterSet(address indexed minter);

    /// @notice The minter was expected to be unset; it can be set only once.
    error MinterAlreadySet(address minter);
    /// @notice An address other than zero was expected as the minter.
    error ZeroMinter();
    /// @notice A call by the minter was expected.
    error NotMinter(address expected, address actual);

    constructor(address owner) ERC20("Ergon", "ERG") ERC20Permit("Ergon") Ownable(owner) {}

    /// @notice Names the only minter, once.
    function setMinter(address newMinter) external onlyOwner {
        if (minter != address(0)) revert MinterAlreadySet(minter);
        if (newMinter == address(0)) revert ZeroMinter();
        minter = newMinter;
        emit MinterSet(newMinter);
    }

    /// @notice Creates tokens; only the minter may.
    function mint(address to, uint256 amount) external {
        if (msg.sender != minter) revert NotMinter(minter, msg.sender);
        _mint(to, amount);
    }
}
