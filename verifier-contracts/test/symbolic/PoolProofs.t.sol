// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ClaimTree} from "../../contracts/ClaimTree.sol";
import {IEmission} from "../../contracts/EmissionSchedule.sol";
import {EpochSettlement} from "../../contracts/EpochSettlement.sol";
import {ErgonToken} from "../../contracts/ErgonToken.sol";
import {Pool, RewardDistributor} from "../../contracts/RewardDistributor.sol";
import {Cohort} from "../../contracts/RegistryTypes.sol";
import {Standing} from "../../contracts/SettlementTypes.sol";

/// @title What halmos proves of pools: the distributor as it is, between a settlement and a token that answer anything
contract PoolProofs {
    uint256 private _total;
    uint256 private _added;
    bytes32[2] private _roots;
    uint256 private _minted;
    uint256 private _paid;
    uint128 private _emission;

    RewardDistributor private _distributor;

    function setUp() public {
        _distributor =
            new RewardDistributor(address(this), EpochSettlement(address(this)), ErgonToken(address(this)), 200);
        _distributor.setSchedule(IEmission(address(this)));
    }

    /// @dev Two members with all units of a pool get at most the members' part of it.
    function check_members_get_at_most_their_part(uint120 emission, uint64 one, uint64 other) external {
        _total = uint256(one) + other;
        _roots = [ClaimTree.leaf(1, 5, 0, 0, one), ClaimTree.leaf(1, 5, 1, 0, other)];
        _emission = emission;
        _distributor.freeze(1, 5);
        Pool memory pool = _distributor.poolOf(1, 5);
        assert(pool.members <= pool.amount && pool.amount == _minted);
        _distributor.claim(0, 5, 0, one, new bytes32[](0));
        _distributor.claim(1, 5, 0, other, new bytes32[](0));
        assert(_paid <= pool.members);
    }

    // What the distributor asks the settlement, the registry and the token.

    function registry() external view returns (address) {
        return address(this);
    }

    function distributor() external view returns (address) {
        return address(_distributor);
    }

    function firstEpoch() external pure returns (uint64) {
        return 0;
    }

    function nextEpoch() external pure returns (uint64) {
        return 0;
    }

    function emissionAt(uint8, uint64) external view returns (uint128) {
        return _emission;
    }

    function draw(uint8, uint64, uint128) external view returns (uint128) {
        return _emission;
    }

    function closesAt(uint64) external pure returns (uint64) {
        return 0;
    }

    function totalUnits(uint8, uint64) external view returns (uint256) {
        return _total;
    }

    function addedBy(uint8, uint64, address) external view returns (uint256) {
        return _added;
    }

    function cohortOf(uint32) external pure returns (Cohort memory cohort) {
        (cohort.kind, cohort.size) = (1, 1);
    }

    function standing(uint32 cohort, uint64) external view returns (Standing memory result) {
        result.claimRoot = _roots[cohort];
    }

    function operatorAt(uint32, uint32, uint64) external pure returns (address) {
        return address(1);
    }

    function mint(address, uint256 amount) external {
        _minted += amount;
    }

    function transfer(address, uint256 amount) external returns (bool) {
        _paid += amount;
        return true;
    }
}
