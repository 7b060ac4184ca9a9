// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Evidence} from "./Evidence.sol";
import {Attestor} from "./RegistryTypes.sol";
import {Staking} from "./Staking.sol";

/// @title A proof that an attestor signed two different seals of one cohort and epoch
/// @notice `docs/specification.md` § 6.7. It costs the attestor's bond, once for each cohort and epoch. Whether either
/// seal was settled does not matter, nor whose cohort it is: an attestor signs one seal of a cohort's epoch or none.
contract SealEvidence is Evidence {
    bytes32 private constant TAG = "ergon/1/second-seal";

    event SecondSealShown(
        uint32 indexed attestor, uint32 indexed cohort, uint64 indexed epoch, address reporter, uint256 slashed
    );

    /// @notice The number of a registered attestor was expected.
    error UnknownAttestor(uint32 attestor);

    constructor(uint8 fault_, Staking staking_, address settlement_) Evidence(fault_, staking_, settlement_) {}

    /// @notice Has an attestor's bond slashed for a proven second seal.
    /// @param reporter whom the proof names
    /// @param route the key that the proof is checked under
    /// @param c the circuit's hash of the words
    function show(
        uint32 attestor,
        uint32 cohort,
        uint64 epoch,
        address reporter,
        bytes32 route,
        uint256 c,
        uint256[8] calldata proof
    ) external returns (uint256 slashed) {
        _requireProven(words(attestor, cohort, epoch, reporter), TAG, route, c, proof);
        uint256 bond = staking.bondOf(staking.ATTESTOR(), attestor);
        slashed = staking.report(bond, fault, keccak256(abi.encode(attestor, cohort, epoch)), reporter);
        emit SecondSealShown(attestor, cohort, epoch, reporter, slashed);
    }

    /// @notice The words that the proof must hold for (§ 6.7.1).
    function words(uint32 attestor, uint32 cohort, uint64 epoch, address reporter)
        public
        view
        returns (uint256[] memory)
    {
        Attestor memory who = registry.attestorOf(attestor);
        if (who.operator == address(0)) revert UnknownAttestor(attestor);
        return _words(7, epoch, cohort, who.keyX, who.keyY, reporter);
    }
}
