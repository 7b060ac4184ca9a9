//! What needs more than this crate: Node.js with circomlibjs, and a cargo run of its own.
#![allow(clippy::unwrap_used)]

mod bare_metal;
mod circomlibjs;
mod guide;

use libtest_mimic::{Arguments, Failed};
use std::process::Command;

fn main() {
    let mut trials = circomlibjs::trials();
    trials.push(bare_metal::trial());
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Runs a command; what it said is the failure.
fn run(command: &mut Command) -> Result<(), Failed> {
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(text.into()) }
}
