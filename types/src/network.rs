//! Which chain and contract a signature is meant for (§ 2.4).

use crate::field::Fr;
use crate::poseidon::hash_vector;
use crate::tag::Tag;
use alloc::string::String;
use ark_ff::PrimeField;
use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A 20-byte address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Address(pub [u8; 20]);

impl Address {
    /// The address as a 160-bit integer.
    pub fn entry(&self) -> Fr {
        Fr::from_be_bytes_mod_order(&self.0)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an address: 0x and 40 hexadecimal digits")]
pub struct NotAnAddress;

impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let digits = text.strip_prefix("0x").ok_or(NotAnAddress)?;
        let mut bytes = [0u8; 20];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| NotAnAddress)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The chain and the contracts that records and batches are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// The settlement contract.
    pub settlement: Address,
    /// The device registry.
    pub registry: Address,
}

impl Network {
    /// `H(ergon/1/network; chain id, settlement)`.
    pub fn id(&self) -> Fr {
        hash_vector(Tag::NETWORK, &[Fr::from(self.chain_id), self.settlement.entry()])
    }
}
