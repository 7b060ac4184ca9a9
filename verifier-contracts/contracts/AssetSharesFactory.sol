// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Asset, AssetShares} from "./AssetShares.sol";
import {DeviceRegistry} from "./DeviceRegistry.sol";

/// @title Makes the shares of assets
contract AssetSharesFactory {
    /// @notice What all assets are clones of.
    AssetShares public immutable implementation;
    /// @notice Number of assets made so far.
    uint256 public assetCount;
    /// @notice Whether a contract was made here.
    mapping(address asset => bool) public isAsset;

    event AssetCreated(address indexed asset, address indexed sponsor, uint64[] devices, uint128 supply, address gate);

    constructor(DeviceRegistry registry) {
        implementation = new AssetShares(registry, address(this));
    }

    /// @notice Makes an asset. The sponsor then offers it the devices (`DeviceRegistry.offerDevice`), has them accepted
    /// (`AssetShares.accept`), and the shares issued (`AssetShares.issue`).
    function create(Asset calldata asset) external returns (AssetShares shares) {
        shares = AssetShares(Clones.cloneDeterministic(address(implementation), bytes32(assetCount++)));
        isAsset[address(shares)] = true;
        emit AssetCreated(address(shares), asset.sponsor, asset.devices, asset.supply, asset.gate);
        shares.initialize(asset);
    }
}
