// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {DeviceRegistry} from "./DeviceRegistry.sol";
import {Kinds} from "./Kinds.sol";

/// @title What the distributor asks for a pool's amount
interface IEmission {
    /// @notice Whose pools it fills.
    function distributor() external view returns (address);
    /// @notice The first epoch whose pools it fills.
    function firstEpoch() external view returns (uint64);
    /// @notice The amount of an epoch's pool before what rolled over, if any work is settled.
    function emissionAt(uint8 kind, uint64 epoch) external view returns (uint128);
    /// @notice Fixes the amount of a pool; for the distributor only, once for each kind and epoch.
    function draw(uint8 kind, uint64 epoch, uint128 units) external returns (uint128 amount);
}

/// @title What the schedule asks for the revenue of an epoch
interface IRevenue {
    /// @notice Fees that buyers of data paid to the treasury in an epoch, in the reward token.
    function revenueOf(uint64 epoch) external view returns (uint128);
}

/// @title How much is minted for each kind and epoch
/// @notice Governance sets rates, slowly. The sum over all time has a cap, uptime's pool is a part of the whole, and what
/// an epoch without work leaves rolls over. All amounts are in the token's smallest unit.
contract EmissionSchedule is Ownable2Step, IEmission {
    using Checkpoints for Checkpoints.Trace160;

    /// @dev One whole, in hundredths of a percent.
    uint256 private constant WHOLE = 10_000;
    /// @notice The most that uptime's pool is of all kinds' rates, in hundredths of a percent: existing is no work.
    uint16 public constant UPTIME_CAP = 2_000;
    /// @notice The most that a rate moves in a period, in hundredths of a percent of all rates together.
    uint16 public constant MAX_CHANGE = 1_000;
    /// @notice Epochs from one change of a rate to the next.
    uint64 public constant PERIOD = 30;
    /// @notice The most that a kind's pool grows by for each unit of revenue, in hundredths of a percent. With three
    /// kinds it stays below a whole, so that paying oneself for data never earns more than its fee.
    uint16 public constant MAX_FOLLOW = 3_000;
    /// @dev Gas for asking for revenue: whatever answers there must not keep pools from being frozen.
    uint256 private constant REVENUE_GAS = 100_000;

    /// @notice Who draws.
    address public immutable distributor;
    /// @notice The clock.
    DeviceRegistry public immutable registry;
    /// @notice The most that this schedule mints in all.
    uint128 public immutable hardCap;
    /// @inheritdoc IEmission
    uint64 public immutable firstEpoch;
    /// @dev The sum of the first rates. Changes are measured by it too, so that rates that fell can rise again.
    uint256 private immutable _firstRates;

    /// @notice Minted so far.
    uint128 public drawn;
    /// @notice Where revenue is counted; zero for nowhere.
    IRevenue public revenue;
    /// @notice What epochs without work left, for later ones.
    mapping(uint8 kind => uint128) public carried;
    /// @notice The first epoch that was not drawn yet.
    mapping(uint8 kind => uint64) public nextDraw;

    /// @dev First epoch → rate(128) | what it follows revenue by(16).
    mapping(uint8 kind => Checkpoints.Trace160) private _rates;

    event RateSet(uint8 indexed kind, uint64 indexed fromEpoch, uint128 rate, uint16 followBps);
    event RevenueSet(address indexed revenue);
    event Drawn(uint8 indexed kind, uint64 indexed epoch, uint128 amount, uint128 carried);

    /// @notice A call by the distributor was expected.
    error NotDistributor(address expected, address actual);
    /// @notice Epochs are drawn in order, so that nobody chooses which one gets what rolled over.
    error OutOfOrder(uint8 kind, uint64 expected, uint64 actual);
    /// @notice A rate at most `step` from the present one was expected.
    error RateStepTooLarge(uint256 step, uint128 present, uint128 actual);
    /// @notice A change for an epoch from `allowedFrom` on was expected.
    error RateTooSoon(uint64 allowedFrom, uint64 actual);
    /// @notice At most `max` hundredths of a percent were expected.
    error FollowTooHigh(uint16 max, uint16 actual);

    /// @param rates of uptime, coverage and energy in the first epoch
    constructor(
        address owner,
        address distributor_,
        DeviceRegistry registry_,
        uint128 hardCap_,
        uint128[3] memory rates
    ) Ownable(owner) {
        distributor = distributor_;
        registry = registry_;
        hardCap = hardCap_;
        firstEpoch = registry_.nextEpoch();
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            nextDraw[kind] = firstEpoch;
            _push(kind, firstEpoch, rates[kind - 1], 0);
        }
        _firstRates = uint256(rates[0]) + rates[1] + rates[2];
    }

    /// @notice Sets a kind's rate from the next epoch on, within a step of the present one, once in a period.
    /// @param rate of one epoch
    /// @param followBps by how much of its epoch's revenue the pool grows, at most to twice the rate
    function setRate(uint8 kind, uint128 rate, uint16 followBps) external onlyOwner {
        Kinds.requirePaid(kind);
        if (followBps > MAX_FOLLOW) revert FollowTooHigh(MAX_FOLLOW, followBps);
        uint64 fromEpoch = registry.nextEpoch();
        (, uint96 changed, uint160 entry) = _rates[kind].latestCheckpoint();
        if (fromEpoch < changed + PERIOD) revert RateTooSoon(uint64(changed) + PERIOD, fromEpoch);
        uint128 present = uint128(entry);
        uint256 step = Math.max(_total(fromEpoch), _firstRates) * MAX_CHANGE / WHOLE;
        uint256 distance = rate > present ? rate - present : present - rate;
        if (distance > step) revert RateStepTooLarge(step, present, rate);
        _push(kind, fromEpoch, rate, followBps);
    }

    /// @notice Names where revenue is counted. A source that fails counts as none.
    function setRevenue(IRevenue newRevenue) external onlyOwner {
        revenue = newRevenue;
        emit RevenueSet(address(newRevenue));
    }

    /// @notice A kind's rate in an epoch and by how much it follows revenue.
    function rateAt(uint8 kind, uint64 epoch) public view returns (uint128 rate, uint16 followBps) {
        uint160 entry = _rates[kind].upperLookupRecent(epoch);
        return (uint128(entry), uint16(entry >> 128));
    }

    /// @inheritdoc IEmission
    function emissionAt(uint8 kind, uint64 epoch) external view returns (uint128) {
        return uint128(Math.min(_base(kind, epoch), _capOf(kind, epoch)));
    }

    /// @inheritdoc IEmission
    function draw(uint8 kind, uint64 epoch, uint128 units) external returns (uint128 amount) {
        if (msg.sender != distributor) revert NotDistributor(distributor, msg.sender);
        if (epoch != nextDraw[kind]) revert OutOfOrder(kind, nextDraw[kind], epoch);
        nextDraw[kind] = epoch + 1;
        uint256 base = Math.min(_base(kind, epoch), _capOf(kind, epoch));
        uint256 available = base + carried[kind];
        if (units > 0) {
            // What rolled over comes at most as fast as it would have: no epoch is a jackpot.
            uint256 most = Math.min(Math.min(available, 2 * base), _capOf(kind, epoch));
            amount = uint128(Math.min(most, hardCap - drawn));
            drawn += amount;
            available = amount > base ? available - amount : carried[kind];
        }
        carried[kind] = uint128(Math.min(available, hardCap));
        emit Drawn(kind, epoch, amount, carried[kind]);
    }

    function _base(uint8 kind, uint64 epoch) private view returns (uint256) {
        (uint128 rate, uint16 followBps) = rateAt(kind, epoch);
        if (followBps == 0) return rate;
        return rate + Math.min(rate, _revenueOf(epoch) * followBps / WHOLE);
    }

    function _revenueOf(uint64 epoch) private view returns (uint256) {
        (bool ok, bytes memory answer) =
            address(revenue).staticcall{gas: REVENUE_GAS}(abi.encodeCall(IRevenue.revenueOf, (epoch)));
        return ok && answer.length == 32 ? uint128(abi.decode(answer, (uint256))) : 0;
    }

    /// @dev The most that one pool can hold.
    function _capOf(uint8 kind, uint64 epoch) private view returns (uint256) {
        return kind == Kinds.UPTIME ? _total(epoch) * UPTIME_CAP / WHOLE : hardCap;
    }

    function _total(uint64 epoch) private view returns (uint256 sum) {
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            (uint128 rate,) = rateAt(kind, epoch);
            sum += rate;
        }
    }

    function _push(uint8 kind, uint64 fromEpoch, uint128 rate, uint16 followBps) private {
        _rates[kind].push(fromEpoch, (uint160(followBps) << 128) | rate);
        emit RateSet(kind, fromEpoch, rate, followBps);
    }
}
