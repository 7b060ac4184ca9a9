//! What circomlibjs says: of the committed vectors, of our signatures, and of the guide for device makers.
//!
//! Where Node.js or its packages are missing these tests are ignored and name the line that installs
//! them; `ERGON_REQUIRE_TOOLS=1` makes that a failure.

use crate::{guide, run};
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::process::Command;

const INSTALL: &str = "(cd tools && npm ci)";

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("circomlibjs_makes_the_committed_vectors_and_accepts_our_signatures", || {
            run(Command::new("node").arg(tools().join("vectors")).arg("--check"))
        }),
        trial("the_guides_javascript_signs_a_packet_that_we_accept", || guide::javascript(tools())),
    ]
}

fn trial(name: &str, test: fn() -> Result<(), Failed>) -> Trial {
    let Some(what) = missing() else { return Trial::test(name, test) };
    let required = std::env::var_os("ERGON_REQUIRE_TOOLS").is_some_and(|set| set == "1");
    let reason = format!("{what}, install it with: {INSTALL}");
    let shown = if required { name.to_owned() } else { format!("{name} ({reason})") };
    Trial::test(shown, move || Err(reason.into())).with_ignored_flag(!required)
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
