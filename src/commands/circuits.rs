//! `ergon circuits`: exact constraint counts.

use crate::cli;
use ergon_circuits::{CircuitId, Counts};
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
    let ids = CircuitId::TRIAL.into_iter().chain(CircuitId::EVIDENCE).chain(CircuitId::PRODUCTION);
    if arguments.json {
        let circuits = ids.map(count).collect();
        println!("{}", serde_json::to_string_pretty(&Circuits { circuits })?);
        return Ok(());
    }
    println!(
        "{:<14} {:>11} {:>10} {:>10} {:>11}",
        "circuit", "constraints", "variables", "nonzeros", "per member"
    );
    for id in ids {
        let c = count(id);
        println!(
            "{id:<14} {:>11} {:>10} {:>10} {:>11.1}",
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
