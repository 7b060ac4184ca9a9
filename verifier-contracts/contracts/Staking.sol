// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {DeviceRegistry} from "./DeviceRegistry.sol";
import {ErgonToken} from "./ErgonToken.sol";
import {Parameters} from "./Parameters.sol";
import {ISuspensions} from "./RegistryTypes.sol";
import {Slashing} from "./Slashing.sol";
import {StakePool} from "./StakePool.sol";
import {Suspension} from "./StakingTypes.sol";

/// @title Bonds, and their suspension for cause
/// @notice A suspension needs a reason that an accuser has signed, a deposit, a deadline and somebody else who decides.
/// While it lasts, rewards that come in are withheld and stake cannot be withdrawn; what was earned before stays
/// claimable. If it is lifted, or nobody decides in time, the bond gets all of it and the deposit. The registry can keep
/// devices out of their cohorts for it (`DeviceRegistry.setStaking`).
contract Staking is Slashing, EIP712 {
    using SafeERC20 for ErgonToken;

    /// @notice Tokens that an accusation puts down.
    bytes32 public constant DEPOSIT = "staking/deposit";
    /// @notice The longest that a suspension lasts without a decision, in seconds.
    uint64 public constant MAX_SUSPENSION = 30 days;
    /// @notice What an accuser signs (EIP-712). A reason counts once for each bond.
    bytes32 public constant ACCUSATION_TYPEHASH = keccak256("Accusation(uint256 bond,bytes32 reason,uint64 deadline)");

    /// @notice Who may accuse.
    mapping(address accuser => bool) public isAccuser;
    /// @notice Who decides on suspensions from now on.
    address public decider;
    /// @notice Whether a suspension was upheld and the owner has not pardoned the bond since.
    mapping(uint256 bond => bool) public isUpheld;

    mapping(uint256 bond => Suspension) private _suspensions;
    mapping(uint256 bond => mapping(bytes32 reason => bool)) private _reasonUsed;

    event AccuserSet(address indexed accuser, bool allowed);
    event DeciderSet(address indexed decider);
    event Suspended(uint256 indexed bond, address indexed accuser, Suspension suspension);
    event SuspensionLifted(uint256 indexed bond, uint128 released, uint128 restitution);
    event SuspensionUpheld(uint256 indexed bond, uint128 forfeited);
    event Pardoned(uint256 indexed bond);

    /// @notice A signature by an accuser over the bond, reason and deadline was expected.
    error NotAccused(uint256 bond, address accuser);
    /// @notice An accuser other than the decider was expected.
    error AccuserDecides(address accuser);
    /// @notice A decider was expected to be set.
    error NoDecider();
    /// @notice A deadline after now, up to `latest`, was expected.
    error WrongDeadline(uint256 latest, uint64 actual);
    /// @notice A reason was expected that the bond was not suspended for before.
    error ReasonUsed(uint256 bond, bytes32 reason);
    /// @notice A suspended bond was expected.
    error NotSuspended(uint256 bond);
    /// @notice A call by the decider was expected; from the deadline on, anyone may lift a suspension.
    error NotDecider(address expected, address actual);
    /// @notice A bond was expected whose suspension was upheld.
    error NotUpheld(uint256 bond);
    /// @notice A decision before the deadline was expected.
    error TooLate(uint64 deadline);

    constructor(address owner, ErgonToken token_, DeviceRegistry registry_, Parameters parameters_)
        StakePool(owner, token_, registry_, parameters_)
        EIP712("Ergon Staking", "1")
    {
        parameters_.requireWithin(DEPOSIT, 1, type(uint128).max);
    }

    /// @notice Names who may accuse, or no longer.
    function setAccuser(address accuser, bool allowed) external onlyOwner {
        isAccuser[accuser] = allowed;
        emit AccuserSet(accuser, allowed);
    }

    /// @notice Names who decides. A suspension that has begun keeps its decider.
    function setDecider(address newDecider) external onlyOwner {
        decider = newDecider;
        emit DeciderSet(newDecider);
    }

    /// @notice Suspends a bond on an accusation that somebody signed; anyone may send it and pays the deposit.
    /// @param reason hash of the published reason
    /// @param deadline until when it must be decided, in seconds
    /// @param signature by the accuser, over `ACCUSATION_TYPEHASH`
    function suspend(uint256 bond, address accuser, bytes32 reason, uint64 deadline, bytes calldata signature)
        external
    {
        operatorOf(bond);
        if (decider == address(0)) revert NoDecider();
        if (accuser == decider) revert AccuserDecides(accuser);
        uint256 latest = block.timestamp + MAX_SUSPENSION;
        if (deadline <= block.timestamp || deadline > latest) revert WrongDeadline(latest, deadline);
        if (_isSuspended(bond)) revert BondSuspended(bond);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(ACCUSATION_TYPEHASH, bond, reason, deadline)));
        if (!isAccuser[accuser] || !SignatureChecker.isValidSignatureNow(accuser, digest, signature)) {
            revert NotAccused(bond, accuser);
        }
        if (_reasonUsed[bond][reason]) revert ReasonUsed(bond, reason);
        _reasonUsed[bond][reason] = true;
        uint128 deposit = parameters.valueOf(DEPOSIT);
        Suspension memory suspension = Suspension(decider, deadline, msg.sender, deposit, 0, reason);
        _suspensions[bond] = suspension;
        emit Suspended(bond, accuser, suspension);
        token.safeTransferFrom(msg.sender, address(this), deposit);
    }

    /// @notice Ends a suspension in the bond's favour: its holders get what was withheld, and the deposit. The decider
    /// may at any time, anyone from the deadline on.
    function lift(uint256 bond) external {
        Suspension memory suspension = _suspended(bond);
        if (msg.sender != suspension.decider && block.timestamp < suspension.deadline) {
            revert NotDecider(suspension.decider, msg.sender);
        }
        delete _suspensions[bond];
        emit SuspensionLifted(bond, suspension.withheld, suspension.deposit);
        _share(bond, suspension.withheld + suspension.deposit);
    }

    /// @notice Ends a suspension against the bond: what was withheld goes to the fund, the deposit back. Stake is
    /// slashed on evidence only. A device is kept out of its cohort until the owner pardons it.
    function uphold(uint256 bond) external {
        Suspension memory suspension = _suspended(bond);
        if (msg.sender != suspension.decider) revert NotDecider(suspension.decider, msg.sender);
        if (block.timestamp >= suspension.deadline) revert TooLate(suspension.deadline);
        delete _suspensions[bond];
        isUpheld[bond] = true;
        _addToFund(suspension.withheld);
        emit SuspensionUpheld(bond, suspension.withheld);
        token.safeTransfer(suspension.depositor, suspension.deposit);
    }

    /// @notice Takes back that a suspension was upheld, as when a device was repaired or the decider was wrong.
    function pardon(uint256 bond) external onlyOwner {
        if (!isUpheld[bond]) revert NotUpheld(bond);
        delete isUpheld[bond];
        emit Pardoned(bond);
    }

    /// @inheritdoc ISuspensions
    /// @dev From the deadline on an accusation keeps no device out, even if nobody has lifted it yet.
    function isKeptOut(uint64 device) external view returns (bool) {
        uint256 bond = bondOf(DEVICE, device);
        return isUpheld[bond] || block.timestamp < _suspensions[bond].deadline;
    }

    /// @notice A bond's suspension; all zero when it is not suspended.
    function suspensionOf(uint256 bond) external view returns (Suspension memory) {
        return _suspensions[bond];
    }

    /// @notice Whether a bond has at least this stake and is not suspended: what those who rely on it ask.
    function isGood(uint256 bond, uint128 minimum) external view returns (bool) {
        return _bonds[bond].tokens >= minimum && !_isSuspended(bond);
    }

    function _isSuspended(uint256 bond) internal view override returns (bool) {
        return _suspensions[bond].deadline != 0;
    }

    function _withhold(uint256 bond, uint128 amount) internal override returns (bool) {
        if (!_isSuspended(bond)) return false;
        _suspensions[bond].withheld += amount;
        return true;
    }

    function _suspended(uint256 bond) private view returns (Suspension memory suspension) {
        suspension = _suspensions[bond];
        if (suspension.deadline == 0) revert NotSuspended(bond);
    }
}
