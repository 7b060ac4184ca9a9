//! A plant of 400 kW as its inverter logs it: ten minutes a row, day first, decimal commas, gaps, one impossible row.

use std::fmt::Write;

pub(crate) const ENTRY: &str = r#"
[[records]]
kind = "energy"
path = "plant.csv"
time_column = "Zeit"
value_column = "P_AC"
unit = "kW"
interval_seconds = 600
nameplate_kw = 400
utc_offset = "+01:00"
from = "2024-05-28"
devices = 8
"#;

/// Days with rows; the logger was off on the two between.
const DAYS: [&str; 4] = ["28/05/2024", "29/05/2024", "01/06/2024", "02/06/2024"];

/// Tenths of a kilowatt of a row, if there is one.
fn power(day: usize, row: usize) -> Option<i64> {
    let noon = (row as i64 - 72).abs();
    match (day, row) {
        // A lost hour and ten minutes.
        (1, 66..73) => None,
        // 900 kW for ten minutes out of 400.
        (2, 72) => Some(9_000),
        // The inverter's own draw at night.
        _ if noon > 40 => Some(-3),
        _ => Some(3_900 - 97 * noon + 13 * day as i64),
    }
}

/// The file.
pub(crate) fn csv() -> String {
    // A day before `from` is not used.
    let mut text = "Zeit;P_AC;Bemerkung\n27/05/2024 12:00;399,9;\n".to_owned();
    for (day, date) in DAYS.iter().enumerate() {
        for row in 0..144 {
            let (hour, minute) = (row / 6, row % 6 * 10);
            if let Some(tenths) = power(day, row) {
                let sign = if tenths < 0 { "-" } else { "" };
                let (whole, part) = (tenths.abs() / 10, tenths.abs() % 10);
                writeln!(text, "{date} {hour:02}:{minute:02};{sign}{whole},{part};ok").unwrap();
            }
        }
    }
    text
}

/// What must come out of a day.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) date: String,
    /// The floor of the day's integral in watt-hours.
    pub(crate) claimed: u64,
    /// The quarter hours that a plant of 400 kW can have delivered, in watt-hours.
    pub(crate) paid: u64,
}

/// Integrates second by second.
pub(crate) fn days() -> Vec<Day> {
    let day = |(day, date): (usize, &&str)| {
        // In tenths of a kilowatt second: 36 of them are a watt-hour.
        let (mut integral, mut counted, mut paid) = (0u64, 0u64, 0u64);
        for second in 0..86_400usize {
            let power = power(day, second / 600).unwrap_or(0).max(0);
            integral += power.unsigned_abs();
            if second % 900 == 899 {
                let delta = integral / 36 - counted;
                counted += delta;
                // 105 % of 400 kW for a quarter of an hour.
                paid += if delta <= 105_000 { delta } else { 0 };
            }
        }
        let (d, m, y) = (&date[..2], &date[3..5], &date[6..]);
        Day { date: format!("{y}-{m}-{d}"), claimed: integral / 36, paid }
    };
    DAYS.iter().enumerate().map(day).collect()
}
