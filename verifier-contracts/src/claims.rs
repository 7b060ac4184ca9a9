//! The tree of a settled cohort's claims (§ 7.3): one positional leaf for each member, hashed with Keccak.

use alloy::{
    primitives::{B256, U256, keccak256},
    sol_types::SolValue,
};

use crate::{ChainError, binding::tag};

/// A cohort's settled units, as a tree whose root the settlement contract stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimTree {
    /// From the leaves up to the root.
    levels: Vec<Vec<B256>>,
}

impl ClaimTree {
    /// The tree over all members' units. Their number is a power of two: the cohort's size.
    pub fn new(kind: u8, epoch: u64, cohort: u32, units: &[u64]) -> Result<Self, ChainError> {
        if !units.len().is_power_of_two() {
            return Err(ChainError::Invalid {
                what: "the number of units",
                found: units.len().to_string(),
                expected: "the cohort's size, a power of two".to_owned(),
            });
        }
        let mut levels = vec![
            (0u32..)
                .zip(units)
                .map(|(index, units)| leaf(kind, epoch, cohort, index, *units))
                .collect::<Vec<_>>(),
        ];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let level = below.chunks(2).map(<[B256]>::concat).map(keccak256);
            levels.push(level.collect());
        }
        Ok(Self { levels })
    }

    /// The root.
    pub fn root(&self) -> B256 {
        // There is always a last level, and it has one node.
        self.levels.last().and_then(|level| level.first()).copied().unwrap_or_default()
    }

    /// The siblings from a member's leaf up; `None` if there is no such member.
    pub fn proof(&self, index: u32) -> Option<Vec<B256>> {
        let index = usize::try_from(index).ok()?;
        let (_, below) = self.levels.split_last()?;
        self.levels.first()?.get(index)?;
        below
            .iter()
            .enumerate()
            .map(|(height, level)| level.get((index >> height) ^ 1).copied())
            .collect()
    }
}

/// The leaf of one member: hashed twice, so that no inner node can be presented as one.
pub fn leaf(kind: u8, epoch: u64, cohort: u32, index: u32, units: u64) -> B256 {
    let tag = tag("ergon/1/claim");
    // Padded to 32 bytes, as `abi.encode` pads every integer.
    let kind = U256::from(kind);
    keccak256(keccak256((tag, kind, epoch, cohort, index, units).abi_encode()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_members_proof_climbs_to_the_root() {
        let units = [5, 0, 7, 1, 2, 3, 4, 9];
        let tree = ClaimTree::new(1, 2, 3, &units).unwrap();
        for (index, units) in (0u32..).zip(units) {
            let climbed = tree.proof(index).unwrap().iter().enumerate().fold(
                leaf(1, 2, 3, index, units),
                |node, (height, sibling)| {
                    let right = index >> height & 1 == 1;
                    let (left, right) = if right { (sibling, &node) } else { (&node, sibling) };
                    keccak256([left.as_slice(), right.as_slice()].concat())
                },
            );
            assert_eq!(climbed, tree.root());
        }
        assert_eq!(tree.proof(8), None);
    }

    #[test]
    fn a_cohort_of_one_is_its_own_root() {
        let tree = ClaimTree::new(1, 2, 3, &[4]).unwrap();
        assert_eq!(tree.root(), leaf(1, 2, 3, 0, 4));
        assert_eq!(tree.proof(0), Some(Vec::new()));
    }

    #[test]
    fn a_size_that_is_no_power_of_two_is_refused() {
        for size in [0, 3, 6] {
            assert!(ClaimTree::new(1, 2, 3, &vec![1; size]).is_err());
        }
    }
}
