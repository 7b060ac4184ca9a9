// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ErgonToken} from "./ErgonToken.sol";
import {Staking} from "./Staking.sol";

/// @title Takes a prover's or operator's rewards and passes all of them on to its bond
/// @notice Named as the prover of a proof or the operator of a device, it is how those who delegate to a bond know that
/// rewards reach it: nothing can be taken out but by paying it in there.
contract Payee {
    using SafeERC20 for ErgonToken;

    /// @notice Where the bond is.
    Staking public immutable staking;
    /// @notice Whose rewards these are.
    uint256 public immutable bond;

    constructor(Staking staking_, uint256 bond_) {
        staking_.operatorOf(bond_);
        staking = staking_;
        bond = bond_;
    }

    /// @notice Pays all that has come in into the bond; anyone may. Reverts when nothing has.
    function sweep() external returns (uint128 amount) {
        ErgonToken token = staking.token();
        amount = SafeCast.toUint128(token.balanceOf(address(this)));
        token.forceApprove(address(staking), amount);
        staking.payRewards(bond, amount);
    }
}
