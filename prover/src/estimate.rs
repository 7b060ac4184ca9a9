//! Memory that proving a circuit takes, from what the manifest says of its key: known before the key is read.

use ergon_params::Entry;
use serde::Serialize;

/// Bytes of a point's serialisation in the first and in the second group.
const POINT: [u64; 2] = [64, 128];
/// Public variables, which have a place in the domain too.
const INSTANCE: u64 = 4;
/// Multiples of a point beside itself that tables can have.
const MOST_MULTIPLES: u64 = 63;
/// Bytes of a field element.
const ELEMENT: u64 = 32;
/// Upper bounds, in bytes, for the processor's fastest way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// Points of the evaluation domain.
    pub domain: u64,
    /// Variables.
    pub variables: u64,
    /// While the key is read and laid out.
    pub loading: u64,
    /// The key, ready, with its tables.
    pub key: u64,
    /// Multiples of the key's points.
    pub tables: u64,
    /// A proof in the making.
    pub proof: u64,
}

impl Estimate {
    /// For the key of a manifest's entry, with up to so many bytes of tables.
    pub fn of(entry: &Entry, table_memory: u64) -> Self {
        let constraints = entry.constraints as u64;
        let domain = (constraints + INSTANCE).next_power_of_two();
        // A, B and L have a point for each variable, B one in each group, H one for each point of the domain.
        let each = 3 * POINT[0] + POINT[1];
        let variables = entry.proving_key.bytes.saturating_sub(domain * POINT[0]) / each;
        let rows = variables * each + domain * POINT[0];
        // Roots of unity for three directions, in five limbs of eight bytes.
        let roots = 3 * 40 * domain;
        let tables = table_memory.min(MOST_MULTIPLES.saturating_mul(rows));
        // About ten entries of eight bytes a constraint.
        let key = rows + roots + tables + constraints * 90;
        // The file's bytes, the points parsed from them, and the rows made of those.
        let loading = entry.proving_key.bytes * 5 / 2 + rows + roots + tables;
        // Assignment and integers; A and B on the domain; three transforms of two buffers of five limbs.
        let values = ELEMENT * (2 * variables + 3 * domain) + 6 * 40 * domain;
        // For each of three multiplications the points' places (4 bytes, twice while they are gathered) by window, and the sums
        // of the buckets: up to 2^19 of them, A's and C's in the first group and B's in the second at the same time.
        let windows = if domain < 1 << 18 { 26 } else { 17 };
        let places = windows * 8 * (3 * variables + domain);
        let sums = (5 * domain / 2).min(1 << 19) * (2 * POINT[0] + POINT[1]);
        Self { domain, variables, loading, key, tables, proof: values + places + sums }
    }

    /// At most, with so many proofs in the making at the same time.
    pub fn peak(&self, together: usize) -> u64 {
        self.loading.max(self.key + together as u64 * self.proof)
    }

    /// How many of `most` proofs can be in the making within this much memory; `None` if it is too little for one.
    pub fn together(&self, most: usize, memory: u64) -> Option<usize> {
        (1..=most).rev().find(|together| self.peak(*together) <= memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_memory_lets_fewer_proofs_run_together_and_too_little_none() {
        let estimate =
            Estimate { domain: 0, variables: 0, loading: 50, key: 20, tables: 0, proof: 40 };
        assert_eq!([1, 2, 3].map(|n| estimate.peak(n)), [60, 100, 140]);
        assert_eq!(
            [140, 139, 60, 59].map(|n| estimate.together(3, n)),
            [Some(3), Some(2), Some(1), None]
        );
        let large = Estimate { loading: 200, ..estimate };
        assert_eq!([200, 199].map(|n| large.together(3, n)), [Some(3), None]);
    }
}
