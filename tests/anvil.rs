//! The demo against a development node: the same path, over JSON-RPC.
//!
//! Where anvil is missing the tests show as ignored; with `ERGON_REQUIRE_TOOLS=1` they fail instead.
#![allow(clippy::unwrap_used)]

#[path = "support/keys.rs"]
mod keys;
#[path = "support/report.rs"]
mod report;
#[path = "support/run.rs"]
mod run;

use ergon_circuits::CircuitId;
use libtest_mimic::{Arguments, Failed, Trial};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A test with the path of anvil.
type Test = fn(&Path);

fn main() {
    let arguments = Arguments::from_args();
    let required = std::env::var("ERGON_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    let tests: [(&str, Test); 2] = [
        ("the_demo_runs_on_anvil_with_insecure_keys_only_when_told", runs),
        ("an_endpoint_that_goes_away_is_named", goes_away),
    ];
    let trials = tests.map(|(name, test)| match find() {
        Ok(binary) => Trial::test(name, move || {
            test(&binary);
            Ok(())
        }),
        Err(missing) => {
            let name = format!("{name} ({missing})");
            Trial::test(name, move || Err(Failed::from(missing))).with_ignored_flag(!required)
        }
    });
    libtest_mimic::run(&arguments, trials.into()).exit();
}

/// The pinned binary of the tools folder, else the one on the path; or the line that installs it.
fn find() -> Result<PathBuf, String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tools/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::iter::once(package)
        .chain(std::env::split_paths(&path).map(|folder| folder.join("anvil")))
        .find(|file| file.is_file())
        .ok_or_else(|| "anvil is missing; install it with `tools/setup`".to_owned())
}

/// A running anvil, stopped when dropped.
struct Anvil {
    process: Child,
    url: String,
}

impl Anvil {
    fn start(binary: &Path) -> Self {
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

fn runs(binary: &Path) {
    let anvil = Anvil::start(binary);
    let params = keys::folder(&CircuitId::TRIAL);
    let words = ["demo", "--json", "--devices", "2", "--rpc", &anvil.url];
    // Development keys are refused on a chain that others can reach.
    run::run_with(params.folder(), &words).failed(4, &["insecure", "--insecure"]);
    let words = [&words[..], &["--insecure"]].concat();
    let demo = run::run_with(params.folder(), &words).succeeded();
    let report = report::Report::read(&demo.out);
    report.check();
    assert_eq!(report.kinds.len(), 3);
    assert!(report.kinds.iter().all(|kind| kind.devices.len() == 2));
}

fn goes_away(binary: &Path) {
    let anvil = Anvil::start(binary);
    let url = anvil.url.clone();
    drop(anvil);
    let params = keys::folder(&CircuitId::TRIAL);
    let words = ["demo", "--devices", "1", "--rpc", &url, "--insecure"];
    run::run_with(params.folder(), &words).failed(6, &[&url, "start it"]);
}
