// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Field} from "../../contracts/Field.sol";

/// @title A verifying key whose secret scalars are known, and proofs under it for any inputs
/// @notice So the tests run the real verifier and the real pairing: with β, γ, δ = 2, 3, 5 times the generator of G2,
/// α = a·G1 and ICᵢ = kᵢ·G1, choose B = β and C = t·G1; then A = s·G1 with 2s = 2a + 3·(k₀ + Σ inputᵢ·kᵢ) + 5t.
library Trapdoor {
    uint256 internal constant ALPHA = 11;
    uint256 internal constant K0 = 101;
    uint256 internal constant K1 = 103;
    uint256 internal constant K2 = 107;
    uint256 internal constant K3 = 109;
    /// @dev Inverse of 2 in the scalar field.
    uint256 private constant HALF = (Field.R + 1) / 2;

    /// @notice The key's words in the order of Groth16Verifier's constructor.
    function key() internal view returns (uint256[22] memory vk) {
        (vk[0], vk[1]) = g1(ALPHA);
        (vk[2], vk[3], vk[4], vk[5]) = beta();
        vk[6] = 7273165102799931111715871471550377909735733521218303035754523677688038059653;
        vk[7] = 2725019753478801796453339367788033689375851816420509565303521482350756874229;
        vk[8] = 957874124722006818841961785324909313781880061366718538693995380805373202866;
        vk[9] = 2512659008974376214222774206987427162027254181373325676825515531566330959255;
        vk[10] = 4540444681147253467785307942530223364530218361853237193970751657229138047649;
        vk[11] = 20954117799226682825035885491234530437475518021362091509513177301640194298072;
        vk[12] = 11631839690097995216017572651900167465857396346217730511548857041925508482915;
        vk[13] = 21508930868448350162258892668132814424284302804699005394342512102884055673846;
        (vk[14], vk[15]) = g1(K0);
        (vk[16], vk[17]) = g1(K1);
        (vk[18], vk[19]) = g1(K2);
        (vk[20], vk[21]) = g1(K3);
    }

    /// @notice 2·G2, imaginary parts first.
    function beta() internal pure returns (uint256, uint256, uint256, uint256) {
        return (
            14583779054894525174450323658765874724019480979794335525732096752006891875705,
            18029695676650738226693292988307914797657423701064905010927197838374790804409,
            11474861747383700316476719153975578001603231366361248090558603872215261634898,
            2140229616977736810657479771656733941598412651537078903776637920509952744750
        );
    }

    /// @notice A proof for the inputs; different blinds give different proofs.
    function prove(uint256[3] memory inputs, uint256 blind) internal view returns (uint256[8] memory proof) {
        uint256 combined = addmod(K0, mulmod(inputs[0], K1, Field.R), Field.R);
        combined = addmod(combined, mulmod(inputs[1], K2, Field.R), Field.R);
        combined = addmod(combined, mulmod(inputs[2], K3, Field.R), Field.R);
        uint256 twice = addmod(2 * ALPHA, mulmod(3, combined, Field.R), Field.R);
        twice = addmod(twice, mulmod(5, blind, Field.R), Field.R);
        (proof[0], proof[1]) = g1(mulmod(twice, HALF, Field.R));
        (proof[2], proof[3], proof[4], proof[5]) = beta();
        (proof[6], proof[7]) = g1(blind);
    }

    /// @notice scalar·G1
    function g1(uint256 scalar) internal view returns (uint256 x, uint256 y) {
        (bool ok, bytes memory answer) = address(7).staticcall(abi.encode(1, 2, scalar));
        require(ok, "ecMul");
        return abi.decode(answer, (uint256, uint256));
    }
}
