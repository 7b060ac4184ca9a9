//! What was earned is staked, shared, spent on data and voted with, by the commands of each role.

use crate::deploy::wait;
use crate::registry::key_file;
use crate::run::{Run, run_with};
use ergon_chain::{Chain, accounts::DEVELOPMENT_ACCOUNTS};
use serde_json::Value;
use std::path::Path;

const DAY: u64 = 86_400;

/// A network on which the first development account, which signs, has earned something with device 1.
pub(crate) struct Roles<'a> {
    pub(crate) book: &'a str,
    pub(crate) url: &'a str,
    pub(crate) chain: &'a dyn Chain,
    pub(crate) params: &'a Path,
}

impl Roles<'_> {
    pub(crate) fn run(&self, role: &str, words: &[&str]) -> Run {
        run_with(self.params, &[&[role, self.book][..], words, &["--rpc", self.url]].concat())
    }

    pub(crate) fn json(&self, role: &str, words: &[&str]) -> Value {
        let run = self.run(role, &[words, &["--json"]].concat()).succeeded();
        serde_json::from_str(&run.out).unwrap()
    }

    pub(crate) fn later(&self, seconds: u64) {
        let now = wait(self.chain.now()).unwrap();
        wait(self.chain.advance_to(now + seconds)).unwrap();
    }
}

pub(crate) fn act(roles: &Roles<'_>) {
    stakes(roles);
    let asset = shares(roles);
    sells(roles, &asset);
    votes(roles);
}

pub(crate) fn tokens(whole: u64) -> String {
    format!("{whole}000000000000000000")
}

fn stakes(roles: &Roles<'_>) {
    roles.run("bond", &["stake", "frog:1", "1"]).failed(2, &["device:NUMBER"]);
    roles.run("bond", &["stake", "device:1", "1,5"]).failed(2, &["whole tokens", "0.5"]);
    let staked = roles.json("bond", &["stake", "device:1", "10"]);
    assert_eq!(staked["shares"], tokens(10));
    assert!(staked["gas"].as_u64().unwrap() > 50_000 && staked["transaction"].is_string());
    roles.json("bond", &["pay", "device:1", "5"]);
    assert_eq!(roles.json("bond", &["claim", "device:1"])["paid"], tokens(5));
    assert_eq!(roles.json("bond", &["unstake", "device:1", "4"])["leaving"], tokens(4));
    let shown = roles.json("bond", &["show", "device:1"]);
    assert_eq!((&shown["tokens"], &shown["suspension"]), (&tokens(6).into(), &Value::Null));
    let table = roles.run("bond", &["show", "device:1"]).succeeded().out;
    assert!(table.starts_with("6.000000 ERG staked, 4.000000 ERG leaving"), "{table}");
    roles.run("bond", &["withdraw", "device:1"]).failed(7, &["StillUnbonding"]);
    roles.run("bond", &["lift", "device:1"]).failed(7, &["NotSuspended"]);
    roles.run("device", &["suspend", "1"]).failed(7, &["WithoutCause"]);
}

fn votes(roles: &Roles<'_>) {
    assert_eq!(roles.json("vote", &["deposit", "2200"])["votes"], tokens(2_200));
    roles.later(60);
    let rate = ["rate", "uptime", "3001", "500"];
    let proposed = roles.json("vote", &[&["propose"][..], &rate].concat());
    let number = proposed["proposal"].as_str().unwrap();
    assert!(proposed["description"].as_str().unwrap().contains("following revenue by 500"));
    roles.run("vote", &["cast", number, "yes"]).failed(7, &["GovernorUnexpectedProposalState"]);
    roles.run("vote", &["cast", number, "maybe"]).failed(2, &["yes, no"]);
    roles.later(3 * DAY);
    roles.json("vote", &["cast", number, "yes"]);
    let queue = [&["queue"][..], &rate].concat();
    roles.run("vote", &queue).failed(7, &["GovernorUnexpectedProposalState"]);
    let other = ["queue", "number", "market/fee", "400"];
    roles.run("vote", &other).failed(7, &["GovernorNonexistentProposal"]);
    roles.later(8 * DAY);
    roles.json("vote", &queue);
    let execute = [&["execute"][..], &rate].concat();
    roles.run("vote", &execute).failed(7, &["TimelockUnexpectedOperationState"]);
    // A rate is changed once in thirty epochs.
    roles.later(30 * DAY);
    let done = roles.run("vote", &execute).succeeded().out;
    assert!(done.starts_with("it is done"), "{done}");
    roles.run("vote", &execute).failed(7, &["GovernorUnexpectedProposalState"]);
}

