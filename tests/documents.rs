//! The book and the code agree: every section that code refers to exists, every assertion is explained, no link is broken.
#![allow(clippy::unwrap_used)]

use ergon_circuits::{Circuit, CircuitId, StatementName};
use ergon_types::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const SOURCES: [&str; 4] = ["rs", "sol", "js", "md"];
/// Folders that others fill.
const FOREIGN: [&str; 5] = ["target", "node_modules", ".git", "cache", "out"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !FOREIGN.contains(&name) {
            files(&path, found);
        } else if path.extension().is_some_and(|e| SOURCES.contains(&e.to_str().unwrap())) {
            found.push(path);
        }
    }
}

fn texts(extension: &str) -> BTreeMap<PathBuf, String> {
    let mut found = Vec::new();
    files(root(), &mut found);
    found.retain(|path| extension.is_empty() || path.extension().unwrap() == extension);
    found.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// The number that a text begins with: digits with single points between them.
fn number(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number = text[..end].trim_end_matches('.');
    (!number.is_empty()).then(|| number.to_owned())
}

/// Numbers of the headings under docs.
fn sections() -> BTreeSet<String> {
    let docs = texts("md").into_iter().filter(|(path, _)| path.starts_with(root().join("docs")));
    let headings = |text: String| -> Vec<String> {
        let headings = text.lines().filter(|line| line.starts_with('#'));
        headings.filter_map(|line| number(line.trim_start_matches('#').trim_start())).collect()
    };
    docs.flat_map(|(_, text)| headings(text)).collect()
}

#[test]
fn every_section_that_is_referred_to_exists() {
    let sections = sections();
    assert!(sections.len() > 40, "{sections:?}");
    let mut references = 0;
    for (path, text) in texts("") {
        for reference in text.split('§').skip(1) {
            let Some(number) = number(reference.trim_start()) else { continue };
            references += 1;
            assert!(sections.contains(&number), "{}: § {number}", path.display());
        }
    }
    assert!(references > 100, "{references}");
}

/// The chapter that explains a statement.
fn chapter(id: CircuitId) -> &'static str {
    match id.statement {
        StatementName::Membership => "membership",
        StatementName::Kind(Kind::Uptime) => "uptime",
        StatementName::Kind(Kind::Coverage) => "coverage",
        StatementName::Kind(Kind::Energy) => "energy",
        StatementName::Contradiction(_) => "contradiction",
        StatementName::SecondSeal => "second-seal",
        StatementName::Omission(_) | StatementName::Answer(_) => "omission",
    }
}

#[test]
fn every_assertion_of_a_statement_is_explained_in_its_chapter() {
    let read = |name: &str| {
        let path = root().join(format!("docs/statements/{name}.md"));
        std::fs::read_to_string(path).unwrap()
    };
    let common = read("common");
    for id in CircuitId::TRIAL.into_iter().chain(CircuitId::EVIDENCE) {
        let text = read(chapter(id)) + &common;
        for row in Circuit::blank(id).synthesize().rows() {
            let named = text.contains(&format!("\"{}\"", row.gadget));
            assert!(named || text.contains(&format!("`{}`", row.gadget)), "{id}: {}", row.gadget);
        }
    }
}

/// Targets of Markdown links in a text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

#[test]
fn no_link_between_documents_is_broken() {
    for (path, text) in texts("md") {
        for link in links(&text).filter(|link| !link.contains("://") && !link.contains(' ')) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target =
                if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(target.exists(), "{}: {link}", path.display());
            if !anchor.is_empty() && target.extension().is_some_and(|e| e == "md") {
                let headings = std::fs::read_to_string(&target).unwrap();
                let found = headings
                    .lines()
                    .filter(|line| line.starts_with('#'))
                    .any(|line| slug(line) == anchor);
                assert!(found, "{}: {link}", path.display());
            }
        }
    }
}

/// A heading's anchor as forges make it.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
