//! Admission: whether a packet becomes part of its record. Pure: no clock, no files, no database.
//!
//! [`address`] and [`Verified::check`] come before anything is read or written for the packet,
//! [`decide`] compares it with the record as stored (§ 3.4–3.6).

pub mod refusal;

use crate::calendar::Calendar;
use crate::directory::{Directory, Place};
use ergon_types::policy::slot_limit;
use ergon_types::record::energy::Meter;
use ergon_types::record::slots::Slots;
use ergon_types::record::{Body, RecordError};
use ergon_types::{Fr, Packet, Record, Schema};
pub use refusal::Refusal;

/// A packet whose device is enrolled and whose signature is that device's.
#[derive(Clone, Debug)]
pub struct Verified {
    packet: Packet,
    head: Fr,
    place: Place,
}

impl Verified {
    /// Checks the signature by the key of the place that [`address`] found: unknown devices cost
    /// no curve arithmetic.
    ///
    /// # Errors
    /// When the signature is not by that key.
    pub fn check(packet: Packet, place: Place) -> Result<Self, Refusal> {
        let head = packet.record.message();
        if !place.member.key.verifies(&head, &packet.signature) {
            return Err(Refusal::BadSignature { device: packet.record.header.device });
        }
        Ok(Self { packet, head, place })
    }

    /// The packet.
    pub fn packet(&self) -> &Packet {
        &self.packet
    }

    /// The record's message.
    pub fn head(&self) -> Fr {
        self.head
    }

    /// The device's place in the record's epoch.
    pub fn place(&self) -> &Place {
        &self.place
    }
}

/// The place of the device that a record claims to be from.
///
/// # Errors
/// Another network, an unknown device, another schema than the device's.
pub fn address(record: &Record, network: Fr, directory: &Directory) -> Result<Place, Refusal> {
    let header = &record.header;
    if header.network != network {
        return Err(Refusal::WrongNetwork { found: header.network, expected: network });
    }
    let (device, epoch) = (header.device, header.epoch);
    let place = directory.place(device, epoch).ok_or(Refusal::UnknownDevice { device, epoch })?;
    let found = record.body.schema();
    if found != place.schema {
        return Err(Refusal::WrongSchema { device, found, expected: place.schema });
    }
    Ok(place)
}

/// What the store knows of a record when a packet for it arrives.
#[derive(Clone, Debug)]
pub struct Context {
    /// The network's epochs.
    pub calendar: Calendar,
    /// Seconds by which clocks may differ.
    pub grace: u64,
    /// When the packet arrived, in unix seconds.
    pub now: u64,
    /// The record so far.
    pub last: Option<Last>,
    /// Whether contradicting packets of this record are kept.
    pub contradicted: bool,
    /// Whether the cohort that is paid by this record is sealed for its epoch.
    pub sealed: bool,
    /// Places of the cohort that a witness's record covers, if the witness may witness for it.
    pub covered: Option<usize>,
    /// Percent of the nameplate up to which the policy of the device's cohort admits a slot's watt-hours.
    pub margin: Option<u8>,
}

/// The last admitted packet of a record.
#[derive(Clone, Debug)]
pub struct Last {
    /// The packet.
    pub packet: Packet,
    /// Nonce of its acknowledgement.
    pub nonce: Fr,
    /// Slots that arrived in time so far.
    pub arrivals: Slots,
}

/// What becomes of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is the record's new head.
    Accept {
        /// Arrival slot for the acknowledgement.
        slot: u32,
        /// Slots of the record that arrived in time, this one included.
        arrivals: Slots,
    },
    /// It is the record's head already; the same acknowledgement answers it.
    Duplicate,
    /// It changes nothing; a `Contradiction` is kept as evidence.
    Refuse(Refusal),
}

/// Decides about a verified packet.
pub fn decide(verified: &Verified, context: &Context) -> Decision {
    match rules(verified, context) {
        Ok(decision) => decision,
        Err(refusal) => Decision::Refuse(refusal),
    }
}

