// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ErgonTimelock} from "./ErgonTimelock.sol";
import {VotesToken} from "./VotesToken.sol";

/// @title Proposals by deposited tokens, executed by a timelock that owns the other contracts
/// @notice A proposal waits, is voted on, and waits again in the timelock. What it can do is what an owner can do, and
/// no owner can take what was earned or keep a claim from being paid (`docs/contracts.md`). Delays, period, threshold and
/// quorum are fixed: a vote cannot make the next one easier.
contract ErgonGovernor is Governor, GovernorCountingSimple, GovernorVotes, GovernorTimelockControl {
    /// @notice Part of all deposited votes that must take part, in percent.
    uint256 public constant QUORUM_PERCENT = 10;
    /// @notice Votes that must take part however few are deposited, in the token's smallest unit.
    uint256 public immutable quorumFloor;

    constructor(VotesToken votes, ErgonTimelock timelock_, uint256 quorumFloor_)
        Governor("Ergon Governor")
        GovernorVotes(votes)
        GovernorTimelockControl(timelock_)
    {
        quorumFloor = quorumFloor_;
    }

    /// @notice Votes that must take part in a proposal whose votes count as of a time.
    function quorum(uint256 time) public view override returns (uint256) {
        return Math.max(token().getPastTotalSupply(time) * QUORUM_PERCENT / 100, quorumFloor);
    }

    /// @notice Seconds from a proposal to the time whose votes count.
    function votingDelay() public pure override returns (uint256) {
        return 2 days;
    }

    /// @notice Seconds that a vote is open.
    function votingPeriod() public pure override returns (uint256) {
        return 7 days;
    }

    /// @notice Votes that a proposer needs, in the token's smallest unit.
    function proposalThreshold() public pure override returns (uint256) {
        return 1_000 ether;
    }

    /// @notice Where a proposal stands.
    function state(uint256 proposal) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposal);
    }

    /// @notice Whether a proposal goes through the timelock: all do.
    function proposalNeedsQueuing(uint256 proposal)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposal);
    }

    function _queueOperations(
        uint256 proposal,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calls,
        bytes32 description
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposal, targets, values, calls, description);
    }

    function _executeOperations(
        uint256 proposal,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calls,
        bytes32 description
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposal, targets, values, calls, description);
    }

    function _cancel(address[] memory targets, uint256[] memory values, bytes[] memory calls, bytes32 description)
        internal
        override(Governor, GovernorTimelockControl)
        returns (uint256)
    {
        return super._cancel(targets, values, calls, description);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
