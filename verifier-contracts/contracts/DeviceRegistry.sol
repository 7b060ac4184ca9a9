// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {KeyProof} from "./BabyJubJub.sol";
import {Attestation, Certificate, Enrolment} from "./Enrolment.sol";
import {EpochClock} from "./EpochClock.sol";
import {Kinds} from "./Kinds.sol";
import {Memberships} from "./Memberships.sol";
import {Multicall} from "./Multicall.sol";
import {P256Key, P256Signature} from "./P256.sol";
import {Cohort, ISuspensions} from "./RegistryTypes.sol";
import {VerifierRouter} from "./VerifierRouter.sol";

/// @title Devices in the places of cohorts: their enrolment, operators, keys and suspension
/// @notice `docs/specification.md` § 7.1. Changes take effect with the next epoch. Each device is a token (ERC-721) by its
/// number, whose owner is the device's operator.
/// @dev ERC721's own record of owners and balances is not used: the operator in a device's place is the only one.
contract DeviceRegistry is ERC721, Memberships, Enrolment, Multicall {
    using Checkpoints for Checkpoints.Trace160;

    /// @dev Where a device is, and whether a secure element speaks for it.
    struct Position {
        uint32 cohort;
        uint32 index;
        bool attested;
    }

    /// @notice Epochs between two handovers of a device. Each voids the cohort's membership, so a device cannot be passed
    /// back and forth every epoch.
    uint64 public constant HANDOVER_EPOCHS = 7;
    /// @notice Epochs between two rotations of a device's key by the same operator, for the same reason.
    uint64 public constant ROTATION_EPOCHS = 7;

    /// @notice Number of devices; they are numbered from 1.
    uint40 public deviceCount;
    /// @notice On whose word devices are suspended and resumed; zero while the owner does both.
    ISuspensions public staking;

    /// @notice Whether owners of certified devices may enrol in a cohort.
    mapping(uint32 cohort => bool) public isOpen;

    mapping(uint64 device => Position) private _positions;
    mapping(uint64 device => address to) private _offers;
    /// @dev First epoch of the next operator → the operator before. The present one is in its place alone, so a device
    /// that never changed hands has nothing here.
    mapping(uint64 device => Checkpoints.Trace160) private _formerOperators;
    /// @dev First epoch of the next key → number of the key before, from 1. The present one is in the device's place.
    mapping(uint64 device => Checkpoints.Trace160) private _keyChanges;
    mapping(uint64 device => mapping(uint160 number => uint256[2])) private _formerKeys;
    /// @dev Who operated it when its key was rotated last.
    mapping(uint64 device => address) private _rotatedBy;
    mapping(uint64 device => bytes32 operatorAndKeyHash) private _keyRequests;

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
    event StakingSet(address staking);
    event KeyRequested(uint64 indexed device, uint256 keyX, uint256 keyY);
    event KeyRotated(uint64 indexed device, uint256 keyX, uint256 keyY, uint64 fromEpoch);
    event MeterReplaced(uint64 indexed device, uint64 attribute);
    event DeviceOffered(uint64 indexed device, address indexed to);
    event DeviceTransferred(uint64 indexed device, address indexed from, address indexed to, uint64 fromEpoch);

    /// @notice The number of a device was expected.
    error UnknownDevice(uint64 device);
    /// @notice A cohort with an empty place was expected.
    error CohortFull(uint32 cohort, uint32 size);
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
    /// @notice A rotation was expected that takes effect with `fromEpoch` or later.
    error KeyRotatedLately(uint64 device, uint64 fromEpoch);
    /// @notice A key was expected that the device's operator asked for.
    error KeyNotRequested(uint64 device, uint256 keyX, uint256 keyY);
    /// @notice A device without a secure element was expected: the owner's word does not replace that one's.
    error DeviceIsAttested(uint64 device);
    /// @notice A device was expected that `staking` keeps out, or to resume one that it does not.
    error WithoutCause(uint64 device, bool keptOut);
    /// @notice It was expected that `staking` is not set: it is set once.
    error StakingAlreadySet(address staking);
    /// @notice A contract that speaks of this registry's devices was expected.
    error ForeignStaking(address staking);

    constructor(address owner, VerifierRouter router_, uint64 genesis_, uint64 epochLength_)
        ERC721("Ergon Device", "ERGD")
        Ownable(owner)
        EpochClock(genesis_, epochLength_)
        Memberships(router_)
    {}

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
        return _enrol(cohort, operator, key, attribute, false);
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
        _attest(deviceCount + 1, certificate, attestation, msg.sender, key.key);
        // Of a certificate's two numbers a kind has one; the other must be 0, or the issuer meant another kind.
        (uint32 attribute, uint32 other) = group.kind == Kinds.ENERGY
            ? (certificate.nameplate, certificate.position)
            : (certificate.position, certificate.nameplate);
        if (other != 0) revert NotForThisKind(group.kind, other);
        _requireCommitted(cohort);
        return _enrol(cohort, msg.sender, key, attribute, true);
    }

    /// @notice Offers a device to another operator, who can accept it at once; replaces an offer made before. Offering it
    /// to the zero address withdraws the offer.
    function offerDevice(uint64 device, address to) external {
        _requireOperator(device);
        _offers[device] = to;
        emit DeviceOffered(device, to);
    }

    /// @notice Makes the caller the operator of a device that was offered to it, from the next epoch on: what the device
    /// earned in epochs that have begun stays its former operator's, whenever it is claimed.
    function acceptDevice(uint64 device) external {
        if (_offers[device] != msg.sender) revert NotOffered(device, msg.sender);
        _update(msg.sender, device, address(0));
    }

    /// @notice Asks for another key that signs the records of the caller's device. A device without a secure element needs
    /// its operator's word and the owner's: with the owner's alone, the owner could sign contradictions for its bond.
    function requestKey(uint64 device, uint256 keyX, uint256 keyY) external {
        _requireOperator(device);
        _keyRequests[device] = keccak256(abi.encode(msg.sender, keyX, keyY));
        emit KeyRequested(device, keyX, keyY);
    }

    /// @notice Replaces the key of a device without a secure element by the one that its operator asked for, from the next
    /// epoch on.
    function rotateKey(uint64 device, KeyProof calldata key) external onlyOwner {
        if (_positionOf(device).attested) revert DeviceIsAttested(device);
        // A request ends with the operator who made it.
        bytes32 request = keccak256(abi.encode(_ownerOf(device), key.key[0], key.key[1]));
        if (_keyRequests[device] != request) revert KeyNotRequested(device, key.key[0], key.key[1]);
        delete _keyRequests[device];
        _rotate(device, key);
    }

    /// @notice Replaces the key of the caller's device, from the next epoch on, on the word of its secure element.
    /// @param hardware the secure element's key, which the device was enrolled with
    /// @param signature the secure element's, over `rotationDigest` of the caller and its nonce
    function rotateKeyAttested(
        uint64 device,
        KeyProof calldata key,
        P256Key calldata hardware,
        P256Signature calldata signature
    ) external {
        _requireOperator(device);
        _checkRotation(device, hardware, signature, msg.sender, key.key);
        _rotate(device, key);
    }

    /// @notice Says on whose word devices are suspended and resumed from now on, once and for good; the owner's ends.
    function setStaking(ISuspensions newStaking) external onlyOwner {
        if (address(staking) != address(0)) revert StakingAlreadySet(address(staking));
        // Of another registry, or none at all, it could not be replaced and nobody could suspend or resume rightly.
        if (address(newStaking.registry()) != address(this)) revert ForeignStaking(address(newStaking));
        staking = newStaking;
        emit StakingSet(address(newStaking));
    }

    /// @notice Leaves a device out of its cohort's membership from the next epoch on. Epochs that have begun stay its own.
    /// The owner may while no `staking` is set, then anyone for a device that it keeps out.
    function suspend(uint64 device) external {
        _setSuspended(device, true);
        emit DeviceSuspended(device);
    }

    /// @notice Takes a suspended device back from the next epoch on. The owner may while no `staking` is set, then anyone
    /// for a device that it no longer keeps out.
    function resume(uint64 device) external {
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

    /// @notice Whose work the device at a place did in an epoch: the operator that the epoch's membership names. It never
    /// changes for an epoch that has begun. Zero when the place is empty.
    function operatorAt(uint32 cohort, uint32 index, uint64 epoch) external view returns (address) {
        Place storage place = _places[cohort][index];
        // The first handover that takes effect after the epoch says who was the operator until then.
        uint160 former = _formerOperators[place.device].lowerLookup(uint96(epoch) + 1);
        return former == 0 ? place.operator : address(former);
    }

    /// @notice The key that signs a device's records of an epoch: the one that the epoch's membership names. It never
    /// changes for an epoch that has begun, so what was signed stays evidence.
    function keyAt(uint64 device, uint64 epoch) external view returns (uint256 keyX, uint256 keyY) {
        Position memory position = _positionOf(device);
        uint160 former = _keyChanges[device].lowerLookup(uint96(epoch) + 1);
        if (former != 0) return (_formerKeys[device][former][0], _formerKeys[device][former][1]);
        Place storage place = _places[position.cohort][position.index];
        return (place.keyX, place.keyY);
    }

    /// @notice Whether a device was enrolled with a secure element.
    function isAttested(uint64 device) external view returns (bool) {
        return _positionOf(device).attested;
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

    function _enrol(uint32 cohort, address operator, KeyProof calldata key, uint64 attribute, bool attested)
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
        _positions[device] = Position(cohort, index, attested);
        ++_deviceOwners[operator].devices;
        _voidRoot(cohort);
        emit Transfer(address(0), operator, device);
        emit DeviceEnrolled(device, cohort, index, operator, key.key[0], key.key[1], stored);
    }

    function _setSuspended(uint64 device, bool suspended) private {
        Position memory position = _positionOf(device);
        if (address(staking) == address(0)) {
            _checkOwner();
        } else {
            if (staking.isKeptOut(device) != suspended) revert WithoutCause(device, !suspended);
            _requireCommitted(position.cohort);
        }
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

    function _rotate(uint64 device, KeyProof calldata key) private {
        Position memory position = _positionOf(device);
        Place storage place = _places[position.cohort][position.index];
        _requireCommitted(position.cohort);
        _takeKey(place.operator, key);
        uint64 fromEpoch = _recordRotation(device, place);
        (place.keyX, place.keyY) = (key.key[0], key.key[1]);
        _voidRoot(position.cohort);
        emit KeyRotated(device, key.key[0], key.key[1], fromEpoch);
    }

    function _recordRotation(uint64 device, Place storage place) private returns (uint64 fromEpoch) {
        fromEpoch = nextEpoch();
        Checkpoints.Trace160 storage changes = _keyChanges[device];
        (bool exists, uint96 lately,) = changes.latestCheckpoint();
        // The pause is the operator's: else a seller's last rotation would keep the buyer from a key of its own.
        bool paused = _rotatedBy[device] == place.operator;
        _rotatedBy[device] = place.operator;
        if (exists) {
            if (paused && fromEpoch < lately + ROTATION_EPOCHS) {
                revert KeyRotatedLately(device, uint64(lately) + ROTATION_EPOCHS);
            }
            // Of two rotations with effect from one epoch the first one's key was no membership's: the key before both
            // stays the one until then.
            if (lately == fromEpoch) return fromEpoch;
        }
        uint160 number = uint160(changes.length() + 1);
        changes.push(fromEpoch, number);
        _formerKeys[device][number] = [place.keyX, place.keyY];
    }

    function _requireOperator(uint64 device) private view {
        Position memory position = _positionOf(device);
        address operator = _places[position.cohort][position.index].operator;
        if (msg.sender != operator) revert NotOperator(operator, msg.sender);
    }

    function _positionOf(uint64 device) private view returns (Position memory position) {
        position = _positions[device];
        if (position.cohort == 0) revert UnknownDevice(device);
    }
}
