//! A BabyJubJub key as the registry takes it: with the three points from which its prime order shows (§ 7.1).

use alloy::primitives::U256;
use ergon_types::curve::EdwardsAffine;

use crate::{contracts::DeviceRegistry, field};

/// `A′, 2A′, 4A′, A` with `A = 8A′`, each as x and y.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyProof {
    /// The key's eighth.
    pub eighth: [U256; 2],
    /// The key's quarter.
    pub quarter: [U256; 2],
    /// The key's half.
    pub half: [U256; 2],
    /// The key.
    pub key: [U256; 2],
}

/// From the key's eighth, quarter, half and itself.
impl From<[EdwardsAffine; 4]> for KeyProof {
    fn from(points: [EdwardsAffine; 4]) -> Self {
        let [eighth, quarter, half, key] =
            points.map(|point| [field::integer(point.x), field::integer(point.y)]);
        Self { eighth, quarter, half, key }
    }
}

impl From<KeyProof> for DeviceRegistry::KeyProof {
    fn from(proof: KeyProof) -> Self {
        Self { eighth: proof.eighth, quarter: proof.quarter, half: proof.half, key: proof.key }
    }
}
