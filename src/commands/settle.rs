//! `ergon settle`: submissions go on the chain, each once, in the order that they need.

use crate::cli;
use crate::exit::message;
use crate::submissions::{Work, conclude};
use ergon_chain::Settling;
use serde::Serialize;
use std::path::PathBuf;

/// What became of a submission.
#[derive(Debug, Serialize)]
struct Line {
    submission: PathBuf,
    /// `settled`, `stands`, `better_stands` or `failed`.
    status: &'static str,
    /// Units that it added.
    added: Option<String>,
    transaction: Option<String>,
    gas: Option<u64>,
    error: Option<String>,
}

impl Line {
    fn of(submission: PathBuf, status: &'static str) -> Self {
        Self { submission, status, added: None, transaction: None, gas: None, error: None }
    }
}

pub(crate) async fn run(arguments: cli::OnChain) -> eyre::Result<()> {
    let work = Work::of(&arguments).await?;
    let mut lines = Vec::new();
    let mut failures = Vec::new();
    let batches: Vec<_> = work.given.iter().map(|given| &given.batch).collect();
    let done = work.network.settle_all_once(work.signer.account, &batches).await?;
    for (given, done) in work.given.iter().zip(done) {
        let path = given.path.clone();
        lines.push(match done {
            Ok(Settling::Sent { added, gas, transaction }) => {
                let (added, gas) = (Some(added.to_string()), Some(gas));
                let transaction = Some(transaction.to_string());
                Line { added, gas, transaction, ..Line::of(path, "settled") }
            }
            Ok(Settling::Stands) => Line::of(path, "stands"),
            Ok(Settling::BetterStands) => Line::of(path, "better_stands"),
            Err(error) => {
                failures.push((path, eyre::Report::new(error)));
                continue;
            }
        });
    }
    failures.extend(work.failures);
    let total = lines.len() + failures.len();
    lines.extend(failures.iter().map(|(path, error)| {
        let error = Some(message(error));
        Line { error, ..Line::of(path.clone(), "failed") }
    }));
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&serde_json::json!({ "submissions": lines }))?);
    } else {
        lines.iter().for_each(print);
    }
    conclude("settled", total, failures)
}

fn print(line: &Line) {
    let Line { submission, status, added, gas, error, .. } = line;
    let path = submission.display();
    match (added, gas, error) {
        (Some(added), Some(gas), _) => {
            println!("settled        {path}: {added} units for {gas} gas")
        }
        (_, _, Some(error)) => println!("failed         {path}: {error}"),
        _ => println!("{:<14} {path}", status.replace('_', " ")),
    }
}
