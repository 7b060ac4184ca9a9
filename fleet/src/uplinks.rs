//! Uplinks of LoRaWAN field testers and the hotspots that heard them, one JSON object a line.

use h3o::LatLng;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Deserialize;

use crate::error::FleetError;
use crate::notes::Notes;
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

#[derive(Deserialize)]
struct Line {
    dev_eui: String,
    #[serde(rename = "_timestamp")]
    timestamp: Option<f64>,
    reported_at: Option<f64>,
    #[serde(rename = "_devLocation")]
    location: Option<Location>,
    #[serde(default)]
    hotspots: Vec<Hotspot>,
}

#[derive(Deserialize)]
struct Location {
    latitude: Option<f64>,
    longitude: Option<f64>,
}

#[derive(Deserialize)]
struct Hotspot {
    id: String,
    lat: Option<f64>,
    long: Option<f64>,
    rssi: Option<f64>,
    reported_at: Option<f64>,
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
            Err(problem) => notes.malformed(line, problem)?,
        }
    }
    notes.require_some(uplinks.len())?;
    uplinks.sort_by_key(|uplink| uplink.sent);
    Ok(uplinks)
}

fn uplink(text: &str, offset: Offset) -> Result<Uplink, String> {
    let line: Line =
        serde_json::from_str(text).map_err(|error| format!("expected an uplink: {error}"))?;
    let sent = line
        .timestamp
        .or(line.reported_at)
        .and_then(|milliseconds| local(milliseconds, offset))
        .ok_or("expected milliseconds since 1970 in `_timestamp`")?;
    let place = |latitude: Option<f64>, longitude: Option<f64>| {
        LatLng::new(latitude?, longitude?)
            .ok()
            .filter(|place| place.lat().abs() <= 90.0 && place.lng().abs() <= 180.0)
    };
    let receptions = line.hotspots.into_iter().map(|hotspot| Reception {
        place: place(hotspot.lat, hotspot.long),
        rssi: hotspot.rssi,
        reported: hotspot
            .reported_at
            .and_then(|milliseconds| local(milliseconds, offset))
            .unwrap_or(sent),
        hotspot: hotspot.id,
    });
    Ok(Uplink {
        sent,
        receptions: receptions.collect(),
        place: line.location.and_then(|location| place(location.latitude, location.longitude)),
        tester: line.dev_eui,
    })
}

fn local(milliseconds: f64, offset: Offset) -> Option<LocalTime> {
    // Whole milliseconds since 1970 are exact in a float; casts out of range saturate and are refused.
    let at = Timestamp::from_millisecond(milliseconds as i64).ok()?;
    let local = offset.to_datetime(at);
    Some((local.date(), second_of_day(local.time())))
}
