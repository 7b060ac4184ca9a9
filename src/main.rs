//! The command `ergon`: parses, calls the libraries, prints.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod acting;
mod amount;
mod cli;
mod commands;
mod convert;
mod demo;
mod devices;
mod exit;
mod memory;
mod plan;
mod private;
mod senders;
mod signals;
mod signer;
mod stage;
mod submissions;

use clap::Parser;
use cli::{Cli, Command};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            eprintln!("error: {}", exit::message(&report));
            exit::code(&report)
        }
    }
}

fn run(cli: Cli) -> eyre::Result<()> {
    match cli.command {
        Command::Params(command) => commands::params::run(command),
        Command::Prove(arguments) => asynchronous(commands::prove::run(arguments)),
        Command::Bench(arguments) => commands::bench::run(&arguments),
        Command::Doctor(arguments) => commands::doctor::run(&arguments),
        Command::State(arguments) => commands::state::run(&arguments),
        Command::Witness(arguments) => commands::witness::run(&arguments),
        Command::Verify(arguments) => asynchronous(commands::verify::run(&arguments)),
        Command::Circuits(arguments) => commands::circuits::run(&arguments),
        Command::Deploy(arguments) => asynchronous(commands::deploy::run(arguments)),
        Command::Settle(arguments) => asynchronous(commands::settle::run(arguments)),
        Command::Claim(arguments) => asynchronous(commands::claim::run(arguments)),
        Command::Bond(arguments) => asynchronous(commands::bond::run(arguments)),
        Command::Asset(arguments) => asynchronous(commands::asset::run(arguments)),
        Command::Data(arguments) => asynchronous(commands::data::run(arguments)),
        Command::Vote(arguments) => asynchronous(commands::vote::run(arguments)),
        Command::Device(arguments) => asynchronous(commands::device::run(arguments)),
        Command::Registry(arguments) => asynchronous(commands::registry::run(arguments)),
        Command::Evidence(arguments) => asynchronous(commands::evidence::run(arguments)),
        Command::Demo(arguments) => asynchronous(demo::run(arguments)),
        Command::Fleet(command) => asynchronous(commands::fleet::run(command)),
        Command::Gateway(arguments) => asynchronous(commands::gateway::run(arguments)),
    }
}

fn asynchronous(work: impl Future<Output = eyre::Result<()>>) -> eyre::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
