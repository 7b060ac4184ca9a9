// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Evidence} from "./Evidence.sol";
import {Kinds} from "./Kinds.sol";
import {Attestor} from "./RegistryTypes.sol";
import {Staking} from "./Staking.sol";

/// @notice Whose acknowledged record is missing from which seal.
struct Missing {
    uint32 attestor;
    /// The sealed cohort; of a witness the one that it attests for.
    uint32 cohort;
    uint64 epoch;
    uint64 device;
}

/// @title A proof that a seal leaves out what its attestor acknowledged
/// @notice `docs/specification.md` § 6.8. It costs the attestor's bond, once for each device, cohort and epoch. A meter or
/// a witness that contradicts itself is sealed as 0 rightly: of such a place the attestor has `ANSWER` to have the
/// contradiction shown, by anyone, before it pays.
contract OmissionEvidence is Evidence {
    /// @notice Seconds for the answer to a place sealed as 0.
    uint64 public constant ANSWER = 2 days;

    /// @dev A shown omission that waits for its answer.
    struct Waiting {
        uint64 due;
        address reporter;
    }

    /// @notice The number of the fault that answers: a device's contradiction.
    uint8 public immutable contradiction;

    mapping(bytes32 fact => Waiting) private _waiting;

    event OmissionShown(
        uint32 indexed attestor,
        uint32 indexed cohort,
        uint64 indexed epoch,
        uint64 device,
        address reporter,
        uint64 due
    );
    event OmissionPunished(
        uint32 indexed attestor, uint32 indexed cohort, uint64 indexed epoch, uint64 device, uint256 slashed
    );

    /// @notice The number of a registered attestor was expected.
    error UnknownAttestor(uint32 attestor);
    /// @notice A device was expected that was not shown to contradict itself in this epoch.
    error Contradicted(uint64 device, uint64 epoch);
    /// @notice An omission was expected that does not wait for its answer already.
    error AlreadyShown(uint64 due);
    /// @notice A shown omission whose time for an answer is over was expected; `due` is 0 for one that nobody showed.
    error NotDue(uint64 due);

    constructor(uint8 fault_, Staking staking_, address settlement_, uint8 contradiction_)
        Evidence(fault_, staking_, settlement_)
    {
        contradiction = contradiction_;
    }

    /// @notice Shows an omission. The bond is slashed at once, unless the place of a meter or a witness is sealed as 0: then
    /// after `ANSWER`, by `punish`.
    /// @param everything whether the place is sealed as 0
    /// @param reporter whom the proof names
    /// @param route the key that the proof is checked under
    /// @param c the circuit's hash of the words
    /// @return slashed what it cost so far
    function show(
        Missing calldata what,
        bool everything,
        address reporter,
        bytes32 route,
        uint256 c,
        uint256[8] calldata proof
    ) external returns (uint256 slashed) {
        uint8 kind = _kindOf(what.device);
        _requireProven(words(what, everything, reporter), _tagOf(kind), route, c, proof);
        bytes32 fact = factOf(what);
        if (!everything || (kind != Kinds.ENERGY && kind != Kinds.WITNESS)) {
            emit OmissionShown(what.attestor, what.cohort, what.epoch, what.device, reporter, 0);
            return _punish(what, fact, reporter);
        }
        _requireTrue(what);
        uint64 due = _waiting[fact].due;
        if (due != 0) revert AlreadyShown(due);
        due = uint64(block.timestamp) + ANSWER;
        _waiting[fact] = Waiting(due, reporter);
        emit OmissionShown(what.attestor, what.cohort, what.epoch, what.device, reporter, due);
        return 0;
    }

    /// @notice Has the bond slashed for a place sealed as 0 that nobody answered for; anyone may.
    function punish(Missing calldata what) external returns (uint256 slashed) {
        bytes32 fact = factOf(what);
        Waiting memory waiting = _waiting[fact];
        if (waiting.due == 0 || block.timestamp < waiting.due) revert NotDue(waiting.due);
        _requireTrue(what);
        return _punish(what, fact, waiting.reporter);
    }

    /// @notice When the answer for a place sealed as 0 is due, and who showed it; zeros if nobody did.
    function waitingOf(Missing calldata what) external view returns (uint64 due, address reporter) {
        Waiting memory waiting = _waiting[factOf(what)];
        return (waiting.due, waiting.reporter);
    }

    /// @notice The words that the proof must hold for (§ 6.8.1).
    function words(Missing calldata what, bool everything, address reporter)
        public
        view
        returns (uint256[] memory list)
    {
        Attestor memory who = registry.attestorOf(what.attestor);
        if (who.operator == address(0)) revert UnknownAttestor(what.attestor);
        list = _words(9, what.epoch, what.cohort, who.keyX, who.keyY, reporter);
        list[7] = what.device;
        list[8] = everything ? 1 : 0;
    }

    /// @notice What counts once.
    function factOf(Missing calldata what) public pure returns (bytes32) {
        return keccak256(abi.encode(what.attestor, what.cohort, what.epoch, what.device));
    }

    function _punish(Missing calldata what, bytes32 fact, address reporter) private returns (uint256 slashed) {
        uint256 bond = staking.bondOf(staking.ATTESTOR(), what.attestor);
        slashed = staking.report(bond, fault, fact, reporter);
        emit OmissionPunished(what.attestor, what.cohort, what.epoch, what.device, slashed);
    }

    /// @dev The fact is `ContradictionEvidence`'s.
    function _requireTrue(Missing calldata what) private view {
        bytes32 answer = keccak256(abi.encode(what.device, what.epoch));
        if (staking.isReported(contradiction, answer)) revert Contradicted(what.device, what.epoch);
    }

    function _tagOf(uint8 kind) private pure returns (bytes32) {
        if (kind == Kinds.UPTIME) return "ergon/1/omission/uptime";
        if (kind == Kinds.COVERAGE) return "ergon/1/omission/coverage";
        if (kind == Kinds.ENERGY) return "ergon/1/omission/energy";
        return "ergon/1/omission/witness";
    }
}
