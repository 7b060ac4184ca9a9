//! `ergon deploy` on a node: killed, resumed, verified, refused, handed over.

use crate::config::{CIRCUITS, Setting, small};
use crate::node::Anvil;
use crate::run::ergon;
use ergon_chain::{Chain, Rpc, RpcConfig, accounts};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

/// The node as a client of its own sees it.
pub(crate) fn client(anvil: &Anvil) -> Arc<dyn Chain> {
    let signers = accounts::development_signers().unwrap();
    let config = RpcConfig::new(&anvil.url).with_signers(signers);
    Arc::new(wait(Rpc::connect(config)).unwrap())
}

pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

/// A deployment whose epoch 0 begins in an hour of the node's clock.
fn setting(chain: &dyn Chain) -> Setting {
    Setting::new(&small(wait(chain.now()).unwrap() + 3_600))
}

fn sent(chain: &dyn Chain) -> u64 {
    wait(chain.next_nonce(accounts::DEVELOPMENT_ACCOUNTS[0])).unwrap()
}

pub(crate) fn resumes(binary: &Path) {
    let anvil = Anvil::start(binary);
    let chain = client(&anvil);
    let setting = setting(chain.as_ref());
    let (book, journal) = (setting.path("book.json"), setting.path("book.json.journal"));
    let words = ["--rpc", &anvil.url, "--book", &book, "--json"];
    // Development keys are refused on a chain that others can reach, before anything is kept.
    setting.deploy(&words).failed(4, &["membership-1", "insecure", "--insecure"]);
    assert!(!Path::new(&journal).exists() && sent(chain.as_ref()) == 0);
    let words = [&words[..], &["--insecure"]].concat();
    let dry = setting.deploy(&["--json"]).succeeded();
    let dry: Value = serde_json::from_str(&dry.out).unwrap();
    let total = dry["transactions"].as_array().unwrap().len();

    let lines = || fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    for kill in [1, 2, 7, 20, 41, 60, 80] {
        let mut command = Command::new(ergon().get_program());
        command.args(["deploy", &setting.path("network.toml")]).args(&words);
        command.env("ERGON_PARAMS", crate::keys::folder(&CIRCUITS).folder());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while lines() < kill && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!Path::new(&book).exists() || lines() > 2 * total, "{kill}");
    }
    setting.deploy(&words).succeeded();
    assert_eq!(sent(chain.as_ref()), total as u64, "no transaction is sent twice");
    let written = fs::read_to_string(&book).unwrap();
    let again = setting.deploy(&words).succeeded();
    let again: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(again["transactions"], serde_json::json!([]));
    assert_eq!(again["book"], serde_json::from_str::<Value>(&written).unwrap());
    // The same account on a chain with nothing on it: the addresses are those of the dry run.
    assert_eq!(again["book"], dry["book"]);
    let table = setting.deploy(&words[..4]).failed(4, &["--insecure"]);
    assert!(table.out.is_empty());
    let table = [&words[..4], &["--insecure"]].concat();
    assert!(setting.deploy(&table).succeeded().out.contains("nothing to do"));
    assert_eq!(fs::read_to_string(&book).unwrap(), written);
    assert_eq!(sent(chain.as_ref()), total as u64);
}

pub(crate) fn refuses(binary: &Path) {
    let anvil = Anvil::start(binary);
    let chain = client(&anvil);
    let setting = setting(chain.as_ref());
    let (book, config) = (setting.path("book.json"), setting.path("network.toml"));
    let words = ["--rpc", &anvil.url, "--insecure", "--book", &book];
    let good = fs::read_to_string(&config).unwrap();
    let past = good.replace("genesis = ", "genesis = 1 # ");
    fs::write(&config, past).unwrap();
    setting.deploy(&words).failed(3, &["network.toml", "genesis", "after now", "found 1"]);
    // What the contracts would not take costs nothing to find out.
    fs::write(&config, good.replace("delay_seconds = 172800", "delay_seconds = 60")).unwrap();
    setting.deploy(&words).failed(7, &["nothing was sent", "WrongDelay"]);
    assert_eq!(sent(chain.as_ref()), 0);
    fs::write(&config, &good).unwrap();
    setting.deploy(&words).succeeded();
    let total = sent(chain.as_ref());

    fs::write(&config, good.replace("fee_bps = 200", "fee_bps = 300")).unwrap();
    let says = ["book.json.journal", "fee_bps = 200", "fee_bps = 300", "another book"];
    setting.deploy(&words).failed(3, &says);
    fs::write(&config, good.replace("cap_bps = 3000", "cap_bps = 3001")).unwrap();
    setting.deploy(&words).failed(3, &["economy.contradiction"]);
    fs::write(&config, &good).unwrap();
    let key = setting.path("key");
    fs::write(&key, "07".repeat(32)).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let other = [&words[..], &["--key-file", &key]].concat();
    setting.deploy(&other).failed(3, &["deployer = 0xf39Fd6e5"]);
    // A book that nobody can go on from is not replaced.
    fs::rename(setting.path("book.json.journal"), setting.path("kept")).unwrap();
    setting.deploy(&words).failed(3, &["book.json", "book.json.journal", "another --book"]);
    assert_eq!(sent(chain.as_ref()), total, "what is refused sends nothing");
    fs::rename(setting.path("kept"), setting.path("book.json.journal")).unwrap();
    setting.deploy(&words).succeeded();
}

pub(crate) fn hands_over(binary: &Path) {
    let anvil = Anvil::start(binary);
    let chain = client(&anvil);
    let setting = setting(chain.as_ref());
    let book = setting.path("book.json");
    let words = ["--rpc", &anvil.url, "--insecure", "--book", &book, "--json"];
    let report = |words: &[&str]| -> Value {
        serde_json::from_str(&setting.deploy(words).succeeded().out).unwrap()
    };
    let first = report(&words);
    assert_eq!(first["handover"]["status"], "waits");
    let until = first["handover"]["until"].as_u64().unwrap();
    wait(chain.advance_to(until)).unwrap();
    let due = report(&words);
    assert_eq!(due["handover"]["status"], "done");
    assert_eq!(due["transactions"][0]["action"], "take over");
    let after = report(&words);
    assert_eq!(after["handover"]["status"], "done");
    assert_eq!(after["transactions"], serde_json::json!([]));
    assert!(setting.deploy(&words[..5]).succeeded().out.contains("the timelock owns"));
}
