//! `ergon prove`: bundles become submissions.

mod metrics;
mod order;
mod progress;
mod report;

use crate::cli;
use crate::devices::{self, Gpu};
use crate::exit::{Interrupted, PartlyProven};
use crate::memory;
use crate::signals::asked_to_end;
use ergon_params::Params;
use ergon_prover::ProverError;
use ergon_prover::batch::{Job, Run};
use order::Order;
use progress::Progress;
use report::Report;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often folders are looked at.
const WATCH: Duration = Duration::from_millis(500);

pub(crate) async fn run(arguments: cli::Prove) -> eyre::Result<()> {
    let params = Params::resolve(arguments.folder.params.clone())?;
    let order = Order::of(&arguments)?;
    let memory = arguments.memory.map_or_else(memory::free, |mib| mib << 20);
    // Devices alone have none.
    let tables = if arguments.gpu == Gpu::Require { 0 } else { arguments.table_memory << 20 };
    if arguments.estimate {
        return report::estimate(&params, &order.bundles()?, memory, tables, arguments.folder.json);
    }
    let stop = Arc::new(AtomicBool::new(false));
    tokio::spawn(stop_on_signal(Arc::clone(&stop)));
    let workers = Arc::new(devices::workers(arguments.gpu)?.with_tables(tables));
    let progress = Arc::new(Progress::new(arguments.watch));
    if let Some(address) = arguments.metrics {
        metrics::serve(address, Arc::clone(&workers), Arc::clone(&progress)).await?;
    }
    let json = arguments.folder.json;
    let out = arguments.out.clone();
    let work = move || {
        let (out, prover) = (&arguments.out, order.prover);
        let (memory, params, workers) = (Some(memory), &params, &*workers);
        let run = Run { params, workers, out, prover, memory, stop: &stop };
        let jobs = prove(&run, &order, arguments.watch, &progress)?;
        progress.finish();
        eyre::Ok((Report::of(&jobs, &progress, workers.tally()), jobs))
    };
    let (report, jobs) = tokio::task::spawn_blocking(work).await??;
    report.print(json)?;
    conclude(jobs, out)
}

/// The first signal lets what was begun end, the second does not wait.
async fn stop_on_signal(stop: Arc<AtomicBool>) {
    while asked_to_end().await.is_ok() {
        if stop.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!("finishing the proofs under way; once more ends at once");
    }
}

fn prove(run: &Run<'_>, order: &Order, watch: bool, progress: &Progress) -> eyre::Result<Vec<Job>> {
    let mut jobs: Vec<Job> = Vec::new();
    loop {
        let mut bundles = order.bundles()?;
        bundles.retain(|bundle| jobs.iter().all(|job| job.bundle != *bundle));
        order.keep(run.out, &bundles)?;
        progress.expect(bundles.len());
        jobs.extend(run.prove(&bundles, &|event| progress.hear(&event)));
        if !watch || run.stop.load(Ordering::Relaxed) {
            return Ok(jobs);
        }
        std::thread::sleep(WATCH);
    }
}

/// The error that a run with these jobs ends with, if any.
fn conclude(jobs: Vec<Job>, out: PathBuf) -> eyre::Result<()> {
    let total = jobs.len();
    let mut errors: Vec<ProverError> =
        jobs.into_iter().filter_map(|job| job.result.err()).collect();
    let left = errors.iter().filter(|error| matches!(error, ProverError::Stopped)).count();
    match errors.len() {
        0 => Ok(()),
        _ if left > 0 => Err(Interrupted { left, total, out }.into()),
        1 if total == 1 => Err(errors.remove(0).into()),
        failed => Err(PartlyProven { failed, total }.into()),
    }
}
