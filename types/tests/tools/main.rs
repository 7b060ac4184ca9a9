//! What needs more than this crate: Node.js with circomlibjs.
#![allow(clippy::unwrap_used)]

mod circomlibjs;
mod guide;

use libtest_mimic::{Arguments, Failed};
use std::process::Command;

fn main() {
    libtest_mimic::run(&Arguments::from_args(), circomlibjs::trials()).exit();
}

/// Runs a command; what it said is the failure.
fn run(command: &mut Command) -> Result<(), Failed> {
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(text.into()) }
}
