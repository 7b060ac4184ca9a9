// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {DeviceRegistry} from "../contracts/DeviceRegistry.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {Memberships} from "../contracts/Memberships.sol";
import {StakePool} from "../contracts/StakePool.sol";
import {AssetFixture} from "./support/AssetFixture.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title A device is a token of its operator, and a transfer is a handover like any other
contract DeviceTokenTest is Fixture {
    address private constant ANN = address(0xA1);
    address private constant BEN = address(0xB2);
    uint32 private cohort;
    address private owner;

    function setUp() public override {
        super.setUp();
        cohort = newCohort(Kinds.UPTIME, 4, 2);
        owner = operatorOf(cohort, 0);
        vm.warp(GENESIS);
    }

    function _transfer(address by, address from, address to) private {
        vm.prank(by);
        registry.transferFrom(from, to, 1);
    }

    function test_a_device_is_its_operators_token() public {
        vm.assertEq(registry.ownerOf(1), owner);
        vm.assertEq(registry.balanceOf(owner), 1);
        vm.assertEq(registry.balanceOf(ANN), 0);
        vm.assertEq(registry.name(), "Ergon Device");
        vm.assertEq(registry.symbol(), "ERGD");
        vm.assertEq(registry.tokenURI(1), "");
        address other = operatorOf(cohort, 1);
        uint256[2] memory numbers = [uint256(3), 4];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectEmit();
            emit IERC721.Transfer(address(0), other, numbers[i]);
            registry.enrol(cohort, other, newKey(), 0);
        }
        vm.assertEq(registry.balanceOf(other), 3);
    }

    function test_the_interfaces_are_those_of_tokens() public view {
        vm.assertTrue(registry.supportsInterface(0x01ffc9a7), "ERC-165");
        vm.assertTrue(registry.supportsInterface(0x80ac58cd), "ERC-721");
        vm.assertTrue(registry.supportsInterface(0x5b5e139f), "its metadata");
        vm.assertFalse(registry.supportsInterface(0x780e9d63)); // enumeration
        vm.assertFalse(registry.supportsInterface(0xffffffff));
    }

    function test_a_transfer_is_a_handover_from_the_next_epoch_on() public {
        vm.expectEmit();
        emit IERC721.Transfer(owner, ANN, 1);
        vm.expectEmit();
        emit DeviceRegistry.DeviceTransferred(1, owner, ANN, 1);
        _transfer(owner, owner, ANN);
        vm.assertEq(registry.ownerOf(1), ANN);
        vm.assertEq(registry.memberOf(cohort, 0).operator, ANN);
        vm.assertEq(registry.operatorAt(cohort, 0, 0), owner);
        vm.assertEq(registry.operatorAt(cohort, 0, 1), ANN);
        vm.assertEq(registry.membershipWords(cohort)[7], uint160(ANN));
        vm.assertEq(registry.rootAt(cohort, 1), 0);
        vm.assertEq(registry.balanceOf(owner), 0);
        vm.assertEq(registry.balanceOf(ANN), 1);
    }

    function test_an_accepted_offer_is_a_transfer() public {
        vm.prank(owner);
        registry.offerDevice(1, ANN);
        vm.expectEmit();
        emit IERC721.Transfer(owner, ANN, 1);
        vm.prank(ANN);
        registry.acceptDevice(1);
        vm.assertEq(registry.ownerOf(1), ANN);
        vm.assertEq(registry.balanceOf(owner), 0);
        vm.assertEq(registry.balanceOf(ANN), 1);
    }

    function test_only_the_owner_and_whom_it_approves_transfer() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, ANN, 1));
        _transfer(ANN, owner, ANN);
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidApprover.selector, ANN));
        registry.approve(ANN, 1);
        vm.prank(owner);
        registry.approve(ANN, 1);
        vm.assertEq(registry.getApproved(1), ANN);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721IncorrectOwner.selector, BEN, 1, owner));
        _transfer(ANN, BEN, ANN);
        _transfer(ANN, owner, BEN);
        vm.assertEq(registry.ownerOf(1), BEN);
    }

    function test_an_approval_for_all_reaches_each_device_of_the_owner_and_no_others() public {
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidOperator.selector, address(0)));
        registry.setApprovalForAll(address(0), true);
        vm.prank(owner);
        registry.setApprovalForAll(ANN, true);
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, ANN, 2));
        registry.transferFrom(operatorOf(cohort, 1), ANN, 2);
        _transfer(ANN, owner, BEN);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, ANN, 1));
        _transfer(ANN, BEN, ANN);
    }

    function test_no_device_goes_to_nobody_and_what_is_no_device_to_no_one() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        _transfer(owner, owner, address(0));
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidOwner.selector, address(0)));
        registry.balanceOf(address(0));
        // 2^64 + 1 is not device 1, however numbers are cut.
        uint256[3] memory unknown = [uint256(0), 3, (1 << 64) + 1];
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory expected = abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, unknown[i]);
            vm.expectRevert(expected);
            registry.ownerOf(unknown[i]);
            vm.expectRevert(expected);
            registry.tokenURI(unknown[i]);
            vm.prank(owner);
            vm.expectRevert(expected);
            registry.transferFrom(owner, ANN, unknown[i]);
        }
    }

    function test_the_attestors_operator_receives_no_member_of_its_cohorts() public {
        address operator = registry.attestorOf(attestor).operator;
        vm.expectRevert(abi.encodeWithSelector(Memberships.OperatorIsAttestor.selector, operator));
        _transfer(owner, owner, operator);
    }

    function test_a_transfer_leaves_no_epoch_without_a_membership() public {
        registry.suspend(2);
        vm.warp(GENESIS + 1 * DAY);
        vm.expectRevert(abi.encodeWithSelector(Memberships.MembershipNotCommitted.selector, cohort));
        _transfer(owner, owner, ANN);
        commit(cohort);
        _transfer(owner, owner, ANN);
    }

    function test_transfers_and_acceptances_share_one_pause() public {
        _transfer(owner, owner, ANN);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.HandedOverLately.selector, 1, 8));
        _transfer(ANN, ANN, BEN);
        vm.prank(ANN);
        registry.offerDevice(1, BEN);
        vm.prank(BEN);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.HandedOverLately.selector, 1, 8));
        registry.acceptDevice(1);
        commit(cohort);
        vm.warp(GENESIS + 7 * DAY);
        _transfer(ANN, ANN, BEN);
    }

    function test_a_suspended_device_stays_with_its_operator() public {
        vm.prank(owner);
        registry.offerDevice(1, ANN);
        registry.suspend(1);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.WrongSuspension.selector, 1, true));
        _transfer(owner, owner, ANN);
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.WrongSuspension.selector, 1, true));
        registry.acceptDevice(1);
        registry.resume(1);
        _transfer(owner, owner, ANN);
    }

    function test_offers_and_approvals_end_with_a_transfer() public {
        vm.prank(owner);
        registry.approve(BEN, 1);
        vm.prank(owner);
        registry.offerDevice(1, BEN);
        _transfer(owner, owner, ANN);
        vm.assertEq(registry.getApproved(1), address(0));
        commit(cohort);
        vm.warp(GENESIS + 30 * DAY);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, BEN, 1));
        _transfer(BEN, ANN, BEN);
        vm.prank(BEN);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOffered.selector, 1, BEN));
        registry.acceptDevice(1);
    }

    function test_an_offer_is_no_approval_and_an_approval_no_offer() public {
        vm.prank(owner);
        registry.offerDevice(1, ANN);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, ANN, 1));
        _transfer(ANN, owner, BEN);
        vm.prank(owner);
        registry.approve(BEN, 1);
        vm.prank(BEN);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOffered.selector, 1, BEN));
        registry.acceptDevice(1);
        vm.prank(BEN);
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.NotOperator.selector, owner, BEN));
        registry.offerDevice(1, BEN);
    }

    function test_a_safe_transfer_asks_a_contract_and_gives_it_no_way_around() public {
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(router)));
        registry.safeTransferFrom(owner, address(router), 1);
        vm.prank(owner);
        registry.safeTransferFrom(owner, ANN, 1, "an account is not asked");
        Passer passer = new Passer(registry);
        vm.prank(operatorOf(cohort, 1));
        vm.expectRevert(abi.encodeWithSelector(DeviceRegistry.HandedOverLately.selector, 2, 8));
        registry.safeTransferFrom(operatorOf(cohort, 1), address(passer), 2, abi.encode(BEN));
        vm.prank(operatorOf(cohort, 1));
        registry.safeTransferFrom(operatorOf(cohort, 1), address(passer), 2);
        vm.assertEq(registry.ownerOf(2), address(passer));
    }

    /// @dev Transfers to oneself included.
    function testFuzz_owners_and_balances_are_the_members(uint8[16] calldata whats, uint8[16] calldata whose) public {
        address[4] memory people = [owner, operatorOf(cohort, 1), ANN, BEN];
        uint256 done = 0;
        for (uint256 i = 0; i < 16; ++i) {
            uint64 device = 1 + whats[i] % 2;
            address from = registry.ownerOf(device);
            address to = people[whose[i] % 4];
            vm.warp(block.timestamp + 4 * DAY);
            vm.prank(from);
            if (whats[i] % 4 < 2) {
                try registry.transferFrom(from, to, device) {
                    ++done;
                } catch {}
            } else {
                registry.offerDevice(device, to);
                vm.prank(to);
                try registry.acceptDevice(device) {
                    ++done;
                } catch {}
            }
            if (registry.rootAt(cohort, registry.nextEpoch()) == 0) commit(cohort);
            uint256 sum = 0;
            for (uint256 j = 0; j < 4; ++j) {
                uint256 held = 0;
                for (uint32 place = 0; place < 2; ++place) {
                    if (registry.memberOf(cohort, place).operator == people[j]) ++held;
                }
                vm.assertEq(registry.balanceOf(people[j]), held);
                sum += held;
            }
            vm.assertEq(sum, 2);
            vm.assertEq(registry.ownerOf(device), registry.memberOf(cohort, uint32(device - 1)).operator);
        }
        vm.assertTrue(done > 1, "something was handed over");
    }
}

