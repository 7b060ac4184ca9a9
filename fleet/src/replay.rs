//! A folder of recorded data becomes a fleet: device k replays the k-th local date that has a report.

use std::path::Path;

use ergon_types::Kind;
use ergon_types::record::energy::DELTA_BITS;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::day::{Asset, DeviceDay, Fleet, Group, Reading, Step};
use crate::describe::{Description, Source};
use crate::error::FleetError;
use crate::notes::Notes;
use crate::series::{self, Report};
use crate::{coverage, energy, text, uplinks, uptime};

/// Seconds of a quarter hour.
const QUARTER: u32 = 900;
/// Last second of an epoch.
const LAST: u32 = 86_399;

impl Fleet {
    /// Replays a folder with a `records.toml`. In a strict run the first malformed line is an error.
    ///
    /// # Errors
    /// When the description or a file cannot be used; the error says what to correct.
    pub fn replay(folder: &Path, strict: bool) -> Result<Self, FleetError> {
        let mut fleet = Self::default();
        for source in Description::read(folder)?.sources {
            let mut notes = Notes::new(&source.path, strict);
            let group = group(folder, &source, &mut notes)?;
            let (found, asked) = (group.devices.len(), source.devices);
            if found < asked {
                let have = match source.kind {
                    Kind::Coverage => "heard a tester on the chosen days",
                    Kind::Energy | Kind::Uptime => "have data from the first day asked for on",
                };
                notes.say(format_args!(
                    "{found} of {asked} devices {have}; the others stay inactive"
                ));
            }
            fleet.groups.push(group);
            fleet.notes.extend(notes.into_messages());
        }
        Ok(fleet)
    }
}

fn group(folder: &Path, source: &Source, notes: &mut Notes) -> Result<Group, FleetError> {
    let text = text::read(folder, &source.path)?;
    if source.kind == Kind::Coverage {
        let offset = source.utc_offset.unwrap_or(Offset::UTC);
        let uplinks = uplinks::read(&text, offset, notes)?;
        return coverage::group(&uplinks, source, notes);
    }
    let days = series::days(&text, source, notes)?;
    let mut devices = Vec::new();
    for (number, (date, reports)) in (1..).zip(days.into_iter().take(source.devices)) {
        let (asset, measured, steps) = match source.kind {
            Kind::Energy => meter(source, date, number, &reports, notes)?,
            Kind::Uptime | Kind::Coverage => {
                let steps = uptime::steps(reports.iter().map(|r| uptime::second_of_day(r.time)));
                (Asset::Beacon, steps.len() as u64, steps)
            }
        };
        devices.push(DeviceDay {
            name: format!("{}#{number}", source.path),
            source: source.path.clone(),
            day: date.to_string(),
            asset,
            measured,
            steps,
        });
    }
    Ok(Group {
        source: source.path.clone(),
        kind: source.kind,
        region: None,
        devices,
        witnesses: Vec::new(),
    })
}

type Measured = (Asset, u64, Vec<Step>);

fn meter(
    source: &Source,
    date: Date,
    number: u64,
    reports: &[Report],
    notes: &mut Notes,
) -> Result<Measured, FleetError> {
    let nameplate_w = source.nameplate_w;
    let asset = Asset::Meter {
        nameplate_w,
        generation: 1,
        // Any register value will do; no two devices begin with the same one.
        start_wh: number * 1_000_000,
    };
    let mut steps = Vec::new();
    let (mut measured, mut above) = (0, 0);
    let limit = asset.slot_limit();
    for (slot, watt_hours) in energy::quarters(reports, source.interval_seconds, source.unit) {
        let delta = u32::try_from(&watt_hours).ok().filter(|delta| *delta < 1 << DELTA_BITS);
        let Some(delta) = delta else {
            return Err(FleetError::TooMuchEnergy {
                file: notes.file().to_owned(),
                day: date.to_string(),
                slot,
                watt_hours: watt_hours.to_string(),
                unit: source.unit.symbol(),
                nameplate_w,
            });
        };
        measured += u64::from(delta);
        above += u32::from(delta > limit);
        steps.push(quarter(slot, delta));
    }
    if above > 0 {
        notes.say(format_args!(
            "{date}: {above} quarter hours are above the nameplate of {nameplate_w} W by more than the standard policy's margin; their energy is counted but belongs to no slot, and is not paid"
        ));
    }
    Ok((asset, measured, steps))
}

/// A quarter hour is sent when it has ended.
pub(crate) fn quarter(slot: usize, delta: u32) -> Step {
    let end = (slot as u32 + 1) * QUARTER;
    Step { at_seconds: end.min(LAST), reading: Reading::Energy { slot, delta, tamper: false } }
}
