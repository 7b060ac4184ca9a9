// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice What a prover submits for one cohort and epoch (`docs/specification.md` § 5.2).
/// @param route the key that the proof is checked under
/// @param cohort whose work it is
/// @param epoch when it was done
/// @param c the circuit's hash of the words
/// @param seal the attestor's signed close of the epoch
/// @param stateAfter the cohort's state after the epoch; 0 for kinds without state
/// @param prover who receives the fee; the proof binds it, whoever submits
/// @param included bit i: member i's record is in the batch; 0 for kinds without state
/// @param units work units of each member, eight bytes each
/// @param proof the Groth16 proof
struct Batch {
    bytes32 route;
    uint32 cohort;
    uint64 epoch;
    uint256 c;
    uint256 seal;
    uint256 stateAfter;
    address prover;
    uint128 included;
    bytes units;
    uint256[8] proof;
}

/// @notice What stands for a cohort's epoch (`docs/specification.md` § 7.3).
/// @param seal the seal of its first batch; 0 when nothing is settled
/// @param claimRoot root of its claims
/// @param stateBefore the state it began with; of the cohort's last settled epoch only, else 0
/// @param stateAfter the state it ended with; of the cohort's last settled epoch only, else 0
/// @param included whose records that state counts; of the cohort's last settled epoch only, else 0
struct Standing {
    uint256 seal;
    bytes32 claimRoot;
    uint256 stateBefore;
    uint256 stateAfter;
    uint128 included;
}
