//! Groups of device days become cohorts of eight.

use crate::stage::Stages;
use ergon_circuits::WITNESSES;
use ergon_circuits::input::ROWS;
use ergon_fleet::{DeviceDay, Fleet, Group, Room};
use ergon_types::Kind;

/// Places of a trial cohort.
pub(crate) const MEMBERS: usize = 8;

/// A cohort before it is enrolled.
pub(crate) struct CohortPlan {
    pub(crate) kind: Kind,
    pub(crate) source: String,
    /// H3 index of the region, 0 for none.
    pub(crate) region: u64,
    pub(crate) devices: Vec<DeviceDay>,
    pub(crate) witnesses: Vec<DeviceDay>,
}

/// The cohorts of a fleet, in its order.
pub(crate) fn cohorts(fleet: &Fleet, stages: &Stages) -> Vec<CohortPlan> {
    fleet.groups.iter().flat_map(|group| of_group(group, stages)).collect()
}

fn of_group(group: &Group, stages: &Stages) -> Vec<CohortPlan> {
    let Group { source, kind, .. } = group;
    stages.note(format_args!("{kind}: {} devices from {source}", group.devices.len()));
    if group.devices.is_empty() || (*kind == Kind::Coverage && group.region.is_none()) {
        stages.note(format_args!("{source}: no device can be enrolled; nothing to prove"));
        return Vec::new();
    }
    let chunks = group.devices.chunks(MEMBERS).enumerate();
    let plan = |(index, devices): (usize, &[DeviceDay])| {
        let inactive = MEMBERS - devices.len();
        if inactive > 0 {
            stages.note(format_args!("{source}: {inactive} of {MEMBERS} places stay inactive"));
        }
        let room = Room { witnesses: WITNESSES, cells: ROWS };
        let chosen = group.choose(index * MEMBERS, devices.len(), room);
        chosen.notes.iter().for_each(|note| stages.note(note));
        CohortPlan {
            kind: *kind,
            source: source.clone(),
            region: group.region.unwrap_or(0),
            devices: devices.to_vec(),
            witnesses: chosen.witnesses,
        }
    };
    chunks.map(plan).collect()
}
