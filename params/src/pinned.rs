//! The digests of the constraint matrices of every circuit that networks use: their keys load without building them.

use ergon_circuits::CircuitId;

const DIGESTS: &str = include_str!("pinned.txt");

/// The digest of a circuit's matrices, if this program knows it by heart.
pub(crate) fn digest(circuit: CircuitId) -> Option<&'static str> {
    let circuit = circuit.to_string();
    DIGESTS.lines().find_map(|line| line.strip_prefix(&circuit)?.strip_prefix(' '))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;
    use ergon_circuits::Circuit;
    use rayon::prelude::*;

    /// A line that differs makes keys load with the matrices of another circuit; none of their proofs would verify.
    #[test]
    fn every_circuit_of_networks_has_the_digest_that_is_known_by_heart() {
        let circuits = CircuitId::TRIAL.into_iter().chain(CircuitId::EVIDENCE);
        let circuits: Vec<CircuitId> = circuits.chain(CircuitId::PRODUCTION).collect();
        let lines: Vec<String> = circuits
            .into_par_iter()
            .map(|id| format!("{id} {}\n", Shape::of(Circuit::blank(id)).unwrap().digest()))
            .collect();
        assert_eq!(lines.concat(), DIGESTS, "params/src/pinned.txt should be the former");
        assert_eq!(digest(CircuitId::membership(1)), None);
    }
}
