//! A file's reports by local date: read, checked, each instant once, in the order of their times.

mod setback;

use std::collections::{BTreeMap, HashSet};

use jiff::civil::{Date, Time};
use rust_decimal::Decimal;

use crate::clock::{self, Moment};
use crate::describe::Source;
use crate::error::FleetError;
use crate::notes::Notes;
use crate::number::Style;
use crate::table::{self, Row, Table};

/// What to do when no line of a table can be used.
const ADVICE: &str = "compare `time_column`, `value_column`, `time_format` and `delimiter` in records.toml with the file";

/// A report at a local time of day; energy's have a power.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Report {
    pub(crate) time: Time,
    pub(crate) power: Decimal,
}

/// The reports of each local date from `from` on, dates without a report left out.
pub(crate) type Days = BTreeMap<Date, Vec<Report>>;

pub(crate) fn days(text: &str, source: &Source, notes: &mut Notes) -> Result<Days, FleetError> {
    let Table { rows, comma_divides } = table::read(text, source, notes)?;
    let energy = source.kind == ergon_types::Kind::Energy;
    let moments = moments(&rows, source, energy, notes)?;
    let style = Style::of(rows.iter().map(|row| row.value.as_str()), comma_divides);
    let again = match energy {
        true => setback::repeated(&moments, source.interval_seconds, notes),
        false => HashSet::new(),
    };
    let mut seen = HashSet::new();
    let mut days = Days::new();
    let (mut missing, mut repeated, mut usable) = (0u64, None, 0usize);
    for (place, (row, moment)) in rows.iter().zip(moments).enumerate() {
        let Some(moment) = moment else { continue };
        let power = match energy.then(|| power(row, style)) {
            None => Decimal::ZERO,
            Some(Ok(Some(power))) => power,
            Some(Ok(None)) => {
                missing += 1;
                continue;
            }
            Some(Err(problem)) => {
                notes.malformed(row.line, problem);
                continue;
            }
        };
        usable += 1;
        if !again.contains(&place) && !seen.insert(moment.at) {
            let (count, _) = repeated.get_or_insert((0u64, row.line));
            *count += 1;
            continue;
        }
        let report = Report { time: moment.local.time(), power };
        days.entry(moment.local.date()).or_default().push(report);
    }
    notes.judge(usable, ADVICE)?;
    if missing > 0 {
        notes.say(format_args!("{missing} lines without a value are no reports"));
    }
    if let Some((count, line)) = repeated {
        notes.say(format_args!(
            "{count} lines repeat an instant (the first: line {line}); the first report of each is kept"
        ));
    }
    let mut days = chosen(days, source, missing, notes)?;
    days.values_mut().for_each(|day| day.sort_by_key(|report| report.time));
    Ok(days)
}

/// The time of each row; of a malformed one there is none.
fn moments(
    rows: &[Row],
    source: &Source,
    energy: bool,
    notes: &mut Notes,
) -> Result<Vec<Option<Moment>>, FleetError> {
    let times: Vec<&str> = rows.iter().map(|row| row.time.as_str()).collect();
    let rules = clock::Rules {
        format: source.time_format.as_deref(),
        offset: source.utc_offset,
        from: source.from,
        // A mean power may hold for a day; a report that a device is alive has a time.
        dates_alone: energy,
    };
    let read = clock::read(&times, rules, notes)?;
    let moments = rows
        .iter()
        .zip(read)
        .map(|(row, moment)| moment.map_err(|problem| notes.malformed(row.line, problem)).ok());
    Ok(moments.collect())
}

/// The days from `from` on; there must be one.
fn chosen(
    mut days: Days,
    source: &Source,
    missing: u64,
    notes: &Notes,
) -> Result<Days, FleetError> {
    let Some((last, _)) = days.last_key_value() else {
        return Err(match missing {
            0 => notes.nothing(
                "it has no line with data",
                "check `path` and `header` in records.toml, and that the file is complete",
            ),
            _ => notes.nothing(
                format_args!("none of its {missing} lines has a value"),
                "check `value_column` in records.toml",
            ),
        });
    };
    let last = *last;
    let Some(from) = source.from else {
        return Ok(days);
    };
    let days = days.split_off(&from);
    match days.is_empty() {
        true => Err(notes.nothing(
            format_args!("its last day with a report is {last}, before `from` ({from})"),
            format_args!("set `from` in records.toml to {last} or earlier"),
        )),
        false => Ok(days),
    }
}

/// The value of a line; nothing when it says that there is none.
fn power(row: &Row, style: Style) -> Result<Option<Decimal>, String> {
    const MISSING: [&str; 10] = ["", "nan", "null", "none", "na", "n/a", "nil", "\\n", "-", "--"];
    let value = row.value.trim();
    if MISSING.iter().any(|missing| value.eq_ignore_ascii_case(missing)) {
        return Ok(None);
    }
    let shown: String = value.chars().take(60).collect();
    style
        .read(value)
        .map(Some)
        .ok_or_else(|| format!("expected a number such as -2.86, 1234.5 or 1.5e3, found {shown:?}"))
}
