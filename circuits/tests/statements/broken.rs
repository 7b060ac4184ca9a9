//! Which assertion stops an input, with the check that both backends agree on whether one does.

use ergon_circuits::{Input, Statement, StatementName};
use ergon_types::Fr;

/// The label of the first constraint that an input breaks; checks that the native rules agree.
pub(crate) fn broken(input: Input) -> Option<&'static str> {
    let statement = Statement::from_input(input.clone());
    assert!(matches!(statement.id().statement, StatementName::Kind(_)));
    let system = statement.circuit(Fr::from(1_000_003u64)).synthesize();
    let constrained = system.first_unsatisfied().map(|row| row.label);
    let native = ergon_circuits::failures(&input).first().map(|failure| failure.label);
    assert_eq!(constrained.is_some(), native.is_some(), "{constrained:?} / {native:?}");
    constrained
}
