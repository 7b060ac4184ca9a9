//! Whether the day, the month or the year comes first: what reads most of a file's dates, then what reads one of them
//! as the first day asked for, then what reads them as consecutive days, then what reaches that first day.

use jiff::civil::Date;

use super::scan::{DateText, Loose, Scanned};
use crate::error::FleetError;
use crate::notes::Notes;

/// What comes first in a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Day,
    Month,
    Year,
}

impl Order {
    fn words(self) -> &'static str {
        match self {
            Self::Day => "day first",
            Self::Month => "month first",
            Self::Year => "year first",
        }
    }
}

pub(super) fn infer(
    times: &[&str],
    scanned: &[Option<Scanned>],
    from: Option<Date>,
    notes: &mut Notes,
) -> Result<Order, FleetError> {
    let loose: Vec<Loose> = scanned.iter().filter_map(open_date).collect();
    let readings = [Order::Day, Order::Month, Order::Year].map(|order| {
        let dates: Vec<Date> = loose.iter().filter_map(|date| date.date(order)).collect();
        (order, dates)
    });
    let most = readings.iter().map(|(_, dates)| dates.len()).max();
    let mut open: Vec<_> =
        readings.into_iter().filter(|(_, dates)| Some(dates.len()) == most).collect();
    if open.iter().all(|(_, dates)| *dates == open[0].1) {
        return Ok(open[0].0);
    }
    if loose.iter().all(|date| date.is_dotted()) && open[0].0 == Order::Day {
        return Ok(Order::Day);
    }
    if let Some(from) = from {
        let mut named = open.iter().filter(|(_, dates)| dates.contains(&from));
        if let (Some((order, _)), None) = (named.next(), named.next()) {
            say(
                *order,
                format_args!("only so is one of them {from}, the first day asked for"),
                notes,
            );
            return Ok(*order);
        }
    }
    let mut why = "no date settles it, so the reading with the more consecutive days is taken";
    let least = open.iter().map(|(_, dates)| travelled(dates)).min();
    open.retain(|(_, dates)| Some(travelled(dates)) == least);
    if open.len() > 1
        && let Some(from) = from
    {
        open.retain(|(_, dates)| dates.iter().any(|date| *date >= from));
        why = "only so does one of them reach the first day asked for";
    }
    if let [(order, _)] = open[..] {
        say(order, why, notes);
        return Ok(order);
    }
    let example = times.iter().zip(scanned).find(|(_, s)| open_date(s).is_some());
    Err(FleetError::Ambiguous {
        file: notes.file().to_owned(),
        example: example.map(|(text, _)| (*text).to_owned()).unwrap_or_default(),
        hint: "%d/%m/%Y %H:%M:%S",
    })
}

fn say(order: Order, why: impl std::fmt::Display, notes: &mut Notes) {
    let order = order.words();
    notes.say(format_args!("dates are read {order}: {why}; give `time_format` if that is wrong"));
}

/// Days passed from each date to the next, there and back.
fn travelled(dates: &[Date]) -> u64 {
    dates
        .windows(2)
        .filter_map(|pair| pair[1].since(pair[0]).ok())
        .map(|span| u64::from(span.get_days().unsigned_abs()))
        .sum()
}

fn open_date(scanned: &Option<Scanned>) -> Option<Loose> {
    match scanned {
        Some(Scanned::Civil { date: DateText::Loose(loose), .. }) => Some(*loose),
        _ => None,
    }
}
