//! contradiction: two records of one key and epoch that cannot both be true (§ 6.6).
//!
//! Differences are gathered as Σ partᵢ·differenceᵢ = 1 for parts of the prover's choice: impossible if all are 0.

use super::energy::{QuarterWires, pack_body};
use crate::contradiction::Contradiction;
use crate::gadgets::{Gadgets, Point, Scope};
use ark_ff::{Field, One};
use ergon_types::field::{self, Fr};
use ergon_types::record::energy::{COUNTER_BITS, DELTA_BITS, GENERATION_BITS, Meter};
use ergon_types::tag::Tag;
use ergon_types::{Body, Packet};

/// The words of the evidence.
struct Words<W> {
    network: W,
    epoch: W,
    device: W,
    key: Point<W>,
}

/// A record's words, and what a meter's say.
struct RecordWires<W> {
    body: Vec<W>,
    meter: Option<MeterWires<W>>,
}

/// A meter's readings, each ranged, so that the words have one reading.
struct MeterWires<W> {
    generation: W,
    start: W,
    quarters: Vec<QuarterWires<W>>,
}

/// The words, after asserting that both records are signed and differ.
pub(crate) fn contradiction<G: Gadgets>(g: &mut G, evidence: &Contradiction) -> Vec<G::Wire> {
    let all: Vec<_> = evidence.words().into_iter().map(|word| g.allocate(word)).collect();
    let network = g.hash_vector(Tag::NETWORK, &all[..2]);
    let key = Point { x: all[4].clone(), y: all[5].clone() };
    let words = Words { network, epoch: all[2].clone(), device: all[3].clone(), key };
    let mut records = Vec::with_capacity(evidence.packets().len());
    for (index, packet) in evidence.packets().iter().enumerate() {
        g.enter(Scope::Record(index));
        records.push(record(g, &words, packet));
    }
    g.enter(Scope::Cohort);
    differ(g, &records[0], &records[1]);
    all
}

/// A record that the key signed for this network, device and epoch.
fn record<G: Gadgets>(g: &mut G, words: &Words<G::Wire>, packet: &Packet) -> RecordWires<G::Wire> {
    let header = &packet.record.header;
    let [counter, nonce, salt] =
        [Fr::from(header.counter), header.nonce, header.salt].map(|v| g.allocate(v));
    let record = match &packet.record.body {
        Body::Energy(meter) => unpack(g, meter),
        body => RecordWires {
            body: body.words().into_iter().map(|word| g.allocate(word)).collect(),
            meter: None,
        },
    };
    let mut entries = vec![words.network.clone(), words.device.clone(), words.epoch.clone()];
    entries.extend([counter, nonce, salt]);
    entries.extend_from_slice(&record.body);
    let message = g.hash_vector(Tag::record(packet.record.body.schema()), &entries);
    g.verify_signature(&words.key, &message, &packet.signature);
    record
}

fn unpack<G: Gadgets>(g: &mut G, meter: &Meter) -> RecordWires<G::Wire> {
    let mut ranged = |label, value: u64, width| {
        let wire = g.allocate(Fr::from(value));
        g.bits(label, &wire, width);
        wire
    };
    let generation = ranged("generation has 16 bits", u64::from(meter.generation), GENERATION_BITS);
    let start = ranged("start counter has 48 bits", meter.start, COUNTER_BITS);
    let end = ranged("end counter has 48 bits", meter.end, COUNTER_BITS);
    let mut quarters = Vec::with_capacity(meter.quarters.len());
    for quarter in &meter.quarters {
        let present = g.bit("presence is a bit", quarter.present);
        let tamper = g.bit("tamper is a bit", quarter.tamper);
        let delta: Vec<_> = (0..DELTA_BITS)
            .map(|i| g.bit("bit of a delta", (quarter.delta >> i) & 1 == 1))
            .collect();
        quarters.push(QuarterWires { present, tamper, delta: g.pack(&delta, 1) });
    }
    let body = pack_body(g, [&generation, &start, &end], &quarters);
    RecordWires { body, meter: Some(MeterWires { generation, start, quarters }) }
}

/// Asserts that something differs that later records must keep (§ 3.4).
fn differ<G: Gadgets>(g: &mut G, one: &RecordWires<G::Wire>, other: &RecordWires<G::Wire>) {
    let differences = match (&one.meter, &other.meter) {
        (Some(one), Some(other)) => meters(g, one, other),
        // A witness's first word is the cohort that it covers.
        _ => vec![g.sub(&one.body[0], &other.body[0])],
    };
    let mut found = false;
    let mut parts = Vec::with_capacity(differences.len());
    for difference in &differences {
        let inverse = g.value(difference).inverse().filter(|_| !found);
        found |= inverse.is_some();
        let part = g.allocate(inverse.unwrap_or_default());
        parts.push(g.mul("part of a difference", &part, difference));
    }
    let sum = g.sum(&parts);
    g.equal("records contradict", &sum, &g.one());
}

/// Generation, start, and each slot that both have: watt-hours with the tamper bit above them.
fn meters<G: Gadgets>(
    g: &mut G,
    one: &MeterWires<G::Wire>,
    other: &MeterWires<G::Wire>,
) -> Vec<G::Wire> {
    let mut differences =
        vec![g.sub(&one.generation, &other.generation), g.sub(&one.start, &other.start)];
    let tampered = field::power_of_two(DELTA_BITS);
    for (one, other) in one.quarters.iter().zip(&other.quarters) {
        let both = g.mul("slot is in both records", &one.present, &other.present);
        let minus = -Fr::one();
        let difference = g.linear(&[
            (Fr::one(), &one.delta),
            (minus, &other.delta),
            (tampered, &one.tamper),
            (-tampered, &other.tamper),
        ]);
        differences.push(g.mul("difference of a slot", &both, &difference));
    }
    differences
}
