// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title What is paid for, and the tags of the hashes that name it
/// @notice `docs/specification.md` § 1 and § 2.2.
library Kinds {
    /// @notice Cohorts of witnesses: they attest coverage and are paid nothing.
    uint8 internal constant WITNESS = 0;
    uint8 internal constant UPTIME = 1;
    uint8 internal constant COVERAGE = 2;
    uint8 internal constant ENERGY = 3;

    bytes32 internal constant MEMBERS_TAG = "ergon/1/members";
    bytes32 internal constant CLAIM_TAG = "ergon/1/claim";

    /// @notice A kind was expected that is paid for: 1 (uptime), 2 (coverage) or 3 (energy).
    error NotPaidKind(uint8 kind);

    /// @notice The tag of a kind's batches (§ 5.2).
    function batchTag(uint8 kind) internal pure returns (bytes32) {
        if (kind == UPTIME) return "ergon/1/batch/uptime";
        if (kind == COVERAGE) return "ergon/1/batch/coverage";
        if (kind == ENERGY) return "ergon/1/batch/energy";
        revert NotPaidKind(kind);
    }

    /// @notice Reverts unless the kind is one that is paid for.
    function requirePaid(uint8 kind) internal pure {
        if (kind < UPTIME || kind > ENERGY) revert NotPaidKind(kind);
    }
}
