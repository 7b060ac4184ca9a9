// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {DataMarket} from "../../contracts/DataMarket.sol";
import {Terms} from "../../contracts/MarketTypes.sol";
import {Parameter, Parameters} from "../../contracts/Parameters.sol";
import {Coin} from "./HostileTokens.sol";
import {StakingFixture} from "./StakingFixture.sol";

/// @title A market with offers by the day and by the megabyte
abstract contract MarketFixture is StakingFixture {
    uint256 internal constant BUYER_KEY = 0xb0;
    address internal constant HOLDERS = address(0x401d);
    address internal constant GATEWAY = address(0x6a7e);
    address internal constant HOST = address(0x4057);
    address internal constant TREASURY = address(0x77ea);
    address internal buyer = vm.addr(BUYER_KEY);

    DataMarket internal market;
    Coin internal coin;
    uint48 internal daily;
    uint48 internal metered;

    function setUp() public virtual override {
        super.setUp();
        bytes32[] memory names = new bytes32[](1);
        Parameter[] memory values = new Parameter[](1);
        (names[0], values[0]) = ("market/fee", Parameter(500, 0, 1_000, 100, 14 days, 0));
        Parameters fees = new Parameters(address(this), names, values);
        market = new DataMarket(address(this), TREASURY, registry, address(token), fees);
        coin = new Coin();
        market.setCurrency(address(token), true);
        market.setCurrency(address(coin), true);
        daily = market.offer(terms(1, address(token), 86_400, 0));
        metered = market.offer(terms(2, address(coin), 1_000, 30 days));
    }

    function terms(uint8 unit, address currency, uint128 price, uint32 validity) internal pure returns (Terms memory) {
        return Terms("fleet 7", currency, unit, price, validity, HOLDERS, GATEWAY, HOST, 1_000, 500);
    }

    function fund(address who) internal {
        token.mint(who, 1e30);
        coin.mint(who, 1e30);
        vm.prank(who);
        token.approve(address(market), type(uint256).max);
        vm.prank(who);
        coin.approve(address(market), type(uint256).max);
    }

    function buy(uint48 offer, uint128 units) internal returns (uint256 purchase) {
        fund(buyer);
        vm.prank(buyer);
        return market.buy(offer, units);
    }

    function receipt(uint256 purchase, uint128 served) internal view returns (bytes memory) {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Ergon DataMarket"),
                keccak256("1"),
                block.chainid,
                address(market)
            )
        );
        bytes32 inner = keccak256(abi.encode(market.RECEIPT_TYPEHASH(), purchase, served));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(BUYER_KEY, keccak256(abi.encodePacked(hex"1901", separator, inner)));
        return abi.encodePacked(r, s, v);
    }

    function acknowledge(uint256 purchase, uint128 served) internal {
        market.acknowledge(purchase, served, receipt(purchase, served));
    }

    function creditOf(address currency, address who) internal view returns (uint256) {
        return market.creditOf(currency, who);
    }
}
