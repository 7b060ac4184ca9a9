// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {EmissionSchedule, IEmission, IRevenue} from "../contracts/EmissionSchedule.sol";
import {Kinds} from "../contracts/Kinds.sol";
import {RewardDistributor} from "../contracts/RewardDistributor.sol";
import {Fixture} from "./support/Fixture.sol";

/// @title Pools follow a schedule that moves slowly and ends at its cap
contract EmissionScheduleTest is Fixture, IRevenue {
    uint128 private constant CAP = 5_000 ether;
    EmissionSchedule private schedule;
    uint128 private revenue;

    function setUp() public override {
        super.setUp();
        schedule = _new(CAP);
    }

    /// @dev A schedule that this test draws from, as the distributor does.
    function _new(uint128 cap) private returns (EmissionSchedule) {
        return
            new EmissionSchedule(
                address(this), address(this), registry, cap, [uint128(100 ether), 300 ether, 600 ether]
            );
    }

    function revenueOf(uint64) external view returns (uint128) {
        return revenue;
    }

    function test_each_pool_gets_its_rate() public {
        vm.assertEq(schedule.draw(Kinds.UPTIME, 0, 5), 100 ether);
        vm.assertEq(schedule.draw(Kinds.COVERAGE, 0, 5), 300 ether);
        vm.assertEq(schedule.draw(Kinds.ENERGY, 0, 5), 600 ether);
        vm.assertEq(schedule.drawn(), 1_000 ether);
        vm.assertEq(schedule.emissionAt(Kinds.ENERGY, 9), 600 ether);
    }

    function test_what_epochs_without_work_leave_rolls_over_no_faster_than_it_would_have_come() public {
        for (uint64 epoch = 0; epoch < 3; ++epoch) {
            vm.assertEq(schedule.draw(Kinds.ENERGY, epoch, 0), 0);
        }
        vm.assertEq(schedule.carried(Kinds.ENERGY), 1_800 ether);
        for (uint64 epoch = 3; epoch < 6; ++epoch) {
            vm.assertEq(schedule.draw(Kinds.ENERGY, epoch, 1), 1_200 ether);
        }
        vm.assertEq(schedule.draw(Kinds.ENERGY, 6, 1), 600 ether);
        vm.assertEq(schedule.carried(Kinds.ENERGY), 0);
    }

    function test_epochs_are_drawn_in_order_once_and_by_the_distributor_only() public {
        vm.expectRevert(abi.encodeWithSelector(EmissionSchedule.OutOfOrder.selector, Kinds.ENERGY, 0, 1));
        schedule.draw(Kinds.ENERGY, 1, 1);
        schedule.draw(Kinds.ENERGY, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(EmissionSchedule.OutOfOrder.selector, Kinds.ENERGY, 1, 0));
        schedule.draw(Kinds.ENERGY, 0, 1);
        vm.prank(PROVER);
        vm.expectRevert(abi.encodeWithSelector(EmissionSchedule.NotDistributor.selector, address(this), PROVER));
        schedule.draw(Kinds.ENERGY, 1, 1);
    }

    function test_uptime_is_at_most_a_fifth_of_all_even_with_what_rolled_over() public {
        schedule.draw(Kinds.UPTIME, 0, 0);
        schedule.draw(Kinds.UPTIME, 1, 0);
        vm.assertEq(schedule.draw(Kinds.UPTIME, 2, 1), 200 ether);
        vm.warp(GENESIS + 40 * DAY);
        schedule.setRate(Kinds.UPTIME, 200 ether, 0);
        vm.assertEq(schedule.emissionAt(Kinds.UPTIME, 41), 200 ether);
        vm.warp(GENESIS + 80 * DAY);
        schedule.setRate(Kinds.UPTIME, 300 ether, 0);
        vm.assertEq(schedule.emissionAt(Kinds.UPTIME, 81), 240 ether);
    }

    function test_nothing_is_minted_beyond_the_cap() public {
        schedule = _new(1_000 ether);
        vm.assertEq(schedule.draw(Kinds.ENERGY, 0, 1), 600 ether);
        vm.assertEq(schedule.draw(Kinds.ENERGY, 1, 1), 400 ether);
        vm.assertEq(schedule.draw(Kinds.ENERGY, 2, 1), 0);
        vm.assertEq(schedule.drawn(), schedule.hardCap());
    }

    function test_a_rate_moves_by_a_tenth_of_all_rates_once_in_thirty_epochs() public {
        vm.expectRevert(abi.encodeWithSelector(EmissionSchedule.RateTooSoon.selector, 30, 0));
        schedule.setRate(Kinds.ENERGY, 600 ether, 0);
        vm.warp(GENESIS + 29 * DAY);
        vm.expectRevert(
            abi.encodeWithSelector(EmissionSchedule.RateStepTooLarge.selector, 100 ether, 600 ether, 700 ether + 1)
        );
        schedule.setRate(Kinds.ENERGY, 700 ether + 1, 0);
        schedule.setRate(Kinds.ENERGY, 500 ether, 0);
        (uint128 before,) = schedule.rateAt(Kinds.ENERGY, 29);
        (uint128 from,) = schedule.rateAt(Kinds.ENERGY, 30);
        vm.assertEq(before, 600 ether);
        vm.assertEq(from, 500 ether);
        vm.prank(PROVER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, PROVER));
        schedule.setRate(Kinds.ENERGY, 500 ether, 0);
    }

    function test_a_pool_can_follow_revenue_to_twice_its_rate() public {
        vm.warp(GENESIS + 40 * DAY);
        schedule.setRevenue(this);
        schedule.setRate(Kinds.ENERGY, 600 ether, 3_000);
        revenue = 100 ether;
        vm.assertEq(schedule.emissionAt(Kinds.ENERGY, 40), 600 ether);
        vm.assertEq(schedule.emissionAt(Kinds.ENERGY, 41), 630 ether);
        revenue = type(uint128).max;
        vm.assertEq(schedule.emissionAt(Kinds.ENERGY, 41), 1_200 ether);
        vm.warp(GENESIS + 80 * DAY);
        vm.expectRevert(abi.encodeWithSelector(EmissionSchedule.FollowTooHigh.selector, 3_000, 3_001));
        schedule.setRate(Kinds.ENERGY, 600 ether, 3_001);
    }

    function test_a_source_of_revenue_that_fails_keeps_no_pool_from_being_frozen() public {
        vm.warp(GENESIS + 40 * DAY);
        schedule.setRate(Kinds.ENERGY, 600 ether, 3_000);
        vm.assertEq(schedule.emissionAt(Kinds.ENERGY, 41), 600 ether);
        schedule.setRevenue(IRevenue(address(new Endless())));
        vm.assertEq(schedule.emissionAt(Kinds.ENERGY, 41), 600 ether);
        schedule.setRevenue(IRevenue(address(router))); // has no such function
        vm.assertEq(schedule.emissionAt(Kinds.ENERGY, 41), 600 ether);
    }

    function test_the_distributor_draws_from_the_schedule_from_its_first_epoch_on() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 4);
        settleFirst(cohort, 0, unitsFrom(1, 4));
        vm.warp(GENESIS + 10);
        schedule = _ofDistributor();
        distributor.setSchedule(schedule);
        vm.assertEq(distributor.emissionAt(Kinds.UPTIME, 0), EMISSION);
        vm.assertEq(distributor.emissionAt(Kinds.UPTIME, 1), 100 ether);
        settleFirst(cohort, 1, unitsFrom(1, 4));
        vm.warp(settlement.closesAt(1));
        distributor.freeze(Kinds.UPTIME, 1);
        distributor.freeze(Kinds.UPTIME, 0);
        vm.assertEq(distributor.poolOf(Kinds.UPTIME, 0).amount, EMISSION);
        vm.assertEq(distributor.poolOf(Kinds.UPTIME, 1).amount, 100 ether);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.ScheduleIsSet.selector, address(schedule)));
        distributor.setEmission(Kinds.UPTIME, 1);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.ScheduleIsSet.selector, address(schedule)));
        distributor.setSchedule(schedule);
    }

    function test_a_schedule_that_begins_with_an_epoch_that_has_begun_is_refused() public {
        schedule = _ofDistributor();
        vm.warp(GENESIS);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.ScheduleTooEarly.selector, 1, 0));
        distributor.setSchedule(schedule);
        vm.prank(PROVER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, PROVER));
        distributor.setSchedule(schedule);
    }

    function test_a_schedule_of_another_distributor_is_refused() public {
        vm.expectRevert(
            abi.encodeWithSelector(RewardDistributor.ScheduleOfAnother.selector, address(distributor), address(this))
        );
        distributor.setSchedule(schedule);
    }

    function test_a_schedule_that_calls_back_has_no_pool_minted_twice() public {
        uint32 cohort = newCohort(Kinds.UPTIME, 4, 4);
        Greedy greedy = new Greedy(distributor);
        distributor.setSchedule(greedy);
        settleFirst(cohort, 0, unitsFrom(1, 4));
        vm.warp(settlement.closesAt(0));
        distributor.freeze(Kinds.UPTIME, 0);
        vm.assertTrue(greedy.refused());
        vm.assertEq(token.totalSupply(), 7 ether);
    }

    function _ofDistributor() private returns (EmissionSchedule) {
        return new EmissionSchedule(
            address(this), address(distributor), registry, CAP, [uint128(100 ether), 300 ether, 600 ether]
        );
    }

    function testFuzz_no_history_mints_more_than_the_rates_and_the_cap(bool[40] memory worked, uint8 kind) public {
        kind = Kinds.UPTIME + kind % 3;
        uint256 sum = 0;
        for (uint64 epoch = 0; epoch < 40; ++epoch) {
            sum += schedule.draw(kind, epoch, worked[epoch] ? 1 : 0);
            (uint128 rate,) = schedule.rateAt(kind, epoch);
            vm.assertLe(sum, uint256(rate) * (epoch + 1), "no more than without pauses");
        }
        vm.assertLe(sum, CAP, "cap");
        vm.assertEq(sum, schedule.drawn());
    }
}

/// @dev Freezes the pool again while it is asked for its amount.
contract Greedy is IEmission {
    address public immutable distributor;
    uint64 public constant firstEpoch = 0;
    bool public refused;

    constructor(RewardDistributor distributor_) {
        distributor = address(distributor_);
    }

    function emissionAt(uint8, uint64) external pure returns (uint128) {
        return 7 ether;
    }

    function draw(uint8 kind, uint64 epoch, uint128) external returns (uint128) {
        try RewardDistributor(distributor).freeze(kind, epoch) {}
        catch {
            refused = true;
        }
        return 7 ether;
    }
}

contract Endless {
    fallback() external {
        while (true) {}
    }
}
