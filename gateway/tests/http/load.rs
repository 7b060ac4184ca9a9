//! Many devices at once: every packet counts exactly once.

use crate::fixture::*;
use ergon_gateway::messages::CohortTerms;
use ergon_types::{Membership, Policy, Schema};
use std::time::Instant;

/// Devices that submit at the same time.
const DEVICES: u64 = 64;
/// Slots that each reports.
const SLOTS: u32 = 12;

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_devices_with_repetitions_are_counted_exactly() {
    let world = World::empty().await;
    let members = (1..=DEVICES).map(|device| Some(member(device, 0))).collect();
    let terms = ergon_store::Terms {
        schema: Schema::Uptime,
        membership: Membership { cohort: UPTIME, region: 0, members },
        policy: Some(Policy::standard(Schema::Uptime.kind())),
        witness_cohort: None,
    };
    world.operator().put_cohort(&CohortTerms { from_epoch: 0, terms }).await.unwrap();
    let client = world.device();
    let mut last: Vec<_> = vec![None; DEVICES as usize];
    let mut spent = std::time::Duration::ZERO;
    for slot in 0..SLOTS {
        world.set(u64::from(slot) * 300);
        let present: Vec<u32> = (0..=slot).collect();
        let packets = (1..=DEVICES).zip(&last).map(|(device, last)| match last {
            None => sign(record(device, uptime(&present))),
            Some((packet, ack)) => next(packet, ack, uptime(&present)),
        });
        let packets: Vec<_> = packets.collect();
        let begun = Instant::now();
        let tasks: Vec<_> = packets
            .into_iter()
            .zip(0u32..)
            .map(|(packet, n)| {
                let client = client.clone();
                tokio::spawn(async move {
                    let bytes = packet.to_bytes();
                    let ack = client.submit(&bytes).await.unwrap();
                    if n % 10 == slot % 10 {
                        assert_eq!(client.submit(&bytes).await.unwrap(), ack);
                    }
                    Some((packet, ack))
                })
            })
            .collect();
        for (place, task) in last.iter_mut().zip(tasks) {
            *place = task.await.unwrap();
        }
        spent += begun.elapsed();
    }
    let status = client.status().await.unwrap();
    assert_eq!(status.admitted, DEVICES * u64::from(SLOTS));
    assert!(status.duplicates > 0 && status.refused.is_empty());
    let per_second = (status.admitted + status.duplicates) as f64 / spent.as_secs_f64();
    println!("{per_second:.0} packets a second over HTTP, signing of the clients not counted");
    world.set(DAY + 3_600);
    world.operator().seal(UPTIME, 0).await.unwrap();
    let bundle = world.operator().bundle(UPTIME, 0).await.unwrap();
    assert!(bundle.seal.arrivals.iter().all(|arrivals| arrivals.count() == SLOTS));
}
