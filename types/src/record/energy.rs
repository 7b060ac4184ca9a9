//! A meter's record: export counters and the watt-hours of 96 quarter hours (§ 3.2).

use super::{RecordError, fields, pack, slots::Slots};
use crate::field::{self, Fr};
use alloc::vec;
use alloc::vec::Vec;

/// Quarter hours of an epoch.
pub const QUARTERS: usize = 96;
/// Bits of a slot's watt-hours.
pub const DELTA_BITS: usize = 20;
/// Bits of a slot: presence, delta.
pub const QUARTER_BITS: usize = DELTA_BITS + 1;
/// Slots in a word.
pub const QUARTERS_PER_WORD: usize = 12;
/// Bits of a counter in watt-hours.
pub const COUNTER_BITS: usize = 48;
/// Bits of a meter's generation.
pub const GENERATION_BITS: usize = 16;
/// Where the tamper bits begin in the first word: above generation and start.
pub const TAMPER_SHIFT: usize = GENERATION_BITS + COUNTER_BITS;
/// Where the end counter begins in the first word, so that nothing lies above it.
pub const END_SHIFT: usize = TAMPER_SHIFT + QUARTERS;

/// One quarter hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Quarter {
    /// The meter kept a record of this slot.
    pub present: bool,
    /// The meter saw tampering in this slot, which is present.
    pub tamper: bool,
    /// Watt-hours exported in this slot, below 2^20; 0 where the slot is not present.
    pub delta: u32,
}

/// A meter's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    /// Certified generation of the meter.
    pub generation: u16,
    /// Export counter at the record's beginning, watt-hours below 2^48.
    pub start: u64,
    /// Export counter at the record's end, watt-hours below 2^48.
    pub end: u64,
    /// The quarter hours.
    pub quarters: [Quarter; QUARTERS],
}

impl Default for Meter {
    fn default() -> Self {
        Self { generation: 0, start: 0, end: 0, quarters: [Quarter::default(); QUARTERS] }
    }
}

impl Meter {
    /// The slots present.
    pub fn present(&self) -> Slots {
        (0u32..).zip(&self.quarters).filter(|(_, q)| q.present).map(|(slot, _)| slot).collect()
    }

    /// Watt-hours attributed to slots.
    pub fn attributed(&self) -> u64 {
        self.quarters.iter().map(|quarter| u64::from(quarter.delta)).sum()
    }

    /// The packed words.
    pub fn words(&self) -> Vec<Fr> {
        let tampers = pack(self.quarters.iter().map(|quarter| u64::from(quarter.tamper)), 1);
        let header = Fr::from(u64::from(self.generation))
            + Fr::from(self.start) * field::power_of_two(GENERATION_BITS)
            + tampers * field::power_of_two(TAMPER_SHIFT)
            + Fr::from(self.end) * field::power_of_two(END_SHIFT);
        let mut words = vec![header];
        words.extend(self.quarters.chunks(QUARTERS_PER_WORD).map(|chunk| {
            pack(
                chunk.iter().map(|q| u64::from(q.present) | (u64::from(q.delta) << 1)),
                QUARTER_BITS,
            )
        }));
        words
    }

    pub(crate) fn from_words(words: &[Fr]) -> Result<Self, (usize, &'static str)> {
        if !field::fits(&words[0], END_SHIFT + COUNTER_BITS) {
            return Err((0, "generation, start, 96 tamper bits and end in 208 bits"));
        }
        let mut meter = Self {
            generation: field::bits(&words[0], 0, GENERATION_BITS) as u16,
            start: field::bits(&words[0], GENERATION_BITS, COUNTER_BITS),
            end: field::bits(&words[0], END_SHIFT, COUNTER_BITS),
            ..Self::default()
        };
        let chunks = meter.quarters.chunks_mut(QUARTERS_PER_WORD);
        for (index, (chunk, word)) in chunks.zip(&words[1..]).enumerate() {
            let values = fields(word, QUARTER_BITS, chunk.len())
                .ok_or((index + 1, "21 bits for each quarter hour"))?;
            for (place, (quarter, value)) in chunk.iter_mut().zip(values).enumerate() {
                let slot = index * QUARTERS_PER_WORD + place;
                let tamper = field::bit(&words[0], TAMPER_SHIFT + slot);
                *quarter = Quarter { present: value & 1 == 1, tamper, delta: (value >> 1) as u32 };
                if !quarter.present && *quarter != Quarter::default() {
                    return Err((index + 1, "neither watt-hours nor tampering in absent slots"));
                }
            }
        }
        if meter.end < meter.start || meter.attributed() > meter.end - meter.start {
            return Err((0, "end − start at least the sum of the deltas"));
        }
        Ok(meter)
    }

    /// § 3.4: present slots stay as they are, generation and start stay, the end does not fall.
    pub(crate) fn extends(&self, earlier: &Self) -> Result<(), RecordError> {
        if self.generation != earlier.generation {
            return Err(RecordError::Contradiction { what: "the meter's generation" });
        }
        if self.start != earlier.start {
            return Err(RecordError::Contradiction { what: "the start counter" });
        }
        let pairs = || self.quarters.iter().zip(&earlier.quarters).filter(|(_, old)| old.present);
        if pairs().any(|(new, old)| new.present && new != old) {
            return Err(RecordError::Contradiction { what: "a slot's watt-hours or tamper bit" });
        }
        if pairs().any(|(new, _)| !new.present) {
            return Err(RecordError::Dropped { what: "a slot" });
        }
        if self.end < earlier.end {
            return Err(RecordError::Dropped { what: "watt-hours of the end counter" });
        }
        Ok(())
    }
}
