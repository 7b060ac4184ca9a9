// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {DeviceRegistry} from "./DeviceRegistry.sol";
import {IRevenue} from "./EmissionSchedule.sol";
import {Terms} from "./MarketTypes.sol";
import {Parameters} from "./Parameters.sol";

/// @title Splits proceeds and keeps them until they are fetched
/// @notice Nothing is pushed: a payee that cannot receive holds up nobody. Amounts are in the currency's smallest unit.
abstract contract Proceeds is Ownable2Step, ReentrancyGuardTransient, IRevenue {
    using SafeERC20 for IERC20;

    /// @notice The treasury's part of what is sold, in hundredths of a percent.
    bytes32 public constant FEE = "market/fee";
    /// @dev One whole, in hundredths of a percent.
    uint256 internal constant WHOLE = 10_000;
    /// @notice The most that the fee can ever be.
    uint16 public constant MAX_FEE = 1_000;

    /// @notice The clock of `revenueOf`.
    DeviceRegistry public immutable registry;
    /// @notice The currency that `revenueOf` counts.
    address public immutable rewardToken;
    /// @notice The governed numbers.
    Parameters public immutable parameters;

    /// @notice Who gets the fee from now on.
    address public treasury;
    /// @notice Whether something can be bought with a currency.
    mapping(address currency => bool) public isAllowed;
    /// @notice What somebody can fetch of a currency.
    mapping(address currency => mapping(address payee => uint256)) public creditOf;
    /// @inheritdoc IRevenue
    mapping(uint64 epoch => uint128) public revenueOf;

    event TreasurySet(address indexed treasury);
    event CurrencySet(address indexed currency, bool allowed);
    event Credited(address indexed currency, address indexed payee, uint256 amount);
    event Fetched(address indexed currency, address indexed payee, uint256 amount);

    /// @notice An address other than zero was expected.
    error ZeroTreasury();
    /// @notice A currency that governance allowed was expected.
    error CurrencyNotAllowed(address currency);
    /// @notice Something to fetch was expected.
    error NothingToFetch(address currency, address payee);
    /// @notice Exactly the amount was expected to arrive: currencies that keep a part of transfers are refused.
    error TransferFellShort(uint256 expected, uint256 actual);

    constructor(
        address owner,
        address treasury_,
        DeviceRegistry registry_,
        address rewardToken_,
        Parameters parameters_
    ) Ownable(owner) {
        parameters_.requireWithin(FEE, 0, MAX_FEE);
        registry = registry_;
        rewardToken = rewardToken_;
        parameters = parameters_;
        _setTreasury(treasury_);
    }

    /// @notice Names who gets the fee of what is served from now on.
    function setTreasury(address newTreasury) external onlyOwner {
        _setTreasury(newTreasury);
    }

    /// @notice Allows a currency, or ends it for new purchases; what was bought runs on.
    function setCurrency(address currency, bool allowed) external onlyOwner {
        isAllowed[currency] = allowed;
        emit CurrencySet(currency, allowed);
    }

    /// @notice Pays somebody what it has here; anyone may fetch for anyone.
    function fetch(address currency, address payee) external nonReentrant returns (uint256 amount) {
        amount = creditOf[currency][payee];
        if (amount == 0) revert NothingToFetch(currency, payee);
        creditOf[currency][payee] = 0;
        emit Fetched(currency, payee, amount);
        IERC20(currency).safeTransfer(payee, amount);
    }

    function _setTreasury(address newTreasury) private {
        if (newTreasury == address(0)) revert ZeroTreasury();
        treasury = newTreasury;
        emit TreasurySet(newTreasury);
    }

    function _pull(address currency, address from, uint256 amount) internal {
        uint256 before = IERC20(currency).balanceOf(address(this));
        IERC20(currency).safeTransferFrom(from, address(this), amount);
        uint256 arrived = IERC20(currency).balanceOf(address(this)) - before;
        if (arrived != amount) revert TransferFellShort(amount, arrived);
    }

    function _credit(address currency, address payee, uint256 amount) internal {
        if (amount == 0) return;
        creditOf[currency][payee] += amount;
        emit Credited(currency, payee, amount);
    }

    /// @dev Each part rounded down, the holders get the rest: what is split is exactly what was paid.
    function _split(Terms storage terms, uint256 amount, uint256 feeBps) internal {
        uint256 fee = amount * feeBps / WHOLE;
        uint256 toGateway = amount * terms.gatewayBps / WHOLE;
        uint256 toHost = amount * terms.hostBps / WHOLE;
        _credit(terms.currency, treasury, fee);
        _credit(terms.currency, terms.gateway, toGateway);
        _credit(terms.currency, terms.host, toHost);
        _credit(terms.currency, terms.holders, amount - fee - toGateway - toHost);
        uint64 next = registry.nextEpoch();
        // Before the first epoch there is none that revenue could count for.
        if (terms.currency == rewardToken && next > 0) revenueOf[next - 1] += uint128(fee);
    }
}
