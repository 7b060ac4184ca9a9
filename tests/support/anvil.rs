//! Finds and starts anvil; where it is missing tests show as ignored, or fail with `ERGON_REQUIRE_TOOLS=1`.

use libtest_mimic::{Failed, Trial};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A test with the path of anvil.
pub(crate) type Test = fn(&Path);

/// Tests by their names.
pub(crate) fn trials<const N: usize>(tests: [(&str, Test); N]) -> Vec<Trial> {
    let required = std::env::var("ERGON_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    let trial = |(name, test): (&str, Test)| match find() {
        Ok(binary) => Trial::test(name, move || {
            test(&binary);
            Ok(())
        }),
        Err(missing) => {
            let name = format!("{name} ({missing})");
            Trial::test(name, move || Err(Failed::from(missing))).with_ignored_flag(!required)
        }
    };
    tests.map(trial).into()
}

/// The pinned binary of the tools folder, else the one on the path; or the line that installs it.
pub(crate) fn find() -> Result<PathBuf, String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tools/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::iter::once(package)
        .chain(std::env::split_paths(&path).map(|folder| folder.join("anvil")))
        .find(|file| file.is_file())
        .ok_or_else(|| "anvil is missing; install it with `tools/setup`".to_owned())
}

/// A running anvil, stopped when dropped.
#[derive(Debug)]
pub(crate) struct Anvil {
    process: Child,
    pub(crate) url: String,
}

impl Anvil {
    pub(crate) fn start(binary: &Path) -> Self {
        let mut process = Command::new(binary)
            .args(["--port", "0", "--hardfork", "osaka"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let address =
            lines.find_map(|line| line.strip_prefix("Listening on ").map(str::to_owned)).unwrap();
        // Nobody reads the rest, but the pipe must not fill.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, url: format!("http://{address}") }
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        // Already gone is fine as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
