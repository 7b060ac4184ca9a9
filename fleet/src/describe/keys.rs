//! The keys of `records.toml` as they are written, and their checks.

use ergon_types::Kind;
use jiff::civil::Date;
use serde::Deserialize;

use super::{Column, Format, Source, Unit};
use crate::clock;
use crate::error::FleetError;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) records: Vec<Keys>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Keys {
    kind: String,
    path: String,
    format: Option<String>,
    time_column: Option<Column>,
    value_column: Option<Column>,
    header: Option<bool>,
    delimiter: Option<String>,
    time_format: Option<String>,
    unit: Option<String>,
    interval_seconds: Option<f64>,
    nameplate_w: Option<f64>,
    nameplate_kw: Option<f64>,
    utc_offset: Option<String>,
    from: Option<Day>,
    devices: Option<i64>,
    days: Option<i64>,
}

/// A date, with or without quotes.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Day {
    Text(String),
    Toml(toml::value::Datetime),
}

/// Where a complaint belongs.
struct Place<'a> {
    path: &'a str,
    entry: usize,
    records: &'a str,
}

impl Place<'_> {
    fn error(&self, key: &'static str, expected: &'static str, found: impl ToString) -> FleetError {
        FleetError::Key {
            path: self.path.to_owned(),
            entry: self.entry,
            records: self.records.to_owned(),
            key,
            expected,
            found: found.to_string(),
        }
    }

    /// A whole number between bounds, or the default when the key is absent.
    fn whole(
        &self,
        key: &'static str,
        value: Option<f64>,
        bounds: (u32, u32, &'static str),
        default: Option<u32>,
    ) -> Result<u32, FleetError> {
        let (least, most, expected) = bounds;
        match (value, default) {
            (None, Some(default)) => Ok(default),
            (None, None) => Err(self.error(key, expected, "nothing")),
            (Some(value), _) => {
                let fits =
                    value.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&value);
                // Checked just above: whole and within u32.
                fits.then_some(value as u32).ok_or_else(|| self.error(key, expected, value))
            }
        }
    }
}

impl Keys {
    pub(super) fn check(self, path: &str, entry: usize) -> Result<Source, FleetError> {
        let place = Place { path, entry, records: &self.path };
        let kind: Kind = self.kind.parse().map_err(|_| {
            place.error("kind", "\"uptime\", \"coverage\" or \"energy\"", &self.kind)
        })?;
        let format = self.format(&place, kind)?;
        let energy = kind == Kind::Energy;
        let time_column = match (&self.time_column, format) {
            (Some(Column::Name(name)), Format::HeliumNdjson) if name != "_timestamp" => {
                return Err(place.error("time_column", "none for helium-ndjson", name));
            }
            (Some(column), _) => column.clone(),
            (None, Format::HeliumNdjson) => Column::Name("_timestamp".to_owned()),
            (None, _) => {
                return Err(place.error("time_column", "a column's name or number", "nothing"));
            }
        };
        if energy && self.value_column.is_none() {
            return Err(place.error("value_column", "a column's name or number", "nothing"));
        }
        if self.header == Some(false)
            && let Some(Column::Name(name)) = [Some(&time_column), self.value_column.as_ref()]
                .into_iter()
                .flatten()
                .find(|c| matches!(c, Column::Name(_)))
        {
            return Err(place.error("header", "columns by number when there is no header", name));
        }
        let interval = (1, 86_400, "whole seconds from 1 to 86400");
        let interval_default = (!energy).then_some(300);
        let devices = match kind {
            Kind::Coverage => (1, 255, "a whole number from 1 to 255"),
            Kind::Energy | Kind::Uptime => (1, 65_535, "a whole number from 1 to 65535"),
        };
        let format_expected = "strftime letters that give a date, and a time of day if the lines have one, such as \"%d/%m/%Y %H:%M\"";
        let time_format = match &self.time_format {
            Some(format) if !clock::is_format(format) => {
                return Err(place.error("time_format", format_expected, format));
            }
            format => format.clone(),
        };
        let days = (1, 366, "a whole number from 1 to 366");
        Ok(Source {
            kind,
            format,
            time_column,
            header: self.header,
            delimiter: self.delimiter(&place)?,
            unit: self.unit(&place)?,
            interval_seconds: place.whole(
                "interval_seconds",
                self.interval_seconds,
                interval,
                interval_default,
            )?,
            nameplate_w: self.nameplate(&place, energy)?,
            utc_offset: self.offset(&place)?,
            from: self.from(&place)?,
            devices: place.whole("devices", self.devices.map(|n| n as f64), devices, Some(8))?
                as usize,
            days: place.whole("days", self.days.map(|n| n as f64), days, Some(1))?,
            value_column: self.value_column,
            time_format,
            path: self.path,
        })
    }

