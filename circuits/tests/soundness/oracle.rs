//! Work units against sums written independently: plain integers over the records, none of the rules' code.

use crate::fixture::*;
use ergon_types::policy::{SignalClass, Tier};
use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::record::slots::Slots;
use ergon_types::record::witness::Hearing;
use ergon_types::{Body, Kind, Offset, Policy};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Cases of each property; every one builds and checks a whole circuit.
const CASES: u32 = 8;

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) }
}

fn tiers() -> impl Strategy<Value = [Tier; 4]> {
    prop::array::uniform4(
        (0..512u16, any::<u16>()).prop_map(|(minimum, increment)| Tier { minimum, increment }),
    )
}

fn multiplier(tiers: &[Tier; 4], slots: u32) -> u64 {
    let reached = tiers.iter().filter(|tier| slots >= u32::from(tier.minimum));
    reached.map(|tier| u64::from(tier.increment)).sum()
}

fn some_slots() -> impl Strategy<Value = Slots> {
    (0..288u32, 0..289u32, vec(0..288u32, 0..20))
        .prop_map(|(from, to, more)| (from.min(to)..to).chain(more).collect())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn uptime_units_are_the_multiplier_of_the_slots_with_record_and_arrival(
        table in tiers(),
        days in vec((some_slots(), some_slots()), 3),
    ) {
        let mut cohort = Cohort::new(Kind::Uptime, 0);
        cohort.bundle.policy = Policy::Uptime { tiers: table };
        for (index, (recorded, _)) in days.iter().enumerate() {
            cohort.sign(index, Body::Uptime(*recorded));
        }
        let mut bundle = cohort.seal();
        for (index, (recorded, arrived)) in days.iter().enumerate() {
            bundle.seal.arrivals[index] = recorded.intersection(arrived);
        }
        resign(&mut bundle);
        for (paid, (recorded, arrived)) in outcome(&bundle).iter().zip(&days) {
            let alive = (0..288).filter(|s| recorded.get(*s) && arrived.get(*s)).count() as u32;
            prop_assert_eq!(*paid, (true, u64::from(alive), multiplier(&table, alive)));
        }
    }

    #[test]
    fn energy_units_are_the_weighted_watt_hours_within_the_nameplate(
        table in tiers(),
        (nameplate, margin) in (1..8_000_000u32, any::<u8>()),
        weights in vec(any::<u8>(), 96),
        quarters in vec((any::<bool>(), 0..5u8, 0..1u32 << 20, 0..8u32), 96),
        (start, slack) in (0..1u64 << 40, 0..1000u64),
    ) {
        // nameplate · ¼ h · margin %, rounded up; some quarter hours lie right at it.
        let limit = (u64::from(nameplate) * u64::from(margin)).div_ceil(400).min((1 << 20) - 2);
        let near = |delta: u32, edge: u32| match edge {
            0..3 => limit.saturating_sub(u64::from(edge)) as u32,
            _ => (u64::from(delta) % (limit + 1)) as u32,
        };
        let quarters: Vec<_> = quarters
            .into_iter()
            .map(|(present, tamper, delta, edge)| match present {
                true => (present, tamper, near(delta, edge)),
                false => (present, 1, 0),
            })
            .collect();
        let mut meter = Meter { generation: 1, start, ..Meter::default() };
        for (quarter, (present, tamper, delta)) in meter.quarters.iter_mut().zip(&quarters) {
            *quarter = Quarter { present: *present, tamper: *tamper == 0, delta: *delta };
        }
        meter.end = start + quarters.iter().map(|(_, _, delta)| u64::from(*delta)).sum::<u64>() + slack;
        let mut cohort = Cohort::new(Kind::Energy, u64::from(nameplate) | (1 << 32));
        cohort.bundle.policy =
            Policy::Energy { tiers: table, margin, weights: weights.clone() };
        cohort.sign(0, Body::Energy(meter));
        let (mut paid, mut weighted, mut present) = (0u64, 0u64, 0u32);
        for ((is_present, tamper, delta), weight) in quarters.into_iter().zip(weights) {
            present += u32::from(is_present);
            if is_present && tamper != 0 {
                paid += u64::from(delta);
                weighted += u64::from(delta) * u64::from(weight);
            }
        }
        let expected = (true, paid, weighted * multiplier(&table, present));
        prop_assert_eq!(outcome(&cohort.seal())[0], expected);
    }

    #[test]
    fn coverage_units_are_the_best_cells_that_enough_independent_witnesses_heard(
        table in tiers(),
        needed in 1..4u8,
        classes in prop::array::uniform4((any::<u8>(), 0..40_000u32)),
        heard in vec(vec((0..3u8, 0..64i32, 0..5i32, 0..4u8), 0..100), 4),
        own in 0..8usize,
    ) {
        // Cells near, and some at five distances.
        let cell = |near: i32, far: i32| Offset::new(near / 8 - far * 60, near % 8 + far).unwrap();
        let heard: Vec<Vec<Hearing>> = heard
            .iter()
            .map(|all| all.iter().map(|(member, near, far, class)| {
                Hearing { member: *member, offset: cell(*near, *far), class: *class }
            }).collect())
            .collect();
        let mut cohort = covered(&heard.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let classes = classes.map(|(weight, reach)| SignalClass { weight, reach });
        cohort.bundle.policy = Policy::Coverage { tiers: table, witnesses: needed, classes };
        if own < 4 {
            let operator = cohort.bundle.membership.members[0].unwrap().operator;
            let witnesses = cohort.bundle.witnesses.as_mut().unwrap();
            witnesses.members[own].as_mut().unwrap().operator = operator;
        }
        let paid = outcome(&cohort.seal());
        for (member, paid) in (0u8..3).zip(paid) {
            let independent = |witness: usize| member != 0 || witness != own;
            let weights = weights(member, &heard, independent, &classes, usize::from(needed));
            let sum: u64 = weights.iter().sum();
            let expected = (true, weights.len() as u64, sum * multiplier(&table, 200));
            prop_assert_eq!(paid, expected, "member {}", member);
        }
    }
}

/// Weights of the cells that a member is paid for: at most 64, the best first. A cell is of the best class that
/// enough witnesses attest, or of a weaker one that pays more.
fn weights(
    member: u8,
    heard: &[Vec<Hearing>],
    independent: impl Fn(usize) -> bool,
    classes: &[SignalClass; 4],
    needed: usize,
) -> Vec<u64> {
    let mut strongest: BTreeMap<(Offset, usize), u8> = BTreeMap::new();
    for (witness, all) in heard.iter().enumerate().filter(|(witness, _)| independent(*witness)) {
        for hearing in all.iter().filter(|hearing| hearing.member == member) {
            let class = strongest.entry((hearing.offset, witness)).or_default();
            *class = (*class).max(hearing.class);
        }
    }
    let mut cells: BTreeMap<Offset, Vec<u8>> = BTreeMap::new();
    for ((offset, _), class) in strongest {
        let position = offset.axial();
        let (a, b) = (i64::from(position.a), i64::from(position.b));
        if a * a + b * b - a * b <= i64::from(classes[usize::from(class)].reach) {
            cells.entry(offset).or_default().push(class);
        }
    }
    let best = |attesting: Vec<u8>| {
        let enough = |class: &u8| attesting.iter().filter(|own| *own >= class).count() >= needed;
        (0..4u8).filter(enough).map(|class| u64::from(classes[usize::from(class)].weight)).max()
    };
    let mut weights: Vec<u64> = cells.into_values().filter_map(best).collect();
    weights.sort_unstable_by_key(|weight| std::cmp::Reverse(*weight));
    weights.truncate(64);
    weights
}
