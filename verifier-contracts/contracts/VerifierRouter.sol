// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Field} from "./Field.sol";
import {Groth16Verifier} from "./Groth16Verifier.sol";

/// @notice Under which key, and for which statement, a proof is checked.
/// @param verifier the contract that holds the verifying key
/// @param tag ASCII tag of the statement's words, left-aligned
/// @param members number of members the circuit has
/// @param length number of words the circuit hashes
/// @param genesisState state of a cohort that has settled nothing yet (§ 5.5); 0 for statements without state
/// @param frozen whether the route's proofs are refused, for past epochs as well
struct Route {
    address verifier;
    bytes32 tag;
    uint32 members;
    uint32 length;
    uint256 genesisState;
    bool frozen;
}

/// @title Finds the key of a statement and binds its words to the proof
/// @notice `docs/specification.md` § 5.1.
contract VerifierRouter is Ownable2Step {
    /// @notice May freeze routes, but not add any.
    address public guardian;

    /// @dev A route as it is stored: every settlement pays for reading it, so what a proof needs is in two slots.
    struct Entry {
        address verifier;
        uint40 activeFrom;
        uint24 members;
        uint24 length;
        bool frozen;
        bytes32 tag;
        uint256 genesisState;
    }

    /// @notice The longest delay that can be set, in seconds: a typing error must not shut new keys out for good.
    uint40 public constant MAX_DELAY = 30 days;

    /// @notice Seconds from adding a route until its proofs are accepted; 0 while a network is set up.
    uint40 public delay;

    mapping(bytes32 route => Entry) private _routes;

    event RouteAdded(
        bytes32 indexed route, address indexed verifier, bytes32 indexed tag, uint32 members, uint32 length
    );
    event RouteFrozen(bytes32 indexed route, address indexed by);
    event GuardianSet(address indexed guardian);
    event DelaySet(uint40 delay);

    /// @notice A route that was added before was expected.
    error UnknownRoute(bytes32 route);
    /// @notice A route that does not exist yet was expected: one per key, tag, members and length.
    error RouteExists(bytes32 route);
    /// @notice A route that is not frozen was expected.
    error RouteIsFrozen(bytes32 route);
    /// @notice A time from `activeFrom` on was expected.
    error RouteNotActive(bytes32 route, uint256 activeFrom);
    /// @notice A delay above the present one, up to `max`, was expected.
    error DelayNotRaised(uint40 present, uint40 max, uint40 actual);
    /// @notice A route of this tag was expected.
    error WrongTag(bytes32 expected, bytes32 actual);
    /// @notice A route of this number of members was expected.
    error WrongMembers(uint32 expected, uint32 actual);
    /// @notice As many words as the route's circuit hashes were expected.
    error WrongLength(uint256 expected, uint256 actual);
    /// @notice A value below the scalar field's order was expected.
    error NotCanonical(uint256 word);
    /// @notice A call by the guardian or the owner was expected.
    error NotGuardian(address actual);
    /// @notice At least one member and one word were expected.
    error EmptyRoute(uint32 members, uint32 length);

    constructor(address owner) Ownable(owner) {}

    /// @notice Names who may freeze beside the owner.
    function setGuardian(address newGuardian) external onlyOwner {
        guardian = newGuardian;
        emit GuardianSet(newGuardian);
    }

    /// @notice Sets how long a route waits before its proofs are accepted, in seconds. It can only be raised, so that
    /// whoever takes the owner's keys cannot have a key accepted before others see it and the guardian freezes it.
    function raiseDelay(uint40 newDelay) external onlyOwner {
        if (newDelay <= delay || newDelay > MAX_DELAY) revert DelayNotRaised(delay, MAX_DELAY, newDelay);
        delay = newDelay;
        emit DelaySet(newDelay);
    }

    /// @notice Adds a key for a statement, accepted from `delay` seconds on. A route never changes; it can only be
    /// frozen, also before it is accepted.
    function addRoute(address verifier, bytes32 tag, uint32 members, uint32 length, uint256 genesisState)
        external
        onlyOwner
        returns (bytes32 route)
    {
        if (members == 0 || length == 0) revert EmptyRoute(members, length);
        if (genesisState >= Field.R) revert NotCanonical(genesisState);
        route = keccak256(abi.encode(Groth16Verifier(verifier).keyHash(), tag, members, length));
        if (_routes[route].verifier != address(0)) revert RouteExists(route);
        _routes[route] = Entry({
            verifier: verifier,
            activeFrom: SafeCast.toUint40(block.timestamp + delay),
            members: SafeCast.toUint24(members),
            length: SafeCast.toUint24(length),
            frozen: false,
            tag: tag,
            genesisState: genesisState
        });
        emit RouteAdded(route, verifier, tag, members, length);
    }

    /// @notice Refuses a route's proofs from now on, for good.
    function freeze(bytes32 route) external {
        if (msg.sender != guardian && msg.sender != owner()) revert NotGuardian(msg.sender);
        if (_routes[route].verifier == address(0)) revert UnknownRoute(route);
        _routes[route].frozen = true;
        emit RouteFrozen(route, msg.sender);
    }

    /// @notice The route; its verifier is zero when there is none.
    function routeOf(bytes32 route) external view returns (Route memory) {
        Entry storage entry = _routes[route];
        return Route(entry.verifier, entry.tag, entry.members, entry.length, entry.genesisState, entry.frozen);
    }

    /// @notice From when on a route's proofs are accepted, in seconds; 0 when there is none.
    function activeFrom(bytes32 route) external view returns (uint40) {
        return _routes[route].activeFrom;
    }

    /// @notice Whether the proof holds for exactly these words under the route's key.
    /// @dev Reverts when the question itself is wrong (route, tag, size, range); a wrong proof is `false`.
    /// @param c the circuit's hash of the words, from the prover
    function verify(
        bytes32 route,
        bytes32 tag,
        uint32 members,
        uint256 c,
        uint256[] calldata words,
        uint256[8] calldata proof
    ) external view returns (bool) {
        bytes calldata packed;
        assembly ("memory-safe") {
            packed.offset := words.offset
            packed.length := shl(5, words.length)
        }
        (Groth16Verifier verifier, uint256[3] memory inputs) = inputsOf(route, tag, members, c, packed);
        return verifier.verify(proof, inputs);
    }

    /// @notice Who checks a proof of exactly these words under the route's key, and with which inputs: c, z, y. For many
    /// proofs of one route, which `verifyAll` checks together.
    /// @dev Reverts as `verify` does.
    /// @param words one after the other, 32 bytes each: bytes are copied whole, an array word by word
    function inputsOf(bytes32 route, bytes32 tag, uint32 members, uint256 c, bytes calldata words)
        public
        view
        returns (Groth16Verifier verifier, uint256[3] memory inputs)
    {
        Entry storage entry = _routes[route];
        verifier = Groth16Verifier(entry.verifier);
        if (address(verifier) == address(0)) revert UnknownRoute(route);
        if (entry.frozen) revert RouteIsFrozen(route);
        if (block.timestamp < entry.activeFrom) revert RouteNotActive(route, entry.activeFrom);
        if (entry.tag != tag) revert WrongTag(entry.tag, tag);
        if (entry.members != members) revert WrongMembers(entry.members, members);
        if (words.length != 32 * uint256(entry.length)) revert WrongLength(entry.length, words.length / 32);
        if (c >= Field.R) revert NotCanonical(c);
        // z comes after c and the words, so nobody can choose either to fit it.
        uint256 z = uint256(keccak256(abi.encode(tag, route, c, keccak256(words)))) % Field.R;
        inputs = [c, z, _evaluate(words, z)];
    }

    /// @dev Σ wordᵢ·zⁱ by Horner's rule from the last word down; every word must be below r. In assembly, and four words a
    /// turn, because every proof pays for it by the word.
    function _evaluate(bytes calldata words, uint256 z) private pure returns (uint256 y) {
        uint256 r = Field.R;
        bool canonical = true;
        assembly ("memory-safe") {
            let at := add(words.offset, words.length)
            for { let end := add(words.offset, and(words.length, 0x7f)) } gt(at, end) {} {
                at := sub(at, 0x80)
                let word := calldataload(add(at, 0x60))
                canonical := and(canonical, lt(word, r))
                y := addmod(mulmod(y, z, r), word, r)
                word := calldataload(add(at, 0x40))
                canonical := and(canonical, lt(word, r))
                y := addmod(mulmod(y, z, r), word, r)
                word := calldataload(add(at, 0x20))
                canonical := and(canonical, lt(word, r))
                y := addmod(mulmod(y, z, r), word, r)
                word := calldataload(at)
                canonical := and(canonical, lt(word, r))
                y := addmod(mulmod(y, z, r), word, r)
            }
            for {} gt(at, words.offset) {} {
                at := sub(at, 0x20)
                let word := calldataload(at)
                canonical := and(canonical, lt(word, r))
                y := addmod(mulmod(y, z, r), word, r)
            }
        }
        if (!canonical) revert NotCanonical(_wrongIn(words));
    }

    /// @dev The last word that is not below r.
    function _wrongIn(bytes calldata words) private pure returns (uint256 wrong) {
        for (uint256 i = 0; i < words.length; i += 32) {
            uint256 word = uint256(bytes32(words[i:i + 32]));
            if (word >= Field.R) wrong = word;
        }
    }
}
