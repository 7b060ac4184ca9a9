//! Public keys and signatures as words.

use ergon_chain::{P256Key, P256Signature, U256};
use ergon_types::PublicKey;
use std::str::FromStr;

/// A BabyJubJub public key.
#[derive(Clone, Copy)]
pub(crate) struct Key(pub(crate) PublicKey);

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        PublicKey::from_hex(text).map(Self).map_err(|error| error.to_string())
    }
}

/// Two 256-bit numbers in hexadecimal, one after the other.
fn pair(text: &str) -> Option<[U256; 2]> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let bytes: [u8; 64] = hex::decode(digits).ok()?.try_into().ok()?;
    let (first, second) = bytes.split_at(32);
    Some([U256::from_be_slice(first), U256::from_be_slice(second)])
}

/// A P-256 public key: x and y, 128 hexadecimal digits.
#[derive(Clone, Debug)]
pub(crate) struct HardwareKey(pub(crate) P256Key);

impl FromStr for HardwareKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Uncompressed SEC 1 points begin with 04.
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let digits = digits.strip_prefix("04").filter(|rest| rest.len() == 128).unwrap_or(digits);
        let [x, y] =
            pair(digits).ok_or("expected x and y of a P-256 key, 128 hexadecimal digits")?;
        Ok(Self(P256Key { x, y }))
    }
}

/// An ECDSA signature on P-256: r and s, 128 hexadecimal digits.
#[derive(Clone, Debug)]
pub(crate) struct HardwareSignature(pub(crate) P256Signature);

impl FromStr for HardwareSignature {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let [r, s] = pair(text).ok_or("expected r and s of a signature, 128 hexadecimal digits")?;
        Ok(Self(P256Signature { r, s }.low()))
    }
}
