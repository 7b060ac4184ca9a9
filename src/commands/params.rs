//! `ergon params`: development keys, keys of ceremonies, and their check.

use crate::cli;
use ergon_circuits::{Circuit, CircuitId};
use ergon_params::{Ceremony, Key, Manifest, Params};
use ergon_prover::{Engine, ProverError, prove_circuit, try_key};

pub(crate) fn run(command: cli::Params) -> eyre::Result<()> {
    match command {
        cli::Params::Generate(arguments) => generate(arguments),
        cli::Params::Import(arguments) => import(arguments),
        cli::Params::Try(arguments) => trial(arguments),
        cli::Params::Verify(folder) => verify(folder),
        cli::Params::Lint(arguments) => lint(arguments),
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

fn import(arguments: cli::Import) -> eyre::Result<()> {
    let params = Params::resolve(arguments.folder.params)?;
    let (circuit, path) = (arguments.circuit, &arguments.zkey);
    let bytes = std::fs::read(path).map_err(|source| ProverError::Io {
        path: path.clone(),
        action: "read",
        source,
    })?;
    let key = Key::from_zkey(circuit, path, &bytes)?;
    // Whatever else is wrong with the file, a key that is kept can prove.
    prove_circuit(&Engine::new(&key)?, &Circuit::blank(circuit))?;
    let manifest = params.keep(&key)?;
    eprintln!(
        "{circuit}: key of {} contributions kept in {}; `snarkjs zkey verify` says whether they are genuine",
        key.contributions().unwrap_or_default(),
        params.folder().display()
    );
    print(&manifest, arguments.folder.json)
}

fn trial(arguments: cli::Try) -> eyre::Result<()> {
    let params = Params::resolve(arguments.folder.params)?;
    let (circuit, out) = (arguments.circuit, &arguments.out);
    try_key(&Engine::new(&params.load(circuit)?)?, out)?;
    if arguments.folder.json {
        let file = |kind: &str| out.join(format!("{circuit}.{kind}"));
        let files = serde_json::json!({
            "circuit": circuit,
            "witness": file("wtns"),
            "public": file("public.json"),
            "proof": file("proof.json"),
        });
        println!("{}", serde_json::to_string_pretty(&files)?);
    } else {
        println!(
            "{circuit}: an empty cohort is proven; proof, public inputs and witness are in {}",
            out.display()
        );
    }
    Ok(())
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

fn lint(arguments: cli::Lint) -> eyre::Result<()> {
    let params = Params::resolve(arguments.folder.params)?;
    let mut circuits = arguments.circuits;
    if circuits.is_empty() {
        let manifest = params.manifest()?;
        circuits = manifest.keys.iter().map(|key| key.circuit.parse()).collect::<Result<_, _>>()?;
    }
    for circuit in circuits {
        params.lint(circuit, arguments.insecure)?;
        if arguments.folder.json {
            println!("{}", serde_json::json!({ "circuit": circuit, "sound": true }));
        } else {
            println!("sound   {circuit}");
        }
    }
    Ok(())
}

fn print(manifest: &Manifest, json: bool) -> eyre::Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(manifest)?);
        return Ok(());
    }
    for entry in &manifest.keys {
        let hash = &entry.proving_key.sha256;
        let origin = match entry.origin.ceremony {
            Ceremony::Development => "development",
            Ceremony::Ceremony => "ceremony",
        };
        println!(
            "{:<14} {:>8} constraints  {origin:<11}  {hash}",
            entry.circuit, entry.constraints
        );
    }
    Ok(())
}