fn shares(roles: &Roles<'_>) -> String {
    let host = DEVELOPMENT_ACCOUNTS[6].to_string();
    roles.json("device", &["host", "1", &host, "505", "3"]);
    roles.run("device", &["host", "1", &host, "0", "0"]).failed(7, &["WrongHostTerms"]);
    roles.run("device", &["host", "1", &host, "100", "3"]).failed(7, &["HostHasTerm"]);
    let shown = roles.run("device", &["show", "1"]).succeeded().out;
    assert!(shown.contains(&format!("5.05 % of its rewards go to {host}")), "{shown}");
    let created = roles.json("asset", &["create", "Roof", "ROOF", "1000", "1"]);
    let asset = created["asset"].as_str().unwrap();
    roles.json("device", &["offer", "1", asset]);
    roles.json("asset", &["accept", asset, "0"]);
    let shown = roles.json("device", &["show", "1"]);
    assert_eq!(
        (&shown["operator"], &shown["cohort"], &shown["index"]),
        (&asset.into(), &1.into(), &0.into())
    );
    assert_eq!(roles.json("asset", &["issue", asset])["shares"], tokens(1_000));
    let other = DEVELOPMENT_ACCOUNTS[4].to_string();
    roles.json("asset", &["transfer", asset, &other, "250"]);
    // Tokens are no shares of an asset.
    roles.run("asset", &["transfer", &other, &other, "250"]).failed(3, &["factory", &other]);
    roles.run("asset", &["redeem", asset]).failed(7, &["NotAllShares"]);
    asset.to_owned()
}

fn sells(roles: &Roles<'_>, asset: &str) {
    let (gateway, host) =
        (DEVELOPMENT_ACCOUNTS[5].to_string(), DEVELOPMENT_ACCOUNTS[6].to_string());
    let buyer = DEVELOPMENT_ACCOUNTS[0].to_string();
    let data = format!("0x{}", "da".repeat(32));
    let mut terms = vec!["offer", &data, "day", "2", "--holders", asset, "--gateway", &gateway];
    terms.extend(["--host", &host, "--gateway-bps", "1000", "--host-bps", "500"]);
    let offer = roles.json("data", &terms)["offer"].to_string();
    let bought = roles.json("data", &["buy", &offer, "3"]);
    let purchase = bought["purchase"].as_str().unwrap();
    assert_eq!(roles.json("data", &["access", purchase, &buyer])["access"], true);
    assert_eq!(roles.json("data", &["access", purchase, &host])["access"], false);
    roles.later(DAY);
    roles.json("data", &["release", purchase]);
    let shown = roles.json("data", &["show", purchase]);
    assert_eq!((&shown["paid"], &shown["closed"]), (&tokens(6).into(), &false.into()));
    let released: u128 = shown["released"].as_str().unwrap().parse().unwrap();
    assert!(released >= 2_000_000_000_000_000_000, "{released}");
    roles.json("data", &["cancel", purchase]);
    assert_eq!(roles.json("data", &["access", purchase, &buyer])["access"], false);
    for payee in [asset, &gateway, &host, &buyer] {
        let paid: u128 =
            roles.json("data", &["fetch", payee])["paid"].as_str().unwrap().parse().unwrap();
        assert!(paid > 0, "{payee}");
    }
    let other = DEVELOPMENT_ACCOUNTS[4].to_string();
    let earned = roles.json("asset", &["claim", asset, "--holder", &other]);
    let paid: u128 = earned["paid"].as_str().unwrap().parse().unwrap();
    // A quarter of what the treasury, the gateway and the host leave of two tokens or a little more.
    assert!(paid > 390_000_000_000_000_000 && paid < 450_000_000_000_000_000, "{paid}");
    terms[2] = "megabyte";
    terms.extend(["--validity", "86400"]);
    let metered = roles.json("data", &terms)["offer"].to_string();
    let bought = roles.json("data", &["buy", &metered, "5"]);
    let metered = bought["purchase"].as_str().unwrap();
    let receipt = roles.json("data", &["receipt", metered, "3"]);
    let signature = receipt["signature"].as_str().unwrap();
    let gateway = ["--key-file", &key_file(roles, 5)];
    let served = |count| [&["served", metered, count, signature][..], &gateway].concat();
    roles.run("data", &served("4")).failed(7, &["ReceiptRejected"]);
    roles.json("data", &served("3"));
    let shown = roles.json("data", &["show", metered]);
    assert_eq!(shown["released"], tokens(6));
    roles.json("data", &["withdraw", &offer]);
    roles.run("data", &["buy", &offer, "1"]).failed(7, &["NoSuchOffer"]);
}
