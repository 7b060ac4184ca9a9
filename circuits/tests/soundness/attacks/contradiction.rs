//! Attacks with which a cheat would convict an honest device.

use super::Forged;
use crate::fixture::*;
use ark_ff::Field;
use ergon_circuits::r1cs::R1cs;
use ergon_circuits::{Circuit, CircuitId, Contradiction, Evidence, Scope, Statement};
use ergon_types::record::energy::Meter;
use ergon_types::{Address, Body, Fr, Packet, field};
use std::collections::BTreeSet;

/// Assertions that these attacks break alone; the ranges of start and of presence have attacks elsewhere too.
pub(super) const LABELS: [&str; 5] = [
    "bit of a delta",
    "end counter has 48 bits",
    "generation has 16 bits",
    "records contradict",
    "tamper is a bit",
];

const SECOND: Scope = Scope::Record(1);

/// The same record twice, in packets of their own.
fn honest(meter: Meter) -> Contradiction {
    let body = Body::Energy(meter);
    let first = packet(&key(0), 1, body);
    let mut record = first.record.clone();
    record.header.counter += 1;
    let packets = [first, Packet::sign(record, &key(0))];
    let reporter = Address([0x77; 20]);
    Contradiction::unchecked(Evidence::Energy, network(), key(0).public(), reporter, packets)
}

struct Places(R1cs);

impl Places {
    fn new() -> Self {
        Self(Circuit::blank(CircuitId::contradiction(Evidence::Energy)).synthesize())
    }

    /// The variables of the second record that stand alone on the left of rows with this label.
    fn alone(&self, label: &str) -> Vec<usize> {
        let rows = self.0.rows().iter().filter(|row| row.label == label && row.scope == SECOND);
        rows.filter(|row| row.a.len() == 1).map(|row| row.a[0].0).collect()
    }

    /// The variable of the second record with this range.
    fn ranged(&self, label: &str) -> usize {
        let minus = -Fr::from(1u64);
        let rows = self.0.rows().iter().filter(|row| row.label == label && row.scope == SECOND);
        let mut found = rows.flat_map(|row| row.a.iter().filter(|(_, f)| *f == minus));
        found.next().unwrap().0
    }
}

fn assert_stopped(label: &str, meter: Meter, forged: Forged) {
    let circuit = Statement::contradiction(honest(meter)).circuit(Fr::from(1_000_003u64));
    let (system, _) = circuit.forge(forged);
    let rows = system.rows().iter().filter(|row| !row.holds(system.assignment()));
    let broken: BTreeSet<&str> = rows.map(|row| row.label).collect();
    assert_eq!(broken, BTreeSet::from([label]));
}

#[test]
fn each_assertion_alone_keeps_an_honest_device_from_being_convicted() {
    let places = Places::new();
    let [zero, one, two] = [0u64, 1, 2].map(Fr::from);
    let power = field::power_of_two;
    let generation = places.ranged("generation has 16 bits");
    let start = places.ranged("start counter has 48 bits");
    let end = places.ranged("end counter has 48 bits");
    let tamper = places.alone("tamper is a bit");
    let delta = places.alone("bit of a delta");
    let present = places.alone("presence is a bit");

    let plain = meter(&[7, 8, 9]);
    let mut tampered = plain.clone();
    tampered.quarters[0].tamper = true;
    let mut full = meter(&[1; 96]);
    full.end += 5;
    let start_is = Fr::from(plain.start);
    let end_is = Fr::from(full.end);
    // Each field lends to the one below it: generation | start << 16 | 96 tamper bits << 64 | end << 160.
    let attacks = [
        (
            "generation has 16 bits",
            &plain,
            [(generation, one + power(16)), (start, start_is - one)],
        ),
        (
            "start counter has 48 bits",
            &tampered,
            [(start, start_is + power(48)), (tamper[0], zero)],
        ),
        ("tamper is a bit", &full, [(tamper[95], two), (end, end_is - one)]),
        (
            "end counter has 48 bits",
            &full,
            [(tamper[95], one), (end, end_is - two.inverse().unwrap())],
        ),
        // 1 + 2·7 = 3 + 2·6
        ("presence is a bit", &plain, [(present[0], Fr::from(3u64)), (delta[0], zero)]),
        // The next slot's presence is 2^20 more of this slot's watt-hours.
        ("bit of a delta", &plain, [(delta[19], two), (present[1], zero)]),
    ];
    for (label, meter, forged) in attacks {
        assert_stopped(label, meter.clone(), forged.into());
    }
    assert_stopped("records contradict", plain, Forged::new());
}
