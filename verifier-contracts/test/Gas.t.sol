// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {KeyProof} from "../contracts/BabyJubJub.sol";
import {Attestation, Certificate} from "../contracts/Enrolment.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {P256Key, P256Signature} from "../contracts/P256.sol";
import {Claim} from "../contracts/RewardDistributor.sol";
import {Batch} from "../contracts/SettlementTypes.sol";
import {Fixture} from "./support/Fixture.sol";
import {SecureElement} from "./support/SecureElement.sol";
import {Trapdoor} from "./support/Trapdoor.sol";
import {Tree} from "./support/Tree.sol";

/// @title What each action costs as a transaction of its own, kept in snapshots/gas.json
/// forge-config: default.isolate = true
contract GasTest is Fixture {
    function test_enrol() public {
        uint32 cohort = newCohort(Kinds.ENERGY, 8, 1);
        KeyProof memory key = newKey();
        registry.enrol(cohort, operatorOf(cohort, 1), key, 5_000);
        _snapshot("enrol");
    }

    function test_enrol_attested() public {
        (Certificate memory certificate, Attestation memory attestation, KeyProof memory key) =
            _attested(_openCohort(8), 2, 0);
        vm.prank(PROVER);
        registry.enrolAttested(1, certificate, attestation, key);
        _snapshot("enrolAttested");
        commit(1);
        key = newKey();
        bytes32 digest = registry.rotationDigest(PROVER, key.key[0], key.key[1], 1);
        P256Signature memory signature = SecureElement.sign(2, digest);
        P256Key memory hardware = SecureElement.key(2);
        vm.prank(PROVER);
        registry.rotateKeyAttested(2, key, hardware, signature);
        _snapshot("rotateKeyAttested, first of the device");
    }

    function test_enrol_a_fleet() public {
        uint32 cohort = _openCohort(64);
        bytes[] memory calls = new bytes[](32);
        for (uint256 i = 0; i < 32; ++i) {
            (Certificate memory certificate, Attestation memory attestation, KeyProof memory key) =
                _attested(cohort, 2 + i, i);
            calls[i] = abi.encodeCall(registry.enrolAttested, (cohort, certificate, attestation, key));
        }
        vm.prank(PROVER);
        registry.multicall(calls);
        _snapshot("multicall, enrolAttested of 32 devices");
    }

    function test_rotate() public {
        newCohort(Kinds.UPTIME, 8, 8);
        KeyProof memory key = newKey();
        vm.prank(operatorOf(1, 0));
        registry.requestKey(1, key.key[0], key.key[1]);
        _snapshot("requestKey");
        registry.rotateKey(1, key);
        _snapshot("rotateKey, first of the device");
    }

    function _openCohort(uint32 size) private returns (uint32 cohort) {
        cohort = newCohort(Kinds.ENERGY, size, 1);
        registry.addIssuer(SecureElement.key(1));
        registry.setOpen(cohort, true);
    }

    function _attested(uint32 cohort, uint256 element, uint256 nonce)
        private
        returns (Certificate memory certificate, Attestation memory attestation, KeyProof memory key)
    {
        key = newKey();
        certificate = Certificate(SecureElement.key(element), registry.cohortOf(cohort).kind, 5_000, 0, 0);
        bytes32 digest = registry.enrolmentDigest(PROVER, key.key[0], key.key[1], nonce);
        attestation = Attestation({
            issuer: 1,
            byIssuer: SecureElement.sign(1, registry.certificateDigest(certificate)),
            byHardware: SecureElement.sign(element, digest)
        });
    }

    function test_commit_membership_of_8() public {
        _commitMembership(8, "commitMembership, 8 members");
    }

    function test_commit_membership_of_64() public {
        _commitMembership(64, "commitMembership, 64 members");
    }

    function test_settle_uptime_of_8() public {
        _settle(Kinds.UPTIME, 8, "settle uptime, 8 members");
    }

    function test_settle_energy_of_8() public {
        _settle(Kinds.ENERGY, 8, "settle energy, 8 members");
    }

    function test_settle_coverage_of_8() public {
        _settle(Kinds.COVERAGE, 8, "settle coverage, 8 members");
    }

    function test_settle_uptime_of_64() public {
        _settle(Kinds.UPTIME, 64, "settle uptime, 64 members");
    }

    function test_settle_energy_of_64() public {
        _settle(Kinds.ENERGY, 64, "settle energy, 64 members");
    }

    function test_settle_many_of_128() public {
        for (uint8 kind = Kinds.UPTIME; kind <= Kinds.ENERGY; ++kind) {
            _settleMany(kind, 16);
        }
    }

    function test_claims() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 8, 8);
        uint64[] memory units = unitsFrom(10, 8);
        settleFirst(cohort, 0, units);
        vm.warp(settlement.closesAt(0));
        distributor.freeze(Kinds.UPTIME, 0);
        _snapshot("freeze");
        bytes32[] memory all = Tree.leaves(Kinds.UPTIME, 0, cohort, units);
        distributor.claim(cohort, 0, 0, 10, Tree.proof(all, 0));
        _snapshot("claim, new holder, first of the cohort's epoch");
        distributor.claim(cohort, 0, 1, 11, Tree.proof(all, 1));
        _snapshot("claim, new holder");
        distributor.claimFee(Kinds.UPTIME, 0, PROVER);
        _snapshot("claimFee, new holder");
    }

    function test_claims_of_many_epochs() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 64, 64);
        uint64[] memory units = unitsFrom(10, 64);
        Claim[] memory claims = new Claim[](30);
        for (uint64 epoch = 0; epoch < 30; ++epoch) {
            settleFirst(cohort, epoch, units);
            bytes32[] memory proof = Tree.proof(Tree.leaves(Kinds.UPTIME, epoch, cohort, units), 5);
            claims[epoch] = Claim(cohort, epoch, 5, 15, proof);
        }
        vm.warp(settlement.closesAt(30));
        for (uint64 epoch = 0; epoch < 30; ++epoch) {
            distributor.freeze(Kinds.UPTIME, epoch);
        }
        distributor.claimAll(claims);
        _snapshot("claimAll, 30 epochs of one device of 64");
    }

    function test_handovers() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 8, 8);
        vm.prank(operatorOf(cohort, 0));
        registry.offerDevice(1, PROVER);
        _snapshot("offerDevice");
        vm.prank(PROVER);
        registry.acceptDevice(1);
        _snapshot("acceptDevice, first of the device");
        vm.prank(operatorOf(cohort, 1));
        registry.transferFrom(operatorOf(cohort, 1), PROVER, 2);
        _snapshot("transferFrom, first of the device");
        commit(cohort);
        uint64[] memory units = unitsFrom(10, 8);
        settleFirst(cohort, 0, units);
        vm.warp(settlement.closesAt(0));
        distributor.freeze(Kinds.UPTIME, 0);
        bytes32[] memory all = Tree.leaves(Kinds.UPTIME, 0, cohort, units);
        distributor.claim(cohort, 0, 2, 12, Tree.proof(all, 2));
        distributor.claim(cohort, 0, 0, 10, Tree.proof(all, 0));
        _snapshot("claim, new holder, after a handover");
    }

    function test_verify() public {
        verifier.verify(Trapdoor.prove([uint256(3), 5, 8], 1), [uint256(3), 5, 8]);
        _snapshot("verify");
    }

    function _commitMembership(uint32 size, string memory name) private {
        uint32 cohort = newCohort(Kinds.UPTIME, size, size);
        registry.suspend(1);
        registry.resume(1);
        (bytes32 route, uint256 c, uint256[8] memory proof) = provenMembership(cohort);
        registry.commitMembership(cohort, route, c, proof);
        _snapshot(name);
    }

    function _settle(uint8 kind, uint32 size, string memory name) private {
        uint32 cohort = newCohort(kind, size, size);
        uint64[] memory first = unitsFrom(1 << 40, size);
        vm.warp(endOf(0));
        Batch memory batch = newBatch(cohort, 0, first);
        settlement.settle(batch, none());
        _snapshot(string.concat(name, ", first"));
        batch = newBatchBy(OTHER_PROVER, cohort, 0, unitsFrom(2 << 40, size));
        settlement.settle(batch, packed(first));
        _snapshot(string.concat(name, ", replacement"));
    }

    /// @dev The most members that a cohort can have, in two epochs: the first of a cohort's state costs more.
    function _settleMany(uint8 kind, uint256 count) private {
        uint32[] memory cohorts = new uint32[](count);
        for (uint256 i = 0; i < count; ++i) {
            cohorts[i] = newCohort(kind, 128, 1);
        }
        uint64 first = registry.cohortOf(cohorts[0]).firstEpoch;
        string memory name = string.concat("settleAll, 16 cohorts of 128, ", ["", "uptime", "coverage", "energy"][kind]);
        for (uint64 epoch = first; epoch < first + 2; ++epoch) {
            vm.warp(endOf(epoch + 2));
            Batch[] memory batches = new Batch[](count);
            for (uint256 i = 0; i < count; ++i) {
                batches[i] = newBatch(cohorts[i], epoch, unitsFrom(1 << 16, 128));
            }
            settlement.settleAll(batches, new bytes[](count));
            uint256 gas = _snapshot(string.concat(name, epoch == first ? ", first epoch" : ", second epoch"));
            if (epoch > first) vm.assertLt(gas / (128 * count), 2_500, "gas of a device");
        }
    }

    function _snapshot(string memory name) private returns (uint256) {
        return vm.snapshotGasLastCall("gas", name);
    }
}
