//! 288 slots of five minutes, two words of 144 bits (§ 3.2).

use crate::field::{self, Fr};
use alloc::string::String;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Slots in a set.
pub const SLOTS: u32 = 288;
/// Slot bits in each of the two words.
pub const SLOTS_PER_WORD: u32 = 144;

/// A set of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Slots([u64; 5]);

impl Slots {
    /// Adds a slot (below 288; others are ignored).
    pub fn insert(&mut self, slot: u32) {
        if slot < SLOTS {
            self.0[slot as usize / 64] |= 1 << (slot % 64);
        }
    }

    /// Whether the slot is in the set.
    pub fn get(&self, slot: u32) -> bool {
        slot < SLOTS && (self.0[slot as usize / 64] >> (slot % 64)) & 1 == 1
    }

    /// Number of slots in the set.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// The slots in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..SLOTS).filter(|slot| self.get(*slot))
    }

    /// Whether every slot of `other` is in this set.
    pub fn contains(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| b & !a == 0)
    }

    /// The slots in both sets.
    pub fn intersection(&self, other: &Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    /// The two packed words.
    pub fn words(&self) -> [Fr; 2] {
        core::array::from_fn(|word| {
            let first = word as u32 * SLOTS_PER_WORD;
            (0..SLOTS_PER_WORD)
                .filter(|bit| self.get(first + bit))
                .map(|bit| field::power_of_two(bit as usize))
                .sum()
        })
    }

    /// Reads two packed words; the error names the word and what was expected.
    pub(crate) fn from_words(words: &[Fr]) -> Result<Self, (usize, &'static str)> {
        let mut slots = Self::default();
        for (index, word) in words.iter().enumerate() {
            if !field::fits(word, SLOTS_PER_WORD as usize) {
                return Err((index, "144 slot bits"));
            }
            for bit in 0..SLOTS_PER_WORD {
                if field::bit(word, bit as usize) {
                    slots.insert(index as u32 * SLOTS_PER_WORD + bit);
                }
            }
        }
        Ok(slots)
    }
}

impl FromIterator<u32> for Slots {
    fn from_iter<I: IntoIterator<Item = u32>>(iter: I) -> Self {
        let mut slots = Self::default();
        iter.into_iter().for_each(|slot| slots.insert(slot));
        slots
    }
}

impl Serialize for Slots {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = [0u8; 36];
        for slot in self.iter() {
            bytes[slot as usize / 8] |= 1 << (slot % 8);
        }
        serializer.serialize_str(&hex::encode(bytes))
    }
}

impl<'de> Deserialize<'de> for Slots {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut bytes = [0u8; 36];
        hex::decode_to_slice(String::deserialize(deserializer)?, &mut bytes)
            .map_err(|_| D::Error::custom("expected 288 slot bits as 72 hexadecimal digits"))?;
        Ok((0..SLOTS).filter(|s| (bytes[*s as usize / 8] >> (s % 8)) & 1 == 1).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip_and_refuse_bits_above_the_slots() {
        let slots: Slots = [0, 63, 64, 143, 144, 287, 288].into_iter().collect();
        assert_eq!(slots.count(), 6);
        assert_eq!(Slots::from_words(&slots.words()), Ok(slots));
        let bad = [field::power_of_two(144), Fr::from(0u64)];
        assert!(Slots::from_words(&bad).is_err());
    }
}
