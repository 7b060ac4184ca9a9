//! What can be wrong with a folder of records: each error names the file, what was expected and what to do.

use std::io;

/// Why recorded data cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    /// A file cannot be opened, read or decompressed.
    #[error("cannot read {path}: {cause}; paths in records.toml are relative to its folder")]
    Unreadable {
        /// The file.
        path: String,
        /// The reason.
        cause: io::Error,
    },
    /// A gzip file cannot be decompressed.
    #[error("{path}: its gzip data is damaged or cut short ({cause}); copy or compress it again")]
    Damaged {
        /// The file.
        path: String,
        /// The reason.
        cause: io::Error,
    },
    /// `records.toml` is not TOML or has an unknown or mistyped key.
    #[error("{path}: {cause}\ndocs/records.md lists the keys")]
    Description {
        /// The description's path.
        path: String,
        /// The parser's message, with line and key.
        cause: Box<toml::de::Error>,
    },
    /// `records.toml` describes nothing.
    #[error("{path}: expected at least one [[records]] entry; docs/records.md has examples")]
    Empty {
        /// The description's path.
        path: String,
    },
    /// A key of an entry is missing or has an unusable value.
    #[error("{path}: entry {entry} ({records}): `{key}`: expected {expected}, found {found}")]
    Key {
        /// The description's path.
        path: String,
        /// The entry, counted from 1.
        entry: usize,
        /// The file that the entry describes.
        records: String,
        /// The key.
        key: &'static str,
        /// What it may be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// A file has no column as described.
    #[error(
        "{file}: no single column {column}; its first line has {found}; correct `{key}` (a name, or a number counted from 0) or `delimiter`"
    )]
    Column {
        /// The recorded file.
        file: String,
        /// The key of `records.toml`.
        key: &'static str,
        /// The column asked for.
        column: String,
        /// The columns of the first line.
        found: String,
    },
    /// A line is malformed and the run is strict.
    #[error(
        "{file}, line {line}: {problem}; correct the line, or run without --strict to use the rest"
    )]
    Malformed {
        /// The recorded file.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong and what was expected.
        problem: String,
    },
    /// No line of a file could be used.
    #[error(
        "{file}: none of its {lines} lines can be used; the first: line {line}: {problem}; {advice}"
    )]
    Unusable {
        /// The recorded file.
        file: String,
        /// Number of malformed lines.
        lines: u64,
        /// The first malformed line.
        line: u64,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        advice: &'static str,
    },
    /// The well-formed lines of a file give nothing to replay.
    #[error("{file}: nothing to replay: {found}; {advice}")]
    Nothing {
        /// The recorded file.
        file: String,
        /// What it has.
        found: String,
        /// What to do.
        advice: String,
    },
    /// Dates read day first or month first alike.
    #[error(
        "{file}: dates such as {example:?} may be day first or month first, and no line tells; give `time_format` in records.toml, for example {hint:?}"
    )]
    Ambiguous {
        /// The recorded file.
        file: String,
        /// One of its times.
        example: String,
        /// A format that would settle it.
        hint: &'static str,
    },
    /// A quarter hour has more watt-hours than a record can carry.
    #[error(
        "{file}: {watt_hours} Wh in quarter hour {slot} of {day}; a record carries at most 1048575 (4.19 MW): check `unit` ({unit}), `interval_seconds` and `nameplate_w` ({nameplate_w} W)"
    )]
    TooMuchEnergy {
        /// The recorded file.
        file: String,
        /// The local date.
        day: String,
        /// The quarter hour, from 0.
        slot: usize,
        /// Its watt-hours.
        watt_hours: String,
        /// The unit that records.toml gives.
        unit: &'static str,
        /// The nameplate that records.toml gives.
        nameplate_w: u32,
    },
}
