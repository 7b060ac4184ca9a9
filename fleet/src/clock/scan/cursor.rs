//! Walks along a written time.

use jiff::civil::Time;
use jiff::tz::Offset;

use super::{DateText, Loose, Separator, TimeOfDay, century, date};

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What is left to read.
pub(super) struct Cursor<'a>(pub(super) &'a str);

impl<'a> Cursor<'a> {
    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|c| !belongs(c)).unwrap_or(self.0.len());
        let (head, rest) = self.0.split_at(end);
        self.0 = rest;
        head
    }

    fn digits(&mut self) -> &'a str {
        self.take(|c| c.is_ascii_digit())
    }

    fn eat(&mut self, expected: char) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    /// Exactly two digits.
    fn pair(&mut self) -> Option<i8> {
        let (head, rest) = self.0.split_at_checked(2)?;
        let plain = head.bytes().all(|byte| byte.is_ascii_digit());
        self.0 = rest;
        plain.then(|| head.parse().ok()).flatten()
    }

    pub(super) fn compact_date(&mut self) -> Option<DateText> {
        let (year, rest) = self.0.split_at_checked(4)?;
        self.0 = rest;
        let (month, day) = (self.pair()?, self.pair()?);
        let year = year.parse().ok().filter(|year| (1970..2100).contains(year))?;
        date(year, month.into(), day.into()).map(DateText::Known)
    }

    pub(super) fn date(&mut self) -> Option<DateText> {
        let before = self.0;
        let weekday = self.word().is_some_and(|word| WEEKDAYS.contains(&word.as_str()));
        if weekday {
            self.take(|c| c == ',' || c == '.' || c == ' ');
        } else {
            self.0 = before;
        }
        if self.0.len() >= 8 && self.0.bytes().take(8).all(|byte| byte.is_ascii_digit()) {
            return self.compact_date();
        }
        let mut parts = [(0i16, 0usize); 3];
        let mut separators = "";
        let mut named = None;
        for (place, part) in parts.iter_mut().enumerate() {
            if place > 0 {
                separators = self.take(|c| matches!(c, '-' | '/' | '.' | ' ' | ','));
            }
            if let Some(word) = self.word() {
                let month = MONTHS.iter().position(|month| *month == word)?;
                named = Some(place);
                *part = (month as i16 + 1, 2);
            } else {
                let digits = self.digits();
                *part = (digits.parse().ok()?, digits.len());
            }
            if !matches!(part.1, 1 | 2 | 4) {
                return None;
            }
        }
        arrange(parts, named, separators)
    }

    /// The first three letters of a word, in lower case.
    fn word(&mut self) -> Option<String> {
        let word = self.take(|c| c.is_ascii_alphabetic());
        (word.len() >= 3).then(|| word[..3].to_ascii_lowercase())
    }

    pub(super) fn between_date_and_time(&mut self) -> Option<()> {
        let between =
            self.take(|c| matches!(c, 'T' | 't' | ' ' | '_' | ',' | ':' | '-' | '\u{a0}'));
        (!between.is_empty()).then_some(())
    }

    pub(super) fn time(&mut self) -> Option<TimeOfDay> {
        let hour = self.digits();
        let (hour, minute, second, subsecond) = match hour.len() {
            1 | 2 => {
                self.eat(':')?;
                let minute = self.pair()?;
                let second = if self.eat(':').is_some() { Some(self.pair()?) } else { None };
                let subsecond = if second.is_some() { self.fraction()? } else { 0 };
                (hour.parse::<i8>().ok()?, minute, second.unwrap_or(0), subsecond)
            }
            4 | 6 => {
                let mut digits = Cursor(hour);
                let (hour, minute) = (digits.pair()?, digits.pair()?);
                let second = if digits.0.is_empty() { 0 } else { digits.pair()? };
                (hour, minute, second, self.fraction()?)
            }
            _ => return None,
        };
        let hour = self.half_of_day(hour)?;
        if (hour, minute, second, subsecond) == (24, 0, 0, 0) {
            let time = Time::midnight();
            return Some(TimeOfDay { time, next: true, written: true });
        }
        // A leap second is the last second of its minute.
        let second = if second == 60 { 59 } else { second };
        Time::new(hour, minute, second, subsecond).ok().map(TimeOfDay::new)
    }

    fn fraction(&mut self) -> Option<i32> {
        if self.eat('.').is_none() && self.eat(',').is_none() {
            return Some(0);
        }
        let digits = self.digits();
        (!digits.is_empty()).then(|| format!("{digits:0<9.9}").parse().ok())?
    }

    fn half_of_day(&mut self, hour: i8) -> Option<i8> {
        let rest = self.0.trim_start();
        let marks = [("a.m.", 0), ("am", 0), ("p.m.", 12), ("pm", 12)];
        let mark = marks.into_iter().find(|(mark, _)| {
            rest.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark))
        });
        let Some((mark, add)) = mark else {
            return Some(hour);
        };
        self.0 = &rest[mark.len()..];
        (1..=12).contains(&hour).then_some(hour % 12 + add)
    }

    /// An optional offset and an optional zone in brackets, up to the end.
    pub(super) fn trailing_offset(&mut self) -> Option<Option<Offset>> {
        self.0 = self.0.trim_start();
        let offset =
            if self.0.is_empty() || self.0.starts_with('[') { None } else { Some(self.offset()?) };
        let zone = self.0.is_empty() || self.0.starts_with('[') && self.0.ends_with(']');
        // A zone's name alone would need its rules; only a written offset is taken.
        (zone && (offset.is_some() || self.0.is_empty())).then_some(offset)
    }

    pub(super) fn offset(&mut self) -> Option<Offset> {
        let name = self.take(|c| c.is_ascii_alphabetic()).to_ascii_uppercase();
        if !matches!(name.as_str(), "" | "Z" | "UTC" | "GMT") {
            return None;
        }
        let sign = match self.0.chars().next() {
            Some('+') => 1,
            Some('-' | '\u{2212}') => -1,
            _ => return (!name.is_empty()).then_some(Offset::UTC),
        };
        self.take(|c| matches!(c, '+' | '-' | '\u{2212}'));
        let digits = self.digits();
        let (hours, minutes) = match digits.len() {
            1 | 2 if self.eat(':').is_some() => (digits, self.digits()),
            1 | 2 => (digits, "00"),
            4 => digits.split_at(2),
            _ => return None,
        };
        if minutes.len() != 2 {
            return None;
        }
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours <= 18 && minutes < 60)
            .then(|| Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok())?
    }
}

/// Three parts of a date with their lengths, and the place of a month's name.
fn arrange(parts: [(i16, usize); 3], named: Option<usize>, separators: &str) -> Option<DateText> {
    let [(a, first), (b, second), (c, last)] = parts;
    if second == 4 || (first == 4 && last == 4) {
        return None;
    }
    let separator = match separators.trim() {
        "." => Separator::Dot,
        "-" => Separator::Dash,
        _ => Separator::Other,
    };
    let year = |value, length| if length == 4 { value } else { century(value) };
    match named {
        _ if first == 4 => date(a, b, c).map(DateText::Known),
        Some(0) => date(year(c, last), a, b).map(DateText::Known),
        Some(1) => date(year(c, last), b, a).map(DateText::Known),
        Some(_) => None,
        None => {
            Some(DateText::Loose(Loose { numbers: [a, b, c], year_is_last: last == 4, separator }))
        }
    }
}
