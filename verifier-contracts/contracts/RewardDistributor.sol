// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ClaimTree} from "./ClaimTree.sol";
import {DeviceRegistry} from "./DeviceRegistry.sol";
import {IEmission} from "./EmissionSchedule.sol";
import {EpochSettlement} from "./EpochSettlement.sol";
import {ErgonToken} from "./ErgonToken.sol";
import {HostShares} from "./HostShares.sol";
import {Kinds} from "./Kinds.sol";
import {Cohort} from "./RegistryTypes.sol";

/// @notice The rewards of one kind and epoch, fixed when frozen.
/// @param amount minted for members and provers together
/// @param members the part of it for members; the rest is the provers' fee
/// @param units work units that share it
/// @param frozen whether it is fixed
struct Pool {
    uint128 amount;
    uint128 members;
    uint128 units;
    bool frozen;
}

/// @notice A member's units, as a cohort's epoch settled them.
/// @param proof the leaf's siblings in the batch's claim tree, from the leaf up
struct Claim {
    uint32 cohort;
    uint64 epoch;
    uint32 index;
    uint64 units;
    bytes32[] proof;
}

/// @title What is known of devices that contradicted themselves
/// @notice An answer never changes from true to false.
interface IDisputes {
    /// @notice Whether a device was proven to contradict itself in an epoch, under a key that was accepted when it began.
    function isEstablished(uint64 device, uint64 epoch) external view returns (bool);
}

