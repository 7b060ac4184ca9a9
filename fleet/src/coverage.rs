//! Chosen days of uplinks become covered devices, the hotspots heard most, and witnesses, the field testers.

mod witness;

pub(crate) use witness::{Heard, class};

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use ergon_types::Kind;
use ergon_types::cell::Axial;
use h3o::LatLng;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::day::{Asset, DeviceDay, Group};
use crate::describe::Source;
use crate::error::FleetError;
use crate::notes::Notes;
use crate::region::Region;
use crate::uplinks::Uplink;
use crate::uptime;

/// A located hotspot.
struct Candidate<'a> {
    id: &'a str,
    place: LatLng,
    heard: usize,
}

/// The group of a source's uplinks.
pub(crate) fn group(
    uplinks: &[Uplink],
    source: &Source,
    notes: &mut Notes,
) -> Result<Group, FleetError> {
    let mut group = Group {
        source: source.path.clone(),
        kind: Kind::Coverage,
        region: None,
        devices: Vec::new(),
        witnesses: Vec::new(),
    };
    let Some((first, last)) = chosen_days(uplinks, source) else {
        return Err(no_day(uplinks, source, notes));
    };
    let uplinks: Vec<&Uplink> =
        uplinks.iter().filter(|uplink| (first..=last).contains(&uplink.sent.0)).collect();
    let candidates = candidates(&uplinks);
    let day = match first == last {
        true => first.to_string(),
        false => format!("{first}/{last}"),
    };
    let Some(region) = busiest_region(&uplinks, &candidates, source.devices) else {
        return Err(notes.nothing(
            format_args!("on {day} no located hotspot heard a located uplink inside of a hexagon"),
            "give another `from` or more `days` in records.toml",
        ));
    };
    group.region = Some(region.index());
    let chosen = placed(candidates, region, source.devices, notes);
    let members: BTreeMap<&str, (u8, Axial)> =
        (0..).zip(&chosen).map(|(i, (hotspot, position))| (hotspot.id, (i, *position))).collect();
    let heard = witness::observe(&uplinks, &members, region, notes);
    for (index, (hotspot, position)) in (0u8..).zip(&chosen) {
        let cells: BTreeSet<_> = heard.cells(index).collect();
        group.devices.push(DeviceDay {
            name: hotspot.id.to_owned(),
            source: source.path.clone(),
            day: day.clone(),
            asset: Asset::Hotspot { position: *position },
            measured: cells.len() as u64,
            steps: uptime::steps(alive(&uplinks, hotspot.id, first, last)),
        });
    }
    group.witnesses = heard.into_days(&source.path, &day);
    if group.witnesses.is_empty() {
        return Err(notes.nothing(
            format_args!(
                "on {day} no uplink was heard with an `rssi` by a hotspot that can be placed"
            ),
            "give another `from` or more `days` in records.toml",
        ));
    }
    Ok(group)
}

/// Why no day can be chosen.
fn no_day(uplinks: &[Uplink], source: &Source, notes: &Notes) -> FleetError {
    let last = |uplinks: &mut dyn Iterator<Item = &Uplink>| uplinks.map(|u| u.sent.0).max();
    let located = last(&mut uplinks.iter().filter(|uplink| uplink.place.is_some()));
    match (located, last(&mut uplinks.iter())) {
        (Some(last), _) => {
            let from = source.from.map(|from| from.to_string()).unwrap_or_default();
            notes.nothing(
                format_args!(
                    "its last day with a located uplink is {last}, before `from` ({from})"
                ),
                format_args!("set `from` in records.toml to {last} or earlier"),
            )
        }
        (None, Some(_)) => notes.nothing(
            format_args!("none of its {} uplinks has a place in `_devLocation`", uplinks.len()),
            "testers must know where they are",
        ),
        (None, None) => notes.nothing("it has no uplink", "check `path` in records.toml"),
    }
}

/// `days` consecutive local dates from the first one that has a located uplink.
fn chosen_days(uplinks: &[Uplink], source: &Source) -> Option<(Date, Date)> {
    let first = uplinks
        .iter()
        .filter(|uplink| uplink.place.is_some())
        .map(|uplink| uplink.sent.0)
        .filter(|date| source.from.is_none_or(|from| *date >= from))
        .min()?;
    let last = first.checked_add(i64::from(source.days - 1).days()).ok()?;
    Some((first, last))
}

/// Located hotspots that heard a located uplink, the most heard first.
fn candidates<'a>(uplinks: &[&'a Uplink]) -> Vec<Candidate<'a>> {
    let mut found: BTreeMap<&str, (LatLng, usize)> = BTreeMap::new();
    for uplink in uplinks.iter().filter(|uplink| uplink.place.is_some()) {
        for reception in &uplink.receptions {
            if let Some(place) = reception.place {
                found.entry(&reception.hotspot).or_insert((place, 0)).1 += 1;
            }
        }
    }
    let mut candidates: Vec<Candidate<'_>> =
        found.into_iter().map(|(id, (place, heard))| Candidate { id, place, heard }).collect();
    // Stable, so that equals stay in the order of their identifiers.
    candidates.sort_by_key(|candidate| Reverse(candidate.heard));
    candidates
}

/// The hexagonal region with the most observations of the devices asked for.
fn busiest_region(
    uplinks: &[&Uplink],
    candidates: &[Candidate<'_>],
    devices: usize,
) -> Option<Region> {
    let wanted: BTreeSet<&str> = candidates.iter().take(devices).map(|c| c.id).collect();
    let mut votes: BTreeMap<Region, usize> = BTreeMap::new();
    for uplink in uplinks {
        if let Some(region) = uplink.place.and_then(Region::at) {
            let heard = uplink
                .receptions
                .iter()
                .filter(|reception| wanted.contains(reception.hotspot.as_str()));
            *votes.entry(region).or_default() += heard.count();
        }
    }
    votes
        .into_iter()
        .filter(|(_, votes)| *votes > 0)
        .max_by_key(|(region, votes)| (*votes, Reverse(*region)))
        .map(|(region, _)| region)
}

/// The first hotspots that have a position relative to the region.
fn placed<'a>(
    candidates: Vec<Candidate<'a>>,
    region: Region,
    devices: usize,
    notes: &mut Notes,
) -> Vec<(Candidate<'a>, Axial)> {
    let mut placed = Vec::new();
    for candidate in candidates {
        if placed.len() == devices {
            break;
        }
        let position = region.position(candidate.place);
        match position.filter(|position| position.attribute().is_some()) {
            Some(position) => placed.push((candidate, position)),
            None => notes.say(format_args!(
                "hotspot {} is too far from the region to be placed and is left out",
                candidate.id
            )),
        }
    }
    placed
}

/// Seconds of the day of all reports of a hotspot in the chosen days.
fn alive(uplinks: &[&Uplink], hotspot: &str, first: Date, last: Date) -> impl Iterator<Item = u32> {
    uplinks
        .iter()
        .flat_map(|uplink| &uplink.receptions)
        .filter(move |reception| reception.hotspot == hotspot)
        .filter(move |reception| (first..=last).contains(&reception.reported.0))
        .map(|reception| reception.reported.1)
}
