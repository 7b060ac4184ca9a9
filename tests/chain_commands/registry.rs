//! The registry is kept by commands: attestors, cohorts, devices with and without secure elements, keys, memberships;
//! and bonds are slashed for what devices and attestors signed.

use crate::roles::{Roles, tokens};
use ergon_chain::{U256, accounts};
use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::{Ack, Body, Bundle, Fr, Header, Membership, Packet, Record, Schema, SecretKey};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::ops::Neg as _;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;

const DAY: u64 = 86_400;
const OWNER: usize = 0;
const ACCUSER: usize = 1;
const DECIDER: usize = 2;
const OPERATOR: usize = 3;

fn secret(seed: u8) -> SecretKey {
    SecretKey::from_bytes([seed; 32])
}

fn public(seed: u8) -> String {
    hex::encode(secret(seed).public().to_bytes())
}

fn account(place: usize) -> String {
    accounts::DEVELOPMENT_ACCOUNTS[place].to_string()
}

/// An uptime cohort of one place with the device's key of this seed, committed.
pub(crate) fn enrol(roles: &Roles<'_>, device: u8, attestor: u8) -> Membership {
    let registered = roles.json("registry", &["attestor", &account(OPERATOR), &public(attestor)]);
    assert_eq!(registered["attestor"], 1);
    let cohort = ["cohort", "uptime", "1", "--attestor", "1"];
    assert_eq!(roles.json("registry", &cohort)["cohort"], 1);
    let enrol = ["enrol", "1", &account(OWNER), &public(device)];
    let enrolled = roles.json("registry", &enrol);
    assert_eq!((&enrolled["device"], &enrolled["index"]), (&1.into(), &0.into()));
    roles.run("registry", &enrol).failed(7, &["CohortFull"]);
    roles.run("registry", &["enrol", "1", &account(OWNER), "12"]).failed(2, &["KEY"]);
    assert_eq!(roles.json("registry", &["commit", "1"])["from_epoch"], 0);
    roles.run("registry", &["commit", "1"]).failed(7, &["NothingToCommit"]);
    let members = roles.run("registry", &["members", "1"]).succeeded().out;
    serde_json::from_str(&members).unwrap()
}

