// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {P256, P256Key, P256Signature} from "../../contracts/P256.sol";
import {Vm} from "./Vm.sol";

/// @title Keys on P-256 that sign as secure elements and issuers do
library SecureElement {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 internal constant ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;

    function key(uint256 secret) internal pure returns (P256Key memory) {
        (uint256 x, uint256 y) = vm.publicKeyP256(secret);
        return P256Key(x, y);
    }

    /// @notice A signature with the lower s.
    function sign(uint256 secret, bytes32 digest) internal pure returns (P256Signature memory) {
        (bytes32 r, bytes32 s) = vm.signP256(secret, digest);
        uint256 low = uint256(s) > P256.HALF_N ? ORDER - uint256(s) : uint256(s);
        return P256Signature(uint256(r), low);
    }
}
