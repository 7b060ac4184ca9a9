//! The hour that a local clock without an offset shows twice when it is set back in autumn.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::{Date, DateTime};

use crate::clock::Moment;
use crate::notes::Notes;

const HOUR: i64 = 3_600;

/// Rows that show an hour again: the time runs back by an hour once that day, and no other row of the day comes twice.
///
/// With one row an hour or less, a repeated hour looks like a repeated line and is none.
pub(super) fn repeated(
    moments: &[Option<Moment>],
    interval_seconds: u32,
    notes: &mut Notes,
) -> HashSet<usize> {
    let interval = i64::from(interval_seconds);
    let rows: Vec<(usize, DateTime)> = (0..)
        .zip(moments)
        .filter_map(|(place, moment)| moment.filter(|m| m.naive).map(|m| (place, m.local)))
        .collect();
    if HOUR % interval != 0 || interval == HOUR {
        return HashSet::new();
    }
    let hour = (HOUR / interval) as usize;
    let mut days: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for (later, pair) in (1..).zip(rows.windows(2)) {
        if pair[1].1 <= pair[0].1 {
            days.entry(pair[1].1.date()).or_default().push(later);
        }
    }
    let mut again = HashSet::new();
    for (date, backwards) in days {
        let [from] = backwards[..] else { continue };
        let (Some(before), Some(after)) = (
            from.checked_sub(hour).and_then(|start| rows.get(start..from)),
            rows.get(from..from + hour),
        ) else {
            continue;
        };
        let same = before.iter().zip(after).all(|((_, a), (_, b))| a == b);
        let whole = before.windows(2).all(|pair| seconds(pair[0].1, pair[1].1) == interval);
        if !same || !whole {
            continue;
        }
        let all: Vec<DateTime> =
            rows.iter().map(|(_, local)| *local).filter(|local| local.date() == date).collect();
        let distinct: HashSet<&DateTime> = all.iter().collect();
        if all.len() == distinct.len() + hour {
            again.extend(after.iter().map(|(place, _)| *place));
            notes.say(format_args!(
                "{} comes twice for an hour, as when clocks are set back: both are kept and add up in their quarter hours",
                after[0].1
            ));
        }
    }
    again
}

fn seconds(from: DateTime, to: DateTime) -> i64 {
    to.duration_since(from).as_secs()
}
