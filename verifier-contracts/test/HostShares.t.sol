// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {HostShares} from "../contracts/HostShares.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Claim} from "../contracts/RewardDistributor.sol";
import {Fixture} from "./support/Fixture.sol";
import {Tree} from "./support/Tree.sol";

/// @title A host gets the part that it was promised, for as long as it was promised, and nothing that was earned before
contract HostSharesTest is Fixture {
    address private constant HOST = address(0x405);
    address private constant BUYER = address(0xB7);
    uint256 private constant MEMBERS = EMISSION - EMISSION * FEE_BPS / 10_000;
    uint32 private cohort;
    address private operator;

    function setUp() public override {
        super.setUp();
        cohort = newCohort(Kinds.UPTIME, 2, 2);
        operator = operatorOf(cohort, 0);
    }

    function _promise(uint16 bps, uint64 epochs) private {
        vm.prank(operator);
        distributor.setHost(1, HOST, bps, epochs);
    }

    /// @dev Settles, freezes and claims an epoch for both; what the host got.
    function _pay(uint64 epoch) private returns (uint256) {
        uint64[] memory units = unitsFrom(1, 2);
        settleFirst(cohort, epoch, units);
        vm.warp(settlement.closesAt(epoch));
        distributor.freeze(Kinds.UPTIME, epoch);
        bytes32[] memory all = Tree.leaves(Kinds.UPTIME, epoch, cohort, units);
        uint256 before = token.balanceOf(HOST);
        distributor.claim(cohort, epoch, 0, 1, Tree.proof(all, 0));
        distributor.claim(cohort, epoch, 1, 2, Tree.proof(all, 1));
        return token.balanceOf(HOST) - before;
    }

    function test_a_host_gets_its_part_of_that_devices_rewards_and_of_no_others() public {
        _promise(1_234, 10);
        uint256 reward = MEMBERS / 3;
        uint256 part = reward * 1_234 / 10_000;
        vm.assertEq(_pay(0), part);
        vm.assertEq(token.balanceOf(operator), reward - part);
        vm.assertEq(token.balanceOf(operatorOf(cohort, 1)), MEMBERS * 2 / 3);
    }

    function test_many_claims_pay_the_host_as_each_would() public {
        _promise(5_000, 0);
        uint64[] memory units = unitsFrom(1, 2);
        Claim[] memory claims = new Claim[](2);
        for (uint64 epoch = 0; epoch < 2; ++epoch) {
            settleFirst(cohort, epoch, units);
            bytes32[] memory proof = Tree.proof(Tree.leaves(Kinds.UPTIME, epoch, cohort, units), 0);
            claims[epoch] = Claim(cohort, epoch, 0, 1, proof);
        }
        vm.warp(settlement.closesAt(1));
        distributor.freeze(Kinds.UPTIME, 0);
        distributor.freeze(Kinds.UPTIME, 1);
        uint256 reward = MEMBERS / 3;
        vm.assertEq(distributor.claimAll(claims), 2 * (reward - reward / 2));
        vm.assertEq(token.balanceOf(HOST), 2 * (reward / 2));
    }

    function test_what_was_earned_before_the_promise_is_the_operators() public {
        vm.warp(GENESIS + 1 hours);
        _promise(5_000, 10);
        (address host, uint16 bps) = distributor.hostAt(cohort, 0, 0);
        vm.assertTrue(host == address(0) && bps == 0);
        (host, bps) = distributor.hostAt(cohort, 0, 1);
        vm.assertTrue(host == HOST && bps == 5_000);
        vm.assertEq(_pay(0), 0);
        vm.assertTrue(_pay(1) > 0);
    }

    function test_the_operator_does_not_take_a_promise_back_before_its_term_ends() public {
        _promise(1_000, 5); // epochs 0 to 4
        bytes memory refused = abi.encodeWithSelector(HostShares.HostHasTerm.selector, 5, 4);
        vm.warp(GENESIS + 3 * DAY);
        address[2] memory hosts = [address(0), BUYER];
        for (uint16 i = 0; i < 2; ++i) {
            vm.prank(operator);
            vm.expectRevert(refused);
            distributor.setHost(1, hosts[i], i * 100, 0);
        }
        vm.warp(GENESIS + 4 * DAY);
        vm.prank(operator);
        distributor.setHost(1, address(0), 0, 0);
        (, uint16 bps) = distributor.hostAt(cohort, 0, 4);
        vm.assertEq(bps, 1_000);
        (, bps) = distributor.hostAt(cohort, 0, 5);
        vm.assertEq(bps, 0);
    }

    function test_a_promise_goes_on_after_its_term_until_it_is_changed() public {
        _promise(1_000, 1);
        (, uint16 bps) = distributor.hostAt(cohort, 0, 300);
        vm.assertEq(bps, 1_000);
    }

    function test_a_host_gives_its_part_up_and_raises_it_never() public {
        _promise(1_000, 5);
        vm.prank(HOST);
        vm.expectRevert(abi.encodeWithSelector(HostShares.HostHasTerm.selector, 5, 0));
        distributor.setHost(1, HOST, 5_000, 366);
        vm.prank(HOST);
        distributor.setHost(1, address(0), 0, 0);
        vm.assertEq(distributor.hostUntil(1), 0);
        vm.assertEq(_pay(0), 0);
        vm.prank(HOST);
        vm.expectRevert(abi.encodeWithSelector(HostShares.NotDeviceOperator.selector, operator, HOST));
        distributor.setHost(1, HOST, 5_000, 366);
    }

    function test_whoever_takes_the_device_over_keeps_the_promise() public {
        _promise(1_000, 366);
        vm.prank(operator);
        registry.offerDevice(1, BUYER);
        vm.prank(BUYER);
        registry.acceptDevice(1);
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(HostShares.HostHasTerm.selector, 366, 0));
        distributor.setHost(1, address(0), 0, 0);
        commit(cohort);
        uint256 reward = MEMBERS / 3;
        vm.assertEq(_pay(0), reward / 10);
        vm.assertEq(token.balanceOf(BUYER), reward - reward / 10);
    }

    function test_strangers_promise_nothing_and_terms_have_limits() public {
        vm.expectRevert(abi.encodeWithSelector(HostShares.NotDeviceOperator.selector, operator, address(this)));
        distributor.setHost(1, HOST, 1, 1);
        (address[4] memory hosts, uint16[4] memory bps) = ([HOST, HOST, address(0), HOST], [uint16(5_001), 0, 1, 1]);
        for (uint64 i = 0; i < 4; ++i) {
            uint64 epochs = i == 3 ? 367 : 1;
            vm.prank(operator);
            vm.expectRevert(abi.encodeWithSelector(HostShares.WrongHostTerms.selector, hosts[i], bps[i], epochs));
            distributor.setHost(1, hosts[i], bps[i], epochs);
        }
    }
}
