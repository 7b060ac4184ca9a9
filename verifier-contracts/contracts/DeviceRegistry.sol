// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {BabyJubJub, KeyProof} from "./BabyJubJub.sol";
import {Attestation, Certificate, Enrolment} from "./Enrolment.sol";
import {EpochClock} from "./EpochClock.sol";
import {H3Region} from "./H3Region.sol";
import {Kinds} from "./Kinds.sol";
import {P256Key} from "./P256.sol";
import {Attestor, Cohort, Member} from "./RegistryTypes.sol";
import {VerifierRouter} from "./VerifierRouter.sol";

/// @title Attestors, cohorts, devices, and the memberships that proofs refer to
/// @notice `docs/specification.md` § 7.1. Changes take effect with the next epoch: they void the membership root from
/// then on, until someone proves the root of the changed words (§ 5.3, § 6.5). Each device is a token (ERC-721) by its
/// number, whose owner is the device's operator.
/// @dev ERC721's own record of owners and balances is not used: the operator in a device's place is the only one.
contract DeviceRegistry is ERC721, Ownable2Step, EpochClock, Enrolment {
    using Checkpoints for Checkpoints.Trace160;
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

    /// @dev Where a device is.
    struct Position {
        uint32 cohort;
        uint32 index;
    }

    /// @notice The most members a cohort can have: a batch's word `included` has a bit for each, and a witness's record
    /// 8 bits for a member, of which 255 is padding.
    uint32 public constant MAX_SIZE = 128;
    /// @notice The places of a witness cohort: coverage's circuits are laid out for them.
    uint32 public constant WITNESSES = 4;

    /// @notice Epochs between two handovers of a device. Each voids the cohort's membership, so a device cannot be passed
    /// back and forth every epoch.
    uint64 public constant HANDOVER_EPOCHS = 7;

    /// @notice Checks the proofs of memberships.
    VerifierRouter public immutable router;
    /// @notice Number of attestors; they are numbered from 1.
    uint32 public attestorCount;
    /// @notice Number of cohorts; they are numbered from 1.
    uint32 public cohortCount;
    /// @notice Number of devices; they are numbered from 1.
    uint40 public deviceCount;

    /// @notice Whether owners of certified devices may enrol in a cohort.
    mapping(uint32 cohort => bool) public isOpen;

    mapping(uint32 attestor => Attestor) private _attestors;
    mapping(uint32 cohort => Cohort) private _cohorts;
    mapping(uint32 cohort => mapping(uint32 index => Place)) private _places;
    mapping(uint64 device => Position) private _positions;
    mapping(uint64 device => address to) private _offers;
    /// @dev First epoch of the next operator → the operator before. The present one is in its place alone, so a device
    /// that never changed hands has nothing here.
    mapping(uint64 device => Checkpoints.Trace160) private _formerOperators;
    mapping(bytes32 keyHash => bool) private _keyUsed;
    /// @dev First epoch → root; a root of 0 stands for a change that nobody has proven the words of.
    mapping(uint32 cohort => Checkpoints.Trace256) private _roots;

    event AttestorRegistered(uint32 indexed attestor, address indexed operator, uint256 keyX, uint256 keyY);
    event CohortCreated(
        uint32 indexed cohort, uint8 kind, uint32 size, uint64 region, uint32 witnessCohort, uint32 attestor
    );
    event CohortOpened(uint32 indexed cohort, bool open);
    event DeviceEnrolled(
        uint64 indexed device,
        uint32 indexed cohort,
        uint32 index,
        address operator,
        uint256 keyX,
        uint256 keyY,
        uint64 attribute
    );
    event DeviceSuspended(uint64 indexed device);
    event DeviceResumed(uint64 indexed device);
    event MeterReplaced(uint64 indexed device, uint64 attribute);
    event DeviceOffered(uint64 indexed device, address indexed to);
    event DeviceTransferred(uint64 indexed device, address indexed from, address indexed to, uint64 fromEpoch);
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
    /// @notice The number of a device was expected.
    error UnknownDevice(uint64 device);
    /// @notice A cohort of witnesses (kind 0) was expected.
    error NotWitnessCohort(uint32 cohort);
    /// @notice 0 was expected: the kind has no such field.
    error NotForThisKind(uint8 kind, uint256 value);
    /// @notice A cohort with an empty place was expected.
    error CohortFull(uint32 cohort, uint32 size);
    /// @notice An operator other than the attestor's was expected.
    error OperatorIsAttestor(address operator);
    /// @notice An attribute from `min` to `max` was expected for the kind.
    error WrongAttribute(uint8 kind, uint64 min, uint64 max, uint64 actual);
    /// @notice A cohort that was opened for certified devices was expected.
    error CohortClosed(uint32 cohort);
    /// @notice A certificate for the cohort's kind and region was expected.
    error WrongCertificate(uint8 kind, uint64 region, uint8 actualKind, uint64 actualRegion);
    /// @notice A device that is (or is not) suspended was expected.
    error WrongSuspension(uint64 device, bool suspended);
    /// @notice A call by the device's operator was expected.
    error NotOperator(address expected, address actual);
    /// @notice A device that was offered to the caller was expected.
    error NotOffered(uint64 device, address actual);
    /// @notice A handover was expected that takes effect with `fromEpoch` or later.
    error HandedOverLately(uint64 device, uint64 fromEpoch);
    /// @notice A cohort was expected whose changes of earlier epochs are committed.
    error MembershipNotCommitted(uint32 cohort);
    /// @notice A cohort with a change since its last committed membership was expected.
    error NothingToCommit(uint32 cohort);
    /// @notice A proof that `c` is the hash of `membershipWords(cohort)` was expected.
    error MembershipRejected(uint32 cohort, uint256 c);

    constructor(address owner, VerifierRouter router_, uint64 genesis_, uint64 epochLength_)
        ERC721("Ergon Device", "ERGD")
        Ownable(owner)
        EpochClock(genesis_, epochLength_)
    {
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

    /// @notice Adds an issuer, whose devices anyone may enrol.
    function addIssuer(P256Key calldata key) external onlyOwner returns (uint32 issuer) {
        return _addIssuer(key);
    }

    /// @notice Revokes an issuer: no more devices are enrolled on its word. Those that are enrolled stay; suspend them.
    function revokeIssuer(uint32 issuer) external onlyOwner {
        _revokeIssuer(issuer);
    }

    /// @notice Opens a cohort for certified devices, or closes it. Whoever enrols chooses a cohort and with it the attestor,
    /// so cohorts are closed until the owner says who may meet there.
    function setOpen(uint32 cohort, bool open) external onlyOwner {
        _cohortAt(cohort);
        isOpen[cohort] = open;
        emit CohortOpened(cohort, open);
    }

    /// @notice Puts a device into the next empty place of a cohort, on the owner's word alone: for trial networks and
    /// devices without a secure element. Places are never used again.
    /// @param attribute energy: nameplate in watts; coverage: the position in its region (§ 5.3); else 0
    function enrol(uint32 cohort, address operator, KeyProof calldata key, uint64 attribute)
        external
        onlyOwner
        returns (uint64 device, uint32 index)
    {
        return _enrol(cohort, operator, key, attribute);
    }

    /// @notice Puts the caller's device into the next empty place of an open cohort, on the word of an issuer and of the
    /// device's secure element. Reverts unless the certificate is for the cohort's kind and region, both signatures
    /// hold, and neither of the device's keys was used before.
    /// @param certificate what the issuer certifies
    /// @param attestation the issuer's signature and the secure element's, over the caller and its nonce
    /// @param key the key that signs records
    function enrolAttested(
        uint32 cohort,
        Certificate calldata certificate,
        Attestation calldata attestation,
        KeyProof calldata key
    ) external returns (uint64 device, uint32 index) {
        if (!isOpen[cohort]) revert CohortClosed(cohort);
        Cohort storage group = _cohortAt(cohort);
        if (certificate.kind != group.kind || certificate.region != group.region) {
            revert WrongCertificate(group.kind, group.region, certificate.kind, certificate.region);
        }
        _attest(certificate, attestation, msg.sender, key.key);
        // Of a certificate's two numbers a kind has one; the other must be 0, or the issuer meant another kind.
        (uint32 attribute, uint32 other) = group.kind == Kinds.ENERGY
            ? (certificate.nameplate, certificate.position)
            : (certificate.position, certificate.nameplate);
        if (other != 0) revert NotForThisKind(group.kind, other);
        _requireCommitted(cohort);
        return _enrol(cohort, msg.sender, key, attribute);
    }

    /// @notice Offers a device to another operator, who can accept it at once; replaces an offer made before. Offering it
    /// to the zero address withdraws the offer.
    function offerDevice(uint64 device, address to) external {
        Position memory position = _positionOf(device);
        address operator = _places[position.cohort][position.index].operator;
        if (msg.sender != operator) revert NotOperator(operator, msg.sender);
        _offers[device] = to;
        emit DeviceOffered(device, to);
    }

    /// @notice Makes the caller the operator of a device that was offered to it, from the next epoch on: what the device
    /// earned in epochs that have begun stays its former operator's, whenever it is claimed.
    function acceptDevice(uint64 device) external {
        if (_offers[device] != msg.sender) revert NotOffered(device, msg.sender);
        _update(msg.sender, device, address(0));
    }

    /// @notice Leaves a device out of its cohort's membership from the next epoch on.
    function suspend(uint64 device) external onlyOwner {
        _setSuspended(device, true);
        emit DeviceSuspended(device);
    }

    /// @notice Takes a suspended device back from the next epoch on.
    function resume(uint64 device) external onlyOwner {
        _setSuspended(device, false);
        emit DeviceResumed(device);
    }

    /// @notice Certifies a new meter: a new generation, whose counter starts anew (§ 6.3).
    /// @param nameplate in watts
    function replaceMeter(uint64 device, uint32 nameplate) external onlyOwner {
        Position memory position = _positionOf(device);
        uint8 kind = _cohorts[position.cohort].kind;
        if (kind != Kinds.ENERGY) revert NotForThisKind(kind, nameplate);
        _checkAttribute(kind, nameplate);
        Place storage place = _places[position.cohort][position.index];
        uint16 generation = uint16(place.attribute >> 32) + 1;
        place.attribute = (uint48(generation) << 32) | nameplate;
        _voidRoot(position.cohort);
        emit MeterReplaced(device, place.attribute);
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

    /// @notice Whose work the device at a place did in an epoch: the operator that the epoch's membership names. It never
    /// changes for an epoch that has begun. Zero when the place is empty.
    function operatorAt(uint32 cohort, uint32 index, uint64 epoch) external view returns (address) {
        Place storage place = _places[cohort][index];
        // The first handover that takes effect after the epoch says who was the operator until then.
        uint160 former = _formerOperators[place.device].lowerLookup(uint96(epoch) + 1);
        return former == 0 ? place.operator : address(former);
    }

    /// @notice Number of devices that somebody operates.
    function balanceOf(address owner) public view override returns (uint256) {
        if (owner == address(0)) revert ERC721InvalidOwner(owner);
        return _deviceOwners[owner].devices;
    }

    /// @notice Where a device is.
    function positionOf(uint64 device) external view returns (uint32 cohort, uint32 index) {
        Position memory position = _positionOf(device);
        return (position.cohort, position.index);
    }

    /// @notice An attestor; its operator is zero when there is none.
    function attestorOf(uint32 attestor) external view returns (Attestor memory) {
        return _attestors[attestor];
    }

    function _enrol(uint32 cohort, address operator, KeyProof calldata key, uint64 attribute)
        private
        returns (uint64 device, uint32 index)
    {
        Cohort storage group = _cohortAt(cohort);
        index = group.count;
        if (index == group.size) revert CohortFull(cohort, group.size);
        _takeKey(operator, key);
        _requireOtherThanAttestor(group, operator);
        uint48 stored = _checkAttribute(group.kind, attribute);
        group.count = index + 1;
        uint40 number = ++deviceCount;
        device = number;
        _places[cohort][index] = Place(operator, number, stored, false, key.key[0], key.key[1]);
        _positions[device] = Position(cohort, index);
        ++_deviceOwners[operator].devices;
        _voidRoot(cohort);
        emit Transfer(address(0), operator, device);
        emit DeviceEnrolled(device, cohort, index, operator, key.key[0], key.key[1], stored);
    }

    function _takeKey(address operator, KeyProof calldata key) private {
        if (operator == address(0)) revert ZeroOperator();
        BabyJubJub.check(key);
        bytes32 hash = keccak256(abi.encode(key.key));
        if (_keyUsed[hash]) revert KeyUsed(key.key[0], key.key[1]);
        _keyUsed[hash] = true;
    }

    /// @dev The attribute as it stands in the membership's words.
    function _checkAttribute(uint8 kind, uint64 attribute) private pure returns (uint48) {
        uint64 min = kind == Kinds.ENERGY ? 1 : 0;
        uint64 max = kind == Kinds.ENERGY || kind == Kinds.COVERAGE ? type(uint32).max : 0;
        if (attribute < min || attribute > max) revert WrongAttribute(kind, min, max, attribute);
        return uint48(kind == Kinds.ENERGY ? attribute | (1 << 32) : attribute);
    }

    function _setSuspended(uint64 device, bool suspended) private {
        Position memory position = _positionOf(device);
        Place storage place = _places[position.cohort][position.index];
        if (place.suspended == suspended) revert WrongSuspension(device, suspended);
        place.suspended = suspended;
        _voidRoot(position.cohort);
    }

    /// @dev Zero for what is no device: there is no cohort 0.
    function _ownerOf(uint256 tokenId) internal view override returns (address) {
        if (tokenId > type(uint64).max) return address(0);
        Position memory position = _positions[uint64(tokenId)];
        return _places[position.cohort][position.index].operator;
    }

    /// @dev The one way to another operator, of tokens' transfers as of accepted offers. A suspended device stays with
    /// its operator; what was approved or offered ends.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = _ownerOf(tokenId);
        if (auth != address(0)) _checkAuthorized(from, auth, tokenId);
        uint64 device = uint64(tokenId);
        Position memory position = _positionOf(device);
        Place storage place = _places[position.cohort][position.index];
        if (place.suspended) revert WrongSuspension(device, true);
        _requireOtherThanAttestor(_cohorts[position.cohort], to);
        _requireCommitted(position.cohort);
        delete _offers[device];
        _approve(address(0), tokenId, address(0), false);
        uint64 fromEpoch = _recordHandover(device, from);
        place.operator = to;
        --_deviceOwners[from].devices;
        ++_deviceOwners[to].devices;
        _voidRoot(position.cohort);
        emit Transfer(from, to, tokenId);
        emit DeviceTransferred(device, from, to, fromEpoch);
    }

    function _recordHandover(uint64 device, address former) private returns (uint64 fromEpoch) {
        fromEpoch = nextEpoch();
        Checkpoints.Trace160 storage formers = _formerOperators[device];
        // A second handover with effect from the same epoch would overwrite who was the operator until then.
        (bool exists, uint96 lately,) = formers.latestCheckpoint();
        if (exists && fromEpoch < lately + HANDOVER_EPOCHS) {
            revert HandedOverLately(device, uint64(lately) + HANDOVER_EPOCHS);
        }
        formers.push(fromEpoch, uint160(former));
    }

    function _requireOtherThanAttestor(Cohort storage group, address operator) private view {
        if (operator == _attestors[group.attestor].operator) revert OperatorIsAttestor(operator);
    }

    /// @dev Of two changes in two epochs the later one makes it impossible to commit the membership between them, so
    /// its epoch could not be settled. The owner is trusted with that; whoever else changes something commits first.
    function _requireCommitted(uint32 cohort) private view {
        (bool exists, uint256 fromEpoch, uint256 root) = _roots[cohort].latestCheckpoint();
        if (exists && root == 0 && fromEpoch < nextEpoch()) revert MembershipNotCommitted(cohort);
    }

    function _voidRoot(uint32 cohort) private {
        _roots[cohort].push(nextEpoch(), 0);
    }

    function _cohortAt(uint32 cohort) private view returns (Cohort storage group) {
        group = _cohorts[cohort];
        if (group.size == 0) revert UnknownCohort(cohort);
    }

    function _positionOf(uint64 device) private view returns (Position memory position) {
        position = _positions[device];
        if (position.cohort == 0) revert UnknownDevice(device);
    }
}
