//! What the witnesses heard: the best class of each (witness, device, cell), sent in batches of one slot.

use std::collections::BTreeMap;

use ergon_types::Offset;
use ergon_types::cell::Axial;
use ergon_types::record::witness::Hearing;

use crate::day::{Asset, DeviceDay, Reading, Step};
use crate::notes::Notes;
use crate::region::Region;
use crate::uplinks::Uplink;

const SLOT_SECONDS: u32 = 300;

/// The signal class of a level in dBm (§ 3.3).
pub(crate) fn class(dbm: f64) -> u8 {
    match dbm {
        level if level >= -80.0 => 3,
        level if level >= -100.0 => 2,
        level if level >= -115.0 => 1,
        _ => 0,
    }
}

/// The observations of each witness: the best class of each pair, and the batches by slot.
#[derive(Default)]
pub(crate) struct Heard {
    witnesses: BTreeMap<String, Journal>,
}

/// The class of each (device, cell).
type Classes = BTreeMap<(u8, Offset), u8>;

#[derive(Default)]
struct Journal {
    best: Classes,
    /// By slot: the second of the last news, and the news.
    news: BTreeMap<u32, (u32, Classes)>,
}

impl Heard {
    /// Notes an observation; those that are no better than an earlier one are no news. Seconds must not fall.
    pub(crate) fn note(&mut self, witness: &str, second: u32, hearing: Hearing) {
        let journal = self.witnesses.entry(witness.to_owned()).or_default();
        let pair = (hearing.member, hearing.offset);
        if journal.best.get(&pair).is_some_and(|best| *best >= hearing.class) {
            return;
        }
        journal.best.insert(pair, hearing.class);
        let (last, news) = journal.news.entry(second / SLOT_SECONDS).or_default();
        *last = second.max(*last);
        news.insert(pair, hearing.class);
    }

    /// The cells from which a device was heard; a cell comes once for each witness.
    pub(crate) fn cells(&self, member: u8) -> impl Iterator<Item = Offset> {
        self.witnesses
            .values()
            .flat_map(|journal| journal.best.keys())
            .filter(move |(heard, _)| *heard == member)
            .map(|(_, offset)| *offset)
    }

    pub(crate) fn into_days(self, source: &str, day: &str) -> Vec<DeviceDay> {
        let day = |(name, journal): (String, Journal)| DeviceDay {
            name,
            source: source.to_owned(),
            day: day.to_owned(),
            asset: Asset::Witness,
            measured: journal.best.len() as u64,
            steps: journal.news.into_values().map(step).collect(),
        };
        self.witnesses.into_iter().map(day).collect()
    }
}

fn step((at_seconds, news): (u32, Classes)) -> Step {
    let hearing = |((member, offset), class)| Hearing { member, offset, class };
    let heard = news.into_iter().map(hearing).collect();
    Step { at_seconds, reading: Reading::Heard(heard) }
}

/// Observations of the chosen devices, given with their positions; those too far away are counted in the notes.
pub(super) fn observe(
    uplinks: &[&Uplink],
    members: &BTreeMap<&str, (u8, Axial)>,
    region: Region,
    notes: &mut Notes,
) -> Heard {
    let mut uplinks = uplinks.to_vec();
    // Several days become one epoch: what counts is the time of day.
    uplinks.sort_by_key(|uplink| uplink.sent.1);
    let mut heard = Heard::default();
    let (mut far, mut unmeasured) = (0u64, 0u64);
    for uplink in uplinks {
        let Some(place) = uplink.place else { continue };
        let cell = region.position(place);
        for reception in &uplink.receptions {
            let Some((member, position)) = members.get(reception.hotspot.as_str()) else {
                continue;
            };
            let offset = cell.and_then(|cell| Offset::between(*position, cell));
            match (offset, reception.rssi) {
                (None, _) => far += 1,
                (_, None) => unmeasured += 1,
                (Some(offset), Some(dbm)) => {
                    let (member, class) = (*member, class(dbm));
                    let hearing = Hearing { member, offset, class };
                    heard.note(&uplink.tester, uplink.sent.1, hearing);
                }
            }
        }
    }
    if far > 0 {
        notes.say(format_args!(
            "{far} observations were made too far from the hotspot for a record (512 cells) and are left out"
        ));
    }
    if unmeasured > 0 {
        notes.say(format_args!("{unmeasured} observations without `rssi` are left out"));
    }
    heard
}
