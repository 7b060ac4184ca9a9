//! Uplinks of LoRaWAN field testers and the hotspots that heard them, one JSON object a line.

use h3o::LatLng;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Deserialize;
use serde_json::Value;

use crate::clock;
use crate::error::FleetError;
use crate::notes::Notes;
use crate::table::no_object;
use crate::uptime::second_of_day;

/// A local date and the seconds since its midnight.
pub(crate) type LocalTime = (Date, u32);

/// One uplink.
#[derive(Debug)]
pub(crate) struct Uplink {
    pub(crate) tester: String,
    pub(crate) sent: LocalTime,
    /// Where the tester was, if it knew.
    pub(crate) place: Option<LatLng>,
    pub(crate) receptions: Vec<Reception>,
}

/// A hotspot's reception of an uplink.
#[derive(Debug)]
pub(crate) struct Reception {
    pub(crate) hotspot: String,
    /// Where the hotspot is, if it says so.
    pub(crate) place: Option<LatLng>,
    /// Signal in dBm.
    pub(crate) rssi: Option<f64>,
    pub(crate) reported: LocalTime,
}

/// What to do when no line can be used.
const ADVICE: &str = "docs/records.md (Uplinks) has the keys that each line needs";

/// Values of any type, so that what is wrong with one can be said by its name.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    dev_eui: Value,
    #[serde(default, rename = "_timestamp")]
    timestamp: Value,
    #[serde(default)]
    reported_at: Value,
    #[serde(default, rename = "_devLocation")]
    location: Value,
    #[serde(default)]
    hotspots: Value,
}

/// Reads the uplinks of a file; malformed lines go to the notes.
pub(crate) fn read(
    text: &str,
    offset: Offset,
    notes: &mut Notes,
) -> Result<Vec<Uplink>, FleetError> {
    let mut uplinks = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        match uplink(text, offset) {
            Ok(uplink) => uplinks.push(uplink),
            Err(problem) => notes.malformed(line, problem),
        }
    }
    notes.judge(uplinks.len(), ADVICE)?;
    uplinks.sort_by_key(|uplink| uplink.sent);
    Ok(uplinks)
}

fn uplink(text: &str, offset: Offset) -> Result<Uplink, String> {
    // A list would fill the keys one after the other.
    let line: Line = match text.trim_start().starts_with('{') {
        true => serde_json::from_str(text),
        false => Err(serde::de::Error::custom("no object")),
    }
    .map_err(|error| no_object(text, &error))?;
    let time = match line.timestamp {
        Value::Null => line.reported_at,
        written => written,
    };
    let sent = local(&time, offset).ok_or_else(|| {
        wrong("seconds or milliseconds since 1970 or an ISO 8601 time", "_timestamp", &time)
    })?;
    let listed = match &line.hotspots {
        Value::Null => &[][..],
        Value::Array(listed) => listed,
        other => return Err(wrong("a list", "hotspots", other)),
    };
    Ok(Uplink {
        sent,
        receptions: listed.iter().map(|h| reception(h, sent, offset)).collect::<Result<_, _>>()?,
        place: location(&line.location)?,
        tester: name(&line.dev_eui).ok_or_else(|| wrong("a name", "dev_eui", &line.dev_eui))?,
    })
}

fn reception(hotspot: &Value, sent: LocalTime, offset: Offset) -> Result<Reception, String> {
    let id = &hotspot["id"];
    let number = |key: &str| number(&hotspot[key]);
    Ok(Reception {
        hotspot: name(id).ok_or_else(|| wrong("a name", "id` of each of `hotspots", id))?,
        place: number("lat").zip(number("long")).and_then(|(lat, long)| place(lat, long)),
        rssi: number("rssi"),
        reported: local(&hotspot["reported_at"], offset).unwrap_or(sent),
    })
}

/// Where the tester says it was; saying nothing is no error.
fn location(location: &Value) -> Result<Option<LatLng>, String> {
    let (latitude, longitude) = (&location["latitude"], &location["longitude"]);
    if latitude.is_null() && longitude.is_null() {
        return match location {
            Value::Null | Value::Object(_) => Ok(None),
            other => Err(wrong("an object or null", "_devLocation", other)),
        };
    }
    let both = number(latitude).zip(number(longitude));
    both.and_then(|(latitude, longitude)| place(latitude, longitude)).map(Some).ok_or_else(|| {
        wrong(
            "a `latitude` of -90 to 90 and a `longitude` of -180 to 180",
            "_devLocation",
            location,
        )
    })
}

fn place(latitude: f64, longitude: f64) -> Option<LatLng> {
    let inside = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    inside.then(|| LatLng::new(latitude, longitude).ok()).flatten()
}

/// A name, also one that is a number.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A number, with or without quotes.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// A time in seconds or milliseconds since 1970, told apart by their size, or as ISO 8601 text.
fn local(value: &Value, offset: Offset) -> Option<LocalTime> {
    let local = match value {
        Value::Number(number) => clock::single(&number.to_string(), offset),
        Value::String(text) => clock::single(text, offset),
        _ => None,
    }?;
    Some((local.date(), second_of_day(local.time())))
}

fn wrong(expected: &str, key: &str, found: &Value) -> String {
    let found = match found {
        Value::Null => "nothing".to_owned(),
        other => other.to_string().chars().take(60).collect(),
    };
    format!("expected {expected} in `{key}`, found {found}")
}
