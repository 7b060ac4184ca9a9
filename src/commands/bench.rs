//! `ergon bench`: provers side by side.

use crate::cli;
use crate::devices;
use ergon_benches::{
    Again, BenchError, Case, Comparison, Earlier, External, Options, Report, alone, run as compare,
    snarkjs, write_page,
};
use ergon_circuits::CircuitId;
use ergon_params::{Key, Params};
use std::path::PathBuf;

pub(crate) fn run(arguments: &cli::Bench) -> eyre::Result<()> {
    if arguments.zkey.is_some() && arguments.circuits.len() != 1 {
        eyre::bail!("a .zkey file is the key of one circuit: name exactly one");
    }
    let options = options(arguments)?;
    if let Some((circuit, prover)) = &arguments.alone {
        let case = Case::new(*circuit, arguments.zkey.clone());
        let peak = alone(prover, &*keys(arguments, *circuit)?, &case, &options)?;
        peak.iter().for_each(|bytes| println!("{bytes}"));
        return Ok(());
    }
    let earlier = arguments.compare.as_ref().map(|path| Earlier::read(path)).transpose()?;
    // The same words, and at their end the circuit and the prover.
    let mut words: Vec<_> = std::env::args_os().skip(1).collect();
    words.push("--alone".into());
    let again = Again { program: std::env::current_exe()?, words };
    let mut reports = Vec::new();
    for circuit in &arguments.circuits {
        let key = keys(arguments, *circuit)?;
        let case = Case::new(*circuit, arguments.zkey.clone());
        let report = compare(&*key, &case, &options, Some(&again), |prover, round, seconds| {
            eprintln!("{circuit}: round {round} of {}: {prover} {seconds:.3} s", options.rounds);
        })?;
        if !arguments.folder.json {
            print!("{report}");
            earlier.iter().filter_map(|earlier| earlier.compare(&report)).for_each(say);
        }
        reports.push(report);
    }
    if let Some(path) = &arguments.csv {
        Report::write_csv(&reports, path)?;
    }
    if let Some(folder) = &arguments.report {
        let page = write_page(&reports, folder)?;
        eprintln!("wrote {}", page.display());
    }
    if arguments.folder.json {
        println!("{}", Report::json(&reports)?);
    }
    Ok(())
}

fn options(arguments: &cli::Bench) -> eyre::Result<Options> {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let mut external = arguments.against.clone();
    external.extend(their_prover(arguments)?);
    Ok(Options {
        rounds: arguments.rounds as usize,
        threads: arguments.threads.map_or_else(cores, |threads| threads as usize),
        batch: arguments.batch as usize,
        only: arguments.only.clone(),
        table_memory: arguments.table_memory << 20,
        devices: devices::trusted(arguments.gpu)?,
        external,
    })
}

/// snarkjs, if it is wanted, here, and has a key that it can read.
fn their_prover(arguments: &cli::Bench) -> eyre::Result<Option<External>> {
    let wanted = match arguments.snarkjs {
        cli::Join::Off => return Ok(None),
        cli::Join::Auto => false,
        cli::Join::Require => true,
    };
    if arguments.zkey.is_none() && !wanted {
        return Ok(None);
    }
    let found = snarkjs();
    match found {
        None if wanted => eyre::bail!("snarkjs was not found: install Node.js and run tools/setup"),
        None => eprintln!("snarkjs is left out: install Node.js and run tools/setup"),
        Some(_) => {}
    }
    Ok(found)
}

fn say(comparison: Comparison) {
    for (prover, times) in comparison.times {
        println!("  {prover}: {times:.2} times as fast as in the earlier result");
    }
    if !comparison.differences.is_empty() {
        println!("  the earlier result has another {}", comparison.differences.join(", "));
    }
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
