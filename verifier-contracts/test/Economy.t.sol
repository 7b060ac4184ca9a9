// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Asset, AssetShares} from "../contracts/AssetShares.sol";
import {AssetSharesFactory} from "../contracts/AssetSharesFactory.sol";
import {DataMarket} from "../contracts/DataMarket.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Terms} from "../contracts/MarketTypes.sol";
import {Parameter, Parameters} from "../contracts/Parameters.sol";
import {Fixture} from "./support/Fixture.sol";
import {Tree} from "./support/Tree.sol";

/// @title From proven work and sold data to whoever holds the device's shares
contract EconomyTest is Fixture {
    address private constant ANN = address(0xA1);

    function test_proven_work_and_sold_data_of_a_device_reach_its_shareholders() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 1);
        address sponsor = operatorOf(cohort, 0);
        AssetShares shares = _divide(sponsor, cohort);
        vm.prank(sponsor);
        shares.transfer(ANN, 25 ether);

        uint64 epoch = registry.nextEpoch();
        uint64[] memory units = unitsFrom(1, 4);
        settleFirst(cohort, epoch, units);
        vm.warp(settlement.closesAt(epoch));
        distributor.freeze(Kinds.UPTIME, epoch);
        bytes32[] memory proof = Tree.proof(Tree.leaves(Kinds.UPTIME, epoch, cohort, units), 0);
        uint256 earned = distributor.claim(cohort, epoch, 0, 1, proof);
        uint256 sold = _sell(address(shares));

        uint256 part = (earned + sold) / 4;
        vm.assertApproxEqAbs(shares.claim(address(token), ANN), part, 2, "a quarter of the shares");
        vm.assertApproxEqAbs(shares.claim(address(token), sponsor), 3 * part, 5, "the rest");
    }

    function _divide(address sponsor, uint32 cohort) private returns (AssetShares shares) {
        Asset memory asset = Asset("Roof", "ROOF", 100 ether, sponsor, new uint64[](1), new address[](1), address(0));
        (asset.devices[0], asset.currencies[0]) = (1, address(token));
        shares = new AssetSharesFactory(registry).create(asset);
        vm.prank(sponsor);
        registry.offerDevice(1, address(shares));
        vm.warp(GENESIS + 7 * DAY);
        shares.accept(0);
        shares.issue();
        commit(cohort);
    }

    /// @dev A day of data for 1,000, of which holders get what a fee of 5 %, a gateway of 10 % and a host of 5 % leave.
    function _sell(address holders) private returns (uint256) {
        bytes32[] memory names = new bytes32[](1);
        Parameter[] memory values = new Parameter[](1);
        (names[0], values[0]) = ("market/fee", Parameter(500, 0, 1_000, 100, 14 days, 0));
        Parameters fees = new Parameters(address(this), names, values);
        DataMarket market = new DataMarket(address(this), address(this), registry, address(token), fees);
        market.setCurrency(address(token), true);
        uint48 offer =
            market.offer(Terms("roof", address(token), 1, 1_000, 0, holders, PROVER, OTHER_PROVER, 1_000, 500));
        vm.prank(address(distributor));
        token.mint(address(this), 1_000);
        token.approve(address(market), 1_000);
        uint256 purchase = market.buy(offer, 1);
        vm.warp(block.timestamp + 1 days);
        market.release(purchase);
        return market.fetch(address(token), holders);
    }
}
