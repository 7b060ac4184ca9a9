// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Kinds} from "./Kinds.sol";

/// @title The governed parameters of each kind, by epoch
/// @notice `docs/specification.md` § 5.4. A policy takes effect with the next epoch, so an epoch that has begun keeps
/// the rules it began with.
abstract contract PolicyBook is Ownable2Step {
    using Checkpoints for Checkpoints.Trace160;

    /// @dev Multipliers are in ten-thousandths.
    uint256 private constant WHOLE = 10_000;
    /// @dev Minimums from here on would make every member with fewer slots unprovable.
    uint256 private constant MINIMUM_END = 1 << 9;
    /// @dev Reaches from here on would make every cell within them unprovable.
    uint256 private constant REACH_END = 1 << 20;

    mapping(uint8 kind => mapping(uint64 fromEpoch => uint256[])) private _words;
    /// @dev Epoch → 1 + the epoch that its policy is filed under.
    mapping(uint8 kind => Checkpoints.Trace160) private _filed;

    event PolicySet(uint8 indexed kind, uint64 indexed fromEpoch, uint256[] words);

    /// @notice This many policy words were expected for the kind.
    error WrongPolicyLength(uint8 kind, uint256 expected, uint256 actual);
    /// @notice A policy word within its bounds was expected (§ 5.4).
    error PolicyOutOfBounds(uint8 kind, uint256 position, uint256 word);

    constructor(address owner) Ownable(owner) {}

    /// @notice Sets a kind's policy from the next epoch on.
    function setPolicy(uint8 kind, uint256[] calldata words) external onlyOwner {
        _check(kind, words);
        uint64 fromEpoch = _policyEpoch();
        _words[kind][fromEpoch] = words;
        _filed[kind].push(fromEpoch, uint160(fromEpoch) + 1);
        emit PolicySet(kind, fromEpoch, words);
    }

    /// @notice A kind's policy words in an epoch; empty when none was set by then.
    function policyAt(uint8 kind, uint64 epoch) public view returns (uint256[] memory) {
        uint160 filed = _filed[kind].upperLookupRecent(epoch);
        return filed == 0 ? new uint256[](0) : _words[kind][uint64(filed - 1)];
    }

    /// @dev The epoch that a change takes effect with.
    function _policyEpoch() internal view virtual returns (uint64);

    function _check(uint8 kind, uint256[] calldata words) private pure {
        Kinds.requirePaid(kind);
        uint256 expected = kind == Kinds.UPTIME ? 1 : kind == Kinds.COVERAGE ? 3 : 6;
        if (words.length != expected) revert WrongPolicyLength(kind, expected, words.length);
        _checkTiers(kind, words[0]);
        if (kind == Kinds.COVERAGE) {
            _require(words[1] > 0 && words[1] < 1 << 8, kind, 1, words[1]);
            _checkClasses(kind, words[2]);
        } else if (kind == Kinds.ENERGY) {
            _require(words[1] < 1 << 8, kind, 1, words[1]);
            for (uint256 i = 2; i < 6; ++i) {
                _require(words[i] < 1 << 192, kind, i, words[i]);
            }
        }
    }

    /// @dev Four steps of minimum(16) | increment(16); together at most the whole.
    function _checkTiers(uint8 kind, uint256 tiers) private pure {
        uint256 sum = 0;
        for (uint256 i = 0; i < 4; ++i) {
            uint256 step = tiers >> (32 * i);
            _require(step & 0xffff < MINIMUM_END, kind, 0, tiers);
            sum += (step >> 16) & 0xffff;
        }
        _require(tiers < 1 << 128 && sum <= WHOLE, kind, 0, tiers);
    }

    /// @dev Four classes of weight(8) | reach(24).
    function _checkClasses(uint8 kind, uint256 classes) private pure {
        for (uint256 i = 0; i < 4; ++i) {
            _require((classes >> (32 * i + 8)) & 0xffffff < REACH_END, kind, 2, classes);
        }
        _require(classes < 1 << 128, kind, 2, classes);
    }

    function _require(bool holds, uint8 kind, uint256 position, uint256 word) private pure {
        if (!holds) revert PolicyOutOfBounds(kind, position, word);
    }
}
