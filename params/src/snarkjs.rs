//! The verifying key as snarkjs reads and writes it.

use crate::VerifyingKey;
use ark_bn254::Bn254;
use ark_ec::pairing::Pairing;
use serde::{Deserialize, Serialize};
use taceo_circom_types::groth16::VerificationKey;

/// A verifying key in snarkjs's JSON. Reading one checks that its points are on their curves and in their groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyingKeyJson {
    /// The points.
    #[serde(flatten)]
    pub key: VerificationKey<Bn254>,
    /// The curve's name, `bn128`; snarkjs needs it.
    pub curve: String,
}

impl From<&VerifyingKey> for VerifyingKeyJson {
    fn from(key: &VerifyingKey) -> Self {
        let key = VerificationKey {
            protocol: "groth16".to_owned(),
            n_public: key.gamma_abc_g1.len().saturating_sub(1),
            alpha_1: key.alpha_g1,
            beta_2: key.beta_g2,
            gamma_2: key.gamma_g2,
            delta_2: key.delta_g2,
            alpha_beta_gt: Bn254::pairing(key.alpha_g1, key.beta_g2).0,
            ic: key.gamma_abc_g1.clone(),
        };
        Self { key, curve: "bn128".to_owned() }
    }
}

impl From<VerifyingKeyJson> for VerifyingKey {
    fn from(json: VerifyingKeyJson) -> Self {
        json.key.into()
    }
}
