//! Whatever a device signs and whenever it arrives, only slots of the record count as arrived.

use crate::fixture::*;
use ergon_store::admission::{Context, Decision, Last, decide};
use ergon_types::record::slots::Slots;
use ergon_types::{Body, Header, Record};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn arrivals_are_slots_of_the_record_that_were_present_when_they_came(
        attempts in prop::collection::vec((0u32..6, 0u64..1_800, prop::bool::ANY), 1..12)
    ) {
        let mut last: Option<Last> = None;
        for (counter, (slot, seconds, forget)) in (1..).zip(attempts) {
            let mut present: Slots = match &last {
                Some(last) if !forget => last.packet.record.slots(),
                _ => Slots::default(),
            };
            present.insert(slot);
            let base = record(10, Body::Uptime(present));
            let nonce = last.as_ref().map(|last| last.nonce).unwrap_or_default();
            let record = Record { header: Header { counter, nonce, ..base.header }, ..base };
            let packet = verified(record);
            let context = Context { last: last.clone(), ..first(seconds) };
            if let Decision::Accept { slot: acknowledged, arrivals } = decide(&packet, &context) {
                let before = last.map(|last| last.arrivals).unwrap_or_default();
                prop_assert_eq!(arrivals.count(), before.count() + 1);
                prop_assert!(arrivals.contains(&before) && arrivals.get(acknowledged));
                prop_assert!(packet.packet().record.slots().contains(&arrivals));
                let (begin, end) = (u64::from(acknowledged) * 300, u64::from(acknowledged + 1) * 300);
                prop_assert!(begin <= seconds + GRACE && seconds < end + GRACE);
                last = Some(Last { packet: packet.packet().clone(), nonce: crate::fixture::nonce(), arrivals });
            }
        }
    }
}
