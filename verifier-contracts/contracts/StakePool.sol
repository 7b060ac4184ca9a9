// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Accumulator, Accumulators} from "./Accumulator.sol";
import {DeviceRegistry} from "./DeviceRegistry.sol";
import {ErgonToken} from "./ErgonToken.sol";
import {Parameters} from "./Parameters.sol";
import {ISuspensions} from "./RegistryTypes.sol";
import {Bond, Holding} from "./StakingTypes.sol";

/// @title Stake on devices, attestors and provers, by their operators and by others
/// @notice A bond is named by role · 2^160 + number (of a prover: address). Whoever stakes gets shares; rewards go to
/// shares, losses come off all of them.
abstract contract StakePool is Ownable2Step, ISuspensions {
    using Accumulators for Accumulator;
    using SafeERC20 for ErgonToken;

    /// @dev What an operator keeps of the rewards before they are shared.
    struct Commission {
        uint16 present;
        uint16 next;
        uint64 nextFrom;
    }

    uint8 public constant DEVICE = 1;
    uint8 public constant ATTESTOR = 2;
    uint8 public constant PROVER = 3;
    /// @notice Seconds of the unbonding period.
    bytes32 public constant UNBONDING = "staking/unbonding";
    /// @dev One whole, in hundredths of a percent.
    uint256 internal constant WHOLE = 10_000;
    /// @notice The most an operator can keep, in hundredths of a percent.
    uint16 public constant MAX_COMMISSION = 5_000;

    /// @notice What is staked and paid.
    ErgonToken public immutable token;
    /// @notice Where devices' and attestors' operators are recorded.
    DeviceRegistry public immutable override registry;
    /// @notice The governed numbers.
    Parameters public immutable parameters;

    mapping(uint256 bond => Bond) internal _bonds;
    mapping(uint256 bond => mapping(address holder => Holding)) internal _holdings;
    mapping(uint256 bond => Accumulator) private _rewards;
    mapping(uint256 bond => Commission) private _commissions;

    event Staked(uint256 indexed bond, address indexed holder, uint128 tokens, uint128 shares);
    event Unstaked(uint256 indexed bond, address indexed holder, uint128 shares, uint128 tokens, uint64 readyAt);
    event Withdrawn(uint256 indexed bond, address indexed holder, uint128 tokens);
    event RewardsPaid(uint256 indexed bond, uint128 amount, uint128 commission);
    event RewardsClaimed(uint256 indexed bond, address indexed holder, uint128 amount);
    event CommissionSet(uint256 indexed bond, uint16 bps, uint64 fromTime);

    /// @notice A role from 1 to 3 and a number below 2^160 were expected.
    error UnknownBond(uint256 bond);
    /// @notice More than nothing was expected.
    error ZeroAmount();
    /// @notice At most `available` shares were expected.
    error NotEnoughShares(uint128 available, uint128 actual);
    /// @notice A time from `readyAt` on was expected.
    error StillUnbonding(uint64 readyAt);
    /// @notice Something to withdraw or claim was expected.
    error NothingThere(uint256 bond, address holder);
    /// @notice A call by the operator was expected.
    error NotOperator(address expected, address actual);
    /// @notice At most `max` hundredths of a percent were expected.
    error CommissionTooHigh(uint16 max, uint16 actual);
    /// @notice A bond that is not suspended was expected.
    error BondSuspended(uint256 bond);

    constructor(address owner, ErgonToken token_, DeviceRegistry registry_, Parameters parameters_) Ownable(owner) {
        // Longer would be a way to keep stake; shorter would let it leave before evidence arrives.
        parameters_.requireWithin(UNBONDING, 3 days, 90 days);
        token = token_;
        registry = registry_;
        parameters = parameters_;
    }

    /// @notice The name of a bond.
    function bondOf(uint8 role, uint160 number) public pure returns (uint256 bond) {
        if (role < DEVICE || role > PROVER) revert UnknownBond((uint256(role) << 160) | number);
        return (uint256(role) << 160) | number;
    }

    /// @notice Who answers for a bond. Reverts for a device that was never enrolled.
    function operatorOf(uint256 bond) public view returns (address operator) {
        uint256 role = bond >> 160;
        uint160 number = uint160(bond);
        if (role == PROVER) {
            operator = address(number);
        } else if (role == ATTESTOR && number <= type(uint32).max) {
            operator = registry.attestorOf(uint32(number)).operator;
        } else if (role == DEVICE && number <= type(uint64).max) {
            (uint32 cohort, uint32 index) = registry.positionOf(uint64(number));
            operator = registry.memberOf(cohort, index).operator;
        }
        if (operator == address(0)) revert UnknownBond(bond);
    }

    /// @notice The stake on a bond.
    function stakeOf(uint256 bond) external view returns (Bond memory) {
        return _bonds[bond];
    }

    /// @notice What someone has in a bond; `owed` as of the last time it was settled.
    function holdingOf(uint256 bond, address holder) external view returns (Holding memory) {
        return _holdings[bond][holder];
    }

    /// @notice Rewards that a holder can claim now, in the token's smallest unit.
    function claimable(uint256 bond, address holder) external view returns (uint128) {
        Holding storage holding = _holdings[bond][holder];
        return holding.owed + Accumulators.earned(_rewards[bond].perShare, holding.settled, holding.shares);
    }

    /// @notice Stakes tokens of the caller on a bond; anyone on anyone's. Reverts while the bond is suspended, so that
    /// nobody buys into rewards that are withheld.
    /// @param amount in the token's smallest unit
    function stake(uint256 bond, uint128 amount) external returns (uint128 shares) {
        operatorOf(bond);
        if (_isSuspended(bond)) revert BondSuspended(bond);
        Holding storage holding = _settle(bond, msg.sender);
        Bond storage pool = _bonds[bond];
        shares = _toShares(amount, pool.tokens, pool.shares);
        if (shares == 0) revert ZeroAmount();
        pool.tokens += amount;
        pool.shares += shares;
        holding.shares += shares;
        emit Staked(bond, msg.sender, amount, shares);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Starts the unbonding period of some of the caller's shares. It starts anew for shares already leaving.
    function unstake(uint256 bond, uint128 shares) external returns (uint128 tokens) {
        Holding storage holding = _settle(bond, msg.sender);
        if (shares > holding.shares) revert NotEnoughShares(holding.shares, shares);
        Bond storage pool = _bonds[bond];
        if (shares == 0) revert ZeroAmount();
        tokens = uint128(Math.mulDiv(shares, pool.tokens, pool.shares));
        uint128 leaving = _toShares(tokens, pool.leavingTokens, pool.leavingShares);
        pool.tokens -= tokens;
        pool.shares -= shares;
        pool.leavingTokens += tokens;
        pool.leavingShares += leaving;
        holding.shares -= shares;
        holding.leavingShares += leaving;
        holding.readyAt = uint64(block.timestamp + parameters.valueOf(UNBONDING));
        emit Unstaked(bond, msg.sender, shares, tokens, holding.readyAt);
    }

    /// @notice Pays out what has left the caller's stake, less what was slashed meanwhile. Reverts before `readyAt` and
    /// while the bond is suspended; a suspension ends by its deadline.
    function withdraw(uint256 bond) external returns (uint128 tokens) {
        Holding storage holding = _holdings[bond][msg.sender];
        uint128 shares = holding.leavingShares;
        if (shares == 0) revert NothingThere(bond, msg.sender);
        if (block.timestamp < holding.readyAt) revert StillUnbonding(holding.readyAt);
        if (_isSuspended(bond)) revert BondSuspended(bond);
        Bond storage pool = _bonds[bond];
        tokens = uint128(Math.mulDiv(shares, pool.leavingTokens, pool.leavingShares));
        pool.leavingTokens -= tokens;
        pool.leavingShares -= shares;
        holding.leavingShares = 0;
        emit Withdrawn(bond, msg.sender, tokens);
        token.safeTransfer(msg.sender, tokens);
    }

    /// @notice Pays rewards of the caller into a bond: the operator's commission first, the rest by shares. Without
    /// stake all of it is the operator's; while the bond is suspended it is withheld.
    function payRewards(uint256 bond, uint128 amount) external {
        if (amount == 0) revert ZeroAmount();
        if (!_withhold(bond, amount)) _share(bond, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Pays a holder its rewards; anyone may claim for anyone. No suspension and no slash touches them.
    function claimRewards(uint256 bond, address holder) external returns (uint128 amount) {
        Holding storage holding = _settle(bond, holder);
        amount = holding.owed;
        if (amount == 0) revert NothingThere(bond, holder);
        holding.owed = 0;
        emit RewardsClaimed(bond, holder, amount);
        token.safeTransfer(holder, amount);
    }

    /// @notice Sets what the operator keeps of rewards, from an unbonding period from now on, so that others can leave.
    /// @param bps hundredths of a percent
    function setCommission(uint256 bond, uint16 bps) external {
        address operator = operatorOf(bond);
        if (msg.sender != operator) revert NotOperator(operator, msg.sender);
        if (bps > MAX_COMMISSION) revert CommissionTooHigh(MAX_COMMISSION, bps);
        uint64 fromTime = uint64(block.timestamp + parameters.valueOf(UNBONDING));
        _commissions[bond] = Commission(commissionOf(bond), bps, fromTime);
        emit CommissionSet(bond, bps, fromTime);
    }

    /// @notice What the operator keeps of rewards now, in hundredths of a percent.
    function commissionOf(uint256 bond) public view returns (uint16) {
        Commission storage commission = _commissions[bond];
        return block.timestamp < commission.nextFrom ? commission.present : commission.next;
    }

    function _isSuspended(uint256 bond) internal view virtual returns (bool);

    /// @dev Keeps rewards of a suspended bond back; false when it is not suspended.
    function _withhold(uint256 bond, uint128 amount) internal virtual returns (bool);

    /// @dev Shares tokens that are here already.
    function _share(uint256 bond, uint128 amount) internal {
        uint128 shares = _bonds[bond].shares;
        uint128 commission = shares == 0 ? amount : uint128(uint256(amount) * commissionOf(bond) / WHOLE);
        if (commission > 0) _holdings[bond][operatorOf(bond)].owed += commission;
        if (commission < amount) _rewards[bond].add(amount - commission, shares);
        emit RewardsPaid(bond, amount, commission);
    }

    function _settle(uint256 bond, address holder) private returns (Holding storage holding) {
        holding = _holdings[bond][holder];
        uint256 perShare = _rewards[bond].perShare;
        holding.owed += Accumulators.earned(perShare, holding.settled, holding.shares);
        holding.settled = perShare;
    }

    /// @dev A slash takes at most half, so shares without tokens do not exist.
    function _toShares(uint128 amount, uint128 tokens, uint128 shares) private pure returns (uint128) {
        return tokens == 0 ? amount : SafeCast.toUint128(Math.mulDiv(amount, shares, tokens));
    }
}
