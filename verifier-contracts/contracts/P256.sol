// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice A public key on P-256 (secp256r1).
struct P256Key {
    uint256 x;
    uint256 y;
}

/// @notice An ECDSA signature on P-256.
struct P256Signature {
    uint256 r;
    uint256 s;
}

/// @title Signatures of secure elements, checked by the P256VERIFY precompile (EIP-7951)
/// @notice There is no fallback in Solidity: where the precompile is missing, no signature holds.
library P256 {
    uint256 private constant PRECOMPILE = 0x100;
    /// @dev EIP-7951 charges 6,900. Given no more, a chain with another contract at that address cannot burn the rest.
    uint256 private constant GAS = 7_500;
    /// @dev Half of the group's order n, rounded down. Of s and n − s, which both verify, only the lower is accepted.
    uint256 internal constant HALF_N = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8;

    /// @notice A signature by the key over the digest was expected, with s at most half of the order.
    error SignatureRejected(bytes32 digest, uint256 keyX, uint256 keyY);

    /// @notice Reverts unless the signature is one by the key over the digest.
    function check(bytes32 digest, P256Signature calldata signature, uint256 keyX, uint256 keyY) internal view {
        if (!verify(digest, signature.r, signature.s, keyX, keyY)) revert SignatureRejected(digest, keyX, keyY);
    }

    /// @notice Whether (r, s) is the key's signature over the digest, in its only accepted form.
    /// @dev A wrong signature and an absent precompile look alike: the call succeeds and answers nothing. So exactly
    /// one word, equal to one, is asked for. The precompile itself checks ranges and that the key is on the curve; a
    /// key of zeros is refused here as well, because it is what an issuer that was never set has.
    function verify(bytes32 digest, uint256 r, uint256 s, uint256 keyX, uint256 keyY) internal view returns (bool ok) {
        if (s > HALF_N || keyX == 0 || keyY == 0) return false;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, digest)
            mstore(add(input, 0x20), r)
            mstore(add(input, 0x40), s)
            mstore(add(input, 0x60), keyX)
            mstore(add(input, 0x80), keyY)
            // The first word of memory is zero unless the precompile answers.
            mstore(0, 0)
            ok := staticcall(GAS, PRECOMPILE, input, 0xa0, 0, 0x20)
            ok := and(and(ok, eq(returndatasize(), 0x20)), eq(mload(0), 1))
        }
    }
}
