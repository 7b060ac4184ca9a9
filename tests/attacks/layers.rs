//! Which crate may know which: what the layout promises, checked against the manifests and the sources.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// For each crate of the workspace, the crates of the workspace that it is built from, directly or not.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut direct: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        let uses = direct.entry(package["name"].as_str().unwrap().to_owned()).or_default();
        for dependency in package["dependencies"].as_array().unwrap() {
            // Tests may use anything.
            if dependency["kind"] != "dev" && !dependency["path"].is_null() {
                uses.insert(dependency["name"].as_str().unwrap().to_owned());
            }
        }
    }
    loop {
        let grown: BTreeMap<String, BTreeSet<String>> = direct
            .iter()
            .map(|(name, uses)| {
                let indirect = uses.iter().flat_map(|used| &direct[used]).cloned();
                (name.clone(), uses.iter().cloned().chain(indirect).collect())
            })
            .collect();
        if grown == direct {
            return direct;
        }
        direct = grown;
    }
}

#[test]
fn crates_know_only_the_layers_below_them() {
    let all = dependencies();
    let exactly = |name: &str, expected: &[&str]| {
        let expected = expected.iter().map(|name| format!("ergon-{name}")).collect();
        assert_eq!(all[&format!("ergon-{name}")], expected, "{name}");
    };
    exactly("types", &[]);
    exactly("circuits", &["types"]);
    exactly("params", &["circuits", "types"]);
    exactly("accelerator", &[]);
    exactly("opencl", &["accelerator"]);
    exactly("prover", &["accelerator", "circuits", "params", "types"]);
    exactly("fleet", &["types"]);
    exactly("store", &["types"]);
    // A gateway holds readings and no keys: it depends on neither circuits nor params.
    exactly("gateway", &["store", "types"]);
    // The chain's client knows words and proofs, not how they are made.
    exactly("chain", &["types"]);
}

/// All Rust sources below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn circuits_are_pure() {
    let files = sources(&root().join("circuits/src"));
    assert!(files.len() > 10);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for impure in ["std::fs", "std::net", "std::time", "std::env", "std::process", "rand::"] {
            assert!(!text.contains(impure), "{} uses {impure}", file.display());
        }
    }
}
