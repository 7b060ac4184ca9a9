// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Accumulator, Accumulators} from "./Accumulator.sol";

/// @title Tokens that arrive here belong to the holders of shares, pro rata at the time
/// @notice Nobody has to announce a payment: rewards and revenue are plain transfers, and what the balance has above
/// what is accounted for is shared out at the next step of any holder. Amounts are in the currency's smallest unit.
abstract contract RevenueShares is ReentrancyGuardTransient {
    using Accumulators for Accumulator;
    using SafeERC20 for IERC20;

    /// @dev What a holder has of one currency.
    struct Claim {
        uint256 settled;
        uint128 owed;
    }

    /// @notice The most currencies: each transfer of shares settles all of them.
    uint256 public constant MAX_CURRENCIES = 4;
    /// @dev Gas for asking a currency for a balance: one that fails must not stop transfers of shares.
    uint256 private constant BALANCE_GAS = 50_000;

    address[] private _currencies;
    /// @dev What is here and accounted for.
    mapping(address currency => uint256) private _held;
    mapping(address currency => Accumulator) private _income;
    mapping(address currency => mapping(address holder => Claim)) private _claims;

    event IncomeShared(address indexed currency, uint128 amount);
    event IncomeClaimed(address indexed currency, address indexed holder, uint128 amount);

    /// @notice From 1 to `max` currencies were expected.
    error WrongCurrencyCount(uint256 max, uint256 actual);
    /// @notice A currency with code, named once, was expected.
    error WrongCurrency(address currency);
    /// @notice One of the contract's currencies was expected.
    error UnknownCurrency(address currency);
    /// @notice A holder with something to claim was expected.
    error NothingToClaim(address currency, address holder);

    /// @notice The currencies that are shared out.
    function currencies() external view returns (address[] memory) {
        return _currencies;
    }

    /// @notice Shares out what has come in; anyone may, and every transfer and claim does.
    function sync(address currency) external nonReentrant {
        _requireKnown(currency);
        _sync(currency);
    }

    /// @notice Pays a holder what its shares have earned of a currency; anyone may claim for anyone.
    function claim(address currency, address holder) external nonReentrant returns (uint128 amount) {
        _requireKnown(currency);
        _sync(currency);
        _settle(currency, holder);
        amount = _claims[currency][holder].owed;
        if (amount == 0) revert NothingToClaim(currency, holder);
        _claims[currency][holder].owed = 0;
        _held[currency] -= amount;
        emit IncomeClaimed(currency, holder, amount);
        IERC20(currency).safeTransfer(holder, amount);
    }

    /// @notice What a holder could claim of a currency if nothing more came in.
    function claimable(address currency, address holder) external view returns (uint256) {
        Claim storage entry = _claims[currency][holder];
        uint128 incoming = _incoming(currency);
        uint256 supply = _allShares();
        if (supply == 0) return entry.owed + (holder == _residual() ? incoming : 0);
        uint256 perShare = _income[currency].after_(incoming, supply);
        return entry.owed + Accumulators.earned(perShare, entry.settled, _sharesOf(holder));
    }

    function _sharesOf(address holder) internal view virtual returns (uint256);

    function _allShares() internal view virtual returns (uint256);

    /// @dev Who gets what comes in while there are no shares.
    function _residual() internal view virtual returns (address);

    function _setCurrencies(address[] calldata list) internal {
        if (list.length == 0 || list.length > MAX_CURRENCIES) revert WrongCurrencyCount(MAX_CURRENCIES, list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                if (list[i] == list[j]) revert WrongCurrency(list[i]);
            }
            if (list[i].code.length == 0) revert WrongCurrency(list[i]);
        }
        _currencies = list;
    }

    function _syncAll() internal {
        for (uint256 i = 0; i < _currencies.length; ++i) {
            // A currency that calls back while it is being paid out would count the payment as income.
            if (!_reentrancyGuardEntered()) _sync(_currencies[i]);
        }
    }

    function _settleAll(address holder) internal {
        if (holder == address(0)) return;
        for (uint256 i = 0; i < _currencies.length; ++i) {
            _settle(_currencies[i], holder);
        }
    }

    function _sync(address currency) private {
        uint128 amount = _incoming(currency);
        if (amount == 0) return;
        _held[currency] += amount;
        uint256 supply = _allShares();
        if (supply == 0) {
            _claims[currency][_residual()].owed += amount;
        } else {
            _income[currency].add(amount, supply);
        }
        emit IncomeShared(currency, amount);
    }

    function _settle(address currency, address holder) private {
        Claim storage entry = _claims[currency][holder];
        uint256 perShare = _income[currency].perShare;
        if (entry.settled == perShare) return;
        entry.owed += Accumulators.earned(perShare, entry.settled, _sharesOf(holder));
        entry.settled = perShare;
    }

    /// @dev What the balance has above what is accounted for. A currency that fails, or took something back, has none.
    function _incoming(address currency) private view returns (uint128) {
        (bool ok, bytes memory answer) =
            currency.staticcall{gas: BALANCE_GAS}(abi.encodeCall(IERC20.balanceOf, (address(this))));
        if (!ok || answer.length != 32) return 0;
        uint256 balance = abi.decode(answer, (uint256));
        uint256 held = _held[currency];
        // Held amounts of a currency stay below 2^128, so that nothing that is added up here overflows.
        uint256 most = type(uint128).max - Math.min(held, type(uint128).max);
        return balance > held ? uint128(Math.min(balance - held, most)) : 0;
    }

    function _requireKnown(address currency) private view {
        for (uint256 i = 0; i < _currencies.length; ++i) {
            if (_currencies[i] == currency) return;
        }
        revert UnknownCurrency(currency);
    }
}
