//! `docs/attacks.md` and `docs/soundness.md`: every attack and bug class has a row, every row names tests, every named
//! test exists.

use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The cells of the document's rows, headings and rules left out.
fn rows() -> Vec<Vec<String>> {
    let read = |name: &str| fs::read_to_string(root().join("docs").join(name)).unwrap();
    let classes = read("soundness.md");
    let classes = classes.split("## Deletion mutants").next().unwrap_or_default();
    let text = read("attacks.md") + classes;
    let heading = |line: &str| line.starts_with("| attack") || line.starts_with("| bug class");
    let lines = text.lines().filter(|line| line.starts_with("| ") && !heading(line));
    lines
        .map(|line| {
            line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}

/// Names in backticks with a path: `folder/file.rs::name`.
fn tests(cell: &str) -> Vec<(&str, &str)> {
    cell.split('`').skip(1).step_by(2).filter_map(|text| text.split_once("::")).collect()
}

#[test]
fn every_attack_names_what_stops_it_and_its_tests() {
    let rows = rows();
    assert!(rows.len() >= 60, "only {} rows", rows.len());
    for row in rows {
        assert_eq!(row.len(), 3, "{row:?}");
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
        assert!(!tests(&row[2]).is_empty(), "{row:?} names no test");
    }
}

#[test]
fn every_test_named_in_the_table_exists() {
    let mut missing = Vec::new();
    for row in rows() {
        for (file, name) in tests(&row[2]) {
            let text = fs::read_to_string(root().join(file)).unwrap_or_default();
            // A function, or a name given to a custom harness.
            let forms = [format!("fn {name}("), format!("function {name}("), format!("\"{name}\"")];
            if !forms.iter().any(|form| text.contains(form)) {
                missing.push(format!("{file}::{name}"));
            }
        }
    }
    assert!(missing.is_empty(), "documents name tests that do not exist: {missing:#?}");
}
