//! `ergon circuits`: exact constraint counts, and circuits as files.

use crate::cli;
use ergon_circuits::{Circuit, CircuitId, Counts};
use ergon_params::{Access, Shape, r1cs_file, write_atomically};
use eyre::WrapErr;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Circuits {
    circuits: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    system: &'static str,
    kind: String,
    members: usize,
    constraints: usize,
    variables: usize,
    nonzeros: usize,
    per_member: f64,
    /// Constraints by gadget.
    gadgets: BTreeMap<&'static str, usize>,
}

pub(crate) fn run(arguments: &cli::Circuits) -> eyre::Result<()> {
    if let Some(cli::CircuitsCommand::Export(arguments)) = &arguments.command {
        return export(arguments);
    }
    let ids = CircuitId::TRIAL.into_iter().chain(CircuitId::EVIDENCE).chain(CircuitId::PRODUCTION);
    if arguments.json {
        let circuits = ids.map(count).collect();
        println!("{}", serde_json::to_string_pretty(&Circuits { circuits })?);
        return Ok(());
    }
    println!(
        "{:<24} {:>11} {:>10} {:>10} {:>11}",
        "circuit", "constraints", "variables", "nonzeros", "per member"
    );
    for id in ids {
        let c = count(id);
        println!(
            "{id:<24} {:>11} {:>10} {:>10} {:>11.1}",
            c.constraints, c.variables, c.nonzeros, c.per_member
        );
    }
    Ok(())
}

fn count(id: CircuitId) -> Entry {
    let Counts { constraints, variables, nonzeros, gadgets } = Counts::of(id);
    Entry {
        system: "groth16",
        kind: id.statement.to_string(),
        members: id.members,
        constraints,
        variables,
        nonzeros,
        per_member: constraints as f64 / id.members as f64,
        gadgets,
    }
}

fn export(arguments: &cli::Export) -> eyre::Result<()> {
    let shape = Shape::of(Circuit::blank(arguments.circuit))?;
    let file = r1cs_file(&shape);
    let path = arguments.out.join(format!("{}.r1cs", arguments.circuit));
    std::fs::create_dir_all(&arguments.out)
        .and_then(|()| write_atomically(&path, &file, Access::Public))
        .wrap_err_with(|| format!("cannot write {}", path.display()))?;
    let (constraints, power) = (shape.constraints(), shape.domain().ilog2());
    if arguments.json {
        let written = serde_json::json!({
            "circuit": arguments.circuit,
            "file": path,
            "constraints": constraints,
            "variables": shape.variables(),
            "public": shape.inputs() - 1,
            "power": power,
        });
        println!("{}", serde_json::to_string_pretty(&written)?);
    } else {
        println!(
            "{}: {constraints} constraints; a setup needs 2^{power} powers of tau",
            path.display()
        );
    }
    Ok(())
}
