// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {DataMarket} from "../../contracts/DataMarket.sol";
import {ErgonGovernor} from "../../contracts/ErgonGovernor.sol";
import {ErgonTimelock} from "../../contracts/ErgonTimelock.sol";
import {Parameter, Parameters} from "../../contracts/Parameters.sol";
import {Staking} from "../../contracts/Staking.sol";
import {VotesToken} from "../../contracts/VotesToken.sol";
import {Kinds} from "../../contracts/Kinds.sol";
import {Fixture} from "./Fixture.sol";
import {Tree} from "./Tree.sol";

/// @title A network that is owned by a timelock, a governor that proposes to it, and one member with most votes
abstract contract GovernanceFixture is Fixture {
    address internal constant WHALE = address(0x3A1E);
    uint256 internal constant TIMELOCK = 3 days;

    VotesToken internal votes;
    ErgonTimelock internal timelock;
    ErgonGovernor internal governor;
    Parameters internal parameters;
    Staking internal staking;
    DataMarket internal market;
    uint32 internal cohort;

    function setUp() public virtual override {
        super.setUp();
        votes = new VotesToken(IERC20(address(token)));
        timelock = new ErgonTimelock(TIMELOCK, address(this));
        governor = new ErgonGovernor(votes, timelock, 2_000 ether);
        timelock.grantRole(timelock.PROPOSER_ROLE(), address(governor));
        timelock.grantRole(timelock.CANCELLER_ROLE(), address(governor));
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), address(this));
        parameters = _parameters();
        staking = new Staking(address(timelock), token, registry, parameters);
        market = new DataMarket(address(timelock), address(timelock), registry, address(token), parameters);
        cohort = newCohort(Kinds.UPTIME, 4, 4);
        settleFirst(cohort, 0, unitsFrom(1, 4));
        vm.warp(settlement.closesAt(0));
        distributor.freeze(Kinds.UPTIME, 0);
        _handOver();
        _deposit(WHALE, 10_000 ether);
    }

    function _parameters() private returns (Parameters) {
        bytes32[] memory names = new bytes32[](3);
        Parameter[] memory values = new Parameter[](3);
        (names[0], names[1], names[2]) = ("staking/unbonding", "staking/deposit", "market/fee");
        values[0] = Parameter(7 days, 3 days, 10 days, 1 days, 14 days, 0);
        values[1] = Parameter(50 ether, 1 ether, 500 ether, 50 ether, 14 days, 0);
        values[2] = Parameter(500, 0, 1_000, 100, 14 days, 0);
        return new Parameters(address(timelock), names, values);
    }

    function owned() internal view returns (address[4] memory) {
        return [address(router), address(registry), address(settlement), address(distributor)];
    }

    /// @dev The timelock accepts by a vote in practice; here it is called for it.
    function _handOver() private {
        for (uint256 i = 0; i < 4; ++i) {
            Ownable2Step(owned()[i]).transferOwnership(address(timelock));
            vm.prank(address(timelock));
            Ownable2Step(owned()[i]).acceptOwnership();
        }
    }

    function mint(address to, uint256 amount) internal {
        vm.prank(address(distributor));
        token.mint(to, amount);
    }

    function _deposit(address holder, uint256 amount) internal {
        mint(holder, amount);
        vm.startPrank(holder);
        token.approve(address(votes), amount);
        votes.depositFor(holder, amount);
        votes.delegate(holder);
        vm.stopPrank();
        vm.warp(block.timestamp + 1);
    }

    function propose(address[] memory targets, bytes[] memory calls) internal returns (uint256) {
        vm.prank(WHALE);
        return governor.propose(targets, new uint256[](targets.length), calls, "");
    }

    /// @notice Votes a proposal through; the last step returns what the execution does.
    function pass(address[] memory targets, bytes[] memory calls) internal {
        uint256 proposal = propose(targets, calls);
        vm.warp(block.timestamp + governor.votingDelay() + 1);
        vm.prank(WHALE);
        governor.castVote(proposal, 1);
        vm.warp(block.timestamp + governor.votingPeriod() + 1);
        governor.queue(targets, new uint256[](targets.length), calls, keccak256(""));
        vm.warp(block.timestamp + TIMELOCK);
        governor.execute(targets, new uint256[](targets.length), calls, keccak256(""));
    }

    function pass(address callee, bytes memory data) internal {
        address[] memory targets = new address[](1);
        bytes[] memory calls = new bytes[](1);
        (targets[0], calls[0]) = (callee, data);
        pass(targets, calls);
    }

    function claim(uint32 index) internal returns (uint256) {
        bytes32[] memory leaves = Tree.leaves(Kinds.UPTIME, 0, cohort, unitsFrom(1, 4));
        return distributor.claim(cohort, 0, index, uint64(index + 1), Tree.proof(leaves, index));
    }
}
