//! `ergon prove`: bundles become submissions.

use crate::cli;
use crate::exit::PartlyProven;
use ergon_params::Params;
use ergon_prover::batch::{Status, prove_batch};
use serde::Serialize;

#[derive(Serialize)]
struct Line {
    bundle: String,
    submission: Option<String>,
    status: &'static str,
    error: Option<String>,
}

pub(crate) fn run(arguments: &cli::Prove) -> eyre::Result<()> {
    let params = Params::resolve(arguments.folder.params.clone())?;
    let jobs = prove_batch(&arguments.bundles, &params, &arguments.out, arguments.prover);
    let total = jobs.len();
    let mut lines = Vec::new();
    let mut errors = Vec::new();
    for job in jobs {
        let bundle = job.bundle.display().to_string();
        lines.push(match job.result {
            Ok((path, status)) => {
                let status = match status {
                    Status::Proven => "proven",
                    Status::Kept => "kept",
                };
                Line { bundle, submission: Some(path.display().to_string()), status, error: None }
            }
            Err(error) => {
                let text = error.to_string();
                errors.push(error);
                Line { bundle, submission: None, status: "failed", error: Some(text) }
            }
        });
    }
    if arguments.folder.json {
        println!("{}", serde_json::to_string_pretty(&lines)?);
    } else {
        for line in &lines {
            let what = line.submission.as_ref().or(line.error.as_ref());
            println!("{:<7} {}: {}", line.status, line.bundle, what.map_or("", String::as_str));
        }
    }
    match errors.len() {
        0 => Ok(()),
        1 if total == 1 => Err(errors.remove(0).into()),
        failed => Err(PartlyProven { failed, total }.into()),
    }
}
