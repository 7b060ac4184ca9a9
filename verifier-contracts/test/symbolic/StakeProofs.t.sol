// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DeviceRegistry} from "../../contracts/DeviceRegistry.sol";
import {ErgonToken} from "../../contracts/ErgonToken.sol";
import {Parameters} from "../../contracts/Parameters.sol";
import {Slashing} from "../../contracts/Slashing.sol";
import {StakePool} from "../../contracts/StakePool.sol";
import {Bond} from "../../contracts/StakingTypes.sol";

/// @title A token and parameters that count what is paid
contract StakePeer {
    uint256 public paidIn;

    function requireWithin(bytes32, uint128, uint128) external pure {}

    function valueOf(bytes32) external pure returns (uint128) {
        return 7 days;
    }

    function transferFrom(address, address, uint256 amount) external returns (bool) {
        paidIn += amount;
        return true;
    }
}

/// @title The pool of stakes, put into any state
contract StakeSubject is Slashing {
    constructor(address peer)
        StakePool(address(this), ErgonToken(peer), DeviceRegistry(address(0)), Parameters(peer))
    {}

    function put(uint256 bond, Bond calldata state) external {
        _bonds[bond] = state;
    }

    function isKeptOut(uint64) external pure returns (bool) {
        return false;
    }

    function _isSuspended(uint256) internal pure override returns (bool) {
        return false;
    }

    function _withhold(uint256, uint128) internal pure override returns (bool) {
        return false;
    }
}

/// @title What halmos proves of stakes: whoever stakes on a bond in any sound state leaves it sound
contract StakeProofs {
    uint256 private constant BOND = 3 << 160 | 1;

    StakePeer private _peer;
    StakeSubject private _pool;

    function setUp() public {
        _peer = new StakePeer();
        _pool = new StakeSubject(address(_peer));
    }

    /// @dev A share is worth at most one token, and never nothing: nobody can make shares so dear that what others stake
    /// rounds to none, and what is left of a bond always belongs to somebody.
    function _isSound(Bond memory bond) private pure returns (bool) {
        return bond.tokens <= bond.shares && bond.leavingTokens <= bond.leavingShares
            && (bond.tokens > 0 || bond.shares == 0) && (bond.leavingTokens > 0 || bond.leavingShares == 0);
    }

    /// @dev That a share is worth no less than before.
    function _isNoLess(uint256 tokens, uint256 shares, uint256 newTokens, uint256 newShares)
        private
        pure
        returns (bool)
    {
        return newTokens * shares >= tokens * newShares;
    }

    function check_staking_keeps_a_bond_sound(uint120[4] calldata state, uint120 amount) external {
        Bond memory bond = _begin(state);
        uint128 shares = _pool.stake(BOND, amount);
        Bond memory next = _pool.stakeOf(BOND);
        assert(_isSound(next));
        assert(next.tokens == uint256(bond.tokens) + amount && next.shares == uint256(bond.shares) + shares);
        assert(_peer.paidIn() == amount && shares >= amount);
        assert(_isNoLess(bond.tokens, bond.shares, next.tokens, next.shares));
    }

    function _begin(uint120[4] calldata state) private returns (Bond memory bond) {
        bond = Bond(state[0], state[1], state[2], state[3]);
        if (!_isSound(bond)) revert();
        _pool.put(BOND, bond);
    }
}
