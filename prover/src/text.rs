//! 32-byte words as hexadecimal text with `0x`, in JSON.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A 32-byte word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word(pub(crate) [u8; 32]);

impl std::fmt::Display for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix("0x").unwrap_or_default();
        let mut word = [0u8; 32];
        hex::decode_to_slice(digits, &mut word)
            .map_err(|_| D::Error::custom("expected 0x and 64 hexadecimal digits"))?;
        Ok(Self(word))
    }
}

/// Serde of `[u8; 32]`.
pub(crate) mod word {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Word};

    pub(crate) fn serialize<S: Serializer>(
        word: &[u8; 32],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        Word(*word).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<[u8; 32], D::Error> {
        Word::deserialize(d).map(|word| word.0)
    }
}

/// Serde of `[[u8; 32]; 8]`.
pub(crate) mod words {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Word};

    pub(crate) fn serialize<S: Serializer>(words: &[[u8; 32]; 8], s: S) -> Result<S::Ok, S::Error> {
        words.map(Word).serialize(s)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<[[u8; 32]; 8], D::Error> {
        <[Word; 8]>::deserialize(d).map(|words| words.map(|word| word.0))
    }
}
