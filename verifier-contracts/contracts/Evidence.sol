// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DeviceRegistry} from "./DeviceRegistry.sol";
import {Staking} from "./Staking.sol";
import {IEvidence} from "./StakingTypes.sol";
import {VerifierRouter} from "./VerifierRouter.sol";

/// @title What contracts share that have a bond slashed for a proof
/// @notice Anyone may bring the proof; the informant's part goes to the reporter that it names, so a copied one gains
/// nothing.
abstract contract Evidence is IEvidence {
    /// @inheritdoc IEvidence
    uint8 public immutable fault;
    /// @notice Whose stake it is.
    Staking public immutable staking;
    /// @notice Where keys are.
    DeviceRegistry public immutable registry;
    /// @notice What the network of what was signed is named after, beside the chain.
    address public immutable settlement;

    /// @notice An epoch that has begun was expected: of a later one the key may still change, and whoever showed faults of
    /// its own ahead would commit them unpunished.
    error NotBegun(uint64 next, uint64 actual);
    /// @notice A proof that holds for the words that the contract builds was expected.
    error EvidenceRejected(bytes32 route);

    constructor(uint8 fault_, Staking staking_, address settlement_) {
        fault = fault_;
        staking = staking_;
        registry = staking_.registry();
        settlement = settlement_;
    }

    /// @dev The words that every evidence begins with, in the order of §§ 6.6.1, 6.7.1 and 6.8.1.
    /// @param length how many there are
    /// @param whose the device or cohort whose epoch it is
    function _words(uint256 length, uint64 epoch, uint64 whose, uint256 keyX, uint256 keyY, address reporter)
        internal
        view
        returns (uint256[] memory list)
    {
        uint64 next = registry.nextEpoch();
        if (epoch >= next) revert NotBegun(next, epoch);
        list = new uint256[](length);
        list[0] = block.chainid;
        list[1] = uint160(settlement);
        list[2] = epoch;
        list[3] = whose;
        list[4] = keyX;
        list[5] = keyY;
        list[6] = uint160(reporter);
    }

    function _kindOf(uint64 device) internal view returns (uint8) {
        (uint32 cohort,) = registry.positionOf(device);
        return registry.cohortOf(cohort).kind;
    }

    function _requireProven(uint256[] memory list, bytes32 tag, bytes32 route, uint256 c, uint256[8] calldata proof)
        internal
        view
    {
        VerifierRouter router = registry.router();
        if (!router.verify(route, tag, router.routeOf(route).members, c, list, proof)) revert EvidenceRejected(route);
    }
}
