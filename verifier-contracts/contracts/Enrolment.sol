// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {P256, P256Key, P256Signature} from "./P256.sol";

/// @notice What an issuer certifies of a device's secure element.
/// @param hardware the secure element's key
/// @param kind what the device is built for; 0 for a witness
/// @param nameplate energy: watts; else 0
/// @param region coverage: H3 index of resolution 1; else 0
/// @param position coverage: where it stands in its region (`docs/specification.md` § 5.3); else 0
struct Certificate {
    P256Key hardware;
    uint8 kind;
    uint32 nameplate;
    uint64 region;
    uint32 position;
}

/// @notice The two signatures of an enrolment.
/// @param issuer number of the issuer that certified the device
/// @param byIssuer over `certificateDigest`
/// @param byHardware over `enrolmentDigest`
struct Attestation {
    uint32 issuer;
    P256Signature byIssuer;
    P256Signature byHardware;
}

/// @title Enrolment by two signatures on P-256: an issuer's and the device's secure element's; later keys by the latter
/// @notice Digests are SHA-256 over fixed bytes, because that is what secure elements and signing modules compute.
abstract contract Enrolment {
    bytes32 internal constant CERTIFICATE_TAG = "ergon/1/certificate";
    bytes32 internal constant ENROLMENT_TAG = "ergon/1/enrolment";
    bytes32 internal constant ROTATION_TAG = "ergon/1/rotation";

    /// @dev One slot an owner, so that counting devices costs an enrolment little.
    struct Owner {
        uint128 nonce;
        uint128 devices;
    }

    /// @notice Number of issuers; they are numbered from 1.
    uint32 public issuerCount;

    mapping(address owner => Owner) internal _deviceOwners;

    mapping(uint32 issuer => P256Key) private _issuers;
    /// @dev Zero for a secure element that is not enrolled.
    mapping(bytes32 hardwareHash => uint64 device) private _deviceWith;

    event IssuerAdded(uint32 indexed issuer, uint256 keyX, uint256 keyY);
    event IssuerRevoked(uint32 indexed issuer);
    event DeviceAttested(uint32 indexed issuer, uint256 hardwareX, uint256 hardwareY, address indexed owner);
    event EnrolmentsRevoked(address indexed owner, uint256 nonce);

    /// @notice An issuer was expected that was added and not revoked.
    error UnknownIssuer(uint32 issuer);
    /// @notice A secure element that is not enrolled yet was expected.
    error HardwareUsed(uint256 hardwareX, uint256 hardwareY);
    /// @notice The secure element that the device was enrolled with was expected.
    error WrongHardware(uint64 device, uint256 hardwareX, uint256 hardwareY);
    /// @notice Coordinates other than zero were expected.
    error ZeroIssuer();

    /// @notice The nonce that a device of the owner must sign next. Each enrolment and each rotation uses one up.
    function enrolmentNonce(address owner) external view returns (uint256) {
        return _deviceOwners[owner].nonce;
    }

    /// @notice An issuer's key; all zero when it was never added or is revoked.
    function issuerOf(uint32 issuer) external view returns (P256Key memory) {
        return _issuers[issuer];
    }

    /// @notice Whether a secure element's key is enrolled.
    function isHardwareUsed(P256Key calldata hardware) external view returns (bool) {
        return _deviceWith[_hash(hardware)] != 0;
    }

    /// @notice Makes signatures over the caller's present nonce void, of enrolments and of rotations, as after a device was
    /// stolen before its enrolment.
    function revokeEnrolments() external {
        emit EnrolmentsRevoked(msg.sender, _deviceOwners[msg.sender].nonce++);
    }

    /// @notice What an issuer signs: SHA-256 over 113 bytes, integers big-endian.
    /// | bytes | content |
    /// |---|---|
    /// | 0 … 31 | "ergon/1/certificate", filled with zeros |
    /// | 32 … 63, 64 … 95 | x and y of the secure element's key |
    /// | 96 | kind |
    /// | 97 … 100 | nameplate |
    /// | 101 … 108 | region |
    /// | 109 … 112 | position |
    function certificateDigest(Certificate calldata certificate) public pure returns (bytes32) {
        return sha256(
            abi.encodePacked(
                CERTIFICATE_TAG,
                certificate.hardware.x,
                certificate.hardware.y,
                certificate.kind,
                certificate.nameplate,
                certificate.region,
                certificate.position
            )
        );
    }

    /// @notice What the secure element signs: SHA-256 over 200 bytes, integers big-endian.
    /// | bytes | content |
    /// |---|---|
    /// | 0 … 31 | "ergon/1/enrolment", filled with zeros |
    /// | 32 … 63 | chain id |
    /// | 64 … 83 | address of this registry |
    /// | 84 … 103 | address of the owner, who sends the enrolment |
    /// | 104 … 135, 136 … 167 | x and y of the BabyJubJub key that signs records |
    /// | 168 … 199 | nonce: `enrolmentNonce(owner)` |
    function enrolmentDigest(address owner, uint256 keyX, uint256 keyY, uint256 nonce) public view returns (bytes32) {
        return _digest(ENROLMENT_TAG, owner, keyX, keyY, nonce);
    }

    /// @notice What the secure element signs for another key of records: the same 200 bytes under "ergon/1/rotation".
    /// @param owner the device's operator, who sends the rotation
    function rotationDigest(address owner, uint256 keyX, uint256 keyY, uint256 nonce) public view returns (bytes32) {
        return _digest(ROTATION_TAG, owner, keyX, keyY, nonce);
    }

    function _addIssuer(P256Key calldata key) internal returns (uint32 issuer) {
        if (key.x == 0 || key.y == 0) revert ZeroIssuer();
        issuer = ++issuerCount;
        _issuers[issuer] = key;
        emit IssuerAdded(issuer, key.x, key.y);
    }

    function _revokeIssuer(uint32 issuer) internal {
        if (_issuers[issuer].x == 0) revert UnknownIssuer(issuer);
        delete _issuers[issuer];
        emit IssuerRevoked(issuer);
    }

    /// @dev Checks both signatures and takes the secure element's key, for a device, and the owner's nonce.
    function _attest(
        uint64 device,
        Certificate calldata certificate,
        Attestation calldata attestation,
        address owner,
        uint256[2] calldata key
    ) internal {
        P256Key storage issuer = _issuers[attestation.issuer];
        if (issuer.x == 0) revert UnknownIssuer(attestation.issuer);
        P256Key calldata hardware = certificate.hardware;
        bytes32 hash = _hash(hardware);
        if (_deviceWith[hash] != 0) revert HardwareUsed(hardware.x, hardware.y);
        _deviceWith[hash] = device;
        P256.check(certificateDigest(certificate), attestation.byIssuer, issuer.x, issuer.y);
        bytes32 digest = enrolmentDigest(owner, key[0], key[1], _deviceOwners[owner].nonce++);
        P256.check(digest, attestation.byHardware, hardware.x, hardware.y);
        emit DeviceAttested(attestation.issuer, hardware.x, hardware.y, owner);
    }

    /// @dev Checks that the device's own secure element signed for the key, and takes the owner's nonce.
    function _checkRotation(
        uint64 device,
        P256Key calldata hardware,
        P256Signature calldata signature,
        address owner,
        uint256[2] calldata key
    ) internal {
        if (_deviceWith[_hash(hardware)] != device) revert WrongHardware(device, hardware.x, hardware.y);
        bytes32 digest = rotationDigest(owner, key[0], key[1], _deviceOwners[owner].nonce++);
        P256.check(digest, signature, hardware.x, hardware.y);
    }

    function _digest(bytes32 tag, address owner, uint256 keyX, uint256 keyY, uint256 nonce)
        private
        view
        returns (bytes32)
    {
        return sha256(abi.encodePacked(tag, block.chainid, address(this), owner, keyX, keyY, nonce));
    }

    function _hash(P256Key calldata key) private pure returns (bytes32) {
        return keccak256(abi.encode(key.x, key.y));
    }
}
