//! `ergon params`: development keys and their check.

use crate::cli;
use ergon_circuits::CircuitId;
use ergon_params::{Manifest, Params};

pub(crate) fn run(command: cli::Params) -> eyre::Result<()> {
    match command {
        cli::Params::Generate(arguments) => generate(arguments),
        cli::Params::Verify(folder) => verify(folder),
    }
}

fn generate(arguments: cli::Generate) -> eyre::Result<()> {
    let params = Params::resolve(arguments.folder.params)?;
    let circuits =
        if arguments.circuits.is_empty() { CircuitId::TRIAL.to_vec() } else { arguments.circuits };
    let manifest = params.generate(&circuits, |progress| eprintln!("{progress}"))?;
    eprintln!("keys in {}: made on one machine, for trials only", params.folder().display());
    print(&manifest, arguments.folder.json)
}

fn verify(folder: cli::ParamsFolder) -> eyre::Result<()> {
    let params = Params::resolve(folder.params)?;
    let manifest = params.manifest()?;
    for entry in &manifest.keys {
        let circuit: CircuitId = entry.circuit.parse()?;
        params.load(circuit)?;
        eprintln!("{circuit}: key matches the manifest and this program's circuit");
    }
    print(&manifest, folder.json)
}

fn print(manifest: &Manifest, json: bool) -> eyre::Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(manifest)?);
        return Ok(());
    }
    for entry in &manifest.keys {
        let hash = &entry.proving_key.sha256;
        println!(
            "{:<14} {:>8} constraints  {:?}  {hash}",
            entry.circuit, entry.constraints, entry.ceremony
        );
    }
    Ok(())
}
