//! Times as people and machines write them. A file's times are read together, because only all of its dates tell
//! whether the day or the month comes first.

mod order;
mod scan;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::{Offset, TimeZone};

use crate::error::FleetError;
use crate::notes::Notes;
use scan::{DateText, Scanned};

pub(crate) use scan::offset;

/// A moment, and what a local clock showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// By the time's own offset, or else by the given one.
    pub(crate) local: DateTime,
    /// The instant.
    pub(crate) at: Timestamp,
    /// Whether the time carries no offset of its own.
    pub(crate) naive: bool,
}

/// What `records.toml` says about a file's times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) format: Option<&'a str>,
    pub(crate) offset: Option<Offset>,
    pub(crate) from: Option<Date>,
    /// Whether a date without a time of day means its midnight.
    pub(crate) dates_alone: bool,
}

/// Reads all times of a file; a time that cannot be read is its message.
pub(crate) fn read(
    times: &[&str],
    rules: Rules<'_>,
    notes: &mut Notes,
) -> Result<Vec<Result<Moment, String>>, FleetError> {
    let scanned: Vec<_> = times
        .iter()
        .map(|text| match rules.format {
            Some(format) => formatted(format, text),
            None => scan::scan(text),
        })
        .collect();
    let order = order::infer(times, &scanned, rules.from, notes)?;
    let (mut own, mut without, mut alone) = (false, false, false);
    let offset = rules.offset.unwrap_or(Offset::UTC);
    let mut moment = |scanned: &Scanned| match scanned {
        Scanned::Instant(at) => {
            without = true;
            Some(Moment { local: offset.to_datetime(*at), at: *at, naive: false })
        }
        Scanned::Civil { date, time, offset: written } => {
            let date = match date {
                DateText::Known(date) => *date,
                DateText::Loose(loose) => loose.date(order)?,
            };
            let local = time.on(date).filter(|_| time.is_written() || rules.dates_alone)?;
            alone |= !time.is_written();
            own |= written.is_some();
            without |= written.is_none();
            let at = written.unwrap_or(offset).to_timestamp(local).ok()?;
            Some(Moment { local, at, naive: written.is_none() })
        }
    };
    let moments = times
        .iter()
        .zip(&scanned)
        .map(|(text, scanned)| {
            scanned.as_ref().and_then(&mut moment).ok_or_else(|| complaint(text, rules.format))
        })
        .collect();
    if alone {
        notes.say("dates without a time of day begin at midnight");
    }
    if own && rules.offset.is_some() {
        notes.say("times carry their own UTC offset; `utc_offset` is used only for those without");
    }
    if without && rules.offset.is_none() {
        notes.say("times carry no UTC offset and records.toml gives no `utc_offset`: taken as UTC");
    }
    Ok(moments)
}

/// Whether a text can be read as a time.
pub(crate) fn is_time(text: &str, format: Option<&str>) -> bool {
    match format {
        Some(format) => formatted(format, text).is_some(),
        None => scan::scan(text).is_some(),
    }
}

/// A single time whose date leaves no choice, by its own offset or else by the given one.
pub(crate) fn single(text: &str, offset: Offset) -> Option<DateTime> {
    match scan::scan(text)? {
        Scanned::Instant(at) => Some(offset.to_datetime(at)),
        Scanned::Civil { date: DateText::Known(date), time, .. } if time.is_written() => {
            time.on(date)
        }
        Scanned::Civil { .. } => None,
    }
}

/// Whether times written in a format can be read back by it.
pub(crate) fn is_format(format: &str) -> bool {
    let written = strtime::format(format, &Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC));
    written.is_ok_and(|text| formatted(format, &text).is_some())
}

fn complaint(text: &str, format: Option<&str>) -> String {
    let text: String = text.chars().take(60).collect();
    match format {
        Some(format) => format!("expected a time in the format {format:?}, found {text:?}"),
        None => format!(
            "expected a date and a time of day such as \"2016-07-01 00:15:00-07:00\", found {text:?}"
        ),
    }
}

fn formatted(format: &str, text: &str) -> Option<Scanned> {
    let parsed = strtime::parse(format, text.trim()).ok()?;
    if format.contains("%s") {
        return parsed.to_timestamp().ok().map(Scanned::Instant);
    }
    let local = parsed.to_datetime().ok()?;
    Some(Scanned::Civil {
        date: DateText::Known(local.date()),
        time: scan::TimeOfDay::new(local.time()),
        offset: parsed.offset(),
    })
}
