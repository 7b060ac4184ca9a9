//! A witness's record: which members of one covered cohort it heard, where and how well (§ 3.3).

use super::{RecordError, fields, pack};
use crate::cell::{OFFSET_BITS, Offset};
use crate::field::{self, Fr};
use crate::policy::CLASSES;
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

/// Entries of a record.
pub const ENTRIES: usize = 128;
/// Entries in a word.
pub const ENTRIES_PER_WORD: usize = 8;
/// Words of entries.
pub const ENTRY_WORDS: usize = ENTRIES / ENTRIES_PER_WORD;
/// Bits of a signal class.
pub const CLASS_BITS: usize = 2;
/// Bits of a member's index.
pub const MEMBER_BITS: usize = 8;
/// Bits of an entry.
pub const ENTRY_BITS: usize = CLASS_BITS + OFFSET_BITS + MEMBER_BITS;
/// The member index of unused entries.
pub const PADDING_MEMBER: u8 = u8::MAX;

/// One observation: a member heard from a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hearing {
    /// The covered member's index.
    pub member: u8,
    /// The cell served, as seen from the member.
    pub offset: Offset,
    /// Signal class 0 (weakest) to 3.
    pub class: u8,
}

impl Hearing {
    /// `class | offset << 2 | member << 22`.
    pub fn entry(&self) -> u64 {
        u64::from(self.class)
            | (u64::from(self.offset.code()) << CLASS_BITS)
            | (u64::from(self.member) << (CLASS_BITS + OFFSET_BITS))
    }

    /// The hearing of a 30-bit entry; bits above are ignored.
    pub fn from_entry(entry: u64) -> Self {
        Self {
            class: (entry & 3) as u8,
            offset: Offset::from_code((entry >> CLASS_BITS) as u32),
            member: (entry >> (CLASS_BITS + OFFSET_BITS)) as u8,
        }
    }

    /// The filler of an unused place.
    fn padding(place: usize) -> Self {
        Self { member: PADDING_MEMBER, offset: Offset::from_code(place as u32), class: 0 }
    }
}

/// A witness's words: at most 128 hearings, the best kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearings {
    /// The covered cohort.
    pub cohort: u32,
    best: BTreeMap<(u8, Offset), u8>,
}

impl Hearings {
    /// Nothing heard yet of a cohort.
    pub fn new(cohort: u32) -> Self {
        Self { cohort, best: BTreeMap::new() }
    }

    /// Adds a hearing, keeping the best class of each (member, offset). A full table drops its weakest
    /// entry if the new one is better. Returns whether the table changed; it does not for a hearing that no record
    /// can hold, of member 255 or a class above 3.
    pub fn insert(&mut self, hearing: Hearing) -> bool {
        if hearing.member == PADDING_MEMBER || usize::from(hearing.class) >= CLASSES {
            return false;
        }
        let key = (hearing.member, hearing.offset);
        if let Some(class) = self.best.get_mut(&key) {
            let better = hearing.class > *class;
            *class = (*class).max(hearing.class);
            return better;
        }
        if self.best.len() == ENTRIES {
            let weakest = self.best.iter().min_by_key(|(_, class)| **class).map(|(k, c)| (*k, *c));
            match weakest {
                Some((weakest, class)) if class < hearing.class => self.best.remove(&weakest),
                _ => return false,
            };
        }
        self.best.insert(key, hearing.class);
        true
    }

    /// The hearings, ordered by member, then offset.
    pub fn iter(&self) -> impl Iterator<Item = Hearing> + '_ {
        self.best.iter().map(|((member, offset), class)| Hearing {
            member: *member,
            offset: *offset,
            class: *class,
        })
    }

    /// All 128 entries, the unused ones padded.
    pub fn entries(&self) -> Vec<u64> {
        let used = self.iter().map(|hearing| hearing.entry());
        let padding = (self.best.len()..ENTRIES).map(|place| Hearing::padding(place).entry());
        used.chain(padding).collect()
    }

    /// The packed words.
    pub fn words(&self) -> Vec<Fr> {
        let mut words = vec![Fr::from(u64::from(self.cohort))];
        let entries = self.entries();
        words.extend(
            entries.chunks(ENTRIES_PER_WORD).map(|chunk| pack(chunk.iter().copied(), ENTRY_BITS)),
        );
        words
    }

    pub(crate) fn from_words(words: &[Fr]) -> Result<Self, (usize, &'static str)> {
        if !field::fits(&words[0], 32) {
            return Err((0, "a cohort in 32 bits"));
        }
        let mut hearings = Self::new(field::bits(&words[0], 0, 32) as u32);
        let mut last = None;
        for (index, word) in words[1..].iter().enumerate() {
            let entries = fields(word, ENTRY_BITS, ENTRIES_PER_WORD)
                .ok_or((index + 1, "eight entries of 30 bits"))?;
            for (place, entry) in (index * ENTRIES_PER_WORD..).zip(entries) {
                if last >= Some(entry >> CLASS_BITS) {
                    return Err((index + 1, "entries strictly increasing in (member, offset)"));
                }
                last = Some(entry >> CLASS_BITS);
                let hearing = Hearing::from_entry(entry);
                if hearing.member == PADDING_MEMBER {
                    if hearing != Hearing::padding(place) {
                        return Err((
                            index + 1,
                            "unused entries: member 255, offset = place, class 0",
                        ));
                    }
                } else {
                    hearings.best.insert((hearing.member, hearing.offset), hearing.class);
                }
            }
        }
        Ok(hearings)
    }

    /// § 3.4: entries stay with at least their class, unless the table is full.
    pub(crate) fn extends(&self, earlier: &Self) -> Result<(), RecordError> {
        if self.cohort != earlier.cohort {
            return Err(RecordError::Contradiction { what: "the covered cohort" });
        }
        let kept = earlier
            .best
            .iter()
            .all(|(key, class)| self.best.get(key).is_some_and(|new| new >= class));
        if kept || self.best.len() == ENTRIES {
            Ok(())
        } else {
            Err(RecordError::Dropped { what: "an observation" })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hearing(member: u8, code: u32, class: u8) -> Hearing {
        Hearing { member, offset: Offset::from_code(code), class }
    }

    #[test]
    fn words_round_trip_with_padding() {
        let mut hearings = Hearings::new(9);
        for h in [hearing(1, 8, 0), hearing(0, 9, 3), hearing(1, 8, 2), hearing(1, 3, 1)] {
            hearings.insert(h);
        }
        assert_eq!(hearings.iter().count(), 3);
        assert_eq!(Hearings::from_words(&hearings.words()), Ok(hearings));
    }

    #[test]
    fn a_full_table_keeps_the_best_observations() {
        let mut hearings = Hearings::new(1);
        for (code, class) in (0..).zip([1u8, 0].into_iter().cycle()).take(ENTRIES) {
            hearings.insert(hearing(0, code, class));
        }
        assert!(!hearings.insert(hearing(1, 0, 0)));
        assert!(hearings.insert(hearing(1, 0, 3)));
        assert_eq!(hearings.iter().count(), ENTRIES);
        assert!(hearings.iter().any(|h| h.member == 1));
    }

    #[test]
    fn repeated_pairs_and_other_padding_are_refused() {
        let mut words = Hearings::new(1).words();
        words[1] = Fr::from(0u64);
        assert!(Hearings::from_words(&words).is_err());
        let mut words = Hearings::new(1).words();
        words[1] += Fr::from(1u64);
        assert!(Hearings::from_words(&words).is_err());
    }
}
