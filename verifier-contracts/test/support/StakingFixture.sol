// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DeviceRegistry} from "../../contracts/DeviceRegistry.sol";
import {ErgonToken} from "../../contracts/ErgonToken.sol";
import {Kinds} from "../../contracts/Kinds.sol";
import {Parameter, Parameters} from "../../contracts/Parameters.sol";
import {Staking} from "../../contracts/Staking.sol";
import {FaultRule, IEvidence} from "../../contracts/StakingTypes.sol";
import {VerifierRouter} from "../../contracts/VerifierRouter.sol";
import {Curve} from "./Curve.sol";
import {Test} from "./Vm.sol";

/// @title A registry with an attestor and a device, and stakes in a token that the test mints; the test is the evidence
abstract contract StakingFixture is Test, IEvidence {
    uint8 public constant fault = 3;
    uint64 internal constant START = 1_800_000_000;
    uint64 internal constant UNBONDING = 7 days;
    uint128 internal constant DEPOSIT = 50 ether;
    uint256 internal constant ACCUSER_KEY = 0xacc;
    address internal constant DECIDER = address(0xDEC1DE);
    address internal constant OPERATOR = address(0x0D);
    address internal constant PROVER = address(0xA11CE);
    address internal constant ANN = address(0xA1);
    address internal constant BEN = address(0xB2);

    ErgonToken internal token;
    DeviceRegistry internal registry;
    Parameters internal parameters;
    Staking internal staking;
    uint256 internal bond;
    uint256 internal deviceBond;

    function setUp() public virtual {
        vm.warp(START);
        token = new ErgonToken(address(this));
        token.setMinter(address(this));
        registry = new DeviceRegistry(address(this), new VerifierRouter(address(this)), START, 1 days);
        registry.registerAttestor(address(0xA77E57), Curve.proofOf(Curve.base8()));
        registry.createCohort(Kinds.UPTIME, 4, 0, 0, 1);
        uint256[2] memory second = Curve.add(Curve.base8(), Curve.base8());
        registry.enrol(1, OPERATOR, Curve.proofOf(second), 0);
        parameters = newParameters(address(this));
        staking = new Staking(address(this), token, registry, parameters);
        staking.setFaultRule(fault, FaultRule(address(this), 1_000, 2_000, 500));
        staking.setAccuser(vm.addr(ACCUSER_KEY), true);
        staking.setDecider(DECIDER);
        bond = staking.bondOf(3, uint160(PROVER));
        deviceBond = staking.bondOf(1, 1);
    }

    function newParameters(address owner) internal returns (Parameters) {
        bytes32[] memory names = new bytes32[](2);
        Parameter[] memory values = new Parameter[](2);
        (names[0], names[1]) = ("staking/unbonding", "staking/deposit");
        values[0] = Parameter(UNBONDING, 3 days, 30 days, 7 days, 14 days, 0);
        values[1] = Parameter(DEPOSIT, 1 ether, 500 ether, 50 ether, 14 days, 0);
        return new Parameters(owner, names, values);
    }

    function give(address holder, uint256 amount) internal {
        token.mint(holder, amount);
        vm.prank(holder);
        token.approve(address(staking), type(uint256).max);
    }

    function stake(uint256 on, address holder, uint128 amount) internal returns (uint128 shares) {
        give(holder, amount);
        vm.prank(holder);
        return staking.stake(on, amount);
    }

    function pay(uint256 to, uint128 amount) internal {
        give(address(0xFA7), amount);
        vm.prank(address(0xFA7));
        staking.payRewards(to, amount);
    }

    /// @notice A part rounded down: at most one unit is missing.
    function assertPart(uint256 actual, uint256 exact) internal pure {
        vm.assertLe(actual, exact, "more than the part");
        vm.assertLe(exact - actual, 1, "less than the part");
    }

    function accusation(uint256 of_, bytes32 reason, uint64 deadline) internal view returns (bytes memory) {
        (, string memory name, string memory version, uint256 chainId, address at_,,) = _domain();
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chainId,
                at_
            )
        );
        bytes32 inner = keccak256(abi.encode(staking.ACCUSATION_TYPEHASH(), of_, reason, deadline));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", separator, inner));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ACCUSER_KEY, digest);
        return abi.encodePacked(r, s, v);
    }

    function _domain()
        private
        view
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory)
    {
        return staking.eip712Domain();
    }

    function suspend(uint256 of_, bytes32 reason) internal {
        uint64 deadline = uint64(block.timestamp + 10 days);
        bytes memory signature = accusation(of_, reason, deadline);
        give(address(0xACC0), DEPOSIT);
        address accuser = vm.addr(ACCUSER_KEY);
        vm.prank(address(0xACC0));
        staking.suspend(of_, accuser, reason, deadline, signature);
    }
}
