// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {KeyProof} from "../../contracts/BabyJubJub.sol";
import {DeviceRegistry} from "../../contracts/DeviceRegistry.sol";
import {EpochSettlement} from "../../contracts/EpochSettlement.sol";
import {ErgonToken} from "../../contracts/ErgonToken.sol";
import {Field} from "../../contracts/Field.sol";
import {Groth16Verifier} from "../../contracts/Groth16Verifier.sol";
import {Kinds} from "../../contracts/Kinds.sol";
import {Cohort} from "../../contracts/RegistryTypes.sol";
import {RewardDistributor} from "../../contracts/RewardDistributor.sol";
import {Batch} from "../../contracts/SettlementTypes.sol";
import {VerifierRouter} from "../../contracts/VerifierRouter.sol";
import {Curve} from "./Curve.sol";
import {Trapdoor} from "./Trapdoor.sol";
import {Test} from "./Vm.sol";

/// @title All contracts, deployed before genesis, with helpers that prove anything under the trapdoor key
abstract contract Fixture is Test {
    uint64 internal constant GENESIS = 1_800_000_000;
    uint64 internal constant DAY = 1 days;
    uint64 internal constant WINDOW = 72 hours;
    uint64 internal constant REGION = 0x811fbffffffffff;
    uint256 internal constant GENESIS_STATE = 7777;
    uint16 internal constant FEE_BPS = 500;
    uint128 internal constant EMISSION = 1000 ether;
    address internal constant PROVER = address(0xA11CE);
    address internal constant OTHER_PROVER = address(0xB0B);

    Groth16Verifier internal verifier;
    VerifierRouter internal router;
    DeviceRegistry internal registry;
    EpochSettlement internal settlement;
    ErgonToken internal token;
    RewardDistributor internal distributor;
    uint32 internal attestor;

    uint256[2] private _nextEighth;

    function setUp() public virtual {
        vm.warp(GENESIS - 1 hours);
        verifier = new Groth16Verifier(Trapdoor.key());
        router = new VerifierRouter(address(this));
        registry = new DeviceRegistry(address(this), router, GENESIS, DAY);
        settlement = new EpochSettlement(address(this), registry, router, WINDOW);
        token = new ErgonToken(address(this));
        distributor = new RewardDistributor(address(this), settlement, token, FEE_BPS);
        token.setMinter(address(distributor));
        _nextEighth = Curve.base8();
        attestor = registry.registerAttestor(address(0xA77E57), newKey());
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            settlement.setPolicy(kind, policyOf(kind));
            distributor.setEmission(kind, EMISSION);
        }
    }

    /// @notice A key that no other call returned.
    function newKey() internal returns (KeyProof memory) {
        _nextEighth = Curve.add(_nextEighth, Curve.base8());
        return Curve.proofOf(_nextEighth);
    }

    function policyOf(uint8 kind) internal pure returns (uint256[] memory words) {
        words = new uint256[](kind == Kinds.UPTIME ? 1 : kind == Kinds.COVERAGE ? 3 : 6);
        words[0] = 50 | (10_000 << 16);
        if (kind == Kinds.COVERAGE) {
            (words[1], words[2]) = (2, 77);
        } else if (kind == Kinds.ENERGY) {
            words[1] = 105;
            for (uint256 i = 2; i < 6; ++i) {
                words[i] = 100 + i;
            }
        }
    }

    function attributeOf(uint8 kind) internal pure returns (uint64) {
        return kind == Kinds.ENERGY ? 5_000 : kind == Kinds.COVERAGE ? 0x80008000 : 0;
    }

    function operatorOf(uint32 cohort, uint32 index) internal pure returns (address) {
        return address(uint160(0x10000 * uint160(cohort) + index + 1));
    }

    /// @notice Adds a route unless it is there.
    function ensureRoute(bytes32 tag, uint32 members, uint256 length) internal returns (bytes32 route) {
        route = keccak256(abi.encode(verifier.keyHash(), tag, members, uint32(length)));
        if (router.routeOf(route).verifier != address(0)) return route;
        uint256 state = tag == Kinds.batchTag(Kinds.ENERGY) ? GENESIS_STATE : 0;
        vm.assertEq(router.addRoute(address(verifier), tag, members, uint32(length), state), route);
    }

    /// @notice A cohort with `filled` members, committed, and its witnesses where it needs them.
    function newCohort(uint8 kind, uint32 size, uint32 filled) internal returns (uint32 cohort) {
        uint32 witnesses = kind == Kinds.COVERAGE ? newCohort(Kinds.WITNESS, 4, 2) : 0;
        uint64 region = kind == Kinds.COVERAGE ? REGION : 0;
        cohort = registry.createCohort(kind, size, region, witnesses, kind == Kinds.WITNESS ? 0 : attestor);
        for (uint32 i = 0; i < filled; ++i) {
            registry.enrol(cohort, operatorOf(cohort, i), newKey(), attributeOf(kind));
        }
        if (filled > 0) commit(cohort);
    }

    function commit(uint32 cohort) internal {
        (bytes32 route, uint256 c, uint256[8] memory proof) = provenMembership(cohort);
        registry.commitMembership(cohort, route, c, proof);
    }

    function provenMembership(uint32 cohort) internal returns (bytes32 route, uint256 c, uint256[8] memory proof) {
        uint256[] memory words = registry.membershipWords(cohort);
        route = ensureRoute(Kinds.MEMBERS_TAG, registry.cohortOf(cohort).size, words.length);
        (c, proof) = prove(Kinds.MEMBERS_TAG, route, words);
    }

    /// @notice A proof for exactly these words. c is any number here: the circuit is not part of these tests.
    function prove(bytes32 tag, bytes32 route, uint256[] memory words)
        internal
        view
        returns (uint256 c, uint256[8] memory proof)
    {
        c = uint256(keccak256(abi.encode("c", words))) % Field.R;
        proof = proveAs(tag, route, c, words);
    }

    function proveAs(bytes32 tag, bytes32 route, uint256 c, uint256[] memory words)
        internal
        view
        returns (uint256[8] memory)
    {
        uint256 z = uint256(keccak256(abi.encode(tag, route, c, keccak256(abi.encodePacked(words))))) % Field.R;
        uint256 y = 0;
        uint256 power = 1;
        for (uint256 i = 0; i < words.length; ++i) {
            y = addmod(y, mulmod(words[i], power, Field.R), Field.R);
            power = mulmod(power, z, Field.R);
        }
        return Trapdoor.prove([c, z, y], 13);
    }

    function routeFor(uint8 kind, uint32 size) internal returns (bytes32) {
        return ensureRoute(Kinds.batchTag(kind), size, 15 + policyOf(kind).length + size);
    }

    /// @notice A proven batch of PROVER.
    function newBatch(uint32 cohort, uint64 epoch, uint64[] memory units) internal returns (Batch memory batch) {
        return newBatchBy(PROVER, cohort, epoch, units);
    }

    function newBatchBy(address prover, uint32 cohort, uint64 epoch, uint64[] memory units)
        internal
        returns (Batch memory batch)
    {
        Cohort memory group = registry.cohortOf(cohort);
        batch.route = routeFor(group.kind, group.size);
        batch.cohort = cohort;
        batch.epoch = epoch;
        batch.seal = uint256(keccak256(abi.encode("seal", cohort, epoch))) % Field.R;
        batch.prover = prover;
        if (group.kind == Kinds.ENERGY) {
            batch.stateAfter = uint256(keccak256(abi.encode(units, epoch))) % Field.R;
            batch.included = uint128((1 << units.length) - 1);
        }
        batch.units = packed(units);
        sign(batch, group.kind);
    }

    /// @notice Proves the words that the contract would check the batch against.
    function sign(Batch memory batch, uint8 kind) internal view {
        (batch.c, batch.proof) = prove(Kinds.batchTag(kind), batch.route, settlement.batchWords(batch));
    }

    /// @notice Units start, start + 1, …
    function unitsFrom(uint64 start, uint256 size) internal pure returns (uint64[] memory units) {
        units = new uint64[](size);
        for (uint64 i = 0; i < size; ++i) {
            units[i] = start + i;
        }
    }

    /// @notice Units as a batch has them.
    function packed(uint64[] memory units) internal pure returns (bytes memory all) {
        for (uint256 i = 0; i < units.length; ++i) {
            all = bytes.concat(all, bytes8(units[i]));
        }
    }

    /// @notice Gives a member more, without another proof.
    function addUnits(Batch memory batch, uint256 index, int64 more) internal pure {
        bytes memory units = batch.units;
        assembly ("memory-safe") {
            let place := add(add(units, 0x20), shl(3, index))
            let word := mload(place)
            let unit := and(add(shr(192, word), more), 0xffffffffffffffff)
            mstore(place, or(shl(192, unit), shr(64, shl(64, word))))
        }
    }

    function none() internal pure returns (bytes memory) {
        return "";
    }

    function endOf(uint64 epoch) internal pure returns (uint256) {
        return GENESIS + (uint256(epoch) + 1) * DAY;
    }

    /// @notice Settles a first batch at the first moment it can be.
    function settleFirst(uint32 cohort, uint64 epoch, uint64[] memory units) internal {
        Cohort memory group = registry.cohortOf(cohort);
        uint256 opens = epoch == group.firstEpoch ? endOf(epoch) : settlement.opensAt(group.kind, epoch);
        if (block.timestamp < opens) vm.warp(opens);
        settlement.settle(newBatch(cohort, epoch, units), none());
    }
}
