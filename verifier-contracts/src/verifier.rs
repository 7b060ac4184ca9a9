//! The Solidity verifier by itself: one key, one proof, yes or no.

use crate::chain::read;
use crate::contracts::Groth16Verifier;
use crate::deployment::create;
use crate::{ChainError, Embedded, U256, accounts::DEVELOPMENT_ACCOUNTS};

/// Whether the contract `Groth16Verifier`, deployed with this key to an EVM of its own, accepts a proof. The key is that
/// of a [`crate::RouteConfig`]; the proof is A, B, C, of an extension element the imaginary part first.
///
/// # Errors
/// When the contract refuses the key.
pub async fn solidity_accepts(
    key: [U256; 22],
    inputs: [U256; 3],
    proof: [U256; 8],
) -> Result<bool, ChainError> {
    let chain = Embedded::new(0);
    let [owner, ..] = DEVELOPMENT_ACCOUNTS;
    let arguments = Groth16Verifier::constructorCall { vk: key };
    let code = &Groth16Verifier::BYTECODE;
    let (verifier, _gas) = create(&chain, owner, "verifier", code, &arguments).await?;
    read(&chain, verifier, &Groth16Verifier::verifyCall { proof, inputs }).await
}
