//! `ergon bench`: provers side by side.

use crate::cli;
use ergon_benches::{BenchError, Case, Options, Report, run as compare};
use ergon_circuits::CircuitId;
use ergon_params::{Key, Params};
use std::path::PathBuf;

pub(crate) fn run(arguments: &cli::Bench) -> eyre::Result<()> {
    if arguments.zkey.is_some() && arguments.circuits.len() != 1 {
        eyre::bail!("a .zkey file is the key of one circuit: name exactly one");
    }
    let earlier = arguments.compare.as_ref().map(|path| Report::read(path)).transpose()?;
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let options = Options {
        rounds: arguments.rounds as usize,
        threads: arguments.threads.map_or_else(cores, |threads| threads as usize),
        external: arguments.against.clone(),
    };
    let mut reports = Vec::new();
    for circuit in &arguments.circuits {
        let key = keys(arguments, *circuit)?;
        let case = Case::new(key()?, arguments.zkey.clone());
        let report = compare(&key, &case, &options, |prover, round, seconds| {
            eprintln!("{circuit}: round {round} of {}: {prover} {seconds:.3} s", options.rounds);
        })?;
        if !arguments.folder.json {
            print!("{report}");
            for (prover, ratio) in earlier.iter().flat_map(|earlier| report.against(earlier)) {
                println!("  {prover}: {ratio:.2} times as fast as in the earlier result");
            }
        }
        reports.push(report);
    }
    if let Some(path) = &arguments.csv {
        Report::write_csv(&reports, path)?;
    }
    if arguments.folder.json {
        println!("{}", serde_json::to_string_pretty(&reports)?);
    }
    Ok(())
}

/// Reads a circuit's key, from the file given or from the folder of keys.
fn keys(
    arguments: &cli::Bench,
    circuit: CircuitId,
) -> eyre::Result<Box<dyn Fn() -> Result<Key, BenchError>>> {
    if let Some(path) = arguments.zkey.clone() {
        let read = move |path: &PathBuf| {
            let bytes = std::fs::read(path).map_err(|source| BenchError::Io {
                path: path.clone(),
                action: "read",
                source,
            })?;
            Ok(Key::from_zkey(circuit, path, &bytes)?)
        };
        return Ok(Box::new(move || read(&path)));
    }
    let params = Params::resolve(arguments.folder.params.clone())?;
    params.generate(&[circuit], |progress| eprintln!("{progress}"))?;
    Ok(Box::new(move || Ok(params.load(circuit)?)))
}