/// A file beside the address book.
fn file(roles: &Roles<'_>, name: &str, content: &str) -> String {
    let path = std::path::Path::new(roles.book).with_file_name(name);
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A file with an account's private key.
pub(crate) fn key_file(roles: &Roles<'_>, place: usize) -> String {
    let key = accounts::development_signers().unwrap()[place].to_bytes();
    file(roles, &format!("key-{place}"), &key.to_string())
}

/// A secure element's or an issuer's key.
struct Element(SigningKey);

impl Element {
    fn new(seed: u8) -> Self {
        Self(SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    fn key(&self) -> String {
        hex::encode(self.0.verifying_key().to_encoded_point(false).as_bytes())
    }

    /// Of the two signatures of a digest the one that contracts refuse: elements give either.
    fn sign(&self, digest: &str) -> String {
        let digest = hex::decode(digest.trim_start_matches("0x")).unwrap();
        let signature: Signature = self.0.sign_prehash(&digest).unwrap();
        let low = signature.normalize_s().unwrap_or(signature);
        let high = Signature::from_scalars(low.r().to_bytes(), low.s().neg().to_bytes()).unwrap();
        hex::encode(high.to_bytes())
    }
}

pub(crate) fn keeps(roles: &Roles<'_>) {
    let (issuer, element) = (Element::new(21), Element::new(22));
    let added = roles.json("registry", &["add-issuer", &issuer.key()]);
    let create = ["cohort", "uptime", "1", "--attestor", "1"];
    let cohort = roles.json("registry", &create)["cohort"].to_string();
    roles.json("registry", &["open", &cohort]);
    let hardware = &element.key()[2..];
    let certificate = ergon_chain::Certificate {
        hardware: ergon_chain::P256Key {
            x: U256::from_str_radix(&hardware[..64], 16).unwrap(),
            y: U256::from_str_radix(&hardware[64..], 16).unwrap(),
        },
        kind: 1,
        nameplate: 0,
        region: 0,
        position: 0,
    };
    let certified = ergon_chain::certificate_digest(&certificate).to_string();
    let digest = roles.json("device", &["digest", &public(23)]);
    let mut device = json!({
        "key": public(23),
        "hardware": element.key(),
        "kind": "uptime",
        "issuer": added["issuer"],
        "by_issuer": issuer.sign(&certified),
        "by_hardware": element.sign(digest["digest"].as_str().unwrap()),
    });
    let path = file(roles, "device.json", &device.to_string());
    let enrolled = roles.json("device", &["enrol", &cohort, &path]);
    let number = enrolled["device"].to_string();
    // What it signed was for one nonce.
    roles.run("device", &["enrol", &cohort, &path]).failed(7, &["HardwareUsed"]);
    device["kind"] = "frog".into();
    file(roles, "device.json", &device.to_string());
    roles.run("device", &["enrol", &cohort, &path]).failed(3, &["device.json: kind"]);

    let digest = roles.json("device", &["digest", &public(24), "--rotation"]);
    let signature = element.sign(digest["digest"].as_str().unwrap());
    let rotate = ["rotate", &number, &public(24), &element.key(), &signature];
    assert!(roles.json("device", &rotate)["from_epoch"].as_u64().unwrap() > 0);
    roles
        .run("device", &["rotate", &number, &public(25), "04", &signature])
        .failed(2, &["x and y"]);

    // As an asset's it gets another key on the same element's word, whoever brings it.
    roles.later(8 * DAY);
    roles.json("registry", &["commit", &cohort]);
    let asset = roles.json("asset", &["create", "Gate", "GATE", "1", &number]);
    let asset = asset["asset"].as_str().unwrap();
    roles.json("device", &["offer", &number, asset]);
    roles.json("asset", &["accept", asset, "0"]);
    let digest = ["digest", &public(25), "--rotation", "--operator", asset];
    let signature = element.sign(roles.json("device", &digest)["digest"].as_str().unwrap());
    let rotate = ["rotate", asset, &number, &public(25), &element.key(), &signature];
    assert!(roles.json("asset", &rotate)["from_epoch"].as_u64().unwrap() > 0);
    roles.json("registry", &["close", &cohort]);

    // Without a secure element the owner grants what the operator asked for, seven epochs after it last did.
    roles.later(8 * DAY);
    let cohort = roles.json("registry", &create)["cohort"].to_string();
    let enrol = ["enrol", &cohort, &account(OWNER), &public(26)];
    let plain = roles.json("registry", &enrol)["device"].to_string();
    roles.run("registry", &["grant", &plain, &public(27)]).failed(7, &["NotRequested"]);
    roles.json("device", &["request-key", &plain, &public(27)]);
    let granted = roles.json("registry", &["grant", &plain, &public(27)]);
    assert!(granted["from_epoch"].as_u64().unwrap() > 0);
    roles.json("registry", &["revoke-issuer", &added["issuer"].to_string()]);
    device["kind"] = "uptime".into();
    file(roles, "device.json", &device.to_string());
    roles.run("device", &["enrol", &cohort, &path]).failed(7, &["CohortClosed"]);
    device["nameplate"] = 5.into();
    file(roles, "device.json", &device.to_string());
    roles.run("device", &["enrol", &cohort, &path]).failed(3, &["nameplate", "not of this kind"]);
    let stranger = key_file(roles, ACCUSER);
    let close = ["close", &cohort, "--key-file", &stranger];
    roles.run("registry", &close).failed(7, &["only the owner", &account(OWNER)]);
}

/// A meter whose two records contradict each other, a place sealed as nothing, and two seals of one epoch.
pub(crate) fn convicts(roles: &Roles<'_>, sealed: &Bundle, device: u8, attestor: u8) {
    let cohort =
        roles.json("registry", &["cohort", "energy", "1", "--attestor", "1"])["cohort"].to_string();
    let meter = roles.json("registry", &["enrol", &cohort, &account(OWNER), &public(31), "6000"]);
    let number = meter["device"].as_u64().unwrap();
    let (bond, attestors) = (format!("device:{number}"), "attestor:1");
    roles.json("bond", &["stake", &bond, "10"]);
    roles.json("bond", &["stake", attestors, "100"]);
    let network = sealed.network.id();
    let packet = |key: &SecretKey, device, schema, counter, body| {
        let nonce = Fr::from(0u64);
        let salt = key.salt(schema, sealed.epoch);
        let header = Header { network, device, epoch: sealed.epoch, counter, nonce, salt };
        Packet::sign(Record { header, body }, key)
    };
    let packets = [7, 8].map(|delta| {
        let mut meter = Meter { generation: 1, start: 1000, end: 2000, ..Meter::default() };
        meter.quarters[17] = Quarter { present: true, tamper: false, delta };
        packet(&secret(31), number, Schema::Energy, u64::from(delta), Body::Energy(meter))
    });
    let record = file(roles, "record.json", &json!({ "evidence": packets }).to_string());
    let shown = roles.json("evidence", &["contradiction", &record]);
    assert_eq!(shown["slashed"], tokens(1));
    roles.run("evidence", &["contradiction", &record]).failed(7, &["AlreadyReported"]);
    let struck = roles.json("evidence", &["strike", &record]);
    assert_eq!((&struck["device"], &struck["epoch"]), (&number.into(), &sealed.epoch.into()));
    roles.run("evidence", &["strike", &record]).failed(3, &["is struck already"]);

    let last = sealed.packets[0].clone().unwrap();
    let head = last.record.message();
    let of = (last.record.header.device, Schema::Uptime, sealed.epoch);
    let ack = Ack::sign(&secret(attestor), network, of, head, 3, Fr::from(1u64));
    let kept = file(roles, "kept.json", &json!({ "ack": ack, "packet": last }).to_string());
    let mut without = sealed.clone();
    without.seal.heads[0] = Fr::from(0u64);
    (without.seal.arrivals[0], without.packets[0]) = (Default::default(), None);
    without.seal_signature = secret(attestor).sign(&without.seal.message());
    let honest = file(roles, "honest.json", &serde_json::to_string(sealed).unwrap());
    let emptied = file(roles, "emptied.json", &serde_json::to_string(&without).unwrap());
    roles.run("evidence", &["omission", &honest, &kept]).failed(3, &["nothing is missing"]);
    roles
        .run("evidence", &["omission", &honest, &record])
        .failed(3, &["expected `ack` and `packet`"]);
    let reporter = account(7);
    let omission = ["omission", &emptied, &kept, "--reporter", &reporter];
    assert_eq!(roles.json("evidence", &omission)["slashed"], tokens(10));
    roles.run("evidence", &["punish", &emptied, "1", "1"]).failed(7, &["NotDue"]);
    roles
        .run("evidence", &["punish", &emptied, "77", "1"])
        .failed(3, &["not in the sealed membership"]);
    roles.run("evidence", &["answer", &emptied, "1"]).failed(3, &["it seals the device as 0"]);

    // The record that was sealed comes before the acknowledged one: it is no answer, and in two days it costs.
    let mut next = last.record.clone();
    next.header.counter += 1;
    let (of, head) = ((next.header.device, Schema::Uptime, sealed.epoch + 1), Fr::from(2u64));
    next.header.epoch += 1;
    let packet = Packet::sign(next, &secret(device));
    let ack = Ack::sign(&secret(attestor), network, of, packet.record.message(), 3, head);
    let kept = file(roles, "next.json", &json!({ "ack": ack, "packet": packet }).to_string());
    let mut later = sealed.clone();
    (later.epoch, later.seal.epoch) = (sealed.epoch + 1, sealed.epoch + 1);
    let mut stale = last.record.clone();
    stale.header.epoch += 1;
    let stale = Packet::sign(stale, &secret(device));
    (later.seal.heads[0], later.packets[0]) = (stale.record.message(), Some(stale));
    later.seal_signature = secret(attestor).sign(&later.seal.message());
    let later = file(roles, "later.json", &serde_json::to_string(&later).unwrap());
    let shown = roles.json("evidence", &["omission", &later, &kept, "--reporter", &reporter]);
    assert!(shown["due"].as_u64().unwrap() > 0, "{shown}");
    // It answers for what it replaced, and that is less.
    roles.json("evidence", &["answer", &later, "1"]);
    roles.run("evidence", &["collect", &later, "1", "2"]).failed(7, &["NotAnswered"]);
    roles.later(2 * DAY);
    let punished = roles.json("evidence", &["punish", &later, "1", "2"]);
    assert_eq!(punished["slashed"], tokens(9));

    let seals = ["second-seal", &honest, &emptied, "--reporter", &reporter];
    assert_eq!(roles.json("evidence", &seals)["slashed"], "16200000000000000000");
    roles.run("evidence", &["second-seal", &honest, &honest]).failed(3, &["the same content"]);
    let mut foreign = sealed.clone();
    foreign.seal.attestor = secret(device).public();
    let foreign = file(roles, "foreign.json", &serde_json::to_string(&foreign).unwrap());
    roles
        .run("evidence", &["second-seal", &foreign, &honest])
        .failed(3, &["not sealed by attestor 1"]);
}

/// An accuser signs, anyone brings it, the decider finds nothing.
pub(crate) fn accuses(roles: &Roles<'_>) {
    let now = crate::deploy::wait(roles.chain.now()).unwrap();
    let (reason, deadline) = (format!("0x{}", "5e".repeat(32)), (now + 10 * DAY).to_string());
    let words = ["accuse", "device:1", &reason, &deadline];
    let signed = |file: &str| roles.json("bond", &[&words[..], &["--key-file", file]].concat());
    let accused = signed(&key_file(roles, ACCUSER));
    assert_eq!(accused["accuser"], account(ACCUSER));
    let suspend = |accused: &Value| {
        let [accuser, signature] =
            ["accuser", "signature"].map(|name| accused[name].as_str().unwrap());
        roles.run("bond", &["suspend", "device:1", &reason, &deadline, accuser, signature])
    };
    suspend(&signed(&key_file(roles, OPERATOR))).failed(7, &["NotAccused"]);
    suspend(&accused).succeeded();
    let shown = roles.json("bond", &["show", "device:1"]);
    assert_eq!(shown["suspension"]["reason"], reason);
    roles.run("bond", &["lift", "device:1"]).failed(7, &["NotDecider"]);
    roles.json("bond", &["lift", "device:1", "--key-file", &key_file(roles, DECIDER)]);
}
