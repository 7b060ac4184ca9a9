// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice What somebody sells of a device's or fleet's data. Terms never change; an offer can be closed.
/// @param asset names the data, as the seller publishes it
/// @param currency what is paid, and in whose smallest unit prices are
/// @param unit 1: a day, 2: a megabyte, 3: a query
/// @param price of one unit
/// @param validity seconds that megabytes and queries can be used; 0 for days
/// @param holders who gets what nobody else gets, such as the asset's shares
/// @param gateway who serves the data
/// @param host who keeps it
/// @param gatewayBps the gateway's part, in hundredths of a percent
/// @param hostBps the host's part, in hundredths of a percent
struct Terms {
    bytes32 asset;
    address currency;
    uint8 unit;
    uint128 price;
    uint32 validity;
    address holders;
    address gateway;
    address host;
    uint16 gatewayBps;
    uint16 hostBps;
}

/// @notice What somebody bought, and how much of it was served.
/// @param buyer who has access, and gets what is refunded
/// @param offer number of the offer
/// @param feeBps the treasury's part, as it was when bought
/// @param total seconds, megabytes or queries
/// @param served of those
/// @param paid in the offer's currency
/// @param released of it, to those who are paid
/// @param start when access began
/// @param end when access ends; earlier when it is cancelled
/// @param closesAt from when on what was not served can be refunded
/// @param closed whether it was
struct Purchase {
    address buyer;
    uint48 offer;
    uint16 feeBps;
    uint128 total;
    uint128 served;
    uint128 paid;
    uint128 released;
    uint48 start;
    uint48 end;
    uint48 closesAt;
    bool closed;
}
