//! Between the types of proofs and the types of the chain.

use ergon_chain::U256;
use ergon_types::{Address, Fr, PublicKey, field};

/// An entry as a 256-bit word.
pub(crate) fn word(entry: &Fr) -> U256 {
    U256::from_be_bytes(field::to_be_bytes(entry))
}

/// Big-endian words.
pub(crate) fn words<const N: usize>(bytes: &[[u8; 32]; N]) -> [U256; N] {
    bytes.map(U256::from_be_bytes)
}

/// An address for the chain.
pub(crate) fn to_chain(address: Address) -> ergon_chain::Address {
    address.0.into()
}

/// An address from the chain.
pub(crate) fn from_chain(address: ergon_chain::Address) -> Address {
    Address(address.into_array())
}

/// The points from which the registry proves a key's order (§ 7.1).
pub(crate) fn key_proof(key: &PublicKey) -> ergon_chain::KeyProof {
    key.halvings().into()
}
