//! Which witnesses cover a cohort: at most as many as it has places for, together hearing as much as they can.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use ergon_types::Offset;
use ergon_types::record::witness::{ENTRIES, Hearings};

use crate::day::{DeviceDay, Group, Reading};

/// What a coverage cohort has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Places of witnesses.
    pub witnesses: usize,
    /// Cells of a member that one epoch pays at most.
    pub cells: usize,
}

/// The witnesses of one cohort.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Their days as far as they concern the cohort, in the group's order.
    pub witnesses: Vec<DeviceDay>,
    /// Messages about witnesses, pairs and cells for which there is no room.
    pub notes: Vec<String>,
}

/// Distinct (member, cell).
type Pairs = BTreeSet<(u8, Offset)>;

impl Group {
    /// Chooses witnesses for the cohort of `members` devices from `first` on: again and again the one that adds most
    /// pairs of a device and a cell that none chosen before has.
    #[must_use]
    pub fn choose(&self, first: usize, members: usize, room: Room) -> Chosen {
        let mut notes = Vec::new();
        let days: Vec<DeviceDay> =
            self.witnesses.iter().map(|day| day.covering(first, members)).collect();
        let kept: Vec<Pairs> = days.iter().map(|day| self.kept(day, &mut notes)).collect();
        let places = greedy(&kept, room.witnesses);
        let heard: Pairs = places.iter().flat_map(|place| &kept[*place]).copied().collect();
        if places.len() < days.len() {
            let all: Pairs = kept.iter().flatten().copied().collect();
            let left: Vec<&str> = (0..)
                .zip(&days)
                .filter(|(place, _)| !places.contains(place))
                .map(|(_, day)| day.name.as_str())
                .collect();
            notes.push(format!(
                "{}: {} witnesses, of which a cohort has places for {}: left out are {}; {} of {} pairs of a device and a cell are lost by it",
                self.source,
                days.len(),
                room.witnesses,
                left.join(", "),
                all.len() - heard.len(),
                all.len()
            ));
        }
        let mut cells: BTreeMap<u8, usize> = BTreeMap::new();
        for (member, _) in heard {
            *cells.entry(member).or_default() += 1;
        }
        for (member, count) in cells.into_iter().filter(|(_, count)| *count > room.cells) {
            let name = self.devices.get(first + usize::from(member)).map_or("", |day| &day.name);
            notes.push(format!(
                "{}: {name} was heard in {count} cells; an epoch pays at most {} of a device, the most valuable ones",
                self.source, room.cells
            ));
        }
        let chosen = (0..).zip(days).filter(|(place, _)| places.contains(place));
        Chosen { witnesses: chosen.map(|(_, day)| day).collect(), notes }
    }

    /// The pairs that a witness's record has at the end of the epoch.
    fn kept(&self, day: &DeviceDay, notes: &mut Vec<String>) -> Pairs {
        let mut record = Hearings::new(0);
        let mut all = Pairs::new();
        for step in &day.steps {
            if let Reading::Heard(heard) = &step.reading {
                for hearing in heard {
                    all.insert((hearing.member, hearing.offset));
                    record.insert(*hearing);
                }
            }
        }
        if all.len() > ENTRIES {
            notes.push(format!(
                "{}: {} heard {} pairs of a device and a cell of one cohort; its record keeps the best {ENTRIES}, {} are lost",
                self.source,
                day.name,
                all.len(),
                all.len() - ENTRIES
            ));
        }
        record.iter().map(|hearing| (hearing.member, hearing.offset)).collect()
    }
}

/// The places of the witnesses to take; among equals the one that heard more, then the first.
fn greedy(kept: &[Pairs], most: usize) -> BTreeSet<usize> {
    let mut places = BTreeSet::new();
    let mut heard = Pairs::new();
    while places.len() < most {
        let gain = |place: &usize| {
            let pairs = &kept[*place];
            (pairs.difference(&heard).count(), pairs.len(), Reverse(*place))
        };
        let open = (0..kept.len()).filter(|place| !places.contains(place));
        let Some(best) = open.max_by_key(gain) else { break };
        places.insert(best);
        heard.extend(&kept[best]);
    }
    places
}
