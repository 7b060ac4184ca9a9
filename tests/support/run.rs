//! Runs `ergon` and looks at what it says.
// Each test program uses its part of this.
#![allow(dead_code)]

use assert_cmd::Command;
use std::path::Path;

/// What a finished run left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The command, unaware of the user's own keys and tokens.
pub(crate) fn ergon() -> Command {
    let mut command = Command::cargo_bin("ergon").unwrap();
    command.env_remove("ERGON_PARAMS").env_remove("ERGON_TOKEN").env_remove("RUST_LOG");
    command.env_remove("ERGON_PRIVATE_KEY");
    command
}

/// Runs `ergon` with these words.
pub(crate) fn run(words: &[&str]) -> Run {
    finish(ergon().args(words))
}

/// Runs `ergon` with keys from this folder.
pub(crate) fn run_with(params: &Path, words: &[&str]) -> Run {
    finish(ergon().env("ERGON_PARAMS", params).args(words))
}

fn finish(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

impl Run {
    /// Ended well.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.err);
        self
    }

    /// Ended with this code and an error that says all of these.
    #[track_caller]
    pub(crate) fn failed(self, code: i32, says: &[&str]) -> Self {
        assert_eq!(self.code, code, "{}", self.err);
        for part in says {
            assert!(self.err.contains(part), "{part:?} is missing in: {}", self.err);
        }
        self
    }
}
