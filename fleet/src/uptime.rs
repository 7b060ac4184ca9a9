//! A day of reports becomes the five-minute slots in which at least one falls.

use std::collections::BTreeMap;

use jiff::civil::Time;

use crate::day::{Reading, Step};

/// Seconds of a slot.
const SLOT_SECONDS: u32 = 300;

/// Seconds since midnight.
pub(crate) fn second_of_day(time: Time) -> u32 {
    let part = |value: i8| u32::from(value.unsigned_abs());
    (part(time.hour()) * 60 + part(time.minute())) * 60 + part(time.second())
}

/// One step for each slot, at the first report in it.
pub(crate) fn steps(seconds: impl IntoIterator<Item = u32>) -> Vec<Step> {
    let mut first = BTreeMap::new();
    for second in seconds {
        let slot = first.entry(second / SLOT_SECONDS).or_insert(second);
        *slot = second.min(*slot);
    }
    first
        .into_iter()
        .map(|(slot, at_seconds)| Step { at_seconds, reading: Reading::Alive { slot } })
        .collect()
}
