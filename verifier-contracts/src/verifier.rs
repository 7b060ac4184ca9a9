//! The Solidity verifier by itself: one key, one proof, yes or no.

use crate::chain::read;
use crate::contracts::Groth16Verifier;
use crate::deployment::create;
use crate::{Address, Chain, ChainError, Embedded, U256, accounts::DEVELOPMENT_ACCOUNTS};
use alloy::primitives::Bytes;

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
    let (chain, verifier) = alone(key).await?;
    read(&chain, verifier, &Groth16Verifier::verifyCall { proof, inputs }).await
}

/// The code of the contract with this key, wherever it is deployed.
pub(crate) async fn code_of(key: [U256; 22]) -> Result<Bytes, ChainError> {
    let (chain, verifier) = alone(key).await?;
    chain.code(verifier).await
}

/// The contract with this key on a chain of its own.
async fn alone(key: [U256; 22]) -> Result<(Embedded, Address), ChainError> {
    let chain = Embedded::new(0);
    let [owner, ..] = DEVELOPMENT_ACCOUNTS;
    let arguments = Groth16Verifier::constructorCall { vk: key };
    let verifier = create(&chain, owner, &Groth16Verifier::BYTECODE, &arguments).await?;
    Ok((chain, verifier))
}
