//! What `ergon deploy` reads, and what it says of it.

use crate::keys;
use crate::run::{Run, ergon, run_with};
use ergon_circuits::{CircuitId, Evidence};
use ergon_params::Params;
use ergon_types::{Kind, Schema};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// Circuits whose keys take a moment.
pub(crate) const CIRCUITS: [CircuitId; 6] = [
    CircuitId::membership(1),
    CircuitId::of(Kind::Uptime, 1),
    CircuitId::contradiction(Evidence::Energy),
    CircuitId::SECOND_SEAL,
    CircuitId::omission(Schema::Uptime, 1),
    CircuitId::answer(Schema::Uptime),
];

/// The configuration that the documents show.
fn shown() -> String {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    let text = fs::read_to_string(book).unwrap();
    let (_, text) = text.split_once("\n## deploy\n").unwrap();
    let (_, text) = text.split_once("```toml\n").unwrap();
    text.split_once("```").unwrap().0.to_owned()
}

/// The same for small circuits.
pub(crate) fn small(genesis: u64) -> String {
    let text = shown();
    let (before, rest) = text.split_once("circuits = [").unwrap();
    let (_, after) = rest.split_once("\n]\n").unwrap();
    let (_, before) = before.split_once('\n').unwrap();
    format!("genesis = {genesis}\n{before}circuits = [\"membership-1\", \"uptime-1\"]\n{after}")
}

/// A folder with a configuration, and keys for it.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) folder: TempDir,
}

impl Setting {
    pub(crate) fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("network.toml"), text).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// Runs `ergon deploy network.toml` with more words.
    pub(crate) fn deploy(&self, words: &[&str]) -> Run {
        let params = keys::folder(&CIRCUITS);
        let config = self.path("network.toml");
        run_with(params.folder(), &[&["deploy", &config], words].concat())
    }
}

pub(crate) fn documented() {
    let circuits = [&CircuitId::TRIAL[..], &CircuitId::EVIDENCE].concat();
    let params = keys::folder(&circuits);
    let setting = Setting::new(&shown());
    let config = setting.path("network.toml");
    let run = run_with(params.folder(), &["deploy", &config, "--json"]).succeeded();
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&report["dry_run"], &report["file"]), (&true.into(), &Value::Null));
    assert_eq!(report["book"]["network"]["routes"].as_array().unwrap().len(), circuits.len());
    assert!(report["book"]["economy"]["timelock"].is_string());
    assert_eq!(report["handover"]["status"], "waits");
    assert!(report["transactions"].as_array().unwrap().len() > 40);
    let table = run_with(params.folder(), &["deploy", &config]).succeeded().out;
    assert!(table.contains("dry run: ") && table.contains("verifier of energy-8"), "{table}");
    let files = fs::read_dir(setting.folder.path()).unwrap().count();
    assert_eq!(files, 1, "a dry run leaves nothing");

    // A network can be had by itself.
    let text = shown();
    let setting = Setting::new(text.split_once("\n[economy]\n").unwrap().0);
    let config = setting.path("network.toml");
    let run = run_with(params.folder(), &["deploy", &config, "--json"]).succeeded();
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["book"]["economy"], Value::Null);
    assert_eq!(report["handover"]["status"], "none");
}

pub(crate) fn errors() {
    let good = small(2_000_000_000);
    let with = |from: &str, to: &str, says: &[&str]| {
        assert!(good.contains(from), "{from}");
        let setting = Setting::new(&good.replacen(from, to, 1));
        setting.deploy(&[]).failed(3, &[&["network.toml"], says].concat());
    };
    with("fee_bps", "fee", &["line 4", "unknown field `fee`", "`fee_bps`"]);
    with("fee_bps = 200", "fee_bps = 10001", &["fee_bps: expected at most 10000, found 10001"]);
    with("fee_bps = 200", "fee_bps = 70000", &["line 4 (fee_bps = 70000", "u16"]);
    with("window_seconds = 259200", "window_seconds = 0", &["window_seconds", "at least 1"]);
    with("hard_cap = \"", "hard_cap = \"x", &["hard_cap", "\"100\" or \"0.5\""]);
    with("uptime = \"100\"", "uptime = 100", &["uptime = 100", "whole tokens in quotes"]);
    with("decider = \"0x", "decider = \"", &["decider"]);
    with("\"uptime-1\"]", "\"uptime-3\"]", &["uptime-3"]);
    with("\"uptime-1\"]", "\"uptime-1\", \"uptime-1\"]", &["circuits: expected", "each once"]);
    with("\"market/fee\"", "\"market/fees\"", &["market/fee", "market/fees"]);
    with("{ value = \"50\"", "{ value = 50", &["staking/deposit", "amounts in quotes"]);
    with("quorum_floor", "# ", &["[economy]", "missing field `quorum_floor`"]);
    let missing = Setting::new("");
    fs::remove_file(missing.path("network.toml")).unwrap();
    missing.deploy(&[]).failed(3, &["network.toml", "cannot be read"]);
    Setting::new("genesis").deploy(&[]).failed(3, &["network.toml"]);
    // Keys are there for other circuits only.
    let (setting, folder) = (Setting::new(&good), tempfile::tempdir().unwrap());
    let params = Params::new(folder.path().join("params"));
    params.generate(&[CircuitId::membership(1)], |_| {}).unwrap();
    run_with(params.folder(), &["deploy", &setting.path("network.toml")])
        .failed(4, &["uptime-1", "params generate"]);
    setting.deploy(&["--rpc", "http://127.0.0.1:1"]).failed(2, &["--book"]);
    setting.deploy(&["--insecure"]).failed(2, &["--rpc"]);
}

pub(crate) fn refused() {
    let good = small(2_000_000_000);
    let late = Setting::new(&good.replace("delay_seconds = 172800", "delay_seconds = 60"));
    late.deploy(&[]).failed(7, &["network.toml", "nothing was sent", "WrongDelay", "172800"]);
    let deposit = Setting::new(&good.replace("min = \"1\"", "min = \"0\""));
    deposit.deploy(&[]).failed(7, &["OutOfBounds"]);
}

pub(crate) fn signing_keys() {
    let setting = Setting::new(&small(2_000_000_000));
    let (key, book) = (setting.path("key"), setting.path("book.json"));
    let words = ["--rpc", "http://127.0.0.1:1", "--insecure", "--book", &book, "--key-file", &key];
    let secret = "07".repeat(31);
    setting.deploy(&words).failed(1, &["cannot read the private key", &key]);
    fs::write(&key, &secret).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    setting.deploy(&words).failed(1, &["chmod 600", &key]);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let told = setting.deploy(&words).failed(1, &[&key, "is no private key", "32 bytes in hex"]);
    assert!(!told.err.contains(&secret), "a secret is never repeated");
    fs::write(&key, "07".repeat(32)).unwrap();
    setting.deploy(&words).failed(6, &["http://127.0.0.1:1"]);

    let config = setting.path("network.toml");
    let mut command = ergon();
    command.env("ERGON_PARAMS", keys::folder(&CIRCUITS).folder());
    command.env("ERGON_PRIVATE_KEY", "zz").args(["deploy", &config]).args(&words[..5]);
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && told.contains("ERGON_PRIVATE_KEY"), "{told}");
}
