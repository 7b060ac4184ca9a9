// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {H3Region} from "../contracts/H3Region.sol";
import {Test} from "./support/Vm.sol";

/// @title Exactly H3's hexagons of resolution 1 are regions
contract H3RegionTest is Test {
    uint64 private constant REGION = 0x811fbffffffffff;

    function test_the_regions_are_the_830_hexagons_that_h3_lists() public pure {
        uint256[] memory found = new uint256[](830);
        uint256 count = 0;
        for (uint64 base = 0; base < 128; ++base) {
            for (uint64 digit = 0; digit < 8; ++digit) {
                uint64 index = 0x810000000000000 | (base << 45) | (digit << 42) | ((1 << 42) - 1);
                if (H3Region.isRegion(index)) found[count++] = index;
            }
        }
        vm.assertEq(count, 830);
        // keccak256 of h3-js's list, sorted, 32 bytes each
        bytes32 listed = 0x2c04d4eec7d57e9956f60d33edda97fbdef3ee6b7dcf658341e08efd6be8660d;
        vm.assertEq(keccak256(abi.encodePacked(found)), listed);
    }

    function test_pentagons_are_no_regions() public pure {
        vm.assertFalse(H3Region.isRegion(0x81083ffffffffff));
        vm.assertFalse(H3Region.isRegion(0x811c3ffffffffff));
        vm.assertFalse(H3Region.isRegion(0x81303ffffffffff));
    }

    function test_other_resolutions_modes_and_reserved_bits_are_no_regions() public pure {
        vm.assertTrue(H3Region.isRegion(REGION));
        vm.assertFalse(H3Region.isRegion(0));
        vm.assertFalse(H3Region.isRegion(0x821f87fffffffff));
        for (uint64 bit = 52; bit < 64; ++bit) {
            vm.assertFalse(H3Region.isRegion(REGION ^ (uint64(1) << bit)));
        }
    }

    function test_a_used_digit_beyond_resolution_1_is_no_region() public pure {
        for (uint64 bit = 0; bit < 42; ++bit) {
            vm.assertFalse(H3Region.isRegion(REGION ^ (uint64(1) << bit)));
        }
    }
}
