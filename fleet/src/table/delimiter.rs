//! Finds the delimiter of a file's fields from its first lines.

use crate::clock;
use crate::describe::{Column, Source};

/// The comma comes first because it may also be a decimal point: among equals the last is taken.
const CANDIDATES: [char; 4] = [',', '|', '\t', ';'];
const LINES: usize = 20;

/// The delimiter that shows the described columns, or else divides the lines most evenly.
pub(super) fn detect(text: &str, source: &Source) -> u8 {
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.trim().is_empty()).take(LINES).collect();
    let header = lines.first().copied().unwrap_or_default();
    let score = |delimiter: char| {
        let first = count(header, delimiter);
        let even = lines.iter().filter(|line| first > 0 && count(line, delimiter) == first);
        (shown(&lines, delimiter, source), even.count(), first)
    };
    let best = CANDIDATES.into_iter().max_by_key(|c| score(*c));
    best.filter(|best| lines.iter().any(|line| count(line, *best) > 0))
        .and_then(|best| u8::try_from(best).ok())
        .unwrap_or(b',')
}

/// How many of the described columns the first line names, and how many lines have a time where it should be.
fn shown(lines: &[&str], delimiter: char, source: &Source) -> usize {
    let timed = |text: &str| clock::is_time(text, source.time_format.as_deref());
    let timed = lines.iter().filter(|line| match source.time_column {
        Column::Name(_) => false,
        Column::Index(place) => line.split(delimiter).nth(place).is_some_and(timed),
    });
    lines.first().map_or(0, |line| named(line, delimiter, source)) + timed.count()
}

/// How many of the described columns a line names.
fn named(line: &str, delimiter: char, source: &Source) -> usize {
    let header: Vec<&str> = line.split(delimiter).map(bare).collect();
    names(source).filter(|name| header.contains(name)).count()
}

fn names(source: &Source) -> impl Iterator<Item = &str> {
    let columns = [Some(&source.time_column), source.value_column.as_ref()];
    columns.into_iter().flatten().filter_map(|column| match column {
        Column::Name(name) => Some(name.as_str()),
        Column::Index(_) => None,
    })
}

/// Whether a line names all described columns, under some delimiter.
pub(super) fn is_header(line: &str, source: &Source) -> bool {
    let columns = names(source).count();
    let own = source.delimiter.map(char::from);
    let mut delimiters = CANDIDATES.into_iter().chain(own);
    columns > 0 && delimiters.any(|delimiter| named(line, delimiter, source) == columns)
}

fn bare(field: &str) -> &str {
    field.trim().trim_matches('"').trim()
}

/// Occurrences outside of quotes.
fn count(line: &str, delimiter: char) -> usize {
    let mut quoted = false;
    line.chars()
        .filter(|c| {
            quoted ^= *c == '"';
            *c == delimiter && !quoted
        })
        .count()
}
