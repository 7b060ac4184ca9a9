//! `ergon deploy`: a network and what stands around it, from one file; interrupted, it goes on where it was.

mod file;
mod report;

use crate::convert::route;
use crate::exit::Unusable;
use crate::{cli, signer};
use ergon_chain::accounts::DEVELOPMENT_ACCOUNTS;
use ergon_chain::{Chain, ChainError, Embedded, Journal, JournalEntry, Plan, RouteConfig};
use ergon_chain::{deploy_whole, hand_over};
use ergon_params::{Access, Params, write_atomically};
use eyre::WrapErr;
use file::File;
use report::Report;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Time between an embedded deployment and epoch 0.
const LEAD: u64 = 6 * 3_600;

pub(crate) async fn run(arguments: cli::Deploy) -> eyre::Result<()> {
    let file = File::read(&arguments.config)?;
    let params = Params::resolve(arguments.folder.params.clone())?;
    let insecure = arguments.insecure || arguments.rpc.is_none();
    let routes = keys(&params, &file, insecure)?;
    let json = arguments.folder.json;
    let (Some(url), Some(book)) = (&arguments.rpc, &arguments.book) else {
        let plan = file.plan(DEVELOPMENT_ACCOUNTS[0], routes, true);
        return rehearse(&arguments.config, &plan).await?.print(json);
    };
    let signer = signer::connect(&arguments.signing, url).await?;
    let plan = file.plan(signer.account, routes, insecure);
    let journal = begin(&arguments.config, &plan, book, signer.chain.as_ref()).await?;
    let deployed = deploy_whole(signer.chain, &plan, journal.heard_by(say)).await?;
    let text = serde_json::to_string_pretty(&deployed.book)?;
    if std::fs::read_to_string(book).ok().as_ref() != Some(&text) {
        write_atomically(book, text.as_bytes(), Access::Public)
            .wrap_err_with(|| format!("cannot write the address book {}", book.display()))?;
    }
    let economy = deployed.book.economy.as_ref();
    let (handover, gas) = hand_over(&deployed.network, economy, plan.network.owner).await?;
    let mut transactions = deployed.gas;
    transactions.extend(gas.map(|gas| ("take over".to_owned(), gas)));
    Report::new(deployed.book, handover, transactions, Some(book.clone())).print(json)
}

/// Loads the key of each circuit and refuses one with a flaw.
fn keys(params: &Params, file: &File, insecure: bool) -> eyre::Result<Vec<RouteConfig>> {
    let load = |circuit: &_| {
        let key = params.load(*circuit)?;
        key.lint(insecure)?;
        Ok(route(&key))
    };
    file.circuits.iter().map(load).collect()
}

/// Opens the deployment's journal. A plan that nothing was sent of is tried out first: what the contracts refuse is
/// refused before anything is paid for.
async fn begin(
    config: &Path,
    plan: &Plan,
    book: &Path,
    chain: &dyn Chain,
) -> eyre::Result<Journal> {
    let mut path = book.as_os_str().to_owned();
    path.push(".journal");
    let path = PathBuf::from(path);
    if book.exists() && !path.exists() {
        let reason = format!(
            "an address book is here, but not {}, which says how it came to be; restore that, or give another --book",
            path.display()
        );
        return Err(Unusable::new(book, reason).into());
    }
    let subject = plan.subject(chain);
    let journal = Journal::open(&path, &subject).map_err(ChainError::from)?;
    if journal.is_begun() {
        return Ok(journal);
    }
    let now = chain.now().await?;
    if plan.network.genesis <= now {
        let reason = format!(
            "genesis: expected a time after now ({now}), found {}; what is deployed before epoch 0 holds from it on",
            plan.network.genesis
        );
        return Err(Unusable::new(config, reason).into());
    }
    let mut trial = plan.clone();
    trial.network.owner = DEVELOPMENT_ACCOUNTS[0];
    rehearse(config, &trial).await?;
    Ok(journal)
}

/// Deploys on an EVM in this process.
async fn rehearse(config: &Path, plan: &Plan) -> eyre::Result<Report> {
    let start = plan.network.genesis.saturating_sub(LEAD);
    let chain: Arc<dyn Chain> = Arc::new(Embedded::new(start));
    let deployed = deploy_whole(chain, plan, Journal::in_memory()).await.wrap_err_with(|| {
        format!("the contracts do not take what {} says; nothing was sent", config.display())
    })?;
    let economy = deployed.book.economy.as_ref();
    let (handover, _) = hand_over(&deployed.network, economy, plan.network.owner).await?;
    Ok(Report::new(deployed.book, handover, deployed.gas, None))
}

/// Progress: what is sent, and what it cost.
fn say(entry: &JournalEntry) {
    match entry {
        JournalEntry::Begun { .. } => {}
        JournalEntry::Sending { step, contract: Some(contract), .. } => {
            eprintln!("{step} at {contract}");
        }
        JournalEntry::Sending { step, contract: None, .. } => eprintln!("{step}"),
        JournalEntry::Done { gas: Some(gas), .. } => eprintln!("      {gas} gas"),
        JournalEntry::Done { step, gas: None, .. } => eprintln!("{step}: was done before"),
    }
}
