//! The path on a node, command by command: deploy, enrol, commit, prove, settle, claim; each again does nothing.

use crate::config::{CIRCUITS, Setting, small};
use crate::deploy::{client, wait};
use crate::keys;
use crate::node::Anvil;
use crate::registry;
use crate::roles::{self, Roles};
use crate::run::{Run, run_with};
use ergon_chain::{Book, Chain, Network, U256, accounts};
use ergon_types::record::slots::Slots;
use ergon_types::{
    Address, Body, Bundle, Fr, Header, Kind, Membership, Packet, Policy, Record, Seal, SecretKey,
};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const EPOCH: u64 = 0;
const PROVER: &str = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

/// Seeds of keys.
const DEVICE: u8 = 4;
const ATTESTOR: u8 = 5;

fn device() -> SecretKey {
    SecretKey::from_bytes([DEVICE; 32])
}

fn attestor() -> SecretKey {
    SecretKey::from_bytes([ATTESTOR; 32])
}

/// What a gateway seals of a day with this many slots.
fn bundle(network: ergon_types::Network, membership: Membership, slots: u32) -> Bundle {
    let id = membership.members[0].as_ref().unwrap().device;
    let header = Header {
        network: network.id(),
        device: id,
        epoch: EPOCH,
        counter: 1,
        nonce: Fr::from(0u64),
        salt: device().salt(Kind::Uptime.schema(), EPOCH),
    };
    let body = Body::Uptime((0..slots).collect::<Slots>());
    let packet = Packet::sign(Record { header, body }, &device());
    let seal = Seal {
        kind: Kind::Uptime,
        network: network.id(),
        epoch: EPOCH,
        cohort: membership.cohort,
        membership_root: membership.root(&network),
        witness_root: Fr::from(0u64),
        attestor: attestor().public(),
        salt: Fr::from(6u64),
        heads: vec![packet.record.message()],
        arrivals: vec![packet.record.slots()],
        witness_heads: Vec::new(),
    };
    Bundle {
        version: ergon_types::bundle::VERSION,
        kind: Kind::Uptime,
        network,
        epoch: EPOCH,
        membership,
        witnesses: None,
        policy: Policy::standard(Kind::Uptime),
        packets: vec![Some(packet)],
        witness_packets: Vec::new(),
        state: None,
        seal_signature: attestor().sign(&seal.message()),
        seal,
    }
}

fn json(run: Run) -> Value {
    serde_json::from_str(&run.succeeded().out).unwrap()
}

