//! What a deployment did, for people and as JSON.

use ergon_chain::{Address, Book, Handover};
use serde::Serialize;
use std::path::PathBuf;

/// What a deployment did and left.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// Whether it was on an embedded chain that is gone.
    dry_run: bool,
    /// The address book's file.
    file: Option<PathBuf>,
    book: Book,
    handover: Handover,
    /// Of this run.
    transactions: Vec<Transaction>,
}

#[derive(Debug, Serialize)]
struct Transaction {
    action: String,
    gas: u64,
}

impl Report {
    pub(super) fn new(
        book: Book,
        handover: Handover,
        transactions: Vec<(String, u64)>,
        file: Option<PathBuf>,
    ) -> Self {
        let transactions =
            transactions.into_iter().map(|(action, gas)| Transaction { action, gas }).collect();
        Self { dry_run: file.is_none(), file, book, handover, transactions }
    }

    pub(super) fn print(&self, json: bool) -> eyre::Result<()> {
        if json {
            println!("{}", serde_json::to_string_pretty(self)?);
            return Ok(());
        }
        for (name, address) in self.addresses()? {
            println!("{name:<24} {address}");
        }
        if self.file.is_none() {
            for Transaction { action, gas } in &self.transactions {
                println!("{gas:>11}  {action}");
            }
        }
        let gas: u64 = self.transactions.iter().map(|transaction| transaction.gas).sum();
        match (&self.file, self.transactions.len()) {
            (None, count) => println!(
                "dry run: {count} transactions, {gas} gas; nothing is deployed. --rpc URL --book FILE deploys"
            ),
            (Some(file), 0) => println!("nothing to do: all of {} is verified", file.display()),
            (Some(file), count) => println!(
                "deployed and verified: {count} transactions, {gas} gas; address book in {}",
                file.display()
            ),
        }
        match self.handover {
            Handover::None => {}
            Handover::Done => println!("the timelock owns what is governed"),
            Handover::Waits { until } => println!(
                "the timelock takes over from {until} on (seconds since 1970); run the same command again then"
            ),
        }
        Ok(())
    }

    /// Each contract's name and address.
    fn addresses(&self) -> eyre::Result<Vec<(String, String)>> {
        let network = &self.book.network;
        let named = [
            ("token", network.token),
            ("router", network.router),
            ("registry", network.registry),
            ("settlement", network.settlement),
            ("distributor", network.distributor),
        ];
        let mut all: Vec<_> =
            named.map(|(name, address)| (name.to_owned(), address.to_string())).into();
        let verifier = |label: &str| format!("verifier of {label}");
        all.extend(network.routes.iter().map(|r| (verifier(&r.label), r.verifier.to_string())));
        // Whatever the book lists.
        if let serde_json::Value::Object(economy) = serde_json::to_value(&self.book.economy)? {
            for (name, address) in economy {
                let address: Address = serde_json::from_value(address)?;
                all.push((name, address.to_string()));
            }
        }
        Ok(all)
    }
}
