//! `ergon demo`: the whole path in one process, on embedded defaults.
//!
//! reading → packet → admit → seal → witness → prove → submit → settle → claim

mod admit;
mod enrol;
mod network;
mod prove;
mod report;
mod reward;

use crate::stage::Stages;
use crate::{cli, devices, plan};
use ergon_fleet::Fleet;
use ergon_types::Kind;
use eyre::WrapErr;
use std::path::{Path, PathBuf};

/// The epoch that the demo lives through.
const EPOCH: u64 = 0;

/// Runs the demo and prints its report.
pub(crate) async fn run(arguments: cli::Demo) -> eyre::Result<()> {
    let stages = Stages::new(8);
    stages.begin("readings");
    let fleet = match &arguments.records {
        Some(folder) => Fleet::replay(folder, arguments.strict)?,
        None => Fleet::simulate(arguments.seed, &Kind::ALL, arguments.devices),
    };
    fleet.notes.iter().for_each(|note| stages.note(note));
    let plans = plan::cohorts(&fleet, &stages);

    stages.begin("keys");
    let accelerator = devices::first(arguments.gpu)?;
    let keys = network::Keys::load(arguments.params.clone(), &*accelerator, &stages)?;

    stages.begin("network and devices");
    let mut world = network::deploy(&keys, arguments.rpc.as_deref(), arguments.insecure).await?;
    let cohorts = enrol::all(&mut world, &keys, plans, arguments.seed, &stages).await?;

    stages.begin("packets");
    let folder = Folder::open(arguments.keep.as_deref())?;
    let sealed = admit::all(&world, &cohorts, &folder.path, &stages).await?;

    stages.begin("proofs");
    let proven = prove::all(&keys, &world, &sealed, &folder.path, &stages)?;

    stages.begin("settlement");
    let settled = reward::settle(&mut world, &proven, &stages).await?;

    stages.begin("rewards");
    let paid = reward::pay(&mut world, &cohorts, &proven, &stages).await?;

    stages.begin("report");
    let report = report::Report::new(&world, &keys, &cohorts, &proven, &settled, &paid)?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        report.print();
    }
    Ok(())
}

/// The demo's files: a folder that the user keeps, or one that goes away.
struct Folder {
    path: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Folder {
    fn open(keep: Option<&Path>) -> eyre::Result<Self> {
        if let Some(path) = keep {
            std::fs::create_dir_all(path)
                .wrap_err_with(|| format!("cannot create {}", path.display()))?;
            return Ok(Self { path: path.to_path_buf(), _temporary: None });
        }
        let temporary = tempfile::tempdir().wrap_err("cannot create a temporary folder")?;
        Ok(Self { path: temporary.path().to_path_buf(), _temporary: Some(temporary) })
    }
}
