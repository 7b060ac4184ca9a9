// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Kinds} from "../../contracts/Kinds.sol";
import {Batch} from "../../contracts/SettlementTypes.sol";
import {Fixture} from "./Fixture.sol";
import {Tree} from "./Tree.sol";

/// @title Random steps of provers, owners and time, with a second set of books
contract Handler is Fixture {
    uint32 public constant COHORTS = 3;
    uint32 public constant SIZE = 4;
    uint64 public constant EPOCHS = 4;
    uint8[4] public kindOf = [0, Kinds.UPTIME, Kinds.UPTIME, Kinds.ENERGY];

    uint256 public emitted;
    uint256 public paid;
    mapping(uint8 kind => mapping(uint64 epoch => uint256)) public paidFrom;
    mapping(uint32 cohort => mapping(uint64 epoch => uint64[])) public standing;
    mapping(bytes32 claim => uint256) public timesPaid;
    uint256 public mostTimesPaid;

    function setUp() public override {
        super.setUp();
        for (uint32 i = 1; i <= COHORTS; ++i) {
            newCohort(kindOf[i], SIZE, SIZE);
        }
        vm.warp(endOf(0));
    }

    function pass(uint32 time) external {
        vm.warp(block.timestamp + time % DAY);
    }

    function settle(uint8 who, uint8 where, uint8 when, uint16[4] calldata more) external {
        uint32 cohort = 1 + where % COHORTS;
        uint64 epoch = when % EPOCHS;
        uint64[] memory previous = standing[cohort][epoch];
        uint64[] memory units = new uint64[](SIZE);
        for (uint256 i = 0; i < SIZE; ++i) {
            units[i] = more[i] + (previous.length == 0 ? 0 : previous[i]);
        }
        Batch memory batch = newBatchBy(who % 2 == 0 ? PROVER : OTHER_PROVER, cohort, epoch, units);
        try settlement.settle(batch, packed(previous)) {
            standing[cohort][epoch] = units;
        } catch {}
    }

    function freeze(uint8 kind, uint8 when) external {
        uint256 supply = token.totalSupply();
        try distributor.freeze(kind % 4, when % EPOCHS) {
            emitted += token.totalSupply() - supply;
        } catch {}
    }

    function claim(uint8 where, uint8 when, uint8 index, uint64 wrong) external {
        uint32 cohort = 1 + where % COHORTS;
        uint64 epoch = when % EPOCHS;
        uint64[] memory units = standing[cohort][epoch];
        if (units.length == 0) return;
        uint32 member = index % SIZE;
        bytes32[] memory proof = Tree.proof(Tree.leaves(kindOf[cohort], epoch, cohort, units), member);
        uint64 claimed = wrong % 8 == 0 ? wrong : units[member];
        try distributor.claim(cohort, epoch, member, claimed, proof) returns (uint256 amount) {
            _book(kindOf[cohort], epoch, amount, keccak256(abi.encode("member", cohort, epoch, member)));
        } catch {}
    }

    function claimFee(uint8 who, uint8 kind, uint8 when) external {
        address prover = who % 2 == 0 ? PROVER : OTHER_PROVER;
        try distributor.claimFee(kind % 4, when % EPOCHS, prover) returns (uint256 amount) {
            _book(kind % 4, when % EPOCHS, amount, keccak256(abi.encode("fee", kind % 4, when % EPOCHS, prover)));
        } catch {}
    }

    function _book(uint8 kind, uint64 epoch, uint256 amount, bytes32 id) private {
        paid += amount;
        paidFrom[kind][epoch] += amount;
        if (++timesPaid[id] > mostTimesPaid) mostTimesPaid = timesPaid[id];
    }

    /// @notice What members and provers can still claim from the frozen pools.
    function liabilities() external view returns (uint256 sum) {
        for (uint64 epoch = 0; epoch < EPOCHS; ++epoch) {
            for (uint32 cohort = 1; cohort <= COHORTS; ++cohort) {
                uint64[] memory units = standing[cohort][epoch];
                uint8 kind = kindOf[cohort];
                if (units.length == 0 || distributor.poolOf(kind, epoch).units == 0) continue;
                uint256 share = distributor.poolOf(kind, epoch).members;
                for (uint32 i = 0; i < SIZE; ++i) {
                    if (distributor.isClaimed(cohort, epoch, i)) continue;
                    sum += share * units[i] / distributor.poolOf(kind, epoch).units;
                }
            }
            sum += _fees(Kinds.UPTIME, epoch, PROVER) + _fees(Kinds.UPTIME, epoch, OTHER_PROVER);
            sum += _fees(Kinds.ENERGY, epoch, PROVER) + _fees(Kinds.ENERGY, epoch, OTHER_PROVER);
        }
    }

    function _fees(uint8 kind, uint64 epoch, address prover) private view returns (uint256) {
        uint256 units = distributor.poolOf(kind, epoch).units;
        if (units == 0 || distributor.isFeeClaimed(kind, epoch, prover)) return 0;
        uint256 fee = distributor.poolOf(kind, epoch).amount - distributor.poolOf(kind, epoch).members;
        return fee * settlement.addedBy(kind, epoch, prover) / units;
    }

    function poolAmount(uint8 kind, uint64 epoch) external view returns (uint256) {
        return distributor.poolOf(kind, epoch).amount;
    }

    function poolUnits(uint8 kind, uint64 epoch) external view returns (uint256) {
        return distributor.poolOf(kind, epoch).units;
    }

    function settledUnits(uint8 kind, uint64 epoch) external view returns (uint256) {
        return settlement.totalUnits(kind, epoch);
    }

    function balance() external view returns (uint256) {
        return token.balanceOf(address(distributor));
    }

    function standingUnits(uint8 kind, uint64 epoch) external view returns (uint256 sum) {
        for (uint32 cohort = 1; cohort <= COHORTS; ++cohort) {
            if (kindOf[cohort] != kind) continue;
            uint64[] memory units = standing[cohort][epoch];
            for (uint256 i = 0; i < units.length; ++i) {
                sum += units[i];
            }
        }
    }
}
