// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {BabyJubJub, KeyProof} from "./BabyJubJub.sol";
import {EpochClock} from "./EpochClock.sol";
import {H3Region} from "./H3Region.sol";
import {Kinds} from "./Kinds.sol";
import {Attestor, Cohort, Member} from "./RegistryTypes.sol";
import {VerifierRouter} from "./VerifierRouter.sol";

/// @title Attestors, cohorts with their places, and the memberships that proofs refer to
/// @notice `docs/specification.md` § 7.1. A change takes effect with the next epoch: it voids the membership root from
/// then on, until someone proves the root of the changed words (§ 5.3, § 6.5).
abstract contract Memberships is Ownable2Step, EpochClock {
    using Checkpoints for Checkpoints.Trace256;

    /// @dev Three slots a place. A device's number fits: places cannot be filled 2^40 times.
    struct Place {
        address operator;
        uint40 device;
        uint48 attribute;
        bool suspended;
        uint256 keyX;
        uint256 keyY;
    }

    /// @notice The most members a cohort can have: a batch's word `included` has a bit for each, and a witness's record
    /// 8 bits for a member, of which 255 is padding.
    uint32 public constant MAX_SIZE = 128;
    /// @notice The places of a witness cohort: coverage's circuits are laid out for them.
    uint32 public constant WITNESSES = 4;

    /// @notice Checks the proofs of memberships.
    VerifierRouter public immutable router;
    /// @notice Number of attestors; they are numbered from 1.
    uint32 public attestorCount;
    /// @notice Number of cohorts; they are numbered from 1.
    uint32 public cohortCount;

    mapping(uint32 attestor => Attestor) private _attestors;
    mapping(uint32 cohort => Cohort) internal _cohorts;
    mapping(uint32 cohort => mapping(uint32 index => Place)) internal _places;
    mapping(bytes32 keyHash => bool) private _keyUsed;
    /// @dev First epoch → root; a root of 0 stands for a change that nobody has proven the words of.
    mapping(uint32 cohort => Checkpoints.Trace256) private _roots;

    event AttestorRegistered(uint32 indexed attestor, address indexed operator, uint256 keyX, uint256 keyY);
    event CohortCreated(
        uint32 indexed cohort, uint8 kind, uint32 size, uint64 region, uint32 witnessCohort, uint32 attestor
    );
    event MembershipCommitted(uint32 indexed cohort, uint64 fromEpoch, uint256 root);

    /// @notice An operator other than the zero address was expected.
    error ZeroOperator();
    /// @notice A key that nobody registered before was expected: each key once.
    error KeyUsed(uint256 keyX, uint256 keyY);
    /// @notice A kind from 0 (witnesses) to 3 (energy) was expected.
    error UnknownKind(uint8 kind);
    /// @notice A power of two from 1 to `max` was expected.
    error WrongSize(uint32 max, uint32 actual);
    /// @notice Exactly the places of a witness cohort were expected.
    error WrongWitnessSize(uint32 expected, uint32 actual);
    /// @notice The number of a registered attestor was expected.
    error UnknownAttestor(uint32 attestor);
    /// @notice The number of a cohort was expected.
    error UnknownCohort(uint32 cohort);
    /// @notice A cohort of witnesses (kind 0) was expected.
    error NotWitnessCohort(uint32 cohort);
    /// @notice 0 was expected: the kind has no such field.
    error NotForThisKind(uint8 kind, uint256 value);
    /// @notice An operator other than the attestor's was expected.
    error OperatorIsAttestor(address operator);
    /// @notice A cohort was expected whose changes of earlier epochs are committed.
    error MembershipNotCommitted(uint32 cohort);
    /// @notice A cohort with a change since its last committed membership was expected.
    error NothingToCommit(uint32 cohort);
    /// @notice A proof that `c` is the hash of `membershipWords(cohort)` was expected.
    error MembershipRejected(uint32 cohort, uint256 c);
    /// @notice An attribute from `min` to `max` was expected for the kind.
    error WrongAttribute(uint8 kind, uint64 min, uint64 max, uint64 actual);

    constructor(VerifierRouter router_) {
        router = router_;
    }

    /// @notice Registers who may seal epochs.
    function registerAttestor(address operator, KeyProof calldata key) external onlyOwner returns (uint32 attestor) {
        _takeKey(operator, key);
        attestor = ++attestorCount;
        _attestors[attestor] = Attestor(operator, key.key[0], key.key[1]);
        emit AttestorRegistered(attestor, operator, key.key[0], key.key[1]);
    }

    /// @notice Creates an empty cohort.
    /// @param region H3 index of resolution 1, coverage only
    /// @param witnessCohort a cohort of kind 0, coverage only
    /// @param attestor who seals its epochs; 0 for witnesses
    function createCohort(uint8 kind, uint32 size, uint64 region, uint32 witnessCohort, uint32 attestor)
        external
        onlyOwner
        returns (uint32 cohort)
    {
        if (kind > Kinds.ENERGY) revert UnknownKind(kind);
        if (kind == Kinds.COVERAGE) {
            H3Region.check(region);
            Cohort storage witnesses = _cohorts[witnessCohort];
            if (witnesses.size == 0 || witnesses.kind != Kinds.WITNESS) revert NotWitnessCohort(witnessCohort);
        } else {
            if (region != 0) revert NotForThisKind(kind, region);
            if (witnessCohort != 0) revert NotForThisKind(kind, witnessCohort);
        }
        if (kind == Kinds.WITNESS) {
            if (size != WITNESSES) revert WrongWitnessSize(WITNESSES, size);
            if (attestor != 0) revert NotForThisKind(kind, attestor);
        } else {
            bool powerOfTwo = size != 0 && size & (size - 1) == 0;
            if (size > MAX_SIZE || !powerOfTwo) revert WrongSize(MAX_SIZE, size);
            if (_attestors[attestor].operator == address(0)) revert UnknownAttestor(attestor);
        }
        cohort = ++cohortCount;
        _cohorts[cohort] = Cohort(kind, size, 0, region, witnessCohort, attestor, nextEpoch());
        emit CohortCreated(cohort, kind, size, region, witnessCohort, attestor);
    }

    /// @notice Stores the root of a changed membership; anyone may prove it (§ 6.5).
    /// @dev The words have not changed since the epoch that the change took effect with, so the root holds from then.
    function commitMembership(uint32 cohort, bytes32 route, uint256 c, uint256[8] calldata proof) external {
        uint32 size = _cohortAt(cohort).size;
        (bool exists, uint256 fromEpoch, uint256 root) = _roots[cohort].latestCheckpoint();
        if (!exists || root != 0) revert NothingToCommit(cohort);
        bool holds = c != 0 && router.verify(route, Kinds.MEMBERS_TAG, size, c, membershipWords(cohort), proof);
        if (!holds) revert MembershipRejected(cohort, c);
        _roots[cohort].push(fromEpoch, c);
        emit MembershipCommitted(cohort, SafeCast.toUint64(fromEpoch), c);
    }

    /// @notice The words that a cohort's next membership root is the hash of (§ 5.3).
    function membershipWords(uint32 cohort) public view returns (uint256[] memory words) {
        Cohort storage group = _cohortAt(cohort);
        words = new uint256[](4 + 5 * uint256(group.size));
        words[0] = block.chainid;
        words[1] = uint160(address(this));
        words[2] = cohort;
        words[3] = group.region;
        uint32 count = group.count;
        for (uint32 i = 0; i < count; ++i) {
            Place storage place = _places[cohort][i];
            if (place.suspended) continue;
            uint256 first = 4 + 5 * uint256(i);
            words[first] = place.keyX;
            words[first + 1] = place.keyY;
            words[first + 2] = place.device;
            words[first + 3] = uint160(place.operator);
            words[first + 4] = place.attribute;
        }
    }

    /// @notice The membership root that holds in an epoch; 0 when none is committed.
    function rootAt(uint32 cohort, uint64 epoch) external view returns (uint256) {
        return _roots[cohort].upperLookupRecent(epoch);
    }

    /// @notice A cohort; its size is 0 when there is none.
    function cohortOf(uint32 cohort) external view returns (Cohort memory) {
        return _cohorts[cohort];
    }

    /// @notice The device at a place of a cohort; all zero when the place is empty.
    function memberOf(uint32 cohort, uint32 index) external view returns (Member memory) {
        Place storage place = _places[cohort][index];
        return Member(place.device, place.operator, place.attribute, place.keyX, place.keyY, place.suspended);
    }

    /// @notice An attestor; its operator is zero when there is none.
    function attestorOf(uint32 attestor) external view returns (Attestor memory) {
        return _attestors[attestor];
    }

    function _takeKey(address operator, KeyProof calldata key) internal {
        if (operator == address(0)) revert ZeroOperator();
        BabyJubJub.check(key);
        bytes32 hash = keccak256(abi.encode(key.key));
        if (_keyUsed[hash]) revert KeyUsed(key.key[0], key.key[1]);
        _keyUsed[hash] = true;
    }

    /// @dev The attribute as it stands in the membership's words.
    function _checkAttribute(uint8 kind, uint64 attribute) internal pure returns (uint48) {
        uint64 min = kind == Kinds.ENERGY ? 1 : 0;
        uint64 max = kind == Kinds.ENERGY || kind == Kinds.COVERAGE ? type(uint32).max : 0;
        if (attribute < min || attribute > max) revert WrongAttribute(kind, min, max, attribute);
        return uint48(kind == Kinds.ENERGY ? attribute | (1 << 32) : attribute);
    }

    function _requireOtherThanAttestor(Cohort storage group, address operator) internal view {
        if (operator == _attestors[group.attestor].operator) revert OperatorIsAttestor(operator);
    }

    /// @dev Of two changes in two epochs the later one makes it impossible to commit the membership between them, so
    /// its epoch could not be settled. The owner is trusted with that; whoever else changes something commits first.
    function _requireCommitted(uint32 cohort) internal view {
        (bool exists, uint256 fromEpoch, uint256 root) = _roots[cohort].latestCheckpoint();
        if (exists && root == 0 && fromEpoch < nextEpoch()) revert MembershipNotCommitted(cohort);
    }

    function _voidRoot(uint32 cohort) internal {
        _roots[cohort].push(nextEpoch(), 0);
    }

    function _cohortAt(uint32 cohort) internal view returns (Cohort storage group) {
        group = _cohorts[cohort];
        if (group.size == 0) revert UnknownCohort(cohort);
    }
}
