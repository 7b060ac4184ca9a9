// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ErgonTimelock} from "../contracts/ErgonTimelock.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {IEmission} from "../contracts/EmissionSchedule.sol";
import {Parameters} from "../contracts/Parameters.sol";
import {FaultRule, IEvidence} from "../contracts/StakingTypes.sol";
import {GovernanceFixture} from "./support/GovernanceFixture.sol";

/// @title Votes change what they may, late enough to leave, and take nothing that was earned
contract GovernanceTest is GovernanceFixture, IEvidence {
    uint8 public constant fault = 9;
    uint256 private constant MEMBERS = EMISSION - EMISSION * FEE_BPS / 10_000;

    function test_a_vote_changes_a_parameter_after_delay_period_and_timelock() public {
        uint256 start = block.timestamp;
        pass(address(parameters), abi.encodeCall(Parameters.set, ("market/fee", 600)));
        vm.assertEq(parameters.valueOf("market/fee"), 600);
        vm.assertGe(block.timestamp - start, 12 days, "time to leave");
    }

    /// @dev Everything that an owner can do, in one hostile proposal.
    function _hostile() private returns (address[] memory targets, bytes[] memory calls) {
        targets = new address[](14);
        calls = new bytes[](14);
        bytes32 route = keccak256(abi.encode(verifier.keyHash(), Kinds.batchTag(Kinds.UPTIME), uint32(4), uint32(20)));
        (targets[0], calls[0]) = (address(router), abi.encodeCall(router.freeze, (route)));
        (targets[1], calls[1]) = (address(router), abi.encodeCall(router.raiseDelay, (30 days)));
        (targets[2], calls[2]) = (address(router), abi.encodeCall(router.setGuardian, (WHALE)));
        (targets[3], calls[3]) =
        (address(settlement), abi.encodeCall(settlement.setPolicy, (Kinds.UPTIME, new uint256[](1))));
        (targets[4], calls[4]) = (address(distributor), abi.encodeCall(distributor.setEmission, (Kinds.UPTIME, 0)));
        (targets[5], calls[5]) =
        (address(distributor), abi.encodeCall(distributor.setSchedule, (new Refusing(address(distributor)))));
        (targets[6], calls[6]) = (address(registry), abi.encodeCall(registry.suspend, (1)));
        (targets[7], calls[7]) = (address(staking), abi.encodeCall(staking.setAccuser, (WHALE, true)));
        (targets[8], calls[8]) = (address(staking), abi.encodeCall(staking.setDecider, (WHALE)));
        FaultRule memory rule = FaultRule(address(this), 5_000, 5_000, 1_000);
        (targets[9], calls[9]) = (address(staking), abi.encodeCall(staking.setFaultRule, (fault, rule)));
        (targets[10], calls[10]) = (address(market), abi.encodeCall(market.setTreasury, (WHALE)));
        (targets[11], calls[11]) = (address(market), abi.encodeCall(market.setCurrency, (address(token), false)));
        (targets[12], calls[12]) = (address(registry), abi.encodeCall(Ownable.renounceOwnership, ()));
        (targets[13], calls[13]) = (address(distributor), abi.encodeCall(Ownable.renounceOwnership, ()));
    }

    function test_no_vote_takes_or_blocks_what_was_earned() public {
        vm.assertEq(claim(0), MEMBERS * 1 / 10);
        uint256 bond = staking.bondOf(3, uint160(PROVER));
        mint(PROVER, 100 ether);
        vm.startPrank(PROVER);
        token.approve(address(staking), 100 ether);
        staking.stake(bond, 60 ether);
        staking.payRewards(bond, 40 ether);
        vm.stopPrank();

        (address[] memory targets, bytes[] memory calls) = _hostile();
        pass(targets, calls);

        for (uint32 i = 1; i < 4; ++i) {
            vm.assertEq(claim(i), MEMBERS * (i + 1) / 10);
        }
        vm.assertEq(distributor.claimFee(Kinds.UPTIME, 0, PROVER), EMISSION - MEMBERS);
        vm.assertTrue(staking.claimRewards(bond, PROVER) >= 40 ether - 1);
        vm.assertEq(votes.balanceOf(WHALE), 10_000 ether);
        vm.prank(WHALE);
        votes.withdrawTo(WHALE, 10_000 ether);
    }

    function test_pools_of_epochs_that_had_begun_keep_their_emission() public {
        uint64 running = registry.nextEpoch() - 1;
        settleFirst(cohort, 1, unitsFrom(1, 4));
        vm.assertEq(distributor.emissionAt(Kinds.UPTIME, running), EMISSION);
        (address[] memory targets, bytes[] memory calls) = _hostile();
        pass(targets, calls);
        vm.assertEq(distributor.emissionAt(Kinds.UPTIME, running), EMISSION);
        distributor.freeze(Kinds.UPTIME, 1);
        vm.assertEq(distributor.poolOf(Kinds.UPTIME, 1).amount, EMISSION);
    }

    function test_whoever_dislikes_a_proposal_leaves_with_stake_and_rewards_before_it_is_executed() public {
        uint256 bond = staking.bondOf(3, uint160(PROVER));
        mint(PROVER, 60 ether);
        vm.startPrank(PROVER);
        token.approve(address(staking), 60 ether);
        staking.stake(bond, 60 ether);
        (address[] memory targets, bytes[] memory calls) = _hostile();
        vm.stopPrank();
        uint256 proposal = propose(targets, calls);
        vm.prank(PROVER);
        staking.unstake(bond, 60 ether);
        vm.warp(block.timestamp + governor.votingDelay() + 1);
        vm.prank(WHALE);
        governor.castVote(proposal, 1);
        vm.warp(block.timestamp + governor.votingPeriod() + 1);
        governor.queue(targets, new uint256[](14), calls, keccak256(""));
        vm.prank(PROVER);
        vm.assertEq(staking.withdraw(bond), 60 ether);
    }

    function test_tokens_that_are_borrowed_for_a_moment_have_no_votes() public {
        address borrower = address(0xF1A5);
        uint256 proposal = propose(new address[](1), new bytes[](1));
        vm.warp(governor.proposalSnapshot(proposal) + 1);
        mint(borrower, 1e27);
        vm.startPrank(borrower);
        token.approve(address(votes), 1e27);
        votes.depositFor(borrower, 1e27);
        votes.delegate(borrower);
        governor.castVote(proposal, 0);
        vm.stopPrank();
        (uint256 against,,) = governor.proposalVotes(proposal);
        vm.assertEq(against, 0);
    }

    function test_a_quorum_is_needed_however_few_votes_are_deposited() public {
        vm.assertEq(governor.quorum(block.timestamp - 1), 2_000 ether);
        vm.prank(WHALE);
        votes.withdrawTo(WHALE, 8_500 ether);
        vm.warp(block.timestamp + 1);
        uint256 proposal = propose(new address[](1), new bytes[](1));
        vm.warp(block.timestamp + governor.votingDelay() + 1);
        vm.prank(WHALE);
        governor.castVote(proposal, 1);
        vm.warp(block.timestamp + governor.votingPeriod() + 1);
        vm.assertTrue(governor.state(proposal) == IGovernor.ProposalState.Defeated);
        _deposit(address(0xB16), 100_000 ether);
        vm.assertEq(governor.quorum(block.timestamp - 1), 10_150 ether);
    }

    function test_a_proposer_needs_the_threshold() public {
        address[] memory targets = new address[](1);
        bytes[] memory calls = new bytes[](1);
        vm.prank(PROVER);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, PROVER, 0, 1_000 ether)
        );
        governor.propose(targets, new uint256[](1), calls, "");
    }

    function test_no_vote_shortens_the_timelock() public {
        address[] memory targets = new address[](1);
        bytes[] memory calls = new bytes[](1);
        (targets[0], calls[0]) = (address(timelock), abi.encodeCall(timelock.updateDelay, (0)));
        uint256 proposal = propose(targets, calls);
        vm.warp(block.timestamp + governor.votingDelay() + 1);
        vm.prank(WHALE);
        governor.castVote(proposal, 1);
        vm.warp(block.timestamp + governor.votingPeriod() + 1);
        governor.queue(targets, new uint256[](1), calls, keccak256(""));
        vm.warp(block.timestamp + TIMELOCK);
        vm.expectRevert(ErgonTimelock.DelayIsFixed.selector);
        governor.execute(targets, new uint256[](1), calls, keccak256(""));
        uint256[2] memory refused = [uint256(2 days - 1), 30 days + 1];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ErgonTimelock.WrongDelay.selector, 2 days, 30 days, refused[i]));
            new ErgonTimelock(refused[i], address(this));
        }
    }

    function test_nobody_goes_past_the_governor() public {
        bytes32 role = timelock.PROPOSER_ROLE();
        vm.prank(WHALE);
        vm.expectRevert(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, WHALE, role));
        timelock.schedule(address(router), 0, "", 0, 0, TIMELOCK);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(this)));
        registry.suspend(1);
    }

    function test_deposited_tokens_come_back_one_for_one() public {
        vm.assertEq(votes.decimals(), 18);
        vm.prank(WHALE);
        votes.withdrawTo(PROVER, 1 ether);
        vm.assertEq(token.balanceOf(PROVER), 1 ether);
        vm.assertEq(votes.totalSupply(), token.balanceOf(address(votes)));
        vm.assertEq(votes.nonces(WHALE), 0);
    }
}

/// @dev A schedule that fills no pool.
contract Refusing is IEmission {
    address public immutable distributor;
    uint64 public constant firstEpoch = 1_000;

    constructor(address distributor_) {
        distributor = distributor_;
    }

    function emissionAt(uint8, uint64) external pure returns (uint128) {
        return 0;
    }

    function draw(uint8, uint64, uint128) external pure returns (uint128) {
        revert("no");
    }
}
