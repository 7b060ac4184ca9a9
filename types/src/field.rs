//! Entries: elements of the BN254 scalar field, their bytes, and their decimal JSON form.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::str::FromStr;

pub use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};

/// Bits that every field element below 2^253 fits in; packed words stay below this width.
pub const SAFE_BITS: usize = 253;

/// The 32 little-endian bytes of an entry.
pub fn to_le_bytes(entry: &Fr) -> [u8; 32] {
    let mut bytes = [0u8; 32];
    bytes.copy_from_slice(&entry.into_bigint().to_bytes_le());
    bytes
}

/// The 32 big-endian bytes of an entry, as the contracts see it.
pub fn to_be_bytes(entry: &Fr) -> [u8; 32] {
    let mut bytes = to_le_bytes(entry);
    bytes.reverse();
    bytes
}

/// Reads 32 little-endian bytes; `None` unless they are below the field's order.
pub fn from_le_bytes(bytes: &[u8; 32]) -> Option<Fr> {
    let mut limbs = [0u64; 4];
    for (limb, chunk) in limbs.iter_mut().zip(bytes.chunks_exact(8)) {
        let mut word = [0u8; 8];
        word.copy_from_slice(chunk);
        *limb = u64::from_le_bytes(word);
    }
    Fr::from_bigint(ark_ff::BigInt(limbs))
}

/// Reads 32 big-endian bytes; `None` unless they are below the field's order.
pub fn from_be_bytes(bytes: &[u8; 32]) -> Option<Fr> {
    let mut reversed = *bytes;
    reversed.reverse();
    from_le_bytes(&reversed)
}

/// Bit `index` of the entry's canonical integer.
pub fn bit(entry: &Fr, index: usize) -> bool {
    entry.into_bigint().get_bit(index)
}

/// `count` bits from bit `from` on, as an integer (`count` ≤ 64).
pub fn bits(entry: &Fr, from: usize, count: usize) -> u64 {
    let integer = entry.into_bigint();
    (0..count).fold(0, |value, i| value | (u64::from(integer.get_bit(from + i)) << i))
}

/// Whether the entry's canonical integer is below 2^`width`.
pub fn fits(entry: &Fr, width: usize) -> bool {
    entry.into_bigint().num_bits() as usize <= width
}

/// 2^`exponent` in the field.
pub fn power_of_two(exponent: usize) -> Fr {
    let mut limbs = [0u64; 4];
    limbs[exponent / 64] = 1 << (exponent % 64);
    Fr::from_bigint(ark_ff::BigInt(limbs)).unwrap_or_default()
}

/// Parses a canonical decimal; `None` for anything else, including values not below the order.
pub fn parse_decimal(text: &str) -> Option<Fr> {
    let value = Fr::from_str(text).ok()?;
    (value.to_string() == text).then_some(value)
}

/// Serde of one entry as a decimal string, the form snarkjs uses.
pub mod decimal {
    use super::{Fr, String, ToString, parse_decimal};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the decimal string.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(entry: &Fr, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&entry.to_string())
    }

    /// Reads a decimal string below the field's order.
    ///
    /// # Errors
    /// When the text is not a canonical decimal below the order.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fr, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_decimal(&text).ok_or_else(|| {
            D::Error::custom("expected a decimal below the BN254 scalar field's order")
        })
    }
}

/// Serde of a list of entries as decimal strings.
pub mod decimals {
    use super::{Fr, String, ToString, Vec, parse_decimal};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the decimal strings.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(entries: &[Fr], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(entries.iter().map(ToString::to_string))
    }

    /// Reads decimal strings below the field's order.
    ///
    /// # Errors
    /// When one of them is not a canonical decimal below the order.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Fr>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts
            .iter()
            .map(|text| {
                parse_decimal(text).ok_or_else(|| {
                    D::Error::custom("expected decimals below the BN254 scalar field's order")
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_order_itself_is_not_canonical() {
        let mut bytes = [0u8; 32];
        bytes.copy_from_slice(&Fr::MODULUS.to_bytes_le());
        assert_eq!(from_le_bytes(&bytes), None);
        bytes[0] -= 1;
        assert_eq!(from_le_bytes(&bytes), Some(-Fr::from(1u64)));
        assert_eq!(parse_decimal(&Fr::MODULUS.to_string()), None);
        assert_eq!(parse_decimal("07"), None);
    }

    #[test]
    fn bits_are_read_across_limbs() {
        let entry = power_of_two(63) + power_of_two(64) + power_of_two(200);
        assert_eq!(bits(&entry, 63, 2), 3);
        assert!(bit(&entry, 200));
        assert!(fits(&entry, 201) && !fits(&entry, 200));
    }
}
