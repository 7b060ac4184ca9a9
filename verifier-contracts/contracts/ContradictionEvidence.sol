// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Evidence} from "./Evidence.sol";
import {Kinds} from "./Kinds.sol";
import {IDisputes} from "./RewardDistributor.sol";
import {Staking} from "./Staking.sol";

/// @title A proof that a device signed two records of one epoch that cannot both be true
/// @notice `docs/specification.md` § 6.6. What a device said in an epoch costs its bond once, and its reward, under the
/// key that was its own in that epoch: a rotation neither acquits nor convicts.
contract ContradictionEvidence is Evidence, IDisputes {
    bytes32 private constant ENERGY_TAG = "ergon/1/contradict/energy";
    bytes32 private constant WITNESS_TAG = "ergon/1/contradict/witness";

    /// @inheritdoc IDisputes
    mapping(uint64 device => mapping(uint64 epoch => bool)) public isEstablished;

    event ContradictionEstablished(uint64 indexed device, uint64 indexed epoch);
    event ContradictionShown(uint64 indexed device, uint64 indexed epoch, address indexed reporter, uint256 slashed);

    /// @notice A device was expected whose records can contradict each other: a meter or a witness.
    error CannotContradict(uint64 device, uint8 kind);

    /// @notice A key was expected that was accepted when the epoch began.
    error RouteTooNew(uint256 begin, uint256 activeFrom);

    constructor(uint8 fault_, Staking staking_, address settlement_) Evidence(fault_, staking_, settlement_) {}

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

    /// @notice Establishes a proven contradiction as grounds to strike the device's reward of the epoch; it costs no bond,
    /// and can be done whether or not it was shown. The key must have been accepted when the epoch began: none that is
    /// added later, by whatever vote, takes what was earned.
    function establish(
        uint64 device,
        uint64 epoch,
        address reporter,
        bytes32 route,
        uint256 c,
        uint256[8] calldata proof
    ) external {
        uint256 activeFrom = registry.router().activeFrom(route);
        uint256 begin = registry.endOf(epoch) - registry.epochLength();
        if (activeFrom > begin) revert RouteTooNew(begin, activeFrom);
        _requireProven(words(device, epoch, reporter), _tagOf(device), route, c, proof);
        isEstablished[device][epoch] = true;
        emit ContradictionEstablished(device, epoch);
    }

    /// @notice The words that the proof must hold for (§ 6.6.1).
    function words(uint64 device, uint64 epoch, address reporter) public view returns (uint256[] memory) {
        (uint256 keyX, uint256 keyY) = registry.keyAt(device, epoch);
        return _words(7, epoch, device, keyX, keyY, reporter);
    }

    function _tagOf(uint64 device) private view returns (bytes32) {
        uint8 kind = _kindOf(device);
        if (kind == Kinds.ENERGY) return ENERGY_TAG;
        if (kind == Kinds.WITNESS) return WITNESS_TAG;
        revert CannotContradict(device, kind);
    }
}
