// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Asset, AssetShares} from "../../contracts/AssetShares.sol";
import {AssetSharesFactory} from "../../contracts/AssetSharesFactory.sol";
import {Coin} from "./HostileTokens.sol";
import {StakingFixture} from "./StakingFixture.sol";

/// @title One device of an operator, divided into shares
abstract contract AssetFixture is StakingFixture {
    uint128 internal constant SUPPLY = 1_000 ether;
    AssetSharesFactory internal factory;
    AssetShares internal shares;
    Coin internal coin;

    function setUp() public virtual override {
        super.setUp();
        factory = new AssetSharesFactory(registry);
        coin = new Coin();
        shares = factory.create(assetOf(address(coin), address(0)));
    }

    function assetOf(address currency, address gate) internal view returns (Asset memory asset) {
        asset = Asset("Roof 7", "ROOF7", SUPPLY, OPERATOR, new uint64[](1), new address[](2), gate);
        asset.devices[0] = 1;
        (asset.currencies[0], asset.currencies[1]) = (address(token), currency);
    }

    /// @notice Hands the device over and issues the shares to its operator.
    function issue() internal {
        vm.prank(OPERATOR);
        registry.offerDevice(1, address(shares));
        vm.warp(block.timestamp + 8 days);
        if (registry.rootAt(1, registry.nextEpoch()) == 0) commitAsIs();
        shares.accept(0);
        shares.issue();
    }

    /// @notice What a proof of the membership would do; the proof is not this test's matter.
    function commitAsIs() internal {
        vm.mockCall(address(registry.router()), "", abi.encode(true));
        uint256[8] memory proof;
        registry.commitMembership(1, 0, 7, proof);
    }

    function handTo(address to, uint128 amount) internal {
        vm.prank(OPERATOR);
        shares.transfer(to, amount);
    }
}
