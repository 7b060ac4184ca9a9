//! A fleet: groups of device days, each with the readings of one epoch in the order in which they are sent.

use ergon_types::cell::Axial;
use ergon_types::policy::slot_limit;
use ergon_types::record::witness::Hearing;
use ergon_types::{Kind, Policy, Schema};

/// What the registry knows about a device (§ 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asset {
    /// A device that is paid for being up.
    Beacon,
    /// A meter.
    Meter {
        /// Nameplate power in watts.
        nameplate_w: u32,
        /// Certified generation.
        generation: u16,
        /// The export register when the epoch begins, in watt-hours.
        start_wh: u64,
    },
    /// A covered device, at a position relative to its region's centre.
    Hotspot {
        /// The position.
        position: Axial,
    },
    /// A witness.
    Witness,
}

impl Asset {
    /// What records of this device mean.
    pub fn schema(&self) -> Schema {
        match self {
            Self::Beacon => Schema::Uptime,
            Self::Meter { .. } => Schema::Energy,
            Self::Hotspot { .. } => Schema::Coverage,
            Self::Witness => Schema::Witness,
        }
    }

    /// Most watt-hours that a quarter hour of this meter can hold under the standard policy (§ 6.3); 0 for others.
    pub fn slot_limit(&self) -> u32 {
        match (self, Policy::standard(Kind::Energy)) {
            (Self::Meter { nameplate_w, .. }, Policy::Energy { margin, .. }) => {
                slot_limit((*nameplate_w).into(), margin.into())
            }
            _ => 0,
        }
    }

    /// The registry's attribute of this device; `None` for a position out of range.
    pub fn attribute(&self) -> Option<u64> {
        match self {
            Self::Beacon | Self::Witness => Some(0),
            Self::Meter { nameplate_w, generation, .. } => {
                Some(u64::from(*nameplate_w) | u64::from(*generation) << 32)
            }
            Self::Hotspot { position } => position.attribute(),
        }
    }
}

/// What one packet adds to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The device was alive in a five-minute slot.
    Alive {
        /// The slot, 0 to 287.
        slot: u32,
    },
    /// The meter closed a quarter hour.
    Energy {
        /// The quarter hour, 0 to 95.
        slot: usize,
        /// Watt-hours, below 2^20.
        delta: u32,
        /// Whether the meter saw tampering.
        tamper: bool,
    },
    /// The witness heard devices; `member` is the device's index in its group.
    Heard(Vec<Hearing>),
}

/// A reading and when its packet is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Seconds since the epoch began.
    pub at_seconds: u32,
    /// What is new.
    pub reading: Reading,
}

/// What one device measures in one epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceDay {
    /// A name for people: a hotspot's or tester's identifier, or the file and a number.
    pub name: String,
    /// The recorded file as `records.toml` names it, or `simulated`.
    pub source: String,
    /// The local date that is replayed.
    pub day: String,
    /// What the registry knows.
    pub asset: Asset,
    /// What the recording contains: slots alive, watt-hours, distinct cells; for a witness its observations.
    pub measured: u64,
    /// The readings in the order in which they are sent.
    pub steps: Vec<Step>,
}

impl DeviceDay {
    /// A witness's day as far as it concerns one cohort, whose members are the devices from `first` on.
    #[must_use]
    pub fn covering(&self, first: usize, members: usize) -> Self {
        let moved = |hearing: &Hearing| {
            let member = usize::from(hearing.member).checked_sub(first)?;
            let member = u8::try_from(member).ok().filter(|_| member < members)?;
            Some(Hearing { member, ..*hearing })
        };
        let steps = self.steps.iter().filter_map(|step| {
            let Reading::Heard(all) = &step.reading else {
                return None;
            };
            let heard: Vec<Hearing> = all.iter().filter_map(moved).collect();
            (!heard.is_empty())
                .then_some(Step { at_seconds: step.at_seconds, reading: Reading::Heard(heard) })
        });
        Self { steps: steps.collect(), ..self.clone() }
    }
}

/// Devices of one kind from one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The recorded file as `records.toml` names it, or `simulated`.
    pub source: String,
    /// What the devices are paid for.
    pub kind: Kind,
    /// H3 index of the region of a coverage group.
    pub region: Option<u64>,
    /// The paid devices.
    pub devices: Vec<DeviceDay>,
    /// The witnesses of a coverage group.
    pub witnesses: Vec<DeviceDay>,
}

/// All devices, and what is to be said about their recordings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fleet {
    /// In the order of `records.toml`.
    pub groups: Vec<Group>,
    /// Messages about lines, devices and observations that could not be used.
    pub notes: Vec<String>,
}

/// A reading in the fleet's common time.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// Seconds since the epoch began.
    pub at_seconds: u32,
    /// Index of the group.
    pub group: usize,
    /// Index in the group's devices, or in its witnesses.
    pub device: usize,
    /// Whether `device` counts witnesses.
    pub witness: bool,
    /// What is new.
    pub reading: &'a Reading,
}

impl Fleet {
    /// All readings in the order in which they are sent.
    pub fn schedule(&self) -> Vec<Event<'_>> {
        let mut events = Vec::new();
        for (group, members) in self.groups.iter().enumerate() {
            for (witness, days) in [(false, &members.devices), (true, &members.witnesses)] {
                for (device, day) in days.iter().enumerate() {
                    events.extend(day.steps.iter().map(|step| Event {
                        at_seconds: step.at_seconds,
                        group,
                        device,
                        witness,
                        reading: &step.reading,
                    }));
                }
            }
        }
        events.sort_by_key(|event| event.at_seconds);
        events
    }
}
