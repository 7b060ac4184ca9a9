//! `records.toml`: what the files of a folder mean (`docs/records.md`).

mod keys;

use std::path::Path;

use ergon_types::Kind;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::error::FleetError;
use keys::File;

/// A column of a table, or a key of a JSON object.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(untagged)]
pub enum Column {
    /// Counted from 0.
    Index(usize),
    /// By its name in the first line; empty for a column without a name.
    Name(String),
}

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lines of delimited fields.
    Csv,
    /// A JSON object on each line.
    Ndjson,
    /// An uplink with its receiving hotspots on each line.
    HeliumNdjson,
}

/// Unit of a power column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Watts.
    Watt,
    /// Kilowatts.
    Kilowatt,
    /// Megawatts.
    Megawatt,
}

impl Unit {
    /// Watts in one of these.
    pub fn watts(self) -> u32 {
        match self {
            Self::Watt => 1,
            Self::Kilowatt => 1_000,
            Self::Megawatt => 1_000_000,
        }
    }

    /// The symbol.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Watt => "W",
            Self::Kilowatt => "kW",
            Self::Megawatt => "MW",
        }
    }
}

/// One `[[records]]` entry.
#[derive(Clone, Debug)]
pub struct Source {
    /// What the devices are paid for.
    pub kind: Kind,
    /// The file, relative to the folder.
    pub path: String,
    /// Its layout.
    pub format: Format,
    /// Where the time is.
    pub time_column: Column,
    /// Where the value is.
    pub value_column: Option<Column>,
    /// Whether the first line names the columns; unsaid means find out.
    pub header: Option<bool>,
    /// Delimiter of fields; unsaid means find out.
    pub delimiter: Option<u8>,
    /// Format of times in strftime's letters; unsaid means find out.
    pub time_format: Option<String>,
    /// Unit of the value column.
    pub unit: Unit,
    /// How long a row's mean power holds.
    pub interval_seconds: u32,
    /// Nameplate power in watts.
    pub nameplate_w: u32,
    /// Local time of times that carry no offset of their own.
    pub utc_offset: Option<Offset>,
    /// First local date that may be used.
    pub from: Option<Date>,
    /// Devices asked for.
    pub devices: usize,
    /// Days of uplinks that become one epoch.
    pub days: u32,
}

/// A whole `records.toml`.
#[derive(Clone, Debug)]
pub struct Description {
    /// Its entries, in order.
    pub sources: Vec<Source>,
}

impl Description {
    /// Reads `records.toml` of a folder.
    ///
    /// # Errors
    /// When it is missing or malformed; the error names the file, the entry and the key.
    pub fn read(folder: &Path) -> Result<Self, FleetError> {
        let path = folder.join("records.toml");
        let text = std::fs::read_to_string(&path)
            .map_err(|cause| FleetError::Unreadable { path: path.display().to_string(), cause })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Reads the text of a `records.toml`; `path` is its name in errors.
    ///
    /// # Errors
    /// When it is malformed; the error names the entry and the key.
    pub fn parse(text: &str, path: &str) -> Result<Self, FleetError> {
        let text = text.trim_start_matches('\u{feff}');
        let file: File = toml::from_str(text).map_err(|cause| FleetError::Description {
            path: path.to_owned(),
            cause: Box::new(cause),
        })?;
        if file.records.is_empty() {
            let path = path.to_owned();
            return Err(FleetError::Empty { path });
        }
        let entries = (1..).zip(file.records);
        let sources =
            entries.map(|(entry, keys)| keys.check(path, entry)).collect::<Result<_, _>>()?;
        Ok(Self { sources })
    }
}
