// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {DeviceRegistry} from "./DeviceRegistry.sol";
import {Purchase, Terms} from "./MarketTypes.sol";
import {Parameters} from "./Parameters.sol";
import {Proceeds} from "./Proceeds.sol";

/// @title Sells access to data by the day, the megabyte or the query
/// @notice What a buyer pays stays here and is released as it is served: days as they pass, megabytes and queries by
/// receipts that the buyer signs. What was not served is refunded. Who serves risks one unit without a receipt, who
/// buys risks the time until it cancels.
contract DataMarket is Proceeds, EIP712 {
    uint8 public constant DAY = 1;
    uint8 public constant MEGABYTE = 2;
    uint8 public constant QUERY = 3;
    /// @notice Seconds from the end of a purchase until what was not served is refunded: time for the last receipt.
    uint48 public constant NOTICE = 1 days;
    /// @notice The longest that a purchase can run, in seconds.
    uint48 public constant MAX_VALIDITY = 366 days;
    /// @notice The most that gateway and host get together, in hundredths of a percent.
    uint16 public constant MAX_SERVICE = 9_000;
    /// @notice What a buyer signs (EIP-712): how much was served in all.
    bytes32 public constant RECEIPT_TYPEHASH = keccak256("Receipt(uint256 purchase,uint128 served)");

    /// @notice Number of offers; they are numbered from 1.
    uint48 public offerCount;
    /// @notice Number of purchases; they are numbered from 1.
    uint256 public purchaseCount;
    /// @notice Who may close an offer; zero once it is closed.
    mapping(uint48 offer => address) public sellerOf;

    mapping(uint48 offer => Terms) private _offers;
    mapping(uint256 purchase => Purchase) private _purchases;

    event Offered(uint48 indexed offer, address indexed seller, bytes32 indexed asset, Terms terms);
    event OfferClosed(uint48 indexed offer);
    event Bought(uint256 indexed purchase, uint48 indexed offer, address indexed buyer, uint128 units, uint128 paid);
    event Served(uint256 indexed purchase, uint128 served, uint128 released);
    event Cancelled(uint256 indexed purchase, uint48 closesAt);
    event Closed(uint256 indexed purchase, uint128 refunded);

    /// @notice Terms with a known unit, a price, payees, parts and a validity within the bounds were expected.
    error WrongTerms();
    /// @notice An open offer was expected.
    error NoSuchOffer(uint48 offer);
    /// @notice A call by the seller was expected.
    error NotSeller(address expected, address actual);
    /// @notice At least one unit, and of days no more than `MAX_VALIDITY`, was expected.
    error WrongUnits(uint128 actual);
    /// @notice A purchase of that sort was expected that is not closed.
    error NoSuchPurchase(uint256 purchase);
    /// @notice A call by the buyer was expected.
    error NotBuyer(address expected, address actual);
    /// @notice More than was served before, and at most what was bought, was expected.
    error WrongServed(uint128 before, uint128 total, uint128 actual);
    /// @notice The buyer's signature over the purchase and what was served was expected.
    error ReceiptRejected(uint256 purchase);
    /// @notice A time from `closesAt` on was expected.
    error NotClosable(uint256 purchase, uint48 closesAt);

    constructor(
        address owner,
        address treasury_,
        DeviceRegistry registry_,
        address rewardToken_,
        Parameters parameters_
    ) Proceeds(owner, treasury_, registry_, rewardToken_, parameters_) EIP712("Ergon DataMarket", "1") {}

    /// @notice Offers data. Terms cannot be changed afterwards, only the offer closed.
    function offer(Terms calldata terms) external returns (uint48 number) {
        bool known = terms.unit >= DAY && terms.unit <= QUERY && terms.price > 0;
        bool paid = terms.holders != address(0) && terms.gateway != address(0) && terms.host != address(0);
        bool bounded = uint256(terms.gatewayBps) + terms.hostBps <= MAX_SERVICE;
        bool valid = terms.unit == DAY ? terms.validity == 0 : terms.validity > 0 && terms.validity <= MAX_VALIDITY;
        if (!known || !paid || !bounded || !valid) revert WrongTerms();
        if (!isAllowed[terms.currency]) revert CurrencyNotAllowed(terms.currency);
        number = ++offerCount;
        _offers[number] = terms;
        sellerOf[number] = msg.sender;
        emit Offered(number, msg.sender, terms.asset, terms);
    }

    /// @notice Ends an offer for new purchases.
    function closeOffer(uint48 number) external {
        if (msg.sender != sellerOf[number]) revert NotSeller(sellerOf[number], msg.sender);
        sellerOf[number] = address(0);
        emit OfferClosed(number);
    }

    /// @notice Buys units of an open offer for the caller, who has approved the price. Reverts when less arrives.
    function buy(uint48 number, uint128 units) external nonReentrant returns (uint256 purchase) {
        return _buy(number, units);
    }

    /// @notice The same with an approval by signature (ERC-2612). One that was used already, by whoever saw it first,
    /// does no harm: the allowance is there then.
    function buyWithPermit(
        uint48 number,
        uint128 units,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant returns (uint256 purchase) {
        address currency = _offers[number].currency;
        try IERC20Permit(currency).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        return _buy(number, units);
    }

    /// @notice Releases what has passed of days; anyone may.
    function release(uint256 purchase) external {
        Purchase storage entry = _openPurchase(purchase);
        Terms storage terms = _offers[entry.offer];
        if (terms.unit != DAY) revert NoSuchPurchase(purchase);
        _releaseDays(purchase, entry, terms);
    }

    /// @notice Releases what a buyer says was served, in all, of megabytes or queries; anyone may bring the receipt. The
    /// buyer itself needs no signature.
    /// @param served megabytes or queries since the purchase
    function acknowledge(uint256 purchase, uint128 served, bytes calldata signature) external {
        Purchase storage entry = _openPurchase(purchase);
        Terms storage terms = _offers[entry.offer];
        if (terms.unit == DAY) revert NoSuchPurchase(purchase);
        if (served <= entry.served || served > entry.total) revert WrongServed(entry.served, entry.total, served);
        if (msg.sender != entry.buyer) {
            bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(RECEIPT_TYPEHASH, purchase, served)));
            if (!SignatureChecker.isValidSignatureNow(entry.buyer, digest, signature)) {
                revert ReceiptRejected(purchase);
            }
        }
        _release(purchase, entry, terms, served);
    }

    /// @notice Ends a purchase of the caller. The rest of days is refunded at once; of megabytes and queries after
    /// `NOTICE`, when the last receipt has arrived.
    function cancel(uint256 purchase) external {
        Purchase storage entry = _openPurchase(purchase);
        if (msg.sender != entry.buyer) revert NotBuyer(entry.buyer, msg.sender);
        uint48 time = uint48(block.timestamp);
        if (_offers[entry.offer].unit == DAY) return _close(purchase, entry);
        if (time < entry.end) (entry.end, entry.closesAt) = (time, time + NOTICE);
        emit Cancelled(purchase, entry.closesAt);
    }

    /// @notice Refunds what was not served of a purchase that has ended; anyone may.
    function close(uint256 purchase) external {
        Purchase storage entry = _openPurchase(purchase);
        if (block.timestamp < entry.closesAt) revert NotClosable(purchase, entry.closesAt);
        _close(purchase, entry);
    }

    /// @notice Whether an account may be served under a purchase now. What a gateway asks, beside a receipt.
    function hasAccess(uint256 purchase, address account) external view returns (bool) {
        Purchase storage entry = _purchases[purchase];
        bool left = _offers[entry.offer].unit == DAY || entry.served < entry.total;
        return entry.buyer == account && account != address(0) && !entry.closed && left && block.timestamp < entry.end;
    }

    /// @notice An offer's terms; all zero when there is none.
    function termsOf(uint48 number) external view returns (Terms memory) {
        return _offers[number];
    }

    /// @notice A purchase; all zero when there is none.
    function purchaseOf(uint256 purchase) external view returns (Purchase memory) {
        return _purchases[purchase];
    }

    function _buy(uint48 number, uint128 units) private returns (uint256 purchase) {
        if (sellerOf[number] == address(0)) revert NoSuchOffer(number);
        Terms storage terms = _offers[number];
        if (!isAllowed[terms.currency]) revert CurrencyNotAllowed(terms.currency);
        bool daily = terms.unit == DAY;
        if (units == 0 || (daily && units > MAX_VALIDITY / 1 days)) revert WrongUnits(units);
        uint128 paid = SafeCast.toUint128(uint256(terms.price) * units);
        uint48 start = uint48(block.timestamp);
        uint48 end = start + (daily ? uint48(units) * 1 days : terms.validity);
        purchase = ++purchaseCount;
        _purchases[purchase] = Purchase({
            buyer: msg.sender,
            offer: number,
            feeBps: uint16(parameters.valueOf(FEE)),
            total: daily ? end - start : units,
            served: 0,
            paid: paid,
            released: 0,
            start: start,
            end: end,
            closesAt: daily ? end : end + NOTICE,
            closed: false
        });
        emit Bought(purchase, number, msg.sender, units, paid);
        _pull(terms.currency, msg.sender, paid);
    }

    function _close(uint256 purchase, Purchase storage entry) private {
        Terms storage terms = _offers[entry.offer];
        if (terms.unit == DAY) _releaseDays(purchase, entry, terms);
        entry.closed = true;
        uint128 rest = entry.paid - entry.released;
        emit Closed(purchase, rest);
        _credit(terms.currency, entry.buyer, rest);
    }

    function _releaseDays(uint256 purchase, Purchase storage entry, Terms storage terms) private {
        uint256 passed = block.timestamp < entry.end ? block.timestamp - entry.start : entry.total;
        _release(purchase, entry, terms, uint128(passed));
    }

    function _release(uint256 purchase, Purchase storage entry, Terms storage terms, uint128 served) private {
        // Of the whole, not of the step: rounding does not add up, and the last unit releases the last token.
        uint128 due = uint128(uint256(entry.paid) * served / entry.total);
        uint128 amount = due - entry.released;
        entry.served = served;
        entry.released = due;
        emit Served(purchase, served, amount);
        _split(terms, amount, entry.feeBps);
    }

    function _openPurchase(uint256 purchase) private view returns (Purchase storage entry) {
        entry = _purchases[purchase];
        if (entry.buyer == address(0) || entry.closed) revert NoSuchPurchase(purchase);
    }
}