    fn format(&self, place: &Place<'_>, kind: Kind) -> Result<Format, FleetError> {
        let coverage = kind == Kind::Coverage;
        let lower = self.path.to_ascii_lowercase();
        let bare = lower.strip_suffix(".gz").unwrap_or(&lower);
        let lines = [".ndjson", ".jsonl"].iter().any(|end| bare.ends_with(end));
        match (self.format.as_deref(), coverage) {
            (Some("helium-ndjson"), true) | (None, true) => Ok(Format::HeliumNdjson),
            (Some("ndjson"), false) => Ok(Format::Ndjson),
            (None, false) if lines => Ok(Format::Ndjson),
            (Some("csv"), false) | (None, false) => Ok(Format::Csv),
            (Some(found), true) => {
                Err(place.error("format", "\"helium-ndjson\" for coverage", found))
            }
            (Some(found), false) => Err(place.error("format", "\"csv\" or \"ndjson\"", found)),
        }
    }

    fn unit(&self, place: &Place<'_>) -> Result<Unit, FleetError> {
        let name = self.unit.as_deref().unwrap_or("W");
        [Unit::Watt, Unit::Kilowatt, Unit::Megawatt]
            .into_iter()
            .find(|unit| unit.symbol().eq_ignore_ascii_case(name.trim()))
            .ok_or_else(|| place.error("unit", "\"W\", \"kW\" or \"MW\"", name))
    }

    fn delimiter(&self, place: &Place<'_>) -> Result<Option<u8>, FleetError> {
        let expected = "one ASCII character, or \"tab\"";
        match self.delimiter.as_deref().map(str::as_bytes) {
            None => Ok(None),
            Some(b"tab" | b"\\t") => Ok(Some(b'\t')),
            Some([one]) if one.is_ascii() && *one != b'"' => Ok(Some(*one)),
            Some(found) => Err(place.error("delimiter", expected, String::from_utf8_lossy(found))),
        }
    }

    fn nameplate(&self, place: &Place<'_>, energy: bool) -> Result<u32, FleetError> {
        let bounds = (1, u32::MAX, "whole watts above 0 (or `nameplate_kw`)");
        let watts = match (self.nameplate_w, self.nameplate_kw) {
            (Some(watts), None) => Some(watts),
            (None, Some(kilowatts)) => Some((kilowatts * 1_000.0).round()),
            (None, None) => None,
            (Some(_), Some(_)) => {
                return Err(place.error(
                    "nameplate_w",
                    "one of `nameplate_w` and `nameplate_kw`",
                    "both",
                ));
            }
        };
        place.whole("nameplate_w", watts, bounds, (!energy).then_some(0))
    }

    fn offset(&self, place: &Place<'_>) -> Result<Option<jiff::tz::Offset>, FleetError> {
        let expected = "an offset such as \"-05:00\", \"+0530\" or \"Z\"";
        self.utc_offset
            .as_deref()
            .map(|text| {
                clock::offset(text).ok_or_else(|| place.error("utc_offset", expected, text))
            })
            .transpose()
    }

    fn from(&self, place: &Place<'_>) -> Result<Option<Date>, FleetError> {
        let Some(day) = &self.from else {
            return Ok(None);
        };
        let text = match day {
            Day::Text(text) => text.clone(),
            Day::Toml(date) => date.to_string(),
        };
        let date = text.get(..10).unwrap_or(&text).parse().ok();
        date.map(Some).ok_or_else(|| place.error("from", "a date such as \"2016-07-01\"", text))
    }
}