/// @title Pays settled work
/// @notice `docs/specification.md` § 7.4: one pool for each kind and epoch, shared by units; rounding stays here.
contract RewardDistributor is Ownable2Step, HostShares {
    using Checkpoints for Checkpoints.Trace160;
    using SafeERC20 for ErgonToken;

    /// @notice Where work is settled.
    EpochSettlement public immutable settlement;
    /// @notice Where members' operators are recorded.
    DeviceRegistry public immutable registry;
    /// @notice What is paid.
    ErgonToken public immutable token;
    /// @notice The provers' share of a pool, in hundredths of a percent.
    uint16 public immutable feeBps;

    /// @dev Most members of a cohort (`Memberships.MAX_SIZE`).
    uint32 private constant PLACES = 128;

    /// @notice What fills pools from its first epoch on; zero while the owner sets amounts.
    IEmission public schedule;
    /// @dev Beside the schedule in its slot: `freeze` reads both.
    uint64 private _scheduleFrom;

    /// @notice On what grounds rewards are struck, from its first epoch on; zero while none are.
    IDisputes public disputes;
    uint64 private _disputedFrom;

    mapping(uint8 kind => mapping(uint64 epoch => Pool)) private _pools;
    /// @dev First epoch → amount of each epoch's pool.
    mapping(uint8 kind => Checkpoints.Trace160) private _emissions;
    /// @dev For each member a bit in the lower half: its reward is taken; and one in the upper half: it was struck.
    mapping(uint32 cohort => mapping(uint64 epoch => uint256)) private _taken;
    mapping(uint8 kind => mapping(uint64 epoch => mapping(address prover => bool))) private _feeClaimed;

    event EmissionSet(uint8 indexed kind, uint64 indexed fromEpoch, uint128 amount);
    event ScheduleSet(address indexed schedule, uint64 indexed fromEpoch);
    event DisputesSet(address indexed disputes, uint64 indexed fromEpoch);
    event Struck(uint32 indexed cohort, uint64 indexed epoch, uint32 index, uint64 indexed device);
    event PoolFrozen(uint8 indexed kind, uint64 indexed epoch, uint128 amount, uint128 members, uint128 units);
    event Claimed(
        uint32 indexed cohort, uint64 indexed epoch, uint32 index, address indexed operator, uint64 units, uint256 paid
    );
    event FeeClaimed(uint8 indexed kind, uint64 indexed epoch, address indexed prover, uint256 paid);

    /// @notice A share of at most 10,000 hundredths of a percent was expected.
    error FeeTooHigh(uint256 max, uint256 actual);
    /// @notice No schedule was expected yet: from then on it alone sets amounts, and nobody replaces it.
    error ScheduleIsSet(address schedule);
    /// @notice A schedule that fills this contract's pools was expected.
    error ScheduleOfAnother(address expected, address actual);
    /// @notice A schedule whose first epoch has not begun was expected.
    error ScheduleTooEarly(uint64 next, uint64 actual);
    /// @notice A time from `closesAt` on was expected: settlement is still open.
    error StillOpen(uint64 closesAt, uint256 actual);
    /// @notice A pool that is not frozen yet was expected.
    error AlreadyFrozen(uint8 kind, uint64 epoch);
    /// @notice A frozen pool was expected.
    error NotFrozen(uint8 kind, uint64 epoch);
    /// @notice An index below the cohort's size was expected.
    error NoSuchMember(uint32 size, uint32 index);
    /// @notice A proof of exactly these units of this member was expected.
    error ClaimRejected(bytes32 expectedRoot, bytes32 actualRoot);
    /// @notice A claim that was not paid before was expected.
    error AlreadyClaimed(uint32 cohort, uint64 epoch, uint32 index);
    /// @notice A claim that was not struck was expected: the device contradicted itself.
    error WasStruck(uint32 cohort, uint64 epoch, uint32 index);
    /// @notice An established contradiction in an epoch that can be disputed was expected.
    error NoGrounds(uint64 device, uint64 epoch);
    /// @notice No grounds for disputes were expected yet: nobody replaces them.
    error DisputesAreSet(address disputes);
    /// @notice A prover whose batches added units was expected.
    error NoFee(uint8 kind, uint64 epoch, address prover);
    /// @notice A fee that was not paid before was expected.
    error FeeAlreadyClaimed(uint8 kind, uint64 epoch, address prover);

    constructor(address owner, EpochSettlement settlement_, ErgonToken token_, uint16 feeBps_) Ownable(owner) {
        if (feeBps_ > WHOLE) revert FeeTooHigh(WHOLE, feeBps_);
        settlement = settlement_;
        registry = settlement_.registry();
        token = token_;
        feeBps = feeBps_;
    }

    /// @notice Sets what a kind's pools hold from the next epoch on, in the token's smallest unit; not once a schedule
    /// does.
    function setEmission(uint8 kind, uint128 amount) external onlyOwner {
        Kinds.requirePaid(kind);
        if (address(schedule) != address(0)) revert ScheduleIsSet(address(schedule));
        uint64 fromEpoch = registry.nextEpoch();
        _emissions[kind].push(fromEpoch, amount);
        emit EmissionSet(kind, fromEpoch, amount);
    }

    /// @notice Hands what pools hold to a schedule, for good, from its first epoch on.
    function setSchedule(IEmission newSchedule) external onlyOwner {
        if (address(schedule) != address(0)) revert ScheduleIsSet(address(schedule));
        address filled = newSchedule.distributor();
        if (filled != address(this)) revert ScheduleOfAnother(address(this), filled);
        uint64 fromEpoch = newSchedule.firstEpoch();
        if (fromEpoch < registry.nextEpoch()) revert ScheduleTooEarly(registry.nextEpoch(), fromEpoch);
        schedule = newSchedule;
        _scheduleFrom = fromEpoch;
        emit ScheduleSet(address(newSchedule), fromEpoch);
    }

    /// @notice Names on what grounds rewards are struck, for good, of epochs that have not begun.
    function setDisputes(IDisputes newDisputes) external onlyOwner {
        if (address(disputes) != address(0)) revert DisputesAreSet(address(disputes));
        disputes = newDisputes;
        _disputedFrom = registry.nextEpoch();
        emit DisputesSet(address(newDisputes), _disputedFrom);
    }

    /// @notice Strikes the reward of a device for an epoch in which it contradicted itself, unless it is claimed; anyone
    /// may, before the pool is frozen and after. Nobody gets what is struck: it stays here, as rounding does.
    function strike(uint64 device, uint64 epoch) external {
        IDisputes grounds = disputes;
        if (address(grounds) == address(0) || epoch < _disputedFrom || !grounds.isEstablished(device, epoch)) {
            revert NoGrounds(device, epoch);
        }
        (uint32 cohort, uint32 index) = registry.positionOf(device);
        _requireUntaken(cohort, epoch, index);
        _taken[cohort][epoch] |= (1 << index) | (1 << (index + PLACES));
        emit Struck(cohort, epoch, index, device);
    }

    /// @notice What a kind's pool of an epoch holds if any work is settled, before what a schedule rolls over.
    function emissionAt(uint8 kind, uint64 epoch) public view returns (uint128) {
        if (_isScheduled(epoch)) return schedule.emissionAt(kind, epoch);
        return SafeCast.toUint128(_emissions[kind].upperLookupRecent(epoch));
    }

    /// @notice Fixes and mints a pool, once its epoch is closed for settlement; anyone may.
    function freeze(uint8 kind, uint64 epoch) external {
        Kinds.requirePaid(kind);
        uint64 closesAt = settlement.closesAt(epoch);
        if (block.timestamp < closesAt) revert StillOpen(closesAt, block.timestamp);
        Pool storage pool = _pools[kind][epoch];
        if (pool.frozen) revert AlreadyFrozen(kind, epoch);
        // Before the schedule is called: it must not find the pool open again.
        pool.frozen = true;
        uint128 units = SafeCast.toUint128(settlement.totalUnits(kind, epoch));
        uint128 amount = _amountOf(kind, epoch, units);
        uint128 members = uint128(amount - uint256(amount) * feeBps / WHOLE);
        _pools[kind][epoch] = Pool(amount, members, units, true);
        emit PoolFrozen(kind, epoch, amount, members, units);
        token.mint(address(this), amount);
    }

    /// @notice A pool; all zero until it is frozen.
    function poolOf(uint8 kind, uint64 epoch) external view returns (Pool memory) {
        return _pools[kind][epoch];
    }

    /// @notice Whether a member's claim was paid or struck.
    function isClaimed(uint32 cohort, uint64 epoch, uint32 index) public view returns (bool) {
        return index < PLACES && (_taken[cohort][epoch] >> index) & 1 == 1;
    }

    /// @notice Whether a member's reward was struck.
    function isStruck(uint32 cohort, uint64 epoch, uint32 index) public view returns (bool) {
        return index < PLACES && (_taken[cohort][epoch] >> (index + PLACES)) & 1 == 1;
    }

    /// @notice Whether a prover's fee was paid.
    function isFeeClaimed(uint8 kind, uint64 epoch, address prover) external view returns (bool) {
        return _feeClaimed[kind][epoch][prover];
    }

    /// @notice Pays a member's share to who operated it in the epoch, less its host's part, which the host gets; anyone
    /// may claim for anyone.
    /// @param proof the leaf's siblings in the batch's claim tree, from the leaf up
    function claim(uint32 cohort, uint64 epoch, uint32 index, uint64 units, bytes32[] calldata proof)
        external
        returns (uint256 paid)
    {
        address operator;
        (operator, paid) = _take(cohort, epoch, index, units, proof);
        _pay(operator, paid);
    }

    /// @notice Pays many claims, of any epochs and operators; those that are paid or struck already are skipped, so that somebody
    /// who claims one before does not stop the others. One transfer for each run of claims of one operator.
    function claimAll(Claim[] calldata claims) external returns (uint256 paid) {
        address operator = address(0);
        uint256 due = 0;
        for (uint256 i = 0; i < claims.length; ++i) {
            Claim calldata one = claims[i];
            if (isClaimed(one.cohort, one.epoch, one.index)) continue;
            (address next, uint256 amount) = _take(one.cohort, one.epoch, one.index, one.units, one.proof);
            if (next != operator) {
                _pay(operator, due);
                (operator, due) = (next, 0);
            }
            due += amount;
            paid += amount;
        }
        _pay(operator, due);
    }

    /// @notice Pays a prover's fee, by the units that its batches added; anyone may claim for anyone.
    function claimFee(uint8 kind, uint64 epoch, address prover) external returns (uint256 paid) {
        Pool storage pool = _frozenPool(kind, epoch);
        uint256 added = settlement.addedBy(kind, epoch, prover);
        if (added == 0) revert NoFee(kind, epoch, prover);
        if (_feeClaimed[kind][epoch][prover]) revert FeeAlreadyClaimed(kind, epoch, prover);
        _feeClaimed[kind][epoch][prover] = true;
        paid = uint256(pool.amount - pool.members) * added / pool.units;
        emit FeeClaimed(kind, epoch, prover, paid);
        if (paid > 0) token.safeTransfer(prover, paid);
    }

    /// @dev Checks a claim and marks it as paid; the caller pays.
    function _take(uint32 cohort, uint64 epoch, uint32 index, uint64 units, bytes32[] calldata proof)
        private
        returns (address operator, uint256 paid)
    {
        Cohort memory group = registry.cohortOf(cohort);
        if (index >= group.size) revert NoSuchMember(group.size, index);
        Pool storage pool = _frozenPool(group.kind, epoch);
        bytes32 leaf = ClaimTree.leaf(group.kind, epoch, cohort, index, units);
        bytes32 root = ClaimTree.climb(leaf, index, group.size, proof);
        bytes32 standing = settlement.standing(cohort, epoch).claimRoot;
        if (root != standing) revert ClaimRejected(standing, root);
        _requireUntaken(cohort, epoch, index);
        _taken[cohort][epoch] |= 1 << index;
        // No units, no pool: the division is only reached when this claim's own units are in the sum.
        paid = units == 0 ? 0 : uint256(pool.members) * units / pool.units;
        operator = registry.operatorAt(cohort, index, epoch);
        paid -= _payHost(cohort, epoch, index, paid);
        emit Claimed(cohort, epoch, index, operator, units, paid);
    }

    function _requireUntaken(uint32 cohort, uint64 epoch, uint32 index) private view {
        if (!isClaimed(cohort, epoch, index)) return;
        if (isStruck(cohort, epoch, index)) revert WasStruck(cohort, epoch, index);
        revert AlreadyClaimed(cohort, epoch, index);
    }

    function _payHost(uint32 cohort, uint64 epoch, uint32 index, uint256 reward) private returns (uint256 part) {
        address host;
        (host, part) = _hostPart(cohort, index, epoch, reward);
        if (part == 0) return 0;
        emit HostPaid(cohort, epoch, index, host, part);
        token.safeTransfer(host, part);
    }

    function _places() internal view override returns (DeviceRegistry) {
        return registry;
    }

    function _pay(address operator, uint256 amount) private {
        if (amount > 0) token.safeTransfer(operator, amount);
    }

    function _amountOf(uint8 kind, uint64 epoch, uint128 units) private returns (uint128) {
        if (_isScheduled(epoch)) return schedule.draw(kind, epoch, units);
        return units == 0 ? 0 : emissionAt(kind, epoch);
    }

    function _isScheduled(uint64 epoch) private view returns (bool) {
        return address(schedule) != address(0) && epoch >= _scheduleFrom;
    }

    function _frozenPool(uint8 kind, uint64 epoch) private view returns (Pool storage pool) {
        pool = _pools[kind][epoch];
        if (!pool.frozen) revert NotFrozen(kind, epoch);
    }
}
