// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {H3Region} from "../contracts/H3Region.sol";
import {Test} from "./support/Vm.sol";

/// @title Exactly H3's hexagons of resolution 2 are regions
contract H3RegionTest is Test {
    uint64 private constant REGION = 0x821f87fffffffff;

    function test_the_regions_are_the_5870_hexagons_that_h3_lists() public pure {
        uint256[] memory found = new uint256[](5870);
        uint256 count = 0;
        for (uint64 base = 0; base < 128; ++base) {
            for (uint64 digits = 0; digits < 64; ++digits) {
                uint64 index = 0x820000000000000 | (base << 45) | (digits << 39) | ((1 << 39) - 1);
                if (H3Region.isRegion(index)) found[count++] = index;
            }
        }
        vm.assertEq(count, 5870);
        // keccak256 of h3-js's list, sorted, 32 bytes each
        bytes32 listed = 0xd7288d1bd8dc9d5d751254ab8aa40a9e6e656ca45263dc16e0f52dee216eea9c;
        vm.assertEq(keccak256(abi.encodePacked(found)), listed);
    }

    function test_pentagons_are_no_regions() public pure {
        vm.assertFalse(H3Region.isRegion(0x820807fffffffff));
        vm.assertFalse(H3Region.isRegion(0x821c07fffffffff));
        vm.assertFalse(H3Region.isRegion(0x823007fffffffff));
    }

    function test_other_resolutions_modes_and_reserved_bits_are_no_regions() public pure {
        vm.assertTrue(H3Region.isRegion(REGION));
        vm.assertFalse(H3Region.isRegion(0));
        vm.assertFalse(H3Region.isRegion(0x831f83fffffffff));
        for (uint64 bit = 52; bit < 64; ++bit) {
            vm.assertFalse(H3Region.isRegion(REGION ^ (uint64(1) << bit)));
        }
    }

    function test_a_used_digit_beyond_resolution_2_is_no_region() public pure {
        for (uint64 bit = 0; bit < 39; ++bit) {
            vm.assertFalse(H3Region.isRegion(REGION ^ (uint64(1) << bit)));
        }
    }
}
