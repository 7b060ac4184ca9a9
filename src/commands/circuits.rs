//! `ergon circuits`: exact constraint counts.

use crate::cli;
use ergon_circuits::{Circuit, CircuitId};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Circuits {
    circuits: Vec<Counts>,
}

#[derive(Serialize)]
struct Counts {
    system: &'static str,
    kind: String,
    members: usize,
    constraints: usize,
    variables: usize,
    nonzeros: usize,
    per_member: f64,
    /// Constraints by assertion label.
    gadgets: BTreeMap<&'static str, usize>,
}

pub(crate) fn run(arguments: &cli::Circuits) -> eyre::Result<()> {
    let circuits: Vec<Counts> = CircuitId::TRIAL.into_iter().map(count).collect();
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&Circuits { circuits })?);
        return Ok(());
    }
    println!(
        "{:<14} {:>11} {:>10} {:>10} {:>11}",
        "circuit", "constraints", "variables", "nonzeros", "per member"
    );
    for c in circuits {
        let name = format!("{}-{}", c.kind, c.members);
        println!(
            "{name:<14} {:>11} {:>10} {:>10} {:>11.1}",
            c.constraints, c.variables, c.nonzeros, c.per_member
        );
    }
    Ok(())
}

fn count(id: CircuitId) -> Counts {
    let system = Circuit::blank(id).synthesize();
    let mut gadgets = BTreeMap::new();
    for row in system.rows() {
        *gadgets.entry(row.label).or_default() += 1;
    }
    let name = id.to_string();
    let kind = name.rsplit_once('-').map_or(name.as_str(), |(kind, _)| kind);
    Counts {
        system: "groth16",
        kind: kind.to_owned(),
        members: id.members,
        constraints: system.rows().len(),
        variables: system.assignment().len(),
        nonzeros: system.rows().iter().map(|row| row.a.len() + row.b.len() + row.c.len()).sum(),
        per_member: system.rows().len() as f64 / id.members as f64,
        gadgets,
    }
}
