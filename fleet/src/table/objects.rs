//! A JSON object on each line; numbers keep the digits that are written.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::Row;
use crate::describe::{Column, Source};
use crate::notes::Notes;

type Object<'a> = HashMap<String, &'a RawValue>;

pub(super) fn rows(text: &str, source: &Source, notes: &mut Notes) -> Vec<Row> {
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let object: Object<'_> = match serde_json::from_str(text) {
            Ok(object) => object,
            Err(error) => {
                notes.malformed(line, no_object(text, &error));
                continue;
            }
        };
        let Some(time) = field(&object, &source.time_column) else {
            let column = super::describe(&source.time_column);
            notes.malformed(line, format!("expected a JSON object with the key {column}"));
            continue;
        };
        let value = source.value_column.as_ref();
        let value = value.and_then(|column| field(&object, column));
        rows.push(Row { line, time, value: value.unwrap_or_default() });
    }
    rows
}

/// What to say of a line that is no JSON object.
pub(crate) fn no_object(text: &str, error: &serde_json::Error) -> String {
    let start: String = text.trim().chars().take(40).collect();
    format!("expected one JSON object, found {start:?} (column {})", error.column())
}

/// The text or number under a key, or under a path of keys joined by dots.
fn field(object: &Object<'_>, column: &Column) -> Option<String> {
    let name = match column {
        Column::Name(name) => name.clone(),
        Column::Index(place) => place.to_string(),
    };
    if let Some(value) = object.get(&name) {
        let raw = value.get();
        return serde_json::from_str(raw).ok().or_else(|| Some(raw.to_owned()));
    }
    let (head, rest) = name.split_once('.')?;
    let inner: Object<'_> = serde_json::from_str(object.get(head)?.get()).ok()?;
    field(&inner, &Column::Name(rest.to_owned()))
}
