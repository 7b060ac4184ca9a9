//! What needs more than this crate: Node.js with circomlibjs, or a cargo of its own.
//!
//! Where Node.js or its packages are missing the test is ignored and names the line that installs
//! them; `ERGON_REQUIRE_TOOLS=1` makes that a failure.
#![allow(clippy::unwrap_used)]

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;
use std::process::{Command, Output};

const INSTALL: &str = "(cd tools && npm ci)";

fn main() {
    let name = "circomlibjs_makes_the_committed_vectors_and_accepts_our_signatures";
    let trial = match missing() {
        None => Trial::test(name, circomlibjs),
        Some(what) => {
            let required = std::env::var_os("ERGON_REQUIRE_TOOLS").is_some_and(|set| set == "1");
            let reason = format!("{what}, install it with: {INSTALL}");
            let shown = if required { name.to_owned() } else { format!("{name} ({reason})") };
            Trial::test(shown, move || Err(reason.into())).with_ignored_flag(!required)
        }
    };
    libtest_mimic::run(&Arguments::from_args(), vec![trial]).exit();
}

fn tools() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tools"))
}

/// What is not installed.
fn missing() -> Option<&'static str> {
    if !Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return Some("Node.js is missing");
    }
    let package = tools().join("node_modules/circomlibjs/package.json");
    (!package.is_file()).then_some("tools/node_modules/circomlibjs is missing")
}

fn circomlibjs() -> Result<(), Failed> {
    let output = Command::new("node").arg(tools().join("vectors")).arg("--check").output()?;
    report(&output)
}

fn report(output: &Output) -> Result<(), Failed> {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(text.into()) }
}
