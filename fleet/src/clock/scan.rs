//! Takes one written time apart without yet knowing whether its day or its month comes first.

mod cursor;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;

use super::order::Order;
use cursor::Cursor;

/// A written time.
#[derive(Clone, Debug)]
pub(crate) enum Scanned {
    /// Seconds or milliseconds since 1970.
    Instant(Timestamp),
    /// What a local clock showed, and its offset if written.
    Civil { date: DateText, time: TimeOfDay, offset: Option<Offset> },
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum DateText {
    Known(Date),
    Loose(Loose),
}

/// Three numbers whose order is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loose {
    numbers: [i16; 3],
    year_is_last: bool,
    separator: Separator,
}

/// What stands between the numbers of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    Dot,
    /// Only here does a year of two digits come first.
    Dash,
    Other,
}

impl Loose {
    /// Dots are written only where the day comes first.
    pub(super) fn is_dotted(&self) -> bool {
        self.separator == Separator::Dot
    }

    pub(super) fn date(&self, order: Order) -> Option<Date> {
        let [a, b, c] = self.numbers;
        let (year, month, day) = match order {
            Order::Day => (c, b, a),
            Order::Month => (c, a, b),
            Order::Year if self.year_is_last || self.separator != Separator::Dash => return None,
            Order::Year => (a, b, c),
        };
        let year = if self.year_is_last { year } else { century(year) };
        date(year, month, day)
    }
}

/// A time of day; `24:00` belongs to the next date.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeOfDay {
    time: Time,
    next: bool,
    written: bool,
}

impl TimeOfDay {
    pub(crate) fn new(time: Time) -> Self {
        Self { time, next: false, written: true }
    }

    /// The midnight of a date that is written alone.
    fn unwritten() -> Self {
        Self { time: Time::midnight(), next: false, written: false }
    }

    pub(crate) fn is_written(self) -> bool {
        self.written
    }

    pub(crate) fn on(self, date: Date) -> Option<DateTime> {
        let date = if self.next { date.checked_add(1.day()).ok()? } else { date };
        Some(date.to_datetime(self.time))
    }
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

fn century(year: i16) -> i16 {
    if year < 70 { 2000 + year } else { 1900 + year }
}

/// Reads an offset such as `Z`, `UTC`, `-07`, `+0530` or `+01:00`.
pub(crate) fn offset(text: &str) -> Option<Offset> {
    let mut cursor = Cursor(text.trim());
    let offset = cursor.offset()?;
    cursor.0.is_empty().then_some(offset)
}

pub(crate) fn scan(text: &str) -> Option<Scanned> {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    if let Some(scanned) = number(text) {
        return scanned;
    }
    let mut cursor = Cursor(text);
    let date = cursor.date()?;
    if cursor.0.is_empty() {
        return Some(Scanned::Civil { date, time: TimeOfDay::unwritten(), offset: None });
    }
    cursor.between_date_and_time()?;
    let time = cursor.time()?;
    let offset = cursor.trailing_offset()?;
    Some(Scanned::Civil { date, time, offset })
}

/// Times that are one number: since 1970, or `YYYYMMDD[hhmm[ss]]`. `None` when the text is not a number.
fn number(text: &str) -> Option<Option<Scanned>> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    if plain && matches!(text.len(), 12 | 14) {
        let (day, time) = text.split_at(8);
        let mut cursor = Cursor(time);
        let known = Cursor(day).compact_date();
        if let (Some(date), Some(time)) = (known, cursor.time()) {
            let offset = None;
            return Some(Some(Scanned::Civil { date, time, offset }));
        }
    }
    if plain && text.len() == 8 {
        let time = TimeOfDay::unwritten();
        let date = Cursor(text).compact_date();
        return Some(date.map(|date| Scanned::Civil { date, time, offset: None }));
    }
    if !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+')) {
        return None;
    }
    let number: Decimal = text.parse().or_else(|_| Decimal::from_scientific(text)).ok()?;
    Some(since_1970(number))
}

/// The magnitude tells seconds from milliseconds, micro- and nanoseconds; what is before 1973 is no time.
fn since_1970(number: Decimal) -> Option<Scanned> {
    let magnitude = i128::try_from(number.trunc()).ok()?;
    let nanoseconds = match magnitude {
        100_000_000..100_000_000_000 => 1_000_000_000,
        100_000_000_000..100_000_000_000_000 => 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000,
        100_000_000_000_000_000.. => 1,
        _ => return None,
    };
    let nanoseconds = number.checked_mul(nanoseconds.into())?.trunc();
    let at = Timestamp::from_nanosecond(i128::try_from(nanoseconds).ok()?).ok()?;
    Some(Scanned::Instant(at))
}
