//! Which observations a coverage batch uses: the prover's choice, planned on values (§ 6.4).
//!
//! Nothing here is trusted: every used row is asserted by the rule. Only rows that can be paid are used, so that
//! nothing a witness signs can make the cohort unprovable.

use super::Input;
use ergon_types::cell::Cell;
use ergon_types::record::Body;
use ergon_types::record::witness::Hearing;
use ergon_types::{Policy, Schema};
use std::collections::BTreeMap;

/// Rows of each member.
pub const ROWS: usize = 64;

/// A used observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The cell served.
    pub cell: Cell,
    /// Signal class.
    pub class: u8,
    /// Place of the witness in its cohort.
    pub witness: usize,
}

/// The used rows of each member, in the order that the rule asserts.
pub(super) fn plan(input: &Input) -> Vec<Vec<Row>> {
    let members = &input.bundle.membership.members;
    let mut heard: Vec<BTreeMap<Cell, Vec<Row>>> = vec![BTreeMap::new(); members.len()];
    for (witness, hearing) in hearings(input) {
        let member = usize::from(hearing.member);
        if member < members.len() && input.included[member] && payable(input, witness, hearing) {
            let row = Row { cell: hearing.cell, class: hearing.class, witness };
            heard[member].entry(hearing.cell).or_default().push(row);
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
    let distance = input.position(member).squared_distance(&hearing.cell.axial());
    covered.is_some()
        && witnessing.is_some()
        && covered != witnessing
        && !hearing.cell.is_phantom()
        && distance <= u64::from(classes[usize::from(hearing.class)].reach)
}

/// For each cell the best rows up to the needed number of witnesses, and of the cells the most valuable.
fn choose(input: &Input, cells: BTreeMap<Cell, Vec<Row>>) -> Vec<Row> {
    let Policy::Coverage { classes, witnesses, .. } = &input.bundle.policy else {
        return Vec::new();
    };
    let needed = usize::from(*witnesses).max(1);
    let mut groups: Vec<Vec<Row>> = cells
        .into_values()
        .filter(|rows| rows.len() >= needed)
        .map(|mut rows| {
            rows.sort_by_key(|row| (3 - row.class, row.witness));
            rows.truncate(needed);
            rows
        })
        .collect();
    groups.sort_by_key(|rows| {
        (std::cmp::Reverse(classes[usize::from(rows[0].class)].weight), rows[0].cell)
    });
    groups.truncate(ROWS / needed);
    groups.sort_by_key(|rows| rows[0].cell);
    groups.concat()
}
