//! Lines of a file as time and value, still text: delimited fields with or without a header, or JSON objects.

mod delimiter;
mod objects;
mod preamble;

pub(crate) use objects::no_object;

use std::borrow::Cow;

use crate::clock;
use crate::describe::{Column, Format, Source};
use crate::error::FleetError;
use crate::notes::Notes;
use crate::number;

/// One line.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) time: String,
    pub(crate) value: String,
}

/// A file's lines.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
    /// Whether commas divide fields, so that one in a value is rather no decimal sign.
    pub(crate) comma_divides: bool,
}

/// Reads the lines of a file; malformed ones go to the notes.
pub(crate) fn read(text: &str, source: &Source, notes: &mut Notes) -> Result<Table, FleetError> {
    match source.format {
        Format::Csv => {
            let text = &preamble::blanked(text, source);
            let delimiter = source.delimiter.unwrap_or_else(|| delimiter::detect(text, source));
            Ok(Table {
                rows: delimited(text, source, delimiter, notes)?,
                comma_divides: delimiter == b',',
            })
        }
        Format::Ndjson | Format::HeliumNdjson => {
            Ok(Table { rows: objects::rows(text, source, notes), comma_divides: true })
        }
    }
}

/// Where the two columns are.
struct Places {
    time: usize,
    value: Option<usize>,
    /// Number of columns.
    width: usize,
}

fn delimited(
    text: &str,
    source: &Source,
    delimiter: u8,
    notes: &mut Notes,
) -> Result<Vec<Row>, FleetError> {
    let text = balanced(text, notes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut places = None;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                notes.malformed(line, format!("expected delimited text: {error}"));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(str::is_empty) {
            continue;
        }
        let places = match &places {
            Some(places) => places,
            None => {
                let header = is_header(&record, source);
                let found = places.insert(find(&record, header, source, notes)?);
                if header {
                    continue;
                }
                found
            }
        };
        let time = record.get(places.time).unwrap_or_default();
        let value = places.value.and_then(|place| record.get(place));
        // A stray delimiter shifts the value, so a value is taken only from a line of the right width.
        let surplus = record.iter().skip(places.width).any(|field| !field.is_empty());
        if places.value.is_some() && (value.is_none() || surplus) {
            let (width, found) = (places.width, record.len());
            notes.malformed(line, format!("expected {width} fields, found {found}"));
            continue;
        }
        rows.push(Row { line, time: time.to_owned(), value: value.unwrap_or_default().to_owned() });
    }
    Ok(rows)
}

/// A quote that is never closed would swallow the lines after it: such a line is malformed and left empty.
fn balanced<'a>(text: &'a str, notes: &mut Notes) -> Cow<'a, str> {
    let odd = |line: &str| line.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
    if !text.lines().any(odd) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    for (number, line) in (1..).zip(text.lines()) {
        if odd(line) {
            notes.malformed(number, "expected each quote to be closed on its line".to_owned());
        } else {
            kept.push_str(line);
        }
        kept.push('\n');
    }
    Cow::Owned(kept)
}

/// A named column needs a header; where columns are numbers, a first line with neither a time nor a number is one.
fn is_header(first: &csv::StringRecord, source: &Source) -> bool {
    let columns = [Some(&source.time_column), source.value_column.as_ref()];
    match (source.header, &source.time_column) {
        (Some(header), _) => header,
        (None, Column::Index(time)) => {
            let named = columns.into_iter().flatten().any(|c| matches!(c, Column::Name(_)));
            let timed = |text: &str| clock::is_time(text, source.time_format.as_deref());
            let number = match source.value_column {
                Some(Column::Index(value)) => first.get(value).is_some_and(number::is_number),
                _ => false,
            };
            named || !first.get(*time).is_some_and(timed) && !number
        }
        (None, Column::Name(_)) => true,
    }
}

fn find(
    first: &csv::StringRecord,
    header: bool,
    source: &Source,
    notes: &Notes,
) -> Result<Places, FleetError> {
    let place = |key: &'static str, column: &Column| {
        let found = match column {
            Column::Index(place) => (*place < first.len()).then_some(*place),
            Column::Name(name) if header => only(first, |field| field == name)
                .or_else(|| only(first, |field| field.eq_ignore_ascii_case(name))),
            Column::Name(_) => None,
        };
        found.ok_or_else(|| FleetError::Column {
            file: notes.file().to_owned(),
            key,
            column: describe(column),
            found: first.iter().map(|field| format!("{field:?}")).collect::<Vec<_>>().join(", "),
        })
    };
    let value = (source.kind == ergon_types::Kind::Energy)
        .then_some(source.value_column.as_ref())
        .flatten();
    Ok(Places {
        time: place("time_column", &source.time_column)?,
        value: value.map(|column| place("value_column", column)).transpose()?,
        width: first.len(),
    })
}

/// The place of the only field that matches.
fn only(first: &csv::StringRecord, matches: impl Fn(&str) -> bool) -> Option<usize> {
    let mut places = (0..).zip(first).filter(|(_, field)| matches(field));
    let (place, _) = places.next()?;
    places.next().is_none().then_some(place)
}

fn describe(column: &Column) -> String {
    match column {
        Column::Index(place) => format!("number {place}"),
        Column::Name(name) => format!("{name:?}"),
    }
}
