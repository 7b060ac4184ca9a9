//! What circuits cost: a snapshot that drifts only on purpose, within the budgets.

use ergon_circuits::{Circuit, CircuitId, Counts, StatementName, WITNESSES};
use ergon_types::Kind;
use std::collections::BTreeMap;

/// Most constraints of a member, everything included, at 64 members and more; a witness's are beside them.
const BUDGETS: [(&str, usize); 8] = [
    ("membership", 300),
    ("uptime", 4_000),
    ("coverage", 7_000),
    ("energy", 6_500),
    ("uptime-omission", 500),
    ("coverage-omission", 400),
    ("energy-omission", 400),
    ("witness-omission", 250),
];
/// Most constraints of one signature.
const SIGNATURE: usize = 2_500;

fn counts() -> Vec<(CircuitId, Counts)> {
    let ids = CircuitId::TRIAL.into_iter().chain(CircuitId::EVIDENCE).chain(CircuitId::PRODUCTION);
    ids.map(|id| (id, Counts::of(id))).collect()
}

#[test]
fn values_alone_are_those_of_the_constraints() {
    for id in CircuitId::TRIAL.into_iter().chain(CircuitId::EVIDENCE) {
        let circuit = Circuit::blank(id);
        assert_eq!(circuit.assignment(0), circuit.synthesize().assignment(), "{id}");
    }
}

#[test]
fn counts_are_as_recorded_and_within_the_budgets() {
    let budgets = BTreeMap::from(BUDGETS);
    let mut lines = Vec::new();
    for (id, counts) in counts() {
        let Counts { constraints, variables, nonzeros, gadgets } = counts;
        lines.push(format!("{id} {constraints} {variables} {nonzeros}"));
        if id.members >= 64 {
            let budget = budgets[id.statement.to_string().as_str()] * id.members;
            assert!(constraints <= budget, "{id}: {constraints} above {budget}");
        }
        let sum: usize = gadgets.values().sum();
        assert_eq!(sum, constraints, "{id}: gadgets");
        if let Some(all) = gadgets.get("signature") {
            let signatures = match id.statement {
                StatementName::Kind(Kind::Coverage) => id.members + WITNESSES + 1,
                StatementName::Contradiction(_) | StatementName::SecondSeal => id.members,
                StatementName::Omission(_) => 2,
                StatementName::Answer(_) => 1,
                _ => id.members + 1,
            };
            assert_eq!(all % signatures, 0, "{id}");
            lines.push(format!("{id} signature {}", all / signatures));
            assert!(all / signatures <= SIGNATURE);
        }
    }
    let recorded: Vec<_> = include_str!("constraints.txt").lines().collect();
    assert_eq!(
        lines.join("\n"),
        recorded.join("\n"),
        "counts drifted: update constraints.txt on purpose"
    );
}