/// @title What answers for a device does not stay behind when it is transferred
contract DeviceBondTest is AssetFixture {
    function test_a_transfer_takes_no_stake_out_of_a_suspended_bond() public {
        stake(deviceBond, OPERATOR, 100 ether);
        vm.prank(OPERATOR);
        staking.unstake(deviceBond, 50 ether);
        suspend(deviceBond, "reason");
        vm.prank(OPERATOR);
        registry.transferFrom(OPERATOR, ANN, 1);
        vm.assertTrue(staking.suspensionOf(deviceBond).deadline != 0);
        vm.assertEq(staking.operatorOf(deviceBond), ANN);
        vm.warp(START + UNBONDING);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(StakePool.BondSuspended.selector, deviceBond));
        staking.withdraw(deviceBond);
        pay(deviceBond, 10 ether);
        vm.assertEq(staking.suspensionOf(deviceBond).withheld, 10 ether);
    }

    function test_a_fault_costs_the_former_operators_stake_after_a_transfer_too() public {
        stake(deviceBond, OPERATOR, 100 ether);
        vm.prank(OPERATOR);
        registry.transferFrom(OPERATOR, ANN, 1);
        vm.assertEq(staking.report(deviceBond, fault, "fact", BEN), 10 ether);
        vm.assertEq(staking.stakeOf(deviceBond).tokens, 90 ether);
    }

    function test_a_sponsors_approvals_take_nothing_back_from_shareholders() public {
        vm.prank(OPERATOR);
        registry.setApprovalForAll(BEN, true);
        vm.prank(OPERATOR);
        registry.approve(BEN, 1);
        vm.prank(OPERATOR);
        registry.transferFrom(OPERATOR, address(shares), 1);
        shares.issue();
        commitAsIs();
        vm.warp(START + 30 days);
        vm.prank(BEN);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, BEN, 1));
        registry.transferFrom(address(shares), BEN, 1);
    }
}

/// @notice Receives devices, and passes one on within the transfer if it is told to whom.
contract Passer is IERC721Receiver {
    DeviceRegistry private immutable _registry;

    constructor(DeviceRegistry registry) {
        _registry = registry;
    }

    function onERC721Received(address, address, uint256 device, bytes calldata data) external returns (bytes4) {
        if (data.length > 0) _registry.transferFrom(address(this), abi.decode(data, (address)), device);
        return IERC721Receiver.onERC721Received.selector;
    }
}
