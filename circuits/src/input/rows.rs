//! Which cells a coverage batch claims, and by whose observations: the prover's choice, planned on values (§ 6.4).
//!
//! Nothing here is trusted: every row is asserted by the rule. Only cells that can be paid are claimed, so that
//! nothing a witness signs can make the cohort unprovable.

use super::Input;
use crate::id::WITNESSES;
use ergon_types::Offset;
use ergon_types::record::Body;
use ergon_types::record::witness::Hearing;
use ergon_types::{Policy, Schema};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Most paid cells of each member.
pub const ROWS: usize = 64;

/// A paid cell of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The cell, as seen from the member.
    pub offset: Offset,
    /// Signal class that all its witnesses attest.
    pub class: u8,
    /// Which places of the witness cohort attest it.
    pub witnesses: [bool; WITNESSES],
}

/// What is heard of one cell: class and place of each witness.
type Heard = Vec<(u8, usize)>;

/// The paid cells of each member, in the order that the rule asserts.
pub(super) fn plan(input: &Input) -> Vec<Vec<Row>> {
    let members = &input.bundle.membership.members;
    let mut heard: Vec<BTreeMap<Offset, Heard>> = vec![BTreeMap::new(); members.len()];
    for (witness, hearing) in hearings(input) {
        let member = usize::from(hearing.member);
        if member < members.len() && input.included[member] && payable(input, witness, hearing) {
            heard[member].entry(hearing.offset).or_default().push((hearing.class, witness));
        }
    }
    heard.into_iter().map(|cells| choose(input, cells)).collect()
}

/// The hearings of the included witnesses.
fn hearings(input: &Input) -> impl Iterator<Item = (usize, Hearing)> + '_ {
    input.bundle.witness_packets.iter().enumerate().flat_map(|(witness, packet)| {
        let body = packet
            .as_ref()
            .filter(|_| input.witnesses_included[witness])
            .filter(|packet| packet.record.body.schema() == Schema::Witness)
            .map(|packet| &packet.record.body);
        let hearings = match body {
            Some(Body::Witness(hearings)) => hearings.iter().collect(),
            _ => Vec::new(),
        };
        hearings.into_iter().map(move |hearing| (witness, hearing))
    })
}

/// Whether the policy and the registry allow the observation to count.
fn payable(input: &Input, witness: usize, hearing: Hearing) -> bool {
    let operator = |place: Option<&Option<ergon_types::Member>>| {
        place.and_then(Option::as_ref).map(|member| member.operator)
    };
    let member = usize::from(hearing.member);
    let covered = operator(input.bundle.membership.members.get(member));
    let witnessing =
        operator(input.bundle.witnesses.as_ref().and_then(|cohort| cohort.members.get(witness)));
    let Policy::Coverage { classes, .. } = &input.bundle.policy else { return false };
    covered.is_some()
        && witnessing.is_some()
        && covered != witnessing
        && hearing.offset.squared_distance() <= u64::from(classes[usize::from(hearing.class)].reach)
}

/// For each cell the best class that enough witnesses attest, and of the cells the most valuable.
fn choose(input: &Input, cells: BTreeMap<Offset, Heard>) -> Vec<Row> {
    let Policy::Coverage { classes, witnesses, .. } = &input.bundle.policy else {
        return Vec::new();
    };
    let needed = usize::from(*witnesses);
    let weight = |class: u8| classes[usize::from(class)].weight;
    let mut rows: Vec<Row> = cells
        .into_iter()
        .filter(|(_, heard)| heard.len() >= needed)
        .filter_map(|(offset, mut heard)| {
            heard.sort_by_key(|(class, witness)| (Reverse(*class), *witness));
            heard.truncate(needed);
            // A policy may pay more for a weaker class; any class up to the attested one may be claimed.
            let attested = heard.last()?.0;
            let class = (0..=attested).max_by_key(|class| (weight(*class), *class))?;
            let witnesses =
                std::array::from_fn(|place| heard.iter().any(|(_, witness)| *witness == place));
            Some(Row { offset, class, witnesses })
        })
        .collect();
    rows.sort_by_key(|row| (Reverse(weight(row.class)), row.offset));
    rows.truncate(ROWS);
    rows.sort_by_key(|row| row.offset);
    rows
}
