// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ErgonToken} from "./ErgonToken.sol";
import {StakePool} from "./StakePool.sol";
import {Bond, FaultRule, IEvidence, IFaults} from "./StakingTypes.sol";

/// @title Slashes bonds on evidence that a contract has checked, within bounds
/// @notice What is slashed, less the informant's part, goes to a fund that pays restitution and nothing else: nobody
/// who decides on slashes gains by them.
abstract contract Slashing is StakePool, IFaults {
    using SafeERC20 for ErgonToken;

    /// @dev What a bond lost in a period. Caps are parts of `base`, so that halves of halves do not add up.
    struct Period {
        uint64 began;
        uint128 base;
        uint128 slashed;
    }

    /// @notice Seconds over which caps hold.
    uint64 public constant PERIOD = 30 days;
    /// @notice The most that all faults together cost a bond in one period, in hundredths of a percent.
    uint16 public constant TOTAL_CAP = 5_000;
    /// @notice The most of a slash that goes to an informant, in hundredths of a percent.
    uint16 public constant MAX_INFORMANT = 1_000;

    /// @notice Tokens that are kept for restitution.
    uint128 public fund;

    mapping(uint8 fault => FaultRule) private _rules;
    mapping(bytes32 factHash => bool) private _reported;
    mapping(uint256 bond => Period) private _periods;
    mapping(uint256 bond => mapping(uint8 fault => Period)) private _faultPeriods;

    event FaultRuleSet(uint8 indexed fault, FaultRule rule);
    event Slashed(
        uint256 indexed bond,
        uint8 indexed fault,
        bytes32 indexed fact,
        uint128 amount,
        address informant,
        uint128 informantPart
    );
    event RestitutionPaid(uint256 indexed bond, uint128 amount);

    /// @notice A rule was expected whose fault costs at most its cap, that cap at most `TOTAL_CAP`, the informant's part
    /// at most `MAX_INFORMANT`, and whose contract is for this fault.
    error WrongFaultRule(uint8 fault);
    /// @notice A call by the contract that checks this fault's evidence was expected.
    error NotEvidence(uint8 fault, address expected, address actual);
    /// @notice A fact that was not reported before was expected.
    error AlreadyReported(uint8 fault, bytes32 fact);
    /// @notice At most what the fund has was expected.
    error FundTooSmall(uint128 fund, uint128 actual);

    /// @notice Sets what a fault costs and who checks it; a rule with a contract of zero ends it.
    function setFaultRule(uint8 fault, FaultRule calldata rule) external onlyOwner {
        bool bounded = rule.bps <= rule.capBps && rule.capBps <= TOTAL_CAP && rule.informantBps <= MAX_INFORMANT;
        bool checked = rule.evidence == address(0) || IEvidence(rule.evidence).fault() == fault;
        if (!bounded || !checked) revert WrongFaultRule(fault);
        _rules[fault] = rule;
        emit FaultRuleSet(fault, rule);
    }

    /// @notice What a fault costs and who checks it.
    function faultRuleOf(uint8 fault) external view returns (FaultRule memory) {
        return _rules[fault];
    }

    /// @notice Whether a fact was reported.
    function isReported(uint8 fault, bytes32 fact) external view returns (bool) {
        return _reported[keccak256(abi.encode(fault, fact))];
    }

    /// @inheritdoc IFaults
    function report(uint256 bond, uint8 fault, bytes32 fact, address informant) external returns (uint256 slashed) {
        FaultRule memory rule = _rules[fault];
        if (msg.sender != rule.evidence) revert NotEvidence(fault, rule.evidence, msg.sender);
        bytes32 hash = keccak256(abi.encode(fault, fact));
        if (_reported[hash]) revert AlreadyReported(fault, fact);
        _reported[hash] = true;
        return _slash(bond, fault, fact, informant, rule);
    }

    /// @notice Pays from the fund to a bond's holders, as when a slash turns out to be wrong.
    function payRestitution(uint256 bond, uint128 amount) external onlyOwner {
        if (amount > fund) revert FundTooSmall(fund, amount);
        fund -= amount;
        _share(bond, amount);
        emit RestitutionPaid(bond, amount);
    }

    function _slash(uint256 bond, uint8 fault, bytes32 fact, address informant, FaultRule memory rule)
        private
        returns (uint128 amount)
    {
        Bond storage pool = _bonds[bond];
        uint256 total = uint256(pool.tokens) + pool.leavingTokens;
        Period storage all = _periodOf(_periods[bond], total);
        Period storage ofFault = _periodOf(_faultPeriods[bond][fault], total);
        uint256 wanted = total * rule.bps / WHOLE;
        wanted = Math.min(wanted, _roomIn(ofFault, rule.capBps));
        // Never more than half of what is left: shares keep a value, however often.
        wanted = Math.min(Math.min(wanted, _roomIn(all, TOTAL_CAP)), total / 2);
        if (total > 0) {
            uint128 active = uint128(wanted * pool.tokens / total);
            uint128 leaving = uint128(wanted * pool.leavingTokens / total);
            pool.tokens -= active;
            pool.leavingTokens -= leaving;
            amount = active + leaving;
        }
        all.slashed += amount;
        ofFault.slashed += amount;
        uint128 part = informant == address(0) ? 0 : uint128(uint256(amount) * rule.informantBps / WHOLE);
        fund += amount - part;
        emit Slashed(bond, fault, fact, amount, informant, part);
        if (part > 0) token.safeTransfer(informant, part);
    }

    function _addToFund(uint128 amount) internal {
        fund += amount;
    }

    /// @dev The period as it is now; a new one begins with the first slash after the last one's end.
    function _periodOf(Period storage period, uint256 total) private returns (Period storage) {
        if (block.timestamp >= uint256(period.began) + PERIOD) {
            (period.began, period.base, period.slashed) = (uint64(block.timestamp), 0, 0);
        }
        // Stake that arrives later counts too: else a fault shown while there is none would shield it for a period.
        if (total + period.slashed > period.base) period.base = uint128(total + period.slashed);
        return period;
    }

    function _roomIn(Period storage period, uint256 bps) private view returns (uint256) {
        uint256 most = uint256(period.base) * bps / WHOLE;
        return most > period.slashed ? most - period.slashed : 0;
    }
}
