//! Our code reproduces and accepts, byte for byte, what circomlibjs made: `vectors/circomlibjs.json`.
//!
//! `tools/vectors` writes the file; the test `tools` recomputes it where Node.js is installed.
#![allow(clippy::unwrap_used)]

mod commitments;
mod hashes;
mod keys;
mod packets;
mod refused;
mod signed_here;

use ergon_types::Fr;
use ergon_types::field::parse_decimal;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::LazyLock;

static VECTORS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../vectors/circomlibjs.json")).unwrap());

/// One section of the file, in the form that a test expects.
fn section<T: DeserializeOwned>(name: &str) -> T {
    let value = VECTORS.get(name).unwrap_or_else(|| panic!("no section {name}")).clone();
    serde_json::from_value(value).unwrap_or_else(|error| panic!("section {name}: {error}"))
}

/// A decimal of the file.
fn entry(text: &str) -> Fr {
    parse_decimal(text).unwrap_or_else(|| panic!("{text} is no canonical decimal"))
}

fn entries(texts: &[String]) -> Vec<Fr> {
    texts.iter().map(|text| entry(text)).collect()
}
