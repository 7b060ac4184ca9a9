//! Which assertion stops an input, with the check that both backends agree on whether one does.

use ergon_circuits::{Input, Statement, StatementName};
use ergon_types::Fr;

/// The label of the first constraint that an input breaks; checks that the native rules agree.
pub(crate) fn broken(input: Input) -> Option<&'static str> {
    let statement = Statement::from_input(input.clone());
    assert!(matches!(statement.id().statement, StatementName::Kind(_)));
    let circuit = statement.circuit(Fr::from(1_000_003u64));
    let system = circuit.synthesize();
    assert_eq!(
        circuit.assignment(0),
        system.assignment(),
        "values alone are those of the constraints"
    );
    let constrained = system.first_unsatisfied().map(|row| row.label);
    let native = ergon_circuits::failures(&input).first().map(|failure| failure.label);
    assert_eq!(constrained.is_some(), native.is_some(), "{constrained:?} / {native:?}");
    constrained
}
