// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ClaimTree} from "./ClaimTree.sol";
import {DeviceRegistry} from "./DeviceRegistry.sol";
import {Groth16Verifier} from "./Groth16Verifier.sol";
import {Kinds} from "./Kinds.sol";
import {PolicyBook} from "./PolicyBook.sol";
import {Attestor, Cohort} from "./RegistryTypes.sol";
import {Batch, Standing} from "./SettlementTypes.sol";
import {Units} from "./Units.sol";
import {VerifierRouter} from "./VerifierRouter.sol";

/// @title Settles proven work
/// @notice `docs/specification.md` § 5.2 and § 7.3. The first batch of a cohort's epoch fixes the seal; a later one
/// under the same seal must raise some member's units and lower none, nor leave out whom a state counts already.
contract EpochSettlement is PolicyBook {
    /// @dev Kept for every cohort and epoch.
    struct Record {
        uint256 seal;
        bytes32 claimRoot;
    }

    /// @dev Epochs with state settle in order, so the last is enough, and its slots are used again.
    struct Chain {
        bool begun;
        uint64 epoch;
        uint128 included;
        uint256 stateBefore;
        uint256 stateAfter;
    }

    /// @dev Number of words before the policy's.
    uint256 private constant HEADER = 15;

    /// @notice Cohorts, memberships and the clock.
    DeviceRegistry public immutable registry;
    /// @notice Checks the proofs.
    VerifierRouter public immutable router;
    /// @notice How long after its end an epoch stays open for settlement, in seconds.
    uint64 public immutable window;

    /// @notice Work units settled for a kind and epoch, all cohorts together.
    mapping(uint8 kind => mapping(uint64 epoch => uint256)) public totalUnits;
    /// @notice Work units that a prover's batches added for a kind and epoch.
    mapping(uint8 kind => mapping(uint64 epoch => mapping(address prover => uint256))) public addedBy;

    mapping(uint32 cohort => mapping(uint64 epoch => Record)) private _records;
    mapping(uint32 cohort => Chain) private _chains;

    /// @param units of each member, eight bytes each
    event Settled(
        uint32 indexed cohort,
        uint64 indexed epoch,
        uint8 kind,
        address indexed prover,
        uint256 seal,
        uint256 added,
        bytes units
    );
    /// @notice Others settled the cohort's epoch before.
    event Skipped(uint32 indexed cohort, uint64 indexed epoch);
    event StateAdvanced(
        uint32 indexed cohort, uint64 indexed epoch, uint256 stateBefore, uint256 stateAfter, uint128 included
    );

    /// @notice A settlement window of at least one second was expected.
    error ZeroWindow();
    /// @notice A time in [opensAt, closesAt) was expected.
    error OutsideWindow(uint256 opensAt, uint256 closesAt, uint256 actual);
    /// @notice A committed membership of the cohort was expected for the epoch.
    error NoMembership(uint32 cohort, uint64 epoch);
    /// @notice A policy of the kind was expected to be in effect in the epoch.
    error NoPolicy(uint8 kind, uint64 epoch);
    /// @notice This many bytes of units were expected, eight for every member.
    error WrongUnitsLength(uint256 expected, uint256 actual);
    /// @notice A prover other than the zero address was expected.
    error ZeroProver();
    /// @notice A seal other than 0 was expected.
    error ZeroSeal();
    /// @notice The seal of the epoch's first batch was expected.
    error WrongSeal(uint256 expected, uint256 actual);
    /// @notice No previous units were expected: nothing is settled yet.
    error NothingSettled(uint32 cohort, uint64 epoch);
    /// @notice The units that stand now were expected as the previous ones.
    error WrongPrevious(bytes32 expectedRoot, bytes32 actualRoot);
    /// @notice At least the units that stand now were expected for the member.
    error UnitsLowered(uint256 index, uint64 standing, uint64 actual);
    /// @notice More units for at least one member were expected.
    error NothingAdded();
    /// @notice Every member was expected whose record the standing state counts.
    error MembersLeftOut(uint128 standing, uint128 actual);
    /// @notice 0 and 0 were expected: the kind has no state.
    error StateNotForKind(uint8 kind, uint256 stateAfter, uint128 included);
    /// @notice Previous units for each batch, empty where nothing stands, were expected.
    error WrongPreviousCount(uint256 expected, uint256 actual);
    /// @notice The route of the first batch was expected: proofs are checked together under one key.
    error OtherRoute(bytes32 expected, bytes32 actual);
    /// @notice A proof that holds for `batchWords(batch)` was expected, of every batch.
    error ProofRejected(bytes32 route);

    constructor(address owner, DeviceRegistry registry_, VerifierRouter router_, uint64 window_) PolicyBook(owner) {
        if (window_ == 0) revert ZeroWindow();
        registry = registry_;
        router = router_;
        window = window_;
    }

    /// @notice Settles a batch; anyone may submit it, the fee goes to the prover that the proof names.
    /// @param previous empty for the first batch of the cohort's epoch, else the units that stand now
    function settle(Batch calldata batch, bytes calldata previous) external {
        Cohort memory cohort = registry.cohortOf(batch.cohort);
        (Groth16Verifier verifier, uint256[3] memory inputs) = _take(batch, previous, cohort);
        if (!verifier.verify(batch.proof, inputs)) revert ProofRejected(batch.route);
    }

    /// @notice Settles many batches of one route, in order, whose proofs are checked together. Beside what others settled
    /// meanwhile a batch is skipped, so that a copied one does not stop the others; any other fault reverts all.
    /// @param previous for each batch as in `settle`
    function settleAll(Batch[] calldata batches, bytes[] calldata previous) external {
        if (previous.length != batches.length) revert WrongPreviousCount(batches.length, previous.length);
        uint256[8][] memory proofs = new uint256[8][](batches.length);
        uint256[3][] memory inputs = new uint256[3][](batches.length);
        Groth16Verifier verifier;
        uint256 count = 0;
        for (uint256 i = 0; i < batches.length; ++i) {
            Batch calldata batch = batches[i];
            if (batch.route != batches[0].route) revert OtherRoute(batches[0].route, batch.route);
            Cohort memory cohort = registry.cohortOf(batch.cohort);
            if (_isOvertaken(batch, previous[i], cohort)) {
                emit Skipped(batch.cohort, batch.epoch);
                continue;
            }
            proofs[count] = batch.proof;
            verifier = _takeIn(batch, previous[i], cohort, inputs[count]);
            ++count;
        }
        if (count == 0) return;
        assembly ("memory-safe") {
            mstore(proofs, count)
            mstore(inputs, count)
        }
        if (!verifier.verifyAll(proofs, inputs)) revert ProofRejected(batches[0].route);
    }

    /// @notice The words that a batch's proof must hold for, as of now (§ 5.2).
    function batchWords(Batch calldata batch) external view returns (uint256[] memory) {
        Cohort memory cohort = registry.cohortOf(batch.cohort);
        Kinds.requirePaid(cohort.kind);
        (uint64[] memory units,) = Units.unpack(batch.units);
        return _words(batch, units, cohort, _stateBefore(batch, cohort.kind));
    }

    /// @notice When a kind's epoch opens for settlement. Energy waits until the epoch before is final, save in a
    /// cohort's first epoch, which opens with its end.
    function opensAt(uint8 kind, uint64 epoch) public view returns (uint64) {
        return SafeCast.toUint64(_opensAt(kind, epoch, registry.endOf(epoch)));
    }

    /// @notice When an epoch closes for settlement.
    function closesAt(uint64 epoch) public view returns (uint64) {
        return SafeCast.toUint64(registry.endOf(epoch) + window);
    }

    /// @notice What stands for a cohort's epoch.
    function standing(uint32 cohort, uint64 epoch) external view returns (Standing memory result) {
        Record storage record = _records[cohort][epoch];
        result.seal = record.seal;
        result.claimRoot = record.claimRoot;
        Chain storage chain = _chains[cohort];
        if (chain.begun && chain.epoch == epoch) {
            result.stateBefore = chain.stateBefore;
            result.stateAfter = chain.stateAfter;
            result.included = chain.included;
        }
    }

    function _policyEpoch() internal view override returns (uint64) {
        return registry.nextEpoch();
    }

    function _requireOpen(Cohort memory cohort, uint64 epoch) private view {
        uint256 end = registry.endOf(epoch);
        uint256 opens = epoch == cohort.firstEpoch ? end : _opensAt(cohort.kind, epoch, end);
        uint256 closes = end + window;
        if (block.timestamp < opens || block.timestamp >= closes) {
            revert OutsideWindow(opens, closes, block.timestamp);
        }
    }

    function _opensAt(uint8 kind, uint64 epoch, uint256 end) private view returns (uint256) {
        if (kind != Kinds.ENERGY || epoch == 0) return end;
        uint256 previousCloses = registry.endOf(epoch - 1) + window;
        return previousCloses > end ? previousCloses : end;
    }

    function _requireLength(bytes calldata units, Cohort memory cohort) private pure {
        uint256 expected = Units.SIZE * cohort.size;
        if (units.length != expected) revert WrongUnitsLength(expected, units.length);
    }

    /// @dev Whether something stands that is not what the batch was made to replace.
    function _isOvertaken(Batch calldata batch, bytes calldata previous, Cohort memory cohort)
        private
        view
        returns (bool)
    {
        Record storage record = _records[batch.cohort][batch.epoch];
        if (record.seal == 0) return false;
        if (previous.length != Units.SIZE * cohort.size) return true;
        (uint64[] memory units,) = Units.unpack(previous);
        return ClaimTree.root(cohort.kind, batch.epoch, batch.cohort, units) != record.claimRoot;
    }

    /// @dev As `_take`, and frees the memory that it took: memory costs by the square, and batches are many.
    function _takeIn(Batch calldata batch, bytes calldata previous, Cohort memory cohort, uint256[3] memory inputs)
        private
        returns (Groth16Verifier verifier)
    {
        uint256 free;
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        uint256[3] memory taken;
        (verifier, taken) = _take(batch, previous, cohort);
        (inputs[0], inputs[1], inputs[2]) = (taken[0], taken[1], taken[2]);
        assembly ("memory-safe") {
            mstore(0x40, free)
        }
    }

    /// @dev Checks a batch but for its proof and records it; the caller reverts unless the proof holds for the inputs.
    function _take(Batch calldata batch, bytes calldata previous, Cohort memory cohort)
        private
        returns (Groth16Verifier verifier, uint256[3] memory inputs)
    {
        Kinds.requirePaid(cohort.kind);
        _requireOpen(cohort, batch.epoch);
        _requireLength(batch.units, cohort);
        if (batch.prover == address(0)) revert ZeroProver();
        (uint64[] memory units, uint256 added) = Units.unpack(batch.units);
        added -= _requireRaised(batch, units, previous, cohort);
        uint256 stateBefore = _stateBefore(batch, cohort.kind);
        uint256[] memory words = _words(batch, units, cohort, stateBefore);
        bytes32 tag = Kinds.batchTag(cohort.kind);
        (verifier, inputs) = router.inputsOf(batch.route, tag, cohort.size, batch.c, _bytesOf(words));
        _record(batch, cohort.kind, units, added, stateBefore);
    }

    function _record(Batch calldata batch, uint8 kind, uint64[] memory units, uint256 added, uint256 stateBefore)
        private
    {
        totalUnits[kind][batch.epoch] += added;
        addedBy[kind][batch.epoch][batch.prover] += added;
        bytes32 claimRoot = ClaimTree.root(kind, batch.epoch, batch.cohort, units);
        _records[batch.cohort][batch.epoch] = Record(batch.seal, claimRoot);
        if (kind == Kinds.ENERGY) {
            _chains[batch.cohort] = Chain(true, batch.epoch, batch.included, stateBefore, batch.stateAfter);
            emit StateAdvanced(batch.cohort, batch.epoch, stateBefore, batch.stateAfter, batch.included);
        }
        emit Settled(batch.cohort, batch.epoch, kind, batch.prover, batch.seal, added, batch.units);
    }

    /// @dev Checks the batch against what stands and returns the sum of that.
    function _requireRaised(Batch calldata batch, uint64[] memory units, bytes calldata previous, Cohort memory cohort)
        private
        view
        returns (uint256 standing_)
    {
        Record storage record = _records[batch.cohort][batch.epoch];
        uint256 seal = record.seal;
        if (seal == 0) {
            if (batch.seal == 0) revert ZeroSeal();
            if (previous.length != 0) revert NothingSettled(batch.cohort, batch.epoch);
            return 0;
        }
        if (batch.seal != seal) revert WrongSeal(seal, batch.seal);
        _requireLength(previous, cohort);
        uint64[] memory stands;
        (stands, standing_) = Units.unpack(previous);
        bytes32 root = ClaimTree.root(cohort.kind, batch.epoch, batch.cohort, stands);
        if (root != record.claimRoot) revert WrongPrevious(record.claimRoot, root);
        bool raised = false;
        unchecked {
            for (uint256 i = 0; i < units.length; ++i) {
                (uint64 now_, uint64 before) = (units[i], stands[i]);
                if (now_ < before) revert UnitsLowered(i, before, now_);
                if (now_ > before) raised = true;
            }
        }
        if (!raised) revert NothingAdded();
    }

    /// @dev The state that the cohort's last settled epoch before this one ended with. Whom a standing batch of this
    /// epoch includes, a later one includes too: else the state after would be one of many that pay the same units.
    function _stateBefore(Batch calldata batch, uint8 kind) private view returns (uint256) {
        if (kind != Kinds.ENERGY) {
            if (batch.stateAfter != 0 || batch.included != 0) {
                revert StateNotForKind(kind, batch.stateAfter, batch.included);
            }
            return 0;
        }
        Chain storage chain = _chains[batch.cohort];
        if (!chain.begun) return router.routeOf(batch.route).genesisState;
        if (chain.epoch != batch.epoch) return chain.stateAfter;
        if (chain.included & ~batch.included != 0) revert MembersLeftOut(chain.included, batch.included);
        return chain.stateBefore;
    }

    function _words(Batch calldata batch, uint64[] memory units, Cohort memory cohort, uint256 stateBefore)
        private
        view
        returns (uint256[] memory words)
    {
        uint256[] memory policy = policyAt(cohort.kind, batch.epoch);
        if (policy.length == 0) revert NoPolicy(cohort.kind, batch.epoch);
        Attestor memory attestor = registry.attestorOf(cohort.attestor);
        uint256 first = HEADER + policy.length;
        words = new uint256[](first + units.length);
        words[0] = block.chainid;
        words[1] = uint160(address(this));
        words[2] = uint160(address(registry));
        words[3] = batch.epoch;
        words[4] = batch.cohort;
        words[5] = _rootAt(batch.cohort, batch.epoch);
        if (cohort.kind == Kinds.COVERAGE) {
            words[6] = cohort.witnessCohort;
            words[7] = _rootAt(cohort.witnessCohort, batch.epoch);
        }
        words[8] = stateBefore;
        words[9] = batch.stateAfter;
        words[10] = attestor.keyX;
        words[11] = attestor.keyY;
        words[12] = batch.seal;
        words[13] = uint160(batch.prover);
        words[14] = batch.included;
        for (uint256 i = 0; i < policy.length; ++i) {
            words[HEADER + i] = policy[i];
        }
        assembly ("memory-safe") {
            mcopy(add(add(words, 0x20), shl(5, first)), add(units, 0x20), shl(5, mload(units)))
        }
    }

    /// @dev The same memory as bytes; not an array any more.
    function _bytesOf(uint256[] memory words) private pure returns (bytes memory all) {
        assembly ("memory-safe") {
            all := words
            mstore(all, shl(5, mload(words)))
        }
    }

    function _rootAt(uint32 cohort, uint64 epoch) private view returns (uint256 root) {
        root = registry.rootAt(cohort, epoch);
        if (root == 0) revert NoMembership(cohort, epoch);
    }
}
