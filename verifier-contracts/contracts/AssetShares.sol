// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {KeyProof} from "./BabyJubJub.sol";
import {DeviceRegistry} from "./DeviceRegistry.sol";
import {P256Key, P256Signature} from "./P256.sol";
import {RevenueShares} from "./RevenueShares.sol";

/// @title Who may hold shares of a regulated asset
interface ITransferGate {
    /// @notice Whether `to` may receive shares from `from`; from is zero when shares are issued.
    function mayTransfer(address from, address to, uint256 amount) external view returns (bool);
}

/// @notice What a fleet is divided into.
/// @param name of the shares
/// @param symbol of the shares
/// @param supply number of shares, in their smallest unit (18 decimals)
/// @param sponsor who brings in the devices and receives the shares
/// @param devices that the shares stand for
/// @param currencies that rewards and revenue arrive in
/// @param gate who may hold shares; zero for everybody
struct Asset {
    string name;
    string symbol;
    uint128 supply;
    address sponsor;
    uint64[] devices;
    address[] currencies;
    address gate;
}

/// @title Shares of one device or a fleet
/// @notice The contract is the devices' operator, so their rewards come here; so does revenue that names it. The sponsor
/// offers the devices in the registry, anyone has them accepted, then the shares are issued. Whoever holds all of them
/// burns them and gets the devices back. Votes count by time (ERC-6372).
/// @dev A clone of one implementation: every asset with code of its own would be too dear. So there are no constructor
/// arguments but the registry, and the signing domain has one name for all assets; the address tells them apart.
contract AssetShares is ERC20, ERC20Permit, ERC20Votes, RevenueShares {
    /// @notice The most devices of one asset: all of them change hands in one transaction.
    uint256 public constant MAX_DEVICES = 64;

    /// @notice Where the devices are.
    DeviceRegistry public immutable registry;
    /// @notice Who may initialize clones.
    address public immutable factory;

    /// @notice Whether the shares were issued; once.
    bool public issued;
    /// @notice Whose the devices and their income are while there are no shares: the sponsor before, and afterwards
    /// whoever redeemed all of them.
    address public heir;
    /// @notice Who may hold shares; zero for everybody.
    ITransferGate public gate;

    uint128 private _supply;
    string private _shareName;
    string private _shareSymbol;
    uint64[] private _devices;

    event SharesIssued(address indexed sponsor, uint256 supply);
    event SharesRedeemed(address indexed holder, uint256 supply);

    /// @notice A call by the factory was expected, once.
    error NotFactory(address actual);
    /// @notice From 1 to `max` devices were expected.
    error WrongDeviceCount(uint256 max, uint256 actual);
    /// @notice More than no shares, and a sponsor other than zero, were expected.
    error NothingToIssue();
    /// @notice Shares that are not issued yet were expected.
    error AlreadyIssued();
    /// @notice A device was expected whose operator is this contract.
    error DeviceMissing(uint64 device, address operator);
    /// @notice Every share was expected to be the caller's.
    error NotAllShares(uint256 supply, uint256 held);
    /// @notice A call by the heir was expected, while there are no shares.
    error NotHeir(address expected, address actual);
    /// @notice A transfer that the gate allows was expected.
    error TransferRefused(address from, address to, uint256 amount);

    constructor(DeviceRegistry registry_, address factory_) ERC20("", "") ERC20Permit("Ergon Asset Shares") {
        registry = registry_;
        factory = factory_;
    }

    /// @notice Sets up a clone; for the factory.
    function initialize(Asset calldata asset) external {
        if (msg.sender != factory || heir != address(0)) revert NotFactory(msg.sender);
        if (asset.supply == 0 || asset.sponsor == address(0)) revert NothingToIssue();
        uint256 count = asset.devices.length;
        if (count == 0 || count > MAX_DEVICES) revert WrongDeviceCount(MAX_DEVICES, count);
        heir = asset.sponsor;
        gate = ITransferGate(asset.gate);
        _supply = asset.supply;
        _shareName = asset.name;
        _shareSymbol = asset.symbol;
        _devices = asset.devices;
        _setCurrencies(asset.currencies);
    }

    /// @notice Accepts one of the asset's devices that its operator offered to this contract; anyone may. Reverts as the
    /// registry does.
    /// @param position in the list of devices: another one, offered by mistake, would be stuck here
    function accept(uint256 position) external {
        registry.acceptDevice(_devices[position]);
    }

    /// @notice Issues all shares to the sponsor once all devices are here; anyone may.
    function issue() external {
        if (issued) revert AlreadyIssued();
        issued = true;
        for (uint256 i = 0; i < _devices.length; ++i) {
            uint64 device = _devices[i];
            (uint32 cohort, uint32 index) = registry.positionOf(device);
            address operator = registry.memberOf(cohort, index).operator;
            if (operator != address(this)) revert DeviceMissing(device, operator);
            // The sponsor may have offered it to itself before; it must not take it from those who buy shares.
            registry.offerDevice(device, address(0));
        }
        emit SharesIssued(heir, _supply);
        _mint(heir, _supply);
    }

    /// @notice Burns all shares, if the caller holds every one, and offers it the devices.
    function redeem() external {
        uint256 held = balanceOf(msg.sender);
        if (held == 0 || held != totalSupply()) revert NotAllShares(totalSupply(), held);
        _burn(msg.sender, held);
        heir = msg.sender;
        emit SharesRedeemed(msg.sender, held);
        for (uint256 i = 0; i < _devices.length; ++i) {
            registry.offerDevice(_devices[i], msg.sender);
        }
    }

    /// @notice Offers a device of this contract to somebody, while there are no shares: for a sponsor who gives up, or a
    /// redeemer who wants it elsewhere.
    function release(uint64 device, address to) external {
        if (msg.sender != heir || totalSupply() != 0) revert NotHeir(heir, msg.sender);
        registry.offerDevice(device, to);
    }

    /// @notice Replaces the key of a device of this contract on the word of its secure element, which signs for this
    /// contract; anyone may bring it. Reverts as the registry does.
    function rotateKey(
        uint64 device,
        KeyProof calldata key,
        P256Key calldata hardware,
        P256Signature calldata signature
    ) external {
        registry.rotateKeyAttested(device, key, hardware, signature);
    }

    /// @notice The devices that the shares stand for.
    function devices() external view returns (uint64[] memory) {
        return _devices;
    }

    /// @notice The shares' name.
    function name() public view override returns (string memory) {
        return _shareName;
    }

    /// @notice The shares' symbol.
    function symbol() public view override returns (string memory) {
        return _shareSymbol;
    }

    /// @notice Time, in seconds, as the clock of votes.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice The clock's description (ERC-6372).
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @notice The next nonce of the holder's signatures.
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _sharesOf(address holder) internal view override returns (uint256) {
        return balanceOf(holder);
    }

    function _allShares() internal view override returns (uint256) {
        return totalSupply();
    }

    function _residual() internal view override returns (address) {
        return heir;
    }

    /// @dev What came in before a transfer is earned by who held the shares then.
    function _update(address from, address to, uint256 amount) internal override(ERC20, ERC20Votes) {
        if (to != address(0) && address(gate) != address(0) && !gate.mayTransfer(from, to, amount)) {
            revert TransferRefused(from, to, amount);
        }
        _syncAll();
        _settleAll(from);
        _settleAll(to);
        super._update(from, to, amount);
    }
}
