// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ContradictionEvidence} from "./ContradictionEvidence.sol";
import {EpochSettlement} from "./EpochSettlement.sol";
import {ErgonToken} from "./ErgonToken.sol";
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

/// @notice What the evidence says of the seal.
/// @param head what is sealed for the device: 0, or another record's message
/// @param counter of the acknowledged record
/// @param arrival whether it is the arrival in the acknowledged slot that is missing; uptime only
struct Lack {
    uint256 head;
    uint64 counter;
    bool arrival;
}

/// @notice A proof, its route, and the circuit's hash of its words.
struct Proof {
    bytes32 route;
    uint256 c;
    uint256[8] proof;
}

/// @title A proof that a seal leaves out what its attestor acknowledged
/// @notice `docs/specification.md` §§ 6.8 and 6.9. It costs the attestor's bond, once for each device, cohort and epoch: at
/// once where there is no excuse. Where another record is sealed, or a meter or witness is sealed as 0, whoever shows it
/// makes a deposit, and the attestor has `ANSWER` to show a later record or the device's contradiction. Who shows what has
/// an answer loses the deposit to the attestor's operator.
/// @dev What waits is kept by its counter: nothing that comes later puts it off or takes its reward.
contract OmissionEvidence is Evidence {
    using SafeERC20 for ErgonToken;

    /// @notice Seconds for the answer.
    uint64 public constant ANSWER = 2 days;
    /// @notice Seconds after an epoch has closed for settlement in which omissions of it can be shown: how long an attestor
    /// keeps what it answers with.
    uint64 public constant SHOWN = 7 days;

    /// @dev A shown omission that waits for its answer.
    struct Waiting {
        uint64 due;
        uint128 deposit;
        address reporter;
        address payer;
    }

    /// @notice What answers for a meter or a witness that is sealed as 0.
    ContradictionEvidence public immutable contradictions;
    /// @notice The first epoch of which omissions can be shown: attestors knew of this contract.
    uint64 public immutable firstEpoch;

    mapping(bytes32 fact => mapping(uint256 head => mapping(uint64 counter => Waiting))) private _waiting;
    /// @dev Counters below it are answered.
    mapping(bytes32 fact => mapping(uint256 head => uint256 floor)) private _answered;

    event OmissionShown(
        uint32 indexed attestor,
        uint32 indexed cohort,
        uint64 indexed epoch,
        uint64 device,
        uint256 head,
        uint64 counter,
        address reporter,
        uint64 due
    );
    event OmissionAnswered(
        uint32 indexed attestor,
        uint32 indexed cohort,
        uint64 indexed epoch,
        uint64 device,
        uint256 head,
        uint64 counter
    );
    event OmissionPunished(
        uint32 indexed attestor, uint32 indexed cohort, uint64 indexed epoch, uint64 device, uint256 slashed
    );

    /// @notice The number of a registered attestor was expected.
    error UnknownAttestor(uint32 attestor);
    /// @notice An epoch from `first` on, before `latest` in seconds, was expected.
    error NotShowable(uint64 first, uint256 latest);
    /// @notice A device of a cohort with a committed membership in this epoch was expected.
    error NoMembership(uint64 device, uint64 epoch);
    /// @notice An uptime device was expected: of other kinds no arrivals are sealed.
    error NoArrivals(uint64 device);
    /// @notice A device was expected that was not shown to contradict itself in this epoch.
    error Contradicted(uint64 device, uint64 epoch);
    /// @notice An omission that was not shown before was expected.
    error AlreadyShown(uint64 due);
    /// @notice A counter from `floor` on was expected: lower ones are answered.
    error AlreadyAnswered(uint256 floor, uint64 counter);
    /// @notice A shown omission whose time for an answer is over was expected; `due` is 0 for one that nobody showed.
    error NotDue(uint64 due);
    /// @notice An omission that has an answer was expected.
    error NotAnswered(uint256 floor, uint64 counter);
    /// @notice A fault was expected whose evidence this contract checks, and a fact that was not reported.
    error NothingToGain(bytes32 fact);

    constructor(uint8 fault_, Staking staking_, address settlement_, ContradictionEvidence contradictions_)
        Evidence(fault_, staking_, settlement_)
    {
        contradictions = contradictions_;
        firstEpoch = registry.nextEpoch();
    }

    /// @notice Shows an omission. What has no excuse is slashed for at once; of the rest the caller makes a deposit, and it
    /// is slashed for by `punish`, unless somebody answers.
    /// @param reporter whom the proof names
    /// @return slashed what it cost so far
    function show(Missing calldata what, Lack calldata lack, address reporter, Proof calldata evidence)
        external
        returns (uint256 slashed)
    {
        uint256 latest = EpochSettlement(settlement).closesAt(what.epoch) + SHOWN;
        if (what.epoch < firstEpoch || block.timestamp >= latest) revert NotShowable(firstEpoch, latest);
        uint8 kind = _kindOf(what.device);
        if (lack.arrival && kind != Kinds.UPTIME) revert NoArrivals(what.device);
        _requireProven(
            words(what, lack, reporter), _tag("ergon/1/omission/", kind), evidence.route, evidence.c, evidence.proof
        );
        bytes32 fact = factOf(what);
        bool excused = lack.head != 0 ? !lack.arrival : kind == Kinds.ENERGY || kind == Kinds.WITNESS;
        uint64 due = excused ? uint64(block.timestamp) + ANSWER : 0;
        emit OmissionShown(what.attestor, what.cohort, what.epoch, what.device, lack.head, lack.counter, reporter, due);
        if (!excused) return _punish(what, fact, reporter);
        _wait(what, lack, fact, Waiting(due, _deposit(), reporter, msg.sender));
        return 0;
    }

    /// @notice Answers with the sealed record, for all that was acknowledged with a counter up to this one (§ 6.9); anyone
    /// may, also before anything is shown. Then `collect` gives the deposits to the attestor's operator.
    /// @param counter below the sealed record's
    function answer(Missing calldata what, uint256 head, uint64 counter, Proof calldata evidence) external {
        uint256[] memory list = answerWords(what, head, counter);
        bytes32 tag = _tag("ergon/1/answer/", _kindOf(what.device));
        _requireProven(list, tag, evidence.route, evidence.c, evidence.proof);
        bytes32 fact = factOf(what);
        if (counter >= _answered[fact][head]) _answered[fact][head] = uint256(counter) + 1;
        emit OmissionAnswered(what.attestor, what.cohort, what.epoch, what.device, head, counter);
    }

    /// @notice Gives the deposit of what is answered, or whose device contradicted itself, to the attestor's operator; anyone
    /// may.
    function collect(Missing calldata what, uint256 head, uint64 counter) external {
        bytes32 fact = factOf(what);
        bool excused = counter < _answered[fact][head] || (head == 0 && isContradicted(what.device, what.epoch));
        Waiting memory waiting = _waiting[fact][head][counter];
        if (!excused || waiting.due == 0) revert NotAnswered(_answered[fact][head], counter);
        delete _waiting[fact][head][counter];
        _token().safeTransfer(registry.attestorOf(what.attestor).operator, waiting.deposit);
    }

    /// @notice Has the bond slashed for an omission that nobody answered for, and the deposit given back; anyone may. If there
    /// is nothing to slash for any more, only the latter.
    function punish(Missing calldata what, uint256 head, uint64 counter) external returns (uint256 slashed) {
        bytes32 fact = factOf(what);
        Waiting memory waiting = _waiting[fact][head][counter];
        if (waiting.due == 0 || block.timestamp < waiting.due) revert NotDue(waiting.due);
        _requireUnanswered(what, fact, head, counter);
        delete _waiting[fact][head][counter];
        _token().safeTransfer(waiting.payer, waiting.deposit);
        return _isOpen(fact) ? _punish(what, fact, waiting.reporter) : 0;
    }

    /// @notice When the answer is due, and what was deposited; zeros if there is none to make.
    function waitingOf(Missing calldata what, uint256 head, uint64 counter)
        external
        view
        returns (uint64 due, uint128 deposit)
    {
        Waiting memory waiting = _waiting[factOf(what)][head][counter];
        return (waiting.due, waiting.deposit);
    }

    /// @notice The words that the proof must hold for (§ 6.8.1).
    function words(Missing calldata what, Lack calldata lack, address reporter)
        public
        view
        returns (uint256[] memory list)
    {
        Attestor memory who = registry.attestorOf(what.attestor);
        if (who.operator == address(0)) revert UnknownAttestor(what.attestor);
        list = _words(12, what.epoch, what.cohort, who.keyX, who.keyY, reporter);
        (uint32 cohort,) = registry.positionOf(what.device);
        uint256 root = registry.rootAt(cohort, what.epoch);
        if (root == 0) revert NoMembership(what.device, what.epoch);
        list[7] = what.device;
        list[8] = root;
        list[9] = lack.head;
        list[10] = lack.counter;
        list[11] = lack.arrival ? 1 : 0;
    }

    /// @notice The words that an answer must hold for (§ 6.9.1).
    function answerWords(Missing calldata what, uint256 head, uint64 counter)
        public
        view
        returns (uint256[] memory list)
    {
        (uint256 keyX, uint256 keyY) = registry.keyAt(what.device, what.epoch);
        // Nobody is rewarded: the head stands where evidence has its reporter.
        list = _words(8, what.epoch, what.device, keyX, keyY, address(0));
        list[6] = head;
        list[7] = counter;
    }

    /// @notice Whether a device was shown to contradict itself in an epoch, or that is established.
    function isContradicted(uint64 device, uint64 epoch) public view returns (bool) {
        bytes32 fact = keccak256(abi.encode(device, epoch));
        return contradictions.isEstablished(device, epoch) || staking.isReported(contradictions.fault(), fact);
    }

    /// @notice What counts once.
    function factOf(Missing calldata what) public pure returns (bytes32) {
        return keccak256(abi.encode(what.attestor, what.cohort, what.epoch, what.device));
    }

    function _wait(Missing calldata what, Lack calldata lack, bytes32 fact, Waiting memory next) private {
        if (!_isOpen(fact)) revert NothingToGain(fact);
        _requireUnanswered(what, fact, lack.head, lack.counter);
        uint64 due = _waiting[fact][lack.head][lack.counter].due;
        if (due != 0) revert AlreadyShown(due);
        _waiting[fact][lack.head][lack.counter] = next;
        _token().safeTransferFrom(msg.sender, address(this), next.deposit);
    }

    function _punish(Missing calldata what, bytes32 fact, address reporter) private returns (uint256 slashed) {
        uint256 bond = staking.bondOf(staking.ATTESTOR(), what.attestor);
        slashed = staking.report(bond, fault, fact, reporter);
        emit OmissionPunished(what.attestor, what.cohort, what.epoch, what.device, slashed);
    }

    function _requireUnanswered(Missing calldata what, bytes32 fact, uint256 head, uint64 counter) private view {
        uint256 floor = _answered[fact][head];
        if (counter < floor) revert AlreadyAnswered(floor, counter);
        if (head == 0 && isContradicted(what.device, what.epoch)) revert Contradicted(what.device, what.epoch);
    }

    /// @dev Whether the fact can still be reported from here: not if it was, nor when another contract's word counts now.
    function _isOpen(bytes32 fact) private view returns (bool) {
        return staking.faultRuleOf(fault).evidence == address(this) && !staking.isReported(fault, fact);
    }

    function _deposit() private view returns (uint128) {
        return staking.parameters().valueOf(staking.DEPOSIT());
    }

    function _token() private view returns (ErgonToken) {
        return staking.token();
    }

    /// @dev A tag of at most 32 bytes: what it is of, and the schema.
    function _tag(string memory what, uint8 kind) private pure returns (bytes32) {
        string memory schema = "witness";
        if (kind == Kinds.UPTIME) schema = "uptime";
        if (kind == Kinds.COVERAGE) schema = "coverage";
        if (kind == Kinds.ENERGY) schema = "energy";
        return bytes32(bytes(string.concat(what, schema)));
    }
}
