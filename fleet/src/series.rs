//! A file's reports by local date: read, checked, each instant once, in the order of their times.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::{Date, Time};
use rust_decimal::Decimal;

use crate::clock;
use crate::describe::Source;
use crate::error::FleetError;
use crate::notes::Notes;
use crate::table::{self, Row, Table};

/// A report at a local time of day; energy's have a power.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Report {
    pub(crate) time: Time,
    pub(crate) power: Decimal,
}

/// The reports of each local date from `from` on, dates without a report left out.
pub(crate) type Days = BTreeMap<Date, Vec<Report>>;

pub(crate) fn days(text: &str, source: &Source, notes: &mut Notes) -> Result<Days, FleetError> {
    let Table { rows, decimal_comma } = table::read(text, source, notes)?;
    let times: Vec<&str> = rows.iter().map(|row| row.time.as_str()).collect();
    let rules = clock::Rules {
        format: source.time_format.as_deref(),
        offset: source.utc_offset,
        from: source.from,
    };
    let moments = clock::read(&times, rules, notes)?;
    let energy = source.kind == ergon_types::Kind::Energy;
    let mut seen = HashSet::new();
    let mut days = Days::new();
    let (mut missing, mut repeated, mut usable) = (0u64, None, 0usize);
    for (row, moment) in rows.iter().zip(moments) {
        let moment = match moment {
            Ok(moment) => moment,
            Err(problem) => {
                notes.malformed(row.line, problem)?;
                continue;
            }
        };
        let power = match energy.then(|| power(row, decimal_comma)) {
            None => Decimal::ZERO,
            Some(Ok(Some(power))) => power,
            Some(Ok(None)) => {
                missing += 1;
                continue;
            }
            Some(Err(problem)) => {
                notes.malformed(row.line, problem)?;
                continue;
            }
        };
        usable += 1;
        if !seen.insert(moment.at) {
            let (count, _) = repeated.get_or_insert((0u64, row.line));
            *count += 1;
            continue;
        }
        let date = moment.local.date();
        if source.from.is_none_or(|from| date >= from) {
            let time = moment.local.time();
            days.entry(date).or_default().push(Report { time, power });
        }
    }
    notes.require_some(usable)?;
    if missing > 0 {
        notes.say(format_args!("{missing} lines without a value are no reports"));
    }
    if let Some((count, line)) = repeated {
        notes.say(format_args!(
            "{count} lines repeat an instant (the first: line {line}); the first report of each is kept"
        ));
    }
    days.values_mut().for_each(|day| day.sort_by_key(|report| report.time));
    Ok(days)
}

/// The value of a line; nothing when it says that there is none.
fn power(row: &Row, decimal_comma: bool) -> Result<Option<Decimal>, String> {
    const MISSING: [&str; 10] = ["", "nan", "null", "none", "na", "n/a", "nil", "\\n", "-", "--"];
    let lower = row.value.trim().to_ascii_lowercase();
    if MISSING.contains(&lower.as_str()) {
        return Ok(None);
    }
    let plain = match (decimal_comma, lower.contains(',')) {
        (true, true) => lower.replace('.', "").replace(',', "."),
        (false, true) => ungrouped(&lower),
        _ => lower,
    };
    let plain = plain.trim_start_matches('+');
    let number = match plain.contains('e') {
        true => Decimal::from_scientific(plain).ok().or_else(|| vanishing(plain)),
        false => plain.parse().ok(),
    };
    let value: String = row.value.chars().take(60).collect();
    number
        .map(Some)
        .ok_or_else(|| format!("expected a number such as -2.86 or 1.5e3, found {value:?}"))
}

/// `1,234.5` without its commas; anything else stays as it is, and is no number.
fn ungrouped(text: &str) -> String {
    let whole = text.split('.').next().unwrap_or_default();
    let groups: Vec<&str> = whole.trim_start_matches(['-', '+']).split(',').collect();
    let grouped =
        groups[1..].iter().all(|group| group.len() == 3) && (1..=3).contains(&groups[0].len());
    if grouped { text.replace(',', "") } else { text.to_owned() }
}

/// A number too small for 28 decimal places is zero.
fn vanishing(text: &str) -> Option<Decimal> {
    let value: f64 = text.parse().ok()?;
    (value.abs() < 1e-15).then_some(Decimal::ZERO)
}