fn rules(verified: &Verified, context: &Context) -> Result<Decision, Refusal> {
    let record = &verified.packet.record;
    let (device, epoch) = (record.header.device, record.header.epoch);
    if context.contradicted {
        return Err(Refusal::Contradicted { device, epoch });
    }
    if context.last.as_ref().is_some_and(|last| last.packet == verified.packet) {
        return Ok(Decision::Duplicate);
    }
    if context.sealed {
        return Err(Refusal::AlreadySealed { device, epoch });
    }
    opening_hours(record, context)?;
    let last = context.last.as_ref();
    match last {
        Some(last) => record.extends(&last.packet.record).map_err(|error| growth(error, record))?,
        None if record.header.counter == 0 => return Err(Refusal::Counter { found: 0, last: 0 }),
        None => {}
    }
    let expected = last.map_or(Fr::from(0u64), |last| last.nonce);
    if record.header.nonce != expected {
        return Err(Refusal::StaleNonce { expected });
    }
    let new = record.new_slots(last.map(|last| &last.packet.record));
    let mut arrivals = last.map(|last| last.arrivals).unwrap_or_default();
    let slots = record.body.schema().kind().slots();
    let slot = match &record.body {
        Body::Uptime(_) | Body::Coverage(_) => {
            let slot = only_current(&new, epoch, slots, context)?;
            arrivals.insert(slot);
            slot
        }
        Body::Energy(meter) => {
            not_ahead(&new, epoch, slots, context)?;
            let expected = (verified.place.member.attribute >> 32) as u16;
            if meter.generation != expected {
                return Err(Refusal::WrongGeneration { found: meter.generation, expected });
            }
            if let Some(margin) = context.margin {
                within_nameplate(meter, verified.place.member.attribute as u32, margin)?;
            }
            context.calendar.slot(epoch, context.now, slots)
        }
        Body::Witness(hearings) => {
            let cohort = hearings.cohort;
            let size = context.covered.ok_or(Refusal::WrongCohort { device, cohort })?;
            match hearings.iter().find(|hearing| usize::from(hearing.member) >= size) {
                Some(hearing) => {
                    return Err(Refusal::UnknownMember { cohort, member: hearing.member, size });
                }
                None => context.calendar.slot(epoch, context.now, slots),
            }
        }
    };
    Ok(Decision::Accept { slot, arrivals })
}

/// Presence must be reported as it happens; meters and witnesses may catch up until the seal.
fn opening_hours(record: &Record, context: &Context) -> Result<(), Refusal> {
    let epoch = record.header.epoch;
    let opens = context.calendar.begin(epoch);
    if context.now.saturating_add(context.grace) < opens {
        return Err(Refusal::EpochNotOpen { epoch, opens });
    }
    let closed = context.calendar.end(epoch);
    let live = matches!(record.body.schema(), Schema::Uptime | Schema::Coverage);
    if live && context.now >= closed.saturating_add(context.grace) {
        return Err(Refusal::EpochClosed { epoch, closed });
    }
    Ok(())
}

/// The one new slot, which must be the present one give or take the grace.
fn only_current(new: &[u32], epoch: u64, slots: u32, context: &Context) -> Result<u32, Refusal> {
    let slot = match new {
        [slot] => *slot,
        [] => return Err(Refusal::NoNewSlot),
        _ => return Err(Refusal::TooManyNewSlots { found: new.len() }),
    };
    let at = |instant| context.calendar.slot(epoch, instant, slots);
    let earliest = at(context.now.saturating_sub(context.grace));
    let latest = at(context.now.saturating_add(context.grace));
    if (earliest..=latest).contains(&slot) {
        Ok(slot)
    } else {
        Err(Refusal::SlotNotNow { slot, earliest, latest })
    }
}

/// No new slot may begin later than now give or take the grace.
fn not_ahead(new: &[u32], epoch: u64, slots: u32, context: &Context) -> Result<(), Refusal> {
    let latest = context.calendar.slot(epoch, context.now.saturating_add(context.grace), slots);
    match new.iter().find(|slot| **slot > latest) {
        Some(slot) => Err(Refusal::SlotInFuture { slot: *slot, latest }),
        None => Ok(()),
    }
}

/// A slot above the limit could not be proven, and the whole day of its device with it.
fn within_nameplate(meter: &Meter, nameplate_w: u32, margin: u8) -> Result<(), Refusal> {
    let limit = slot_limit(nameplate_w.into(), margin.into());
    let quarters = (0u32..).zip(&meter.quarters);
    match quarters.map(|(slot, q)| (slot, q.delta)).find(|(_, delta)| *delta > limit) {
        Some((slot, watt_hours)) => Err(Refusal::AboveNameplate { slot, watt_hours, limit }),
        None => Ok(()),
    }
}

/// A record that does not extend the stored one.
fn growth(error: RecordError, record: &Record) -> Refusal {
    let (device, epoch) = (record.header.device, record.header.epoch);
    match error {
        RecordError::Counter { found, last } => Refusal::Counter { found, last },
        RecordError::Dropped { what } => Refusal::Dropped { what },
        RecordError::Contradiction { what } => Refusal::Contradiction { device, epoch, what },
        other @ (RecordError::Malformed { .. } | RecordError::Misdirected) => {
            Refusal::Malformed(other.into())
        }
    }
}
