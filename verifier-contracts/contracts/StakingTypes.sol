// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice The stake on one device, attestor or prover. Shares of a stake are what is left of it after slashes.
/// @param tokens stake that earns
/// @param shares of those tokens
/// @param leavingTokens stake in its unbonding period: it earns nothing and is slashed all the same
/// @param leavingShares of those tokens
struct Bond {
    uint128 tokens;
    uint128 shares;
    uint128 leavingTokens;
    uint128 leavingShares;
}

/// @notice What someone has in a bond.
/// @param shares of the earning stake
/// @param owed rewards that were settled and not claimed yet
/// @param settled the bond's earnings per share when they were settled last
/// @param leavingShares of the stake in its unbonding period
/// @param readyAt when that can be withdrawn, in seconds
struct Holding {
    uint128 shares;
    uint128 owed;
    uint256 settled;
    uint128 leavingShares;
    uint64 readyAt;
}

/// @notice What happens to a bond on evidence of a fault.
/// @param evidence the contract that checks the evidence; only it reports the fault
/// @param bps part of the stake that one fault costs, in hundredths of a percent
/// @param capBps the most that faults of this kind cost in one period
/// @param informantBps part of what is slashed that goes to whom the evidence names
struct FaultRule {
    address evidence;
    uint16 bps;
    uint16 capBps;
    uint16 informantBps;
}

/// @notice An accusation that waits for its decision.
/// @param decider who decides
/// @param deadline until when, in seconds; afterwards anyone may lift it
/// @param depositor who put down the deposit
/// @param deposit tokens that go to the bond if it is lifted
/// @param withheld rewards that came meanwhile
/// @param reason hash of the published reason
struct Suspension {
    address decider;
    uint64 deadline;
    address depositor;
    uint128 deposit;
    uint128 withheld;
    bytes32 reason;
}

/// @title A contract that checks evidence and reports faults to `Staking`
interface IEvidence {
    /// @notice The fault that it can show, as numbered in `Staking`.
    function fault() external view returns (uint8);
}

/// @title What such a contract calls
interface IFaults {
    /// @notice Slashes a bond for a fact that the caller has checked; each fact once.
    /// @param fact names what happened, so that it counts once whoever shows it and however
    /// @param informant who gets the informant's part
    function report(uint256 bond, uint8 fault, bytes32 fact, address informant) external returns (uint256 slashed);
}
