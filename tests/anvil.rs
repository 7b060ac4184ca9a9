//! The demo against a development node: the same path, over JSON-RPC.
//!
//! Where anvil is missing the tests show as ignored; with `ERGON_REQUIRE_TOOLS=1` they fail instead.
#![allow(clippy::unwrap_used)]

#[path = "support/keys.rs"]
mod keys;
#[path = "support/anvil.rs"]
mod node;
#[path = "support/report.rs"]
mod report;
#[path = "support/run.rs"]
mod run;

use ergon_circuits::CircuitId;
use libtest_mimic::Arguments;
use node::{Anvil, Test, trials};
use std::path::Path;

fn main() {
    let tests: [(&str, Test); 2] = [
        ("the_demo_runs_on_anvil_with_insecure_keys_only_when_told", runs),
        ("an_endpoint_that_goes_away_is_named", goes_away),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials(tests)).exit();
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
