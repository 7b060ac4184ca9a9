// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DeviceRegistry} from "./DeviceRegistry.sol";
import {Kinds} from "./Kinds.sol";
import {Member} from "./RegistryTypes.sol";
import {Staking} from "./Staking.sol";
import {IEvidence} from "./StakingTypes.sol";
import {VerifierRouter} from "./VerifierRouter.sol";

/// @title A proof that a device signed two records of one epoch that cannot both be true
/// @notice `docs/specification.md` § 6.6. Anyone may bring the proof; the informant's part goes to the reporter that it
/// names, so a copied one gains nothing. What a device said in an epoch costs its bond once.
contract ContradictionEvidence is IEvidence {
    bytes32 private constant ENERGY_TAG = "ergon/1/contradict/energy";
    bytes32 private constant WITNESS_TAG = "ergon/1/contradict/witness";

    /// @inheritdoc IEvidence
    uint8 public immutable fault;
    /// @notice Whose stake it is.
    Staking public immutable staking;
    /// @notice Where devices' keys are.
    DeviceRegistry public immutable registry;
    /// @notice What the records' network is named after, beside the chain.
    address public immutable settlement;

    event ContradictionShown(uint64 indexed device, uint64 indexed epoch, address indexed reporter, uint256 slashed);

    /// @notice A device was expected whose records can contradict each other: a meter or a witness.
    error CannotContradict(uint64 device, uint8 kind);
    /// @notice A proof that holds for `words(device, epoch, reporter)` was expected.
    error EvidenceRejected(bytes32 route);

    constructor(uint8 fault_, Staking staking_, address settlement_) {
        fault = fault_;
        staking = staking_;
        registry = staking_.registry();
        settlement = settlement_;
    }

    /// @notice Has a device's bond slashed for a proven contradiction.
    /// @param route the key that the proof is checked under
    /// @param reporter whom the proof names
    /// @param c the circuit's hash of the words
    function show(uint64 device, uint64 epoch, address reporter, bytes32 route, uint256 c, uint256[8] calldata proof)
        external
        returns (uint256 slashed)
    {
        _requireProven(words(device, epoch, reporter), _tagOf(device), route, c, proof);
        uint256 bond = staking.bondOf(staking.DEVICE(), device);
        slashed = staking.report(bond, fault, keccak256(abi.encode(device, epoch)), reporter);
        emit ContradictionShown(device, epoch, reporter, slashed);
    }

    /// @notice The words that the proof must hold for (§ 6.6.1).
    function words(uint64 device, uint64 epoch, address reporter) public view returns (uint256[] memory list) {
        (uint32 cohort, uint32 index) = registry.positionOf(device);
        Member memory member = registry.memberOf(cohort, index);
        list = new uint256[](7);
        list[0] = block.chainid;
        list[1] = uint160(settlement);
        list[2] = epoch;
        list[3] = device;
        list[4] = member.keyX;
        list[5] = member.keyY;
        list[6] = uint160(reporter);
    }

    function _requireProven(uint256[] memory list, bytes32 tag, bytes32 route, uint256 c, uint256[8] calldata proof)
        private
        view
    {
        VerifierRouter router = registry.router();
        if (!router.verify(route, tag, router.routeOf(route).members, c, list, proof)) revert EvidenceRejected(route);
    }

    function _tagOf(uint64 device) private view returns (bytes32) {
        (uint32 cohort,) = registry.positionOf(device);
        uint8 kind = registry.cohortOf(cohort).kind;
        if (kind == Kinds.ENERGY) return ENERGY_TAG;
        if (kind == Kinds.WITNESS) return WITNESS_TAG;
        revert CannotContradict(device, kind);
    }
}
