//! Seals: heads of the records, arrivals within them, 0 for whoever has none.

use crate::fixture::*;
use ergon_store::sealing::{Admitted, Closing, opens};
use ergon_types::{Body, Bundle, Fr, Packet, Schema};

fn close(cohort: u32, schema: Schema, admitted: &[Admitted]) -> Bundle {
    let (terms, witnesses) = (terms(cohort, schema), terms(WITNESSES, Schema::Witness));
    Closing {
        network: NETWORK,
        epoch: 0,
        terms: &terms,
        witnesses: (schema == Schema::Coverage).then_some(&witnesses),
        state: None,
        attestor: &key(200),
        salt: Fr::from(3u64),
    }
    .bundle(|device, schema| {
        let of = |a: &&Admitted| {
            let record = &a.packet.record;
            record.header.device == device && record.body.schema() == schema
        };
        admitted.iter().find(of).cloned()
    })
}

fn admitted(device: u64, body: Body, arrivals: &[u32]) -> Admitted {
    let packet = Packet::sign(record(device, body), &key(device));
    Admitted { packet, arrivals: arrivals.iter().copied().collect() }
}

#[test]
fn a_seal_holds_heads_and_arrivals_within_the_records() {
    let one = admitted(11, slots(Body::Uptime, &[1, 2]), &[1, 5]);
    let bundle = close(UPTIME, Schema::Uptime, std::slice::from_ref(&one));
    let zero = Fr::from(0u64);
    assert_eq!(bundle.seal.heads, [zero, one.packet.record.message(), zero, zero]);
    assert_eq!(bundle.seal.arrivals.len(), 4);
    assert_eq!(bundle.seal.arrivals[1].iter().collect::<Vec<_>>(), [1]);
    assert!(key(200).public().verifies(&bundle.seal.message(), &bundle.seal_signature));
    assert_eq!(bundle.seal.membership_root, bundle.root_of(Some(&bundle.membership)));
    assert_eq!(bundle.seal.witness_root, zero);
}

#[test]
fn coverage_is_sealed_with_its_witnesses() {
    let hearings = ergon_types::record::witness::Hearings::new(COVERAGE);
    let witness = admitted(40, Body::Witness(hearings), &[]);
    let bundle = close(COVERAGE, Schema::Coverage, std::slice::from_ref(&witness));
    assert_eq!(bundle.seal.witness_heads[0], witness.packet.record.message());
    assert_eq!(bundle.seal.witness_root, bundle.root_of(bundle.witnesses.as_ref()));
    assert!(bundle.seal.arrivals.is_empty());
}

#[test]
fn sealing_opens_after_the_delay_and_never_before_the_last_live_packet() {
    assert_eq!(opens(&CALENDAR, 0, 30, 3_600), CALENDAR.end(0) + 3_600);
    assert_eq!(opens(&CALENDAR, 0, 30, 0), CALENDAR.end(0) + 30);
}