pub(crate) fn walks(binary: &Path) {
    let anvil = Anvil::start(binary);
    let chain: Arc<dyn Chain> = client(&anvil);
    let config = small(wait(chain.now()).unwrap() + 3_600);
    let rates = r#"uptime = "1000", coverage = "2000", energy = "4000""#;
    assert!(config.contains(rates));
    // So much that the day's work has the votes to change something.
    let more = r#"uptime = "3000", coverage = "6000", energy = "6000""#;
    let circuits = "\"uptime-1\"]";
    let evidence = r#""uptime-1", "energy-contradiction-2", "second-seal-2", "uptime-omission-1", "uptime-answer-1"]"#;
    let setting = Setting::new(&config.replace(rates, more).replace(circuits, evidence));
    let book = setting.path("book.json");
    setting.deploy(&["--rpc", &anvil.url, "--insecure", "--book", &book]).succeeded();
    let text = fs::read_to_string(&book).unwrap();
    let addresses: Book = serde_json::from_str(&text).unwrap();
    let network = ergon_types::Network {
        chain_id: addresses.network.chain_id,
        settlement: Address(addresses.network.settlement.into_array()),
        registry: Address(addresses.network.registry.into_array()),
    };
    let opened = wait(Network::open(Arc::clone(&chain), addresses.network)).unwrap();
    let params = keys::folder(&CIRCUITS);
    let params = params.folder();
    let roles = Roles { book: &book, url: &anvil.url, chain: chain.as_ref(), params };
    let membership = registry::enrol(&roles, DEVICE, ATTESTOR);
    let cohort = membership.cohort;
    let sealed = bundle(network, membership, 200);
    let (file, out) = (setting.path("bundle.json"), setting.path("submissions"));
    fs::write(&file, serde_json::to_string(&sealed).unwrap()).unwrap();
    run_with(params, &["prove", &file, "--prover", PROVER, "--out", &out]).succeeded();

    let act = |what: &str, given: &[&str], more: &[&str]| {
        let rpc = ["--rpc", &anvil.url];
        run_with(params, &[&[what, &book][..], given, &rpc, more].concat())
    };
    act("settle", &[&out], &[]).failed(7, &["opens for settlement", "the chain's clock"]);
    act("claim", &[&out], &[]).failed(7, &["do not stand"]);
    wait(chain.advance_to(opened.end_of(EPOCH))).unwrap();
    // What is no submission of this network stops nobody else.
    let bad = setting.path("bad.submission.json");
    fs::write(&bad, "{}").unwrap();
    let mixed = act("settle", &[&bad, &out], &["--json"]).failed(7, &["1 of 2", "settled"]);
    let mixed: Value = serde_json::from_str(&mixed.out).unwrap();
    assert_eq!(mixed["submissions"][0]["status"], "settled");
    assert_eq!(mixed["submissions"][0]["added"], "2500");
    assert_eq!(mixed["submissions"][1]["status"], "failed");
    let again = json(act("settle", &[&out], &["--json"]));
    assert_eq!(again["submissions"][0]["status"], "stands");
    let table = act("settle", &[&out], &[]).succeeded().out;
    assert!(table.starts_with("stands"), "{table}");

    act("claim", &[&out], &[]).failed(7, &["StillOpen"]);
    let closes = wait(opened.closes_at(EPOCH)).unwrap();
    wait(chain.advance_to(closes)).unwrap();
    let claimed = json(act("claim", &[&out], &["--json"]));
    let [owner, ..] = accounts::DEVELOPMENT_ACCOUNTS;
    let balance = wait(opened.balance_of(owner)).unwrap();
    let paid = &claimed["devices"][0];
    assert_eq!(paid["cohort"], cohort);
    assert_eq!(paid["paid"], balance.to_string());
    assert!(balance > U256::ZERO);
    assert_eq!(claimed["fees"].as_array().unwrap().len(), 1);
    assert_eq!(claimed["pools"].as_array().unwrap().len(), 1);
    let again = json(act("claim", &[&out], &["--json"]));
    assert_eq!((&again["pools"], &again["fees"]), (&serde_json::json!([]), &serde_json::json!([])));
    assert_eq!(again["devices"][0]["paid"], Value::Null);
    assert_eq!(wait(opened.balance_of(owner)).unwrap(), balance);
    let table = act("claim", &[&out], &[]).succeeded().out;
    assert!(table.contains("paid before"), "{table}");
    // The timelock takes over; from then on votes decide.
    setting.deploy(&["--rpc", &anvil.url, "--insecure", "--book", &book]).succeeded();
    registry::convicts(&roles, &sealed, DEVICE, ATTESTOR);
    roles::act(&roles);
    registry::accuses(&roles);
    registry::keeps(&roles);
}

pub(crate) fn input() {
    let setting = Setting::new("");
    let book = setting.path("book.json");
    for what in ["settle", "claim"] {
        let act = |given: &str| run_with(setting.folder.path(), &[what, &book, given]);
        let _ = fs::remove_file(&book);
        act("a.json").failed(3, &["book.json", "cannot be read"]);
        fs::write(&book, "{}").unwrap();
        act("a.json").failed(3, &["book.json", "ergon deploy", "network"]);
        let words = [what, &book];
        run_with(setting.folder.path(), &words).failed(2, &["SUBMISSION"]);
    }
}
